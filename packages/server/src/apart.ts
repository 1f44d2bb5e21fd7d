import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { createApi } from './api/api.ts'
import { type SharedSecrets, secretIn, sharedIdentity } from './collect/identity.ts'
import { scrubsOf } from './collect/scrub.ts'
import type { Config } from './config.ts'
import { ClickWatchError, StartError } from './errors.ts'
import { createLogger, createServer } from './http/server.ts'
import { announceTo, hearOf } from './live/channel.ts'
import { LiveHub } from './live/hub.ts'
import { type Metadata, openMetadata } from './metadata/database.ts'
import { type Leases, openLeases } from './metadata/leases.ts'
import { sharedSalts } from './metadata/salts.ts'
import { secretOf } from './metadata/secrets.ts'
import { openShared, type Shared } from './metadata/shared.ts'
import { readRetention, readSites } from './metadata/sites.ts'
import { addApartRoutes, createPlainMetrics } from './metrics/apart.ts'
import { createEngineMetrics } from './metrics/engine.ts'
import { createOperations, type Operations } from './operations.ts'
import { runOutbox } from './out/schedule.ts'
import { allPartitions, leasedShare } from './pipeline/leased-share.ts'
import { homeOfVisitors } from './pipeline/messages.ts'
import { type HandOver, Pipeline } from './pipeline/pipeline.ts'
import type { Positions } from './pipeline/positions.ts'
import { openSharedPositions } from './pipeline/positions-postgres.ts'
import { exclusively, isCutOff, type Turns, turnsOfAll } from './pipeline/standstill.ts'
import {
  listenPublicly,
  metadataOf,
  openCollector,
  openSending,
  putInOrder,
  type Role,
  streamOptionsOf,
  understandingOf,
} from './roles.ts'
import { isMigrated } from './store/migrate.ts'
import { openStore } from './store/open.ts'
import { applyRetention, isExpiring } from './store/retention.ts'
import type { Store } from './store/store.ts'
import { openStreamReader, openStreamSender } from './stream/open.ts'
import type { StreamReader } from './stream/stream.ts'
import { streamNameOf } from './stream/target.ts'

// What one engine does on one machine, in as many processes as are wanted: they agree in PostgreSQL.

type ApartRole = 'collector' | 'pipeline' | 'api'

/** The three URLs that make processes of one installation know each other. */
const needed: Record<ApartRole | 'operator', ('stream' | 'database' | 'clickhouse')[]> = {
  collector: ['stream', 'database'],
  pipeline: ['stream', 'database', 'clickhouse'],
  api: ['stream', 'database', 'clickhouse'],
  operator: ['stream', 'database', 'clickhouse'],
}

/** @throws {StartError} naming the first variable that is missing and what it is to be */
const requireShared = (role: ApartRole | 'operator', config: Config): void => {
  const what = role === 'operator' ? 'An operation on a cluster' : `clickwatch ${role}`
  const alone = 'For everything in one place there is clickwatch serve.'
  const sentences = {
    stream: `CLICKWATCH_STREAM is missing: ${what} meets the others on a stream that all of them reach, such as kafka://broker:9092/webtraffic or the connection string of an event hub. ${alone}`,
    database: `CLICKWATCH_DATABASE is missing: ${what} agrees with the others in PostgreSQL, such as postgres://user:password@db.example:5432/clickwatch. ${alone}`,
    clickhouse: `CLICKWATCH_CLICKHOUSE is missing: ${what} needs tables that all of them reach, such as http://user:password@clickhouse.example:8123. ${alone}`,
  }
  const isThere = {
    stream: config.stream.kind !== 'embedded',
    database: config.databaseUrl !== undefined,
    clickhouse: config.clickhouse !== undefined,
  }
  const missing = needed[role].find((each) => !isThere[each])
  if (missing !== undefined) throw new StartError(sentences[missing])
}

const openMetadataShared = async (config: Config, logger: Logger): Promise<{ metadata: Metadata; shared: Shared }> => {
  const metadata = await openMetadata(metadataOf(config, logger))
  return { metadata, shared: await openShared(metadata) }
}

/** The key of user ids: that of the data folder where an installation grew out of one. */
const sharedSecretOf = async (config: Config, metadata: Metadata): Promise<string> =>
  (await secretOf(metadata, 'identity', secretIn(config.dataFolder))).toString('hex')

