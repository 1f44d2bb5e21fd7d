import { join } from 'node:path'
import type { Logger } from 'pino'
import { openAccounts } from '../accounts/accounts.ts'
import { createApi } from '../api/api.ts'
import { openPlaces } from '../collect/enrich/geo.ts'
import { operatorHeader, visitorAddressHeader, visitorClientHeader, visitorProtocolHeader } from '../collect/forward.ts'
import { readIdentity, type StreamIdentity, secretIn } from '../collect/identity.ts'
import { createMessageReader } from '../collect/message.ts'
import { scrubsOf } from '../collect/scrub.ts'
import type { Config } from '../config.ts'
import { watchDisk } from '../disk.ts'
import { createLogger } from '../http/server.ts'
import { LakeHistory } from '../lake/history.ts'
import { Lake } from '../lake/lake.ts'
import type { Writer } from '../lake/writer.ts'
import { LiveHub } from '../live/hub.ts'
import { isLeftBehind } from '../metadata/copy.ts'
import { type Metadata, metadataFile, openMetadata } from '../metadata/database.ts'
import { alertsOf, reportsOf } from '../metadata/noted.ts'
import { sitesSetOf } from '../metadata/site-settings.ts'
import { siteViewsOf } from '../metadata/site-views.ts'
import { type RulesOf, retentionIn } from '../metadata/sites.ts'
import { watchSites } from '../metadata/sites-watch.ts'
import { createEngineMetrics } from '../metrics/engine.ts'
import { createOperations, erasedBy } from '../operations.ts'
import { askOf } from '../out/ask.ts'
import { deliverBy } from '../out/deliver.ts'
import { mailBy } from '../out/mail.ts'
import { openOutbox, runOutbox } from '../out/schedule.ts'
import { webhookBy } from '../out/webhook.ts'
import { endErasures } from '../pipeline/erase.ts'
import { asWritten, type Understand } from '../pipeline/messages.ts'
import { Pipeline } from '../pipeline/pipeline.ts'
import { openPositions } from '../pipeline/positions.ts'
import type { VisitRulesOf } from '../pipeline/read.ts'
import { rebuild } from '../pipeline/rebuild.ts'
import { contextsOf } from '../query/context.ts'
import type { History } from '../query/history.ts'
import { tidyBeside } from '../store/beside.ts'
import { forgetChanges } from '../store/changes.ts'
import { migrate } from '../store/migrate.ts'
import { openStore } from '../store/open.ts'
import { isExpiring, keepRetention, type RetentionJob } from '../store/retention.ts'
import type { Store } from '../store/store.ts'
import { openStreamReader } from '../stream/open.ts'
import { streamNameOf } from '../stream/target.ts'
import { folders, metadataOf, type Role, streamOptionsOf } from './role.ts'

/** What is left after it is processed at the next start. */
const drainLimitMs = 5000

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

export type LakeRetention = Pick<RetentionJob, 'current' | 'wholeFromMs'>

/** The lake, where one is set; it has a store of its own, so that whatever it waits for keeps nobody waiting. */
export const openLake = async (
  config: Config,
  store: Store,
  logger: Logger,
  reached: () => Promise<readonly number[]>,
  retention: LakeRetention,
  writer?: Writer,
): Promise<Lake | undefined> => {
  if (!config.lake) return undefined
  return Lake.open({
    config: config.lake,
    store: await openStore(config.clickhouse, join(config.dataFolder, 'store')),
    ...(writer && { writer }),
    reached,
    retention: () => retention.current(),
    wholeFromMs: retention.wholeFromMs,
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
export const openSending = (config: Config, metadata: Metadata, store: Store, logger: Logger, history?: History) => {
  const mail = mailBy(config.smtpUrl, config.mailFrom)
  const siteViews = siteViewsOf(metadata, config.timeZone)
  const reports = reportsOf(metadata)
  const alerts = alertsOf(metadata)
  const outbox = openOutbox({
    metadata,
    reports,
    alerts,
    siteViews,
    ask: askOf(store, contextsOf(store, metadata, siteViews, history)),
    deliver: deliverBy(mail, webhookBy(config.webhooksInside)),
    logger,
  })
  return { reports, alerts, outbox, mail: config.smtpUrl === undefined ? undefined : mail }
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
  const sitesSet = sitesSetOf(metadata)
  const sites = await watchSites({
    file: config.sitesFile,
    read: () => sitesSet.all(),
    onError: (error) => logger.error({ err: error }, 'what is set up of sites cannot be read; what is known goes on'),
  })
  const rulesOf = (site: string) => sites.rulesOf(site).visits
  await putInOrder(store, rulesOf, logger)
  const retention = await keepRetention(
    store,
    () => retentionIn(sites.settings()),
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
  if (!config.lake) await forgetChanges(store)
  const lake = await openLake(
    config,
    store,
    logger,
    async () => Array.from({ length: stream.partitions }, (_, partition) => positions.next(partition)),
    retention,
  )
  const history = config.lake && (await LakeHistory.open(config.lake.target, store, retention.wholeFromMs))
  const metrics = createEngineMetrics({ role: 'engine', stream, store, lake })
  const pipeline = new Pipeline({
    stream,
    positions,
    store,
    rulesOf,
    understand: await understandingOf(config, sites.rulesOf, readIdentity(config.dataFolder)),
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
  const { reports, alerts, outbox, mail } = openSending(config, metadata, store, logger, history)
  const operations = createOperations({
    store,
    pipeline,
    positions,
    partitions: stream.partitions,
    rulesOf,
    scrubOf: scrubsOf((site) => sites.rulesOf(site).scrubParameters, config.scrubParameters),
    isExpiring: () => isExpiring(retention.current()),
    metadata,
    secretOfIds: async () => secretIn(config.dataFolder) ?? '',
    stream: { name: streamNameOf(config.stream), folder: streamFolder },
    lake,
  })
  const server = await createApi({
    accounts: await openAccounts({ metadata, mail, url: config.url, singleSignOn: config.singleSignOn, logger }),
    mail,
    sitesSet,
    written: sites.written,
    async onSet() {
      await sites.look()
      await retention.look()
    },
    store,
    metadata,
    reports,
    alerts,
    outbox,
    hub,
    positions,
    partitions: stream.partitions,
    operations,
    erase: erasedBy(operations),
    lake,
    history,
    apiKey: config.apiKey,
    timeZone: config.timeZone,
    queryLimits: config.queryLimits,
    scriptPath: config.scriptPath,
    metrics: metrics.registry,
    isOperator: (request) => request.headers[operatorHeader] === 'yes',
    callerOf: ({ headers }) => ({
      address: String(headers[visitorAddressHeader] ?? ''),
      client: String(headers[visitorClientHeader] ?? ''),
      origin: config.url ?? `${headers[visitorProtocolHeader]}://${headers.host}`,
    }),
    trustedProxies: [],
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
      history?.close()
      await sites.close()
      await Promise.all([store.close(), stream.close(), positions.close(), metadata.destroy()])
    },
  }
}
