import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { createApi } from './api/api.ts'
import { createCollector } from './collect/collector.ts'
import { openPlaces } from './collect/enrich/geo.ts'
import { forwardToEngine, operatorHeader, visitorAddressHeader } from './collect/forward.ts'
import { openIdentity, readIdentity, type SharedSecrets, type StreamIdentity, secretIn } from './collect/identity.ts'
import { createMessageReader } from './collect/message.ts'
import { scrubsOf } from './collect/scrub.ts'
import type { Config } from './config.ts'
import { watchDisk } from './disk.ts'
import { StartError, systemCodeOf } from './errors.ts'
import { createLogger } from './http/server.ts'
import { importBronze } from './lake/import.ts'
import { Lake } from './lake/lake.ts'
import type { LakeTarget } from './lake/target.ts'
import { LiveHub } from './live/hub.ts'
import { isLeftBehind } from './metadata/copy.ts'
import { type Metadata, type MetadataPlace, metadataFile, openMetadata } from './metadata/database.ts'
import { openIdeasReader } from './metadata/ideas-reader.ts'
import { alertsOf, reportsOf } from './metadata/noted.ts'
import { siteViewsOf } from './metadata/site-views.ts'
import { longestSilenceMs, type RulesOf, readRetention, readSites } from './metadata/sites.ts'
import { addHealthRoutes } from './metrics/collector.ts'
import { createEngineMetrics } from './metrics/engine.ts'
import { createOperations } from './operations.ts'
import { askOf } from './out/ask.ts'
import { deliverBy } from './out/deliver.ts'
import { mailBy } from './out/mail.ts'
import { openOutbox, runOutbox } from './out/schedule.ts'
import { webhookBy } from './out/webhook.ts'
import { restore } from './pipeline/backup.ts'
import { endErasures } from './pipeline/erase.ts'
import { asWritten, type Understand } from './pipeline/messages.ts'
import { Pipeline } from './pipeline/pipeline.ts'
import { openPositions, openPositionsReader } from './pipeline/positions.ts'
import type { VisitRulesOf } from './pipeline/read.ts'
import { rebuild } from './pipeline/rebuild.ts'
import { contextsOf } from './query/context.ts'
import { tidyBeside } from './store/beside.ts'
import { forgetChanges } from './store/changes.ts'
import { openEmbeddedStore } from './store/embedded.ts'
import { migrate } from './store/migrate.ts'
import { openStore } from './store/open.ts'
import { isExpiring, keepRetention, type RetentionJob } from './store/retention.ts'
import type { Store } from './store/store.ts'
import { beginEmbeddedStream } from './stream/embedded.ts'
import { openStreamReader, openStreamWriter } from './stream/open.ts'
import { streamNameOf } from './stream/target.ts'

/** A role under way. */
export type Role = { stop(): Promise<void> }

const trimEveryMs = 60_000
const tidyEveryMs = 5000
/** What is left after it is processed at the next start. */
const drainLimitMs = 5000

const folders = (config: Config) => {
  const folder = (name: string): string => {
    const path = join(config.dataFolder, name)
    mkdirSync(path, { recursive: true })
    return path
  }
  return { stream: folder('stream'), spool: folder('spool'), positions: folder('positions'), store: folder('store') }
}

export const metadataOf = (config: Config, logger: Logger): MetadataPlace => ({
  folder: config.dataFolder,
  url: config.databaseUrl,
  onLost: (reason) => logger.warn(`a connection to the database broke (${reason}); the next question makes another`),
})

const portSentence = (port: number): string =>
  `Port ${port} is taken by another program. Stop it, or choose another port: npm start -- --port ${port + 1}`

export const streamOptionsOf = (
  { stream: target, streamCredentials: credentials, partitions }: Config,
  logger: Logger,
) => ({
  target,
  credentials,
  partitions,
  logger,
})

/** What is not ours on the stream is read as if it had been sent to the collector. */
export const understandingOf = async (
  config: Config,
  rulesOf: RulesOf,
  identity: StreamIdentity,
): Promise<Understand> => {
  // Whatever is in the embedded stream, the collector has put there.
  if (config.stream.kind === 'embedded') return asWritten
  const { streamSite: site, limits } = config
  const scrubOf = scrubsOf((site) => rulesOf(site).scrubParameters, config.scrubParameters)
  const placeOf = await openPlaces(config.geoDatabase)
  return createMessageReader({ site, placeOf, identity, rulesOf, scrubOf, limits })
}