const openSecrets = async (
  config: Config,
  { metadata, shared }: { metadata: Metadata; shared: Shared },
  logger: Logger,
): Promise<SharedSecrets & { close(): Promise<void> }> => {
  const salts = await sharedSalts(shared, logger)
  return { secret: await sharedSecretOf(config, metadata), saltOf: salts.of, close: salts.close }
}

/** `clickwatch collector`: takes events in and puts them on the stream. */
export const openCollectorApart = async (config: Config): Promise<Role & { port: number }> => {
  requireShared('collector', config)
  const logger = createLogger('collector', config.logLevel)
  const { metadata, shared } = await openMetadataShared(config, logger)
  const secrets = await openSecrets(config, { metadata, shared }, logger)
  const collector = await openCollector(config, { shared: secrets })
  return {
    port: collector.port,
    async stop() {
      await collector.stop()
      await secrets.close()
      await metadata.destroy()
    },
  }
}

/** Nothing comes of it: who has others stand still reads no stream. */
const nothingToRead = (partitions: number): StreamReader => ({
  partitions,
  unreadable: 0,
  end: () => 0,
  read: () => [],
  leave: () => undefined,
  close: async () => undefined,
})

const openHandOver = async (
  config: Config,
  partitions: number,
  logger: Logger,
): Promise<HandOver & { close(): Promise<void> }> => {
  const { send, close } = await openStreamSender(streamOptionsOf(config, logger))
  return { keyElsewhere: homeOfVisitors(partitions), send, close }
}

/** What the processes that store, and have others stand still, have in common. */
type Parts = {
  config: Config
  shared: Shared
  store: Store
  partitions: number
  handOver: HandOver
  logger: Logger
}

type Exclusive = { leases: Leases; turns: Turns; positions: Positions }

/** Has all pipelines stand still, under leases that are not those of a pipeline in the same process. */
const openExclusive = async (parts: Parts): Promise<Exclusive> => {
  const { config, shared, store, partitions, handOver, logger } = parts
  const leases = openLeases(shared, logger)
  const positions = await openSharedPositions(shared, streamNameOf(config.stream))
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
  })
  return { leases, turns: turnsOfAll(share, pipeline), positions }
}

const visitRulesOf = (config: Config) => {
  const sites = readSites(config.sitesFile)
  return (site: string) => sites(site).visits
}

const isBusy = (error: unknown): boolean => error instanceof ClickWatchError && error.code === 'busy'

const inOrderEveryMs = 2000

