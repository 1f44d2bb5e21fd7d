import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Config } from '../../config.ts'
import { ClickWatchError } from '../../errors.ts'
import { type Leases, openLeases } from '../../metadata/leases.ts'
import type { Shared } from '../../metadata/shared.ts'
import { readSites } from '../../metadata/sites.ts'
import { allPartitions } from '../../pipeline/leased-share.ts'
import { homeOfVisitors } from '../../pipeline/messages.ts'
import { type HandOver, Pipeline } from '../../pipeline/pipeline.ts'
import type { Positions } from '../../pipeline/positions.ts'
import { type Noting, openSharedPositions } from '../../pipeline/positions-postgres.ts'
import { exclusively, isCutOff, type Turns, turnsOfAll } from '../../pipeline/standstill.ts'
import { noteEverything } from '../../store/changes.ts'
import { isMigrated } from '../../store/migrate.ts'
import type { Store } from '../../store/store.ts'
import { openStreamSender } from '../../stream/open.ts'
import type { StreamReader } from '../../stream/stream.ts'
import { streamNameOf } from '../../stream/target.ts'
import { putInOrder } from '../engine.ts'
import { streamOptionsOf } from '../role.ts'

/** Nothing comes of it: who has others stand still reads no stream. */
const nothingToRead = (partitions: number): StreamReader => ({
  partitions,
  unreadable: 0,
  end: () => 0,
  read: () => [],
  leave: () => undefined,
  close: async () => undefined,
})

export const openHandOver = async (
  config: Config,
  partitions: number,
  logger: Logger,
): Promise<HandOver & { close(): Promise<void> }> => {
  const { send, close } = await openStreamSender(streamOptionsOf(config, logger))
  return { keyElsewhere: homeOfVisitors(partitions), send, close }
}

/** What the processes that store, and have others stand still, have in common. */
export type Parts = {
  config: Config
  shared: Shared
  store: Store
  partitions: number
  handOver: HandOver
  logger: Logger
}

type Exclusive = { leases: Leases; turns: Turns; positions: Positions }

/** Has all pipelines stand still, under leases that are not those of a pipeline in the same process. */
export const openExclusive = async (parts: Parts): Promise<Exclusive> => {
  const { config, shared, store, partitions, handOver, logger } = parts
  const leases = openLeases(shared, logger)
  const positions = await openSharedPositions(shared, streamNameOf(config.stream), notingOf(config, store))
  const share = allPartitions(leases, partitions)
  const pipeline = new Pipeline({
    stream: nothingToRead(partitions),
    positions,
    store,
    rulesOf: visitRulesOf(config),
    share,
    handOver,
    logger,
    onStored: () => undefined,
    notesChanges: config.lake !== undefined,
  })
  return { leases, turns: turnsOfAll(share, pipeline), positions }
}

/** What is stored is noted for the lake, where one is set. */
export const notingOf = ({ lake }: Config, store: Store): Noting | undefined =>
  lake && { everything: () => noteEverything(store) }

export const visitRulesOf = (config: Config) => {
  const sites = readSites(config.sitesFile)
  return (site: string) => sites(site).visits
}

const isBusy = (error: unknown): boolean => error instanceof ClickWatchError && error.code === 'busy'

export const inOrderEveryMs = 2000

/** Puts the tables in order where they are not; of several processes one does, and the others wait. */
export const waitUntilInOrder = async (parts: Parts, { leases, turns }: Exclusive): Promise<void> => {
  while (!(await isMigrated(parts.store)) || (await isCutOff(leases))) {
    try {
      await exclusively(leases, () =>
        turns.between(() => putInOrder(parts.store, visitRulesOf(parts.config), parts.logger)),
      )
    } catch (error) {
      if (!isBusy(error)) throw error
      await sleep(inOrderEveryMs)
    }
  }
}

/** Ends, now and then, what an operation that was cut off has left: everything stands still until somebody has. */
export const keepInOrder = (parts: Parts, exclusive: Exclusive): { stop(): Promise<void> } => {
  const stopping = new AbortController()
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await sleep(inOrderEveryMs, undefined, { signal: stopping.signal }).catch(() => undefined)
      if (stopping.signal.aborted) return
      try {
        await waitUntilInOrder(parts, exclusive)
      } catch (error) {
        parts.logger.error({ err: error }, 'what an operation left could not be put in order; it is tried again')
      }
    }
  }
  const running = run()
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}