/**
 * Has a server listen where the configuration says.
 * @returns the port
 * @throws {StartError} when it cannot be had
 */
export const listenPublicly = async (server: FastifyInstance, config: Config): Promise<number> => {
  const listen = (host: string) => server.listen({ port: config.port, host })
  try {
    await (config.host === undefined
      ? listen('::').catch((error: unknown) => {
          // A machine without IPv6.
          if (systemCodeOf(error) === 'EAFNOSUPPORT' || systemCodeOf(error) === 'EADDRNOTAVAIL')
            return listen('0.0.0.0')
          throw error
        })
      : listen(config.host))
  } catch (cause) {
    if (systemCodeOf(cause) === 'EADDRINUSE') throw new StartError(portSentence(config.port), { cause })
    if (systemCodeOf(cause) === 'EACCES') {
      throw new StartError(`Port ${config.port} may not be used by this account; choose one above 1023.`, { cause })
    }
    throw cause
  }
  const address = server.server.address()
  return typeof address === 'object' && address ? address.port : config.port
}

/**
 * The collector: takes events in on the public port.
 * @param beside the engine's socket, to which everything else is handed; or, where it runs apart, what all collectors have in common
 */
export const openCollector = async (
  config: Config,
  beside: { socketPath: string } | { shared: SharedSecrets },
): Promise<Role & { port: number }> => {
  const { stream: streamFolder, spool: spoolFolder, positions: positionsFolder } = folders(config)
  const logger = createLogger('collector', config.logLevel)
  const stream = await openStreamWriter({
    ...streamOptionsOf(config, logger),
    folder: streamFolder,
    spoolFolder,
    spoolLimitBytes: config.spoolLimitBytes,
  })
  const positions = openPositionsReader(positionsFolder)
  const disk = watchDisk(streamFolder, config.leastFreeBytes)
  const rulesOf = readSites(config.sitesFile)
  const identity = openIdentity(config.dataFolder, {
    silenceMsOf: (site) => rulesOf(site).visits.inactivityMs,
    longestSilenceMs: longestSilenceMs(config.sitesFile),
    ...('shared' in beside ? { shared: beside.shared } : {}),
  })
  const ideas = openIdeasReader(metadataOf(config, logger), (error) =>
    logger.error({ err: error }, 'the ideas of a site cannot be read; the last that are known go on'),
  )
  const server = await createCollector({
    stream,
    apiKey: config.apiKey,
    queueLimitBytes: config.queueLimitBytes,
    isNearlyFull: () => disk.isNearlyFull(),
    limits: config.limits,
    eventsPerAddress: config.eventsPerAddress,
    trustedProxies: config.trustedProxies,
    geoDatabase: config.geoDatabase,
    scriptPath: config.scriptPath,
    collectPath: config.collectPath,
    identity,
    rulesOf,
    scrubOf: scrubsOf((site) => rulesOf(site).scrubParameters, config.scrubParameters),
    ideas,
    logger,
  })
  const socketPath = 'socketPath' in beside ? beside.socketPath : undefined
  addHealthRoutes(server, { stream, disk, socketPath, apiKey: config.apiKey })
  if (socketPath !== undefined) await forwardToEngine(server, socketPath)

  const trim = async () => {
    for (let partition = 0; partition < config.partitions; partition++) {
      await stream.trim(partition, positions.offset(partition), Date.now() - config.streamRetentionMs)
    }
  }
  const trimming = setInterval(() => {
    trim().catch((error: unknown) =>
      logger.error({ err: error }, 'trimming the stream failed; it is tried again in a minute'),
    )
  }, trimEveryMs)
  const tidying = setInterval(() => {
    try {
      identity.tidy()
    } catch (error) {
      logger.error({ err: error }, 'tidying the secrets of the day failed; it is tried again in a moment')
    }
  }, tidyEveryMs)

  const port = await listenPublicly(server, config)
  return {
    port,
    async stop() {
      clearInterval(trimming)
      clearInterval(tidying)
      await server.close()
      identity.tidy()
      await Promise.all([stream.close(), positions.close(), ideas.close()])
    },
  }
}

