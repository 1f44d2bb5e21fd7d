import { scrubsOf } from '../../collect/scrub.ts'
import type { Config } from '../../config.ts'
import { createLogger } from '../../http/server.ts'
import { sitesSetOf } from '../../metadata/site-settings.ts'
import { laidOver, readSettings, retentionIn, rulesIn } from '../../metadata/sites.ts'
import { createOperations, type Operations } from '../../operations.ts'
import { areNoted, openSharedPositions } from '../../pipeline/positions-postgres.ts'
import { exclusively } from '../../pipeline/standstill.ts'
import { openStore } from '../../store/open.ts'
import { followRetention, isExpiring } from '../../store/retention.ts'
import { streamNameOf } from '../../stream/target.ts'
import { openExclusive, openHandOver, visitRulesOf } from './in-order.ts'
import { openLakeApart } from './lake.ts'
import { openMetadataShared, requireShared, sharedSecretOf } from './shared.ts'
import { waitForPipeline } from './wait.ts'

/** What the command line has a cluster do, in a process of its own that has all pipelines stand still where it must. */
export const openOperator = async (config: Config): Promise<{ operations: Operations; close(): Promise<void> }> => {
  requireShared('operator', config)
  const logger = createLogger('operator', config.logLevel)
  const { metadata, shared } = await openMetadataShared(config, logger)
  const store = await openStore(config.clickhouse, '')
  const positions = await waitForPipeline(store, () => openSharedPositions(shared, streamNameOf(config.stream)))
  const { partitions } = positions
  const handOver = await openHandOver(config, partitions, logger)
  const exclusive = await openExclusive({ config, shared, store, partitions, handOver, logger })
  const settings = laidOver(readSettings(config.sitesFile), await sitesSetOf(metadata).all())
  const sites = rulesIn(settings, config.sitesFile)
  const retention = await followRetention(
    store,
    () => retentionIn(settings),
    (error) => logger.warn({ err: error }, 'how long sites are kept could not be looked at'),
  )
  const { lake, stop: stopLake } = await openLakeApart(
    { config, shared, store, logger },
    positions,
    partitions,
    retention,
  )
  const operations = createOperations({
    store,
    pipeline: exclusive.turns,
    positions,
    partitions,
    rulesOf: visitRulesOf(config),
    scrubOf: scrubsOf((site) => sites(site).scrubParameters, config.scrubParameters),
    isExpiring: () => isExpiring(retentionIn(settings)),
    metadata,
    secretOfIds: () => sharedSecretOf(config, metadata),
    stream: { name: streamNameOf(config.stream), folder: '' },
    lake,
    // Pipelines may keep one that the environment here does not name.
    isCopied: async () => lake !== undefined || (await areNoted(shared)),
  })
  const alone =
    (operation: Operations[string]): Operations[string] =>
    (say, argument) =>
      exclusively(exclusive.leases, () => operation(say, argument))
  // Who writes the lake is agreed by itself, and it waits for nothing else.
  const isOfLake = (name: string): boolean => name.startsWith('lake-')
  return {
    operations: Object.fromEntries(
      Object.entries(operations).map(([name, operation]) => [name, isOfLake(name) ? operation : alone(operation)]),
    ),
    async close() {
      retention.stop()
      await stopLake()
      await Promise.all([exclusive.leases.close(), handOver.close()])
      await store.close()
      await metadata.destroy()
    },
  }
}
