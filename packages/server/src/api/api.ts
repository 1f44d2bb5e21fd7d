import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Accounts } from '../accounts/accounts.ts'
import { setupCodeOf } from '../accounts/setup-code.ts'
import { ClickWatchError } from '../errors.ts'
import { createServer } from '../http/server.ts'
import type { LiveHub } from '../live/hub.ts'
import { auditOf } from '../metadata/audit.ts'
import type { Metadata } from '../metadata/database.ts'
import { ideasOf } from '../metadata/ideas.ts'
import { interestedOf } from '../metadata/interested.ts'
import { keysOf } from '../metadata/keys.ts'
import { linksOf } from '../metadata/links.ts'
import type { Alerts, Reports } from '../metadata/noted.ts'
import type { SitesSet } from '../metadata/site-settings.ts'
import { siteViewsOf } from '../metadata/site-views.ts'
import type { AllSettings } from '../metadata/sites.ts'
import type { SendMail } from '../out/mail.ts'
import type { Outbox } from '../out/schedule.ts'
import type { Positions } from '../pipeline/positions.ts'
import { contextsOf } from '../query/context.ts'
import type { History } from '../query/history.ts'
import type { QueryLimits } from '../query/limits.ts'
import type { Store } from '../store/store.ts'
import { guard } from './access.ts'
import { addAccountRoutes } from './account.ts'
import { addAdminRoutes } from './admin.ts'
import type { CallerOf } from './asker.ts'
import { addBehaviourRoutes } from './behaviour.ts'
import { addDocs } from './docs.ts'
import { addExportRoutes } from './export.ts'
import { addIdeaReportRoutes } from './idea-reports.ts'
import { addIdeaRoutes } from './ideas.ts'
import { addKeptRoutes } from './kept.ts'
import { addKeyRoutes } from './keys.ts'
import { addLedgerRoute } from './ledger.ts'
import { addShareRoute } from './link.ts'
import { addLiveRoute } from './live.ts'
import { addMcpRoute } from './mcp.ts'
import { addPages } from './pages.ts'
import { addPeopleRoutes } from './people.ts'
import { addQueryRoutes } from './query.ts'
import { addReportRoute } from './report.ts'
import { scopeChecker } from './scope.ts'
import { addLinkRoutes, addOutboxRoutes } from './sharing.ts'
import { addSitesRoutes, type Erase } from './sites.ts'
import { addSqlRoutes } from './sql.ts'
import { addTablesRoute } from './tables.ts'
import { addVisitorRoutes } from './visitors.ts'

/** The HTTP server that answers questions and shows the dashboard. */
export const createApi = async (options: {
  store: Store
  /** What people have set up. */
  metadata: Metadata
  hub: LiveHub
  reports: Reports
  alerts: Alerts
  outbox: Outbox
  operations: Parameters<typeof addAdminRoutes>[1]['operations']
  erase: Erase
  lake: Parameters<typeof addAdminRoutes>[1]['lake']
  /** What there was before the store's own history; undefined where there is no lake. */
  history?: History | undefined
  isOperator: (request: FastifyRequest) => boolean
  positions: Pick<Positions, 'reached'>
  /** How many the stream has. */
  partitions: number
  apiKey: string | undefined
  timeZone: string
  /** What one question may cost. */
  queryLimits: QueryLimits
  /** Where the tracker is served, as the dashboard tells whoever installs it. */
  scriptPath: string
  sitesSet: SitesSet
  /** What the operator's file says of sites. */
  written: () => AllSettings
  /** Has what was set of a site hold at once in this process. */
  onSet: () => Promise<void>
  callerOf: CallerOf
  accounts: Accounts
  /** undefined where the server sends none. */
  mail: SendMail | undefined
  trustedProxies: readonly string[]
  metrics: Registry
  logger: Logger
}): Promise<FastifyInstance> => {
  const server = createServer(options.logger, options.trustedProxies)
  const siteViews = siteViewsOf(options.metadata, options.timeZone)
  const contextOf = contextsOf(options.store, options.metadata, siteViews, options.history)
  const links = linksOf(options.metadata)
  const ideas = ideasOf(options.metadata)
  const checkScope = scopeChecker(contextOf)
  await server.register(async (api) => {
    const [keys, audit] = [keysOf(options.metadata), auditOf(options.metadata)]
    guard(api, { ...options, links, keys, audit, siteViews })
    addAccountRoutes(api, options)
    addPeopleRoutes(api, { ...options, siteViews, keys, setupCode: setupCodeOf(options.metadata) })
    addShareRoute(api, { ...options, links, siteViews })
    addQueryRoutes(api, { ...options, contextOf })
    addBehaviourRoutes(api, { ...options, contextOf })
    addAdminRoutes(api, options)
    addLedgerRoute(api, { ...options, siteViews })
    addReportRoute(api, options.store)
    addTablesRoute(api, options.store)
    addSqlRoutes(api, options)
    addVisitorRoutes(api, options)
    addLiveRoute(api, options.hub)
    addExportRoutes(api, { ...options, siteViews, contextOf })
    addKeptRoutes(api, { metadata: options.metadata, siteViews, checkScope })
    addIdeaRoutes(api, { ...options, ideas, interested: interestedOf(options.metadata), checkScope })
    addIdeaReportRoutes(api, { ...options, ideas, checkScope, contextOf })
    addSitesRoutes(api, { ...options, siteViews })
    addLinkRoutes(api, { links, ideas, checkScope })
    addOutboxRoutes(api, { ...options, checkScope })
    addKeyRoutes(api, { keys, audit })
    addMcpRoute(api, server)
  })
  await server.register(async (internal) => {
    internal.addHook('onRequest', async (request) => {
      if (!options.isOperator(request)) throw new ClickWatchError('not_found', 404, 'There is nothing at this address.')
    })
    internal.get('/internal/ready', async () => {
      await options.store.query('SELECT 1')
      return { status: 'ready' }
    })
    internal.get('/internal/metrics', () => options.metrics.getMetricsAsJSON())
  })
  await addDocs(server)
  await server.register(addPages)
  return server
}
