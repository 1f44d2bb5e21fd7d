import { openAccounts } from '../../accounts/accounts.ts'
import { createApi } from '../../api/api.ts'
import type { Config } from '../../config.ts'
import { createLogger } from '../../http/server.ts'
import { hearOf } from '../../live/channel.ts'
import { LiveHub } from '../../live/hub.ts'
import { openLeases } from '../../metadata/leases.ts'
import { sitesSetOf } from '../../metadata/site-settings.ts'
import { readSettings } from '../../metadata/sites.ts'
import { addApartRoutes, createPlainMetrics } from '../../metrics/apart.ts'
import { erasedBy } from '../../operations.ts'
import { runOutbox } from '../../out/schedule.ts'
import { openSharedPositions } from '../../pipeline/positions-postgres.ts'
import { openStore } from '../../store/open.ts'
import { streamNameOf } from '../../stream/target.ts'
import { openSending } from '../engine.ts'
import { listenPublicly } from '../listen.ts'
import type { Role } from '../role.ts'
import { openLakeOfApi } from './lake.ts'
import { openOperator } from './operator.ts'
import { openMetadataShared, requireShared } from './shared.ts'
import { waitForPipeline } from './wait.ts'

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
  const sitesSet = sitesSetOf(metadata)
  const lake =
    config.lake &&
    (await openLakeOfApi({ target: config.lake.target, config, shared, store, positions, sitesSet, logger }))
  const history = lake?.history
  const { reports, alerts, outbox, mail } = openSending(config, metadata, store, logger, history)
  const registry = createPlainMetrics('api')
  const server = await createApi({
    accounts: await openAccounts({ metadata, mail, url: config.url, singleSignOn: config.singleSignOn, logger }),
    mail,
    sitesSet,
    written: () => readSettings(config.sitesFile),
    // Whoever takes in and stores looks for itself.
    onSet: async () => undefined,
    store,
    metadata,
    reports,
    alerts,
    outbox,
    hub,
    positions,
    partitions: positions.partitions,
    // The command line does them by itself, wherever it reaches what these processes reach; what is erased here is erased by the same way.
    operations: {},
    async erase(erasure) {
      const operator = await openOperator(config)
      try {
        return await erasedBy(operator.operations)(erasure)
      } finally {
        await operator.close()
      }
    },
    lake: lake?.beside,
    history,
    isOperator: () => false,
    apiKey: config.apiKey,
    timeZone: config.timeZone,
    queryLimits: config.queryLimits,
    scriptPath: config.scriptPath,
    metrics: registry,
    callerOf: (request) => ({
      address: request.socket.remoteAddress,
      client: request.ip,
      origin: config.url ?? `${request.protocol}://${request.headers.host}`,
    }),
    trustedProxies: config.trustedProxies,
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
      lake?.close()
      await store.close()
      await metadata.destroy()
    },
  }
}
