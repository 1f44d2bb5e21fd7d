import type { Config } from '../../config.ts'
import { ClickWatchError, StartError } from '../../errors.ts'
import { createLogger } from '../../http/server.ts'
import { importBronze } from '../../lake/import.ts'
import type { LakeTarget } from '../../lake/target.ts'
import { type Leases, memberPrefix } from '../../metadata/leases.ts'
import type { Positions } from '../../pipeline/positions.ts'
import { openSharedPositions } from '../../pipeline/positions-postgres.ts'
import { rebuild } from '../../pipeline/rebuild.ts'
import { exclusively } from '../../pipeline/standstill.ts'
import { migrate } from '../../store/migrate.ts'
import { openStore } from '../../store/open.ts'
import type { Store } from '../../store/store.ts'
import { openStreamReader } from '../../stream/open.ts'
import { streamNameOf } from '../../stream/target.ts'
import { streamOptionsOf } from '../role.ts'
import { openExclusive, openHandOver, visitRulesOf } from './in-order.ts'
import { openMetadataShared, requireShared } from './shared.ts'

/** A pipeline would store from the stream's beginning what is in the lake already. */
const refuseRunning = async (leases: Leases): Promise<void> => {
  const running = (await leases.all()).filter(({ name, isOver }) => name.startsWith(memberPrefix) && !isOver)
  if (running.length === 0) return
  throw new StartError(
    `${running.length} pipelines run on CLICKWATCH_DATABASE. Stop them; they are started when the import is done.`,
  )
}

const refuseFilled = async (store: Store, positions: Positions, partitions: number): Promise<void> => {
  const [stored] = await store.query<{ rows: number }>(
    'SELECT (SELECT count() FROM bronze.web_cookies) + (SELECT count() FROM silver.ledger) AS rows',
  )
  const reached = await positions.reached(partitions)
  if (!stored?.rows && reached.every(({ nextBegun }) => nextBegun === 0)) return
  // It is refused, and nothing is broken by it: a pipeline may start.
  throw new ClickWatchError(
    'not_empty',
    409,
    'CLICKWATCH_CLICKHOUSE holds data already, or CLICKWATCH_DATABASE says how far it is. A lake is imported into empty servers with an empty database.',
  )
}

/**
 * Fills the tables that roles share, which are empty, from the lake's bronze table, and goes on with the stream where that ends.
 * @returns how many records there were
 * @throws {StartError} where pipelines run
 * @throws {ClickWatchError} 409 not_empty where something is stored already
 */
export const importApart = async (
  config: Config,
  target: LakeTarget,
  say: (done: number, total: number) => void,
): Promise<number> => {
  requireShared('operator', config)
  const logger = createLogger('operator', config.logLevel)
  const { metadata, shared } = await openMetadataShared(config, logger)
  const store = await openStore(config.clickhouse, '')
  const known = await openSharedPositions(shared, streamNameOf(config.stream))
  const knownPartitions = known.partitions
  const stream = await openStreamReader({ ...streamOptionsOf(config, logger), folder: '', knownPartitions })
  const { partitions } = stream
  await stream.close()
  await known.keepPartitions(partitions)
  const handOver = await openHandOver(config, partitions, logger)
  const exclusive = await openExclusive({ config, shared, store, partitions, handOver, logger })
  const fill = async (): Promise<number> => {
    await migrate(store, async () => undefined)
    await refuseFilled(store, exclusive.positions, partitions)
    const { records, next, nextMessages } = await importBronze({ store, target, partitions, onProgress: say })
    await rebuild({
      store,
      rulesOf: visitRulesOf(config),
      between: (work) => work(),
      onProgress: (progress) => say(progress.records, progress.total),
    })
    for (const [partition, nextOffset] of next.entries()) {
      const place = { offset: nextMessages[partition] ?? 0, seen: {} }
      await exclusive.positions.finish(partition, { nextOffset, place })
    }
    return records
  }
  try {
    await refuseRunning(exclusive.leases)
    return await exclusively(exclusive.leases, () => exclusive.turns.between(fill))
  } finally {
    await Promise.all([exclusive.leases.close(), handOver.close()])
    await store.close()
    await metadata.destroy()
  }
}