/** Puts the tables in order where they are not; of several processes one does, and the others wait. */
const waitUntilInOrder = async (parts: Parts, { leases, turns }: Exclusive): Promise<void> => {
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
const keepInOrder = (parts: Parts, exclusive: Exclusive): { stop(): Promise<void> } => {
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

/**
 * Tables that were filled by an engine on one machine have their places in its data folder: to read the stream from its beginning
 * would store everything once more.
 * @throws {StartError} where it is so
 */
const refuseForeignTables = async (store: Store, positions: Positions, partitions: number): Promise<void> => {
  // In this order: what another pipeline stores meanwhile has its place by then.
  const [stored] = await store.query<{ rows: number }>('SELECT count() AS rows FROM silver.ledger')
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
  const positions = await openSharedPositions(shared, streamNameOf(config.stream))
  const stream = await openStreamReader({
    ...streamOptionsOf(config, logger),
    folder: '',
    knownPartitions: positions.partitions,
  })
  const { partitions } = stream
  await positions.keepPartitions(partitions)
  const store = await openStore(config.clickhouse, '')
  const handOver = await openHandOver(config, partitions, logger)
  const parts: Parts = { config, shared, store, partitions, handOver, logger }
  const exclusive = await openExclusive(parts)
  await waitUntilInOrder(parts, exclusive)
  await refuseForeignTables(store, positions, partitions)
  const leases = openLeases(shared, logger)
  // Of pipelines that start at once the first says how long what is stored is kept; all have the same settings.
  if ((await leases.take('retention')) !== undefined) {
    await applyRetention(store, readRetention(config.sitesFile))
    await leases.release('retention')
  }
  const announce = announceTo(metadata, logger)
  const metrics = createEngineMetrics({ role: 'pipeline', stream, store })
  const pipeline = new Pipeline({
    stream,
    positions,
    store,
    rulesOf: visitRulesOf(config),
    understand: await understandingOf(config, readSites(config.sitesFile), sharedIdentity(secrets)),
    share: leasedShare(leases, partitions, logger),
    handOver,
    logger,
    onStored: (batch) => {
      void announce(batch.newEvents)
      metrics.onStored(batch)
    },
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
  const ordering = keepInOrder(parts, exclusive)
  return {
    port,
    async stop() {
      await ordering.stop()
      await pipeline.stop(drainLimitMs)
      await server.close()
      await Promise.all([leases.close(), exclusive.leases.close(), stream.close(), handOver.close(), secrets.close()])
      await store.close()
      await metadata.destroy()
    },
  }
}

const tablesLimitMs = 120_000

/** Waits for the first pipeline, which makes the tables and looks how many partitions there are. */
const waitForPipeline = async (store: Store, open: () => Promise<Positions>): Promise<Positions> => {
  const until = performance.now() + tablesLimitMs
  for (;;) {
    const positions = await open()
    if (positions.partitions > 0 && (await isMigrated(store))) return positions
    if (performance.now() > until) {
      throw new StartError('There are no tables yet, or those of an older version: start clickwatch pipeline first.')
    }
    await sleep(inOrderEveryMs)
  }
}

/** `clickwatch api`: answers questions and shows the dashboard; reports and alerts go out from one of them. */
export const openApi = async (config: Config): Promise<Role & { port: number }> => {
  requireShared('api', config)
  const logger = createLogger('api', config.logLevel)
  const { metadata, shared } = await openMetadataShared(config, logger)
  const store = await openStore(config.clickhouse, '')
  const positions = await waitForPipeline(store, () => openSharedPositions(shared, streamNameOf(config.stream)))
  const leases = openLeases(shared, logger)
  const hub = new LiveHub()
  const hearing = hearOf(config.databaseUrl ?? '', hub, logger)
  const { reports, alerts, outbox } = openSending(config, metadata, store, logger)
  const registry = createPlainMetrics('api')
  const server = await createApi({
    store,
    metadata,
    reports,
    alerts,
    outbox,
    hub,
    positions,
    partitions: positions.partitions,
    // The command line does them by itself, wherever it reaches what these processes reach.
    operations: {},
    lake: undefined,
    isOperator: () => false,
    apiKey: config.apiKey,
    timeZone: config.timeZone,
    queryLimits: config.queryLimits,
    scriptPath: config.scriptPath,
    metrics: registry,
    addressOf: (request) => request.socket.remoteAddress,
    logger,
  })
  addApartRoutes(server, {
    registry,
    apiKey: config.apiKey,
    async ready() {
      await store.query('SELECT 1')
      return {}
    },
  })
  const port = await listenPublicly(server, config)
  const sending = runOutbox(outbox, logger, async () => (await leases.take('outbox')) !== undefined)
  return {
    port,
    async stop() {
      await server.close()
      await sending.stop()
      await hearing.close()
      await leases.close()
      await store.close()
      await metadata.destroy()
    },
  }
}

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
  const sites = readSites(config.sitesFile)
  const operations = createOperations({
    store,
    pipeline: exclusive.turns,
    positions,
    partitions,
    rulesOf: visitRulesOf(config),
    scrubOf: scrubsOf((site) => sites(site).scrubParameters, config.scrubParameters),
    isExpiring: () => isExpiring(readRetention(config.sitesFile)),
    metadata,
    secretOfIds: () => sharedSecretOf(config, metadata),
    stream: { name: streamNameOf(config.stream), folder: '' },
    lake: undefined,
  })
  const alone =
    (operation: Operations[string]): Operations[string] =>
    (say, argument) =>
      exclusively(exclusive.leases, () => operation(say, argument))
  return {
    operations: Object.fromEntries(Object.entries(operations).map(([name, operation]) => [name, alone(operation)])),
    async close() {
      await Promise.all([exclusive.leases.close(), handOver.close()])
      await store.close()
      await metadata.destroy()
    },
  }
}
