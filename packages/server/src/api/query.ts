import type { SitesAnswer } from '@clickwatch/contract'
import type { FastifyInstance } from 'fastify'
import { askerLeaves } from '../http/asker.ts'
import { siteOf } from '../http/site.ts'
import type { ContextOf } from '../query/context.ts'
import { bounded, type QueryLimits } from '../query/limits.ts'
import { listSites, presentVisitors } from '../query/now.ts'
import { parseQuery, runQuery } from '../query/run.ts'
import type { Store } from '../store/store.ts'
import { sitesOf } from './asker.ts'

/** `POST /api/v2/query`, `GET /api/now` and `GET /api/sites`. */
export const addQueryRoutes = (
  server: FastifyInstance,
  {
    store,
    timeZone,
    contextOf,
    queryLimits,
    scriptPath,
  }: { store: Store; timeZone: string; contextOf: ContextOf; queryLimits: QueryLimits; scriptPath: string },
): void => {
  server.post('/api/v2/query', async (request, reply) => {
    const query = parseQuery(request.body)
    const named = query.site_id === undefined ? { ...query, site_id: siteOf(request.query) } : query
    return runQuery(bounded(store, queryLimits, askerLeaves(reply)), named, await contextOf(named, Date.now()))
  })
  server.get('/api/now', async (request) => presentVisitors(store, siteOf(request.query)))
  server.get('/api/sites', async (request): Promise<SitesAnswer> => {
    const { timezone, sites } = await listSites(store, timeZone)
    // Whoever has a link, or a key or a role of some sites, knows of no others.
    const own = sitesOf(request)
    const known = own === undefined ? sites : sites.filter(({ site }) => own.has(site))
    return { timezone, sites: known, script_path: scriptPath }
  })
}