/** The lake, where one is set; it has a store of its own, so that whatever it waits for keeps nobody waiting. */
const openLake = async (
  config: Config,
  store: Store,
  logger: Logger,
  reached: () => readonly number[],
  retention: Pick<RetentionJob, 'current'>,
): Promise<Lake | undefined> => {
  if (!config.lake) {
    await forgetChanges(store)
    return undefined
  }
  return Lake.open({
    config: config.lake,
    store: openEmbeddedStore(join(config.dataFolder, 'store')),
    reached,
    retention: () => retention.current(),
    logger,
    // The comment is the lake's own; KILL takes no parameters.
    kill: (comment) => store.execute(`KILL QUERY WHERE Settings['log_comment'] = '${comment}' ASYNC`),
  })
}

/** Brings the tables to what this version expects, and ends what an operation that was cut off has left. Nothing may be stored meanwhile. */
export const putInOrder = async (store: Store, rulesOf: VisitRulesOf, logger: Logger): Promise<void> => {
  await tidyBeside(store)
  await migrate(
    store,
    () =>
      rebuild({
        store,
        rulesOf,
        between: (work) => work(),
        onProgress: ({ records, total, etaS }) =>
          logger.warn(`making silver and gold anew: ${records} of ${total} records, about ${etaS} s to go`),
      }),
    (day) => logger.warn(`making gold anew from silver: ${day} is done`),
  )
  await endErasures(store)
}

/** Reports and alerts, as they are kept and as they go out. */
export const openSending = (config: Config, metadata: Metadata, store: Store, logger: Logger) => {
  const siteViews = siteViewsOf(metadata, config.timeZone)
  const reports = reportsOf(metadata)
  const alerts = alertsOf(metadata)
  const outbox = openOutbox({
    metadata,
    reports,
    alerts,
    siteViews,
    ask: askOf(store, contextsOf(store, metadata, siteViews)),
    deliver: deliverBy(mailBy(config.smtpUrl, config.mailFrom), webhookBy(config.webhooksInside)),
    logger,
  })
  return { reports, alerts, outbox }
}

/** The engine: pipeline, store, query, API, dashboard and live updates, on a socket that the collector alone reaches. */
export const openEngine = async (config: Config, socketPath: string): Promise<Role> => {
  const { stream: streamFolder, positions: positionsFolder, store: storeFolder } = folders(config)
  const logger = createLogger('engine', config.logLevel)
  const metadata = await openMetadata(metadataOf(config, logger))
  if (config.databaseUrl !== undefined && (await isLeftBehind(config.dataFolder, metadata))) {
    logger.warn(`the database is empty and ${metadataFile} is not; 'clickwatch database copy' takes it over`)
  }
  const store = await openStore(config.clickhouse, storeFolder)
  const sites = readSites(config.sitesFile)
  const rulesOf = (site: string) => sites(site).visits
  await putInOrder(store, rulesOf, logger)
  const retention = await keepRetention(
    store,
    () => readRetention(config.sitesFile),
    (error) => logger.error({ err: error }, 'how long sites are kept cannot be told; what was said last goes on'),
  )
  const hub = new LiveHub()
  const positions = openPositions(positionsFolder, streamNameOf(config.stream))
  const stream = await openStreamReader({
    ...streamOptionsOf(config, logger),
    folder: streamFolder,
    knownPartitions: positions.partitions,
  })
  await positions.keepPartitions(stream.partitions)
  const disk = watchDisk(storeFolder, config.leastFreeBytes / 2)
  const lake = await openLake(
    config,
    store,
    logger,
    () => Array.from({ length: stream.partitions }, (_, partition) => positions.next(partition)),
    retention,
  )
  const metrics = createEngineMetrics({ role: 'engine', stream, store, lake })
  const pipeline = new Pipeline({
    stream,
    positions,
    store,
    rulesOf,
    understand: await understandingOf(config, sites, readIdentity(config.dataFolder)),
    logger,
    // What was acknowledged is stored while the collector takes nothing in any more, and waits before there is no room at all.
    isNearlyFull: () => disk.isNearlyFull(),
    onStored: (batch) => {
      hub.publish(batch.newEvents)
      metrics.onStored(batch)
      lake?.onStored(batch)
    },
    notesChanges: lake !== undefined,
  })
  metrics.watch(pipeline)
  await pipeline.start()
  lake?.start()
  const { reports, alerts, outbox } = openSending(config, metadata, store, logger)
  const server = await createApi({
    store,
    metadata,
    reports,
    alerts,
    outbox,
    hub,
    positions,
    partitions: stream.partitions,
    operations: createOperations({
      store,
      pipeline,
      positions,
      partitions: stream.partitions,
      rulesOf,
      scrubOf: scrubsOf((site) => sites(site).scrubParameters, config.scrubParameters),
      isExpiring: () => isExpiring(retention.current()),
      metadata,
      secretOfIds: async () => secretIn(config.dataFolder) ?? '',
      stream: { name: streamNameOf(config.stream), folder: streamFolder },
      lake,
    }),
    lake,
    apiKey: config.apiKey,
    timeZone: config.timeZone,
    queryLimits: config.queryLimits,
    scriptPath: config.scriptPath,
    metrics: metrics.registry,
    isOperator: (request) => request.headers[operatorHeader] === 'yes',
    addressOf: (request) => String(request.headers[visitorAddressHeader] ?? ''),
    logger,
  })
  await server.listen({ path: socketPath })
  const sending = runOutbox(outbox, logger)
  return {
    async stop() {
      retention.stop()
      await server.close()
      await sending.stop()
      await pipeline.stop(drainLimitMs)
      await lake?.stop()
      await Promise.all([store.close(), stream.close(), positions.close(), metadata.destroy()])
    },
  }
}

