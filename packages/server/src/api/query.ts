import type { FastifyInstance } from 'fastify'
import { askerLeaves } from '../http/asker.ts'
import { siteOf } from '../http/site.ts'
import type { ContextOf } from '../query/context.ts'
import { bounded, type QueryLimits } from '../query/limits.ts'
import { beyondSums, madeUpDays, warningOf } from '../query/made-up.ts'
import { presentVisitors } from '../query/now.ts'
import { parseQuery, runQuery } from '../query/run.ts'
import type { Store } from '../store/store.ts'

/** `POST /api/v2/query` and `GET /api/now`. */
export const addQueryRoutes = (
  server: FastifyInstance,
  { store, contextOf, queryLimits }: { store: Store; contextOf: ContextOf; queryLimits: QueryLimits },
): void => {
  const daysOf = madeUpDays(store)
  server.post('/api/v2/query', async (request, reply) => {
    const query = parseQuery(request.body)
    const named = { ...query, site_id: query.site_id ?? siteOf(request.query) }
    const context = await contextOf(named, Date.now())
    const answer = await runQuery(bounded(store, queryLimits, askerLeaves(reply)), named, context)
    // As it was understood: how long its steps are may have been left open.
    const beyond = beyondSums({ ...named, ...answer.query }, context)
    const warning = beyond && warningOf(beyond, await daysOf(named.site_id), answer.meta)
    return warning === undefined ? answer : { ...answer, meta: { ...answer.meta, imports_warning: warning } }
  })
  server.get('/api/now', async (request) => presentVisitors(store, siteOf(request.query)))
}
