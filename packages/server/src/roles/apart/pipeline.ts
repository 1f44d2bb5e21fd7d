import { sharedIdentity } from '../../collect/identity.ts'
import type { Config } from '../../config.ts'
import { StartError } from '../../errors.ts'
import { createLogger, createServer } from '../../http/server.ts'
import { announceTo } from '../../live/channel.ts'
import { openLeases } from '../../metadata/leases.ts'
import { sitesSetOf } from '../../metadata/site-settings.ts'
import { retentionIn } from '../../metadata/sites.ts'
import { watchSites } from '../../metadata/sites-watch.ts'
import { addApartRoutes } from '../../metrics/apart.ts'
import { createEngineMetrics } from '../../metrics/engine.ts'
import { leasedShare } from '../../pipeline/leased-share.ts'
import { Pipeline } from '../../pipeline/pipeline.ts'
import type { Positions } from '../../pipeline/positions.ts'
import { openSharedPositions } from '../../pipeline/positions-postgres.ts'
import { openStore } from '../../store/open.ts'
import { keepRetention } from '../../store/retention.ts'
import type { Store } from '../../store/store.ts'
import { openStreamReader } from '../../stream/open.ts'
import { streamNameOf } from '../../stream/target.ts'
import { understandingOf } from '../engine.ts'
import { listenPublicly } from '../listen.ts'
import { type Role, streamOptionsOf } from '../role.ts'
import {
  keepInOrder,
  notingOf,
  openExclusive,
  openHandOver,
  type Parts,
  visitRulesOf,
  waitUntilInOrder,
} from './in-order.ts'
import { openLakeApart } from './lake.ts'
import { openMetadataShared, openSecrets, requireShared } from './shared.ts'

/**
 * Tables that were filled by an engine on one machine have their places in its data folder: to read the stream from its beginning
 * would store everything once more.
 * @throws {StartError} where it is so
 */
const refuseForeignTables = async (store: Store, positions: Positions, partitions: number): Promise<void> => {
  // In this order: what another pipeline stores meanwhile has its place by then.
  const [stored] = await store.query<{ rows: number }>(
    'SELECT (SELECT count() FROM bronze.web_cookies) + (SELECT count() FROM silver.ledger) AS rows',
  )
  const reached = await positions.reached(partitions)
  if (!stored?.rows || reached.some(({ nextBegun }) => nextBegun > 0)) return
  throw new StartError(
    'CLICKWATCH_CLICKHOUSE has tables that other processes have filled, and CLICKWATCH_DATABASE does not know how far they were. Begin with empty tables, or with the database that belongs to them.',
  )
}

const drainLimitMs = 5000

/** `clickwatch pipeline`: makes rows of its share of the stream. */
export const openPipeline = async (config: Config): Promise<Role & { port: number }> => {
  requireShared('pipeline', config)
  const logger = createLogger('pipeline', config.logLevel)
  const { metadata, shared } = await openMetadataShared(config, logger)
  const secrets = await openSecrets(config, { metadata, shared }, logger)
  const store = await openStore(config.clickhouse, '')
  const positions = await openSharedPositions(shared, streamNameOf(config.stream), notingOf(config, store))
  const stream = await openStreamReader({
    ...streamOptionsOf(config, logger),
    folder: '',
    knownPartitions: positions.partitions,
  })
  const { partitions } = stream
  await positions.keepPartitions(partitions)
  const handOver = await openHandOver(config, partitions, logger)
  const parts: Parts = { config, shared, store, partitions, handOver, logger }
  const exclusive = await openExclusive(parts)
  await waitUntilInOrder(parts, exclusive)
  await refuseForeignTables(store, positions, partitions)
  const leases = openLeases(shared, logger)
  const sitesSet = sitesSetOf(metadata)
  const sites = await watchSites({
    file: config.sitesFile,
    read: () => sitesSet.all(),
    onError: (error) => logger.error({ err: error }, 'what is set up of sites cannot be read; what is known goes on'),
  })
  // Of several pipelines one says at a time how long what is stored is kept.
  const retention = await keepRetention(
    store,
    () => retentionIn(sites.settings()),
    (error) => logger.error({ err: error }, 'how long sites are kept cannot be told; what was said last goes on'),
    async (work) => {
      if ((await leases.take('retention')) === undefined) return false
      try {
        await work()
      } finally {
        await leases.release('retention')
      }
      return true
    },
  )
  const announce = announceTo(metadata, logger)
  const { lake, stop: stopLake } = await openLakeApart(parts, positions, partitions, retention)
  const metrics = createEngineMetrics({ role: 'pipeline', stream, store, lake })
  const pipeline = new Pipeline({
    stream,
    positions,
    store,
    rulesOf: visitRulesOf(config),
    understand: await understandingOf(config, sites.rulesOf, sharedIdentity(secrets)),
    share: leasedShare(leases, partitions, logger),
    handOver,
    logger,
    onStored: (batch) => {
      void announce(batch.newEvents)
      metrics.onStored(batch)
      lake?.onStored(batch)
    },
    notesChanges: lake !== undefined,
  })
  metrics.watch(pipeline)
  const server = createServer(logger, config.trustedProxies)
  addApartRoutes(server, {
    registry: metrics.registry,
    apiKey: config.apiKey,
    ready: async () => ({ partitions: [...pipeline.lags.keys()] }),
  })
  const port = await listenPublicly(server, config)
  await pipeline.start()
  lake?.start()
  const ordering = keepInOrder(parts, exclusive)
  return {
    port,
    async stop() {
      await ordering.stop()
      retention.stop()
      await sites.close()
      await pipeline.stop(drainLimitMs)
      await stopLake()
      await server.close()
      await Promise.all([leases.close(), exclusive.leases.close(), stream.close(), handOver.close(), secrets.close()])
      await store.close()
      await metadata.destroy()
    },
  }
}
