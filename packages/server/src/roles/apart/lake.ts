import type { Logger } from 'pino'
import type { Config } from '../../config.ts'
import { type LakeBeside, openLakeBeside } from '../../lake/beside.ts'
import { LakeHistory } from '../../lake/history.ts'
import type { Lake } from '../../lake/lake.ts'
import { leasedWriter, toldOfLake } from '../../lake/leased-writer.ts'
import type { LakeTarget } from '../../lake/target.ts'
import { openLeases } from '../../metadata/leases.ts'
import type { Shared } from '../../metadata/shared.ts'
import type { SitesSet } from '../../metadata/site-settings.ts'
import { laidOver, readSettings, retentionIn } from '../../metadata/sites.ts'
import type { Positions } from '../../pipeline/positions.ts'
import { followRetention } from '../../store/retention.ts'
import type { Store } from '../../store/store.ts'
import { type LakeRetention, openLake } from '../engine.ts'

/** Of each partition, the offset of the first record that is not yet stored, whoever stores it. */
export const reachedBy = (positions: Positions, partitions: number) => async (): Promise<number[]> =>
  (await positions.reached(partitions)).map(({ next }) => next)

export type LakeApart = { lake: Lake | undefined; stop(): Promise<void> }

/** The lake of a process that may write it, where one is set. One of them does at a time, by a lease of its own. */
export const openLakeApart = async (
  { config, shared, store, logger }: { config: Config; shared: Shared; store: Store; logger: Logger },
  positions: Positions,
  partitions: number,
  retention: LakeRetention,
): Promise<LakeApart> => {
  if (!config.lake) return { lake: undefined, stop: async () => undefined }
  const leases = openLeases(shared, logger)
  const writer = leasedWriter(leases, shared)
  const lake = await openLake(config, store, logger, reachedBy(positions, partitions), retention, writer)
  return {
    lake,
    async stop() {
      await lake?.stop()
      await leases.close()
    },
  }
}

/** The lake of a process that answers questions: what there was before the store's own history, and how it is. */
export const openLakeOfApi = async (options: {
  target: LakeTarget
  config: Config
  shared: Shared
  store: Store
  positions: Positions
  sitesSet: Pick<SitesSet, 'all'>
  logger: Logger
}): Promise<{ beside: LakeBeside; history: LakeHistory; close(): void }> => {
  const { target, config, shared, store, positions, sitesSet, logger } = options
  const retention = await followRetention(
    store,
    async () => retentionIn(laidOver(readSettings(config.sitesFile), await sitesSet.all())),
    (error) => logger.warn({ err: error }, 'how long sites are kept could not be looked at; what was known goes on'),
  )
  const reached = reachedBy(positions, positions.partitions)
  const beside = await openLakeBeside({ target, store, reached, told: toldOfLake(shared) })
  const history = await LakeHistory.open(target, store, retention.wholeFromMs)
  return {
    beside,
    history,
    close() {
      retention.stop()
      beside.close()
      history.close()
    },
  }
}