/** Puts a backup into the empty data folder of `config` and makes silver and gold of it. */
export const restoreInto = async (
  config: Config,
  folder: string,
  say: (line: string) => void,
): Promise<{ records: number; files: string[] }> => {
  const { stream: streamFolder, positions: positionsFolder, store: storeFolder } = folders(config)
  const store = await openStore(config.clickhouse, storeFolder)
  const sites = readSites(config.sitesFile)
  let records = 0
  try {
    await migrate(store, async () => undefined)
    const { next, stream, places, files } = await restore({
      store,
      folder,
      onProgress: (restored) => {
        records = restored
      },
    })
    say(`Bronze is there; making silver and gold of its ${records} records …`)
    await rebuild({
      store,
      rulesOf: (site) => sites(site).visits,
      between: (work) => work(),
      onProgress: () => undefined,
    })
    // Each stream has places of its own: those of the backup are of the one that its records came by.
    const positions = openPositions(positionsFolder, stream)
    for (const [partition, nextOffset] of next.entries()) {
      await positions.finish(partition, { nextOffset, place: places[partition] ?? { offset: nextOffset, seen: {} } })
    }
    await positions.close()
    await beginEmbeddedStream(streamFolder, next)
    return { records, files }
  } finally {
    await store.close()
  }
}

/** Makes the empty data folder of `config` what the lake's bronze table says it was. Returns how many records there were. */
export const importInto = async (config: Config, target: LakeTarget, say: (line: string) => void): Promise<number> => {
  const { stream: streamFolder, positions: positionsFolder, store: storeFolder } = folders(config)
  const store = openEmbeddedStore(storeFolder)
  const sites = readSites(config.sitesFile)
  const sayProgress = slowly((records: number, total: number) => say(`${records} of ${total} records`))
  try {
    await migrate(store, async () => undefined)
    const { records, next, nextMessages } = await importBronze({ store, target, onProgress: sayProgress })
    say(`Bronze is there; making silver and gold of its ${records} records …`)
    await rebuild({
      store,
      rulesOf: (site) => sites(site).visits,
      between: (work) => work(),
      onProgress: (progress) => sayProgress(progress.records, progress.total),
    })
    const positions = openPositions(positionsFolder, streamNameOf(config.stream))
    const isEmbedded = config.stream.kind === 'embedded'
    for (const [partition, nextOffset] of next.entries()) {
      const offset = isEmbedded ? nextOffset : (nextMessages[partition] ?? 0)
      await positions.finish(partition, { nextOffset, place: { offset, seen: {} } })
    }
    await positions.close()
    if (isEmbedded) await beginEmbeddedStream(streamFolder, next)
    return records
  } finally {
    await store.close()
  }
}

const sayEveryMs = 5000

/** Says at most every few seconds how far something is. */
const slowly = (say: (done: number, total: number) => void): ((done: number, total: number) => void) => {
  let saidAt = performance.now()
  return (done, total) => {
    if (performance.now() - saidAt < sayEveryMs) return
    saidAt = performance.now()
    say(done, total)
  }
}
