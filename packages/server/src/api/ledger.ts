import type { LedgerAnswer } from '@clickwatch/contract'
import type { FastifyInstance } from 'fastify'
import { invalidField } from '../errors.ts'
import { siteOf } from '../http/site.ts'
import type { SiteViews } from '../metadata/site-views.ts'
import { countUnaccounted } from '../pipeline/account.ts'
import type { Positions } from '../pipeline/positions.ts'
import { readLedger } from '../query/ledger.ts'
import { resolveRange } from '../query/range.ts'
import type { Store } from '../store/store.ts'

const dateOf = (query: Record<string, unknown>, field: 'from' | 'to'): string | undefined => {
  const given = query[field]
  if (given === undefined) return undefined
  if (typeof given === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(given)) return given
  throw invalidField(field, 'is expected once, as YYYY-MM-DD')
}

/** `GET /api/ledger`: what became of everything that arrived for a site. */
export const addLedgerRoute = (
  server: FastifyInstance,
  options: {
    store: Store
    positions: Pick<Positions, 'reached'>
    partitions: number
    siteViews: SiteViews
  },
): void => {
  const { store, positions, partitions, siteViews } = options
  server.get('/api/ledger', async (request): Promise<LedgerAnswer> => {
    const query = request.query as Record<string, unknown>
    const site = siteOf(query)
    const [from, to] = [dateOf(query, 'from'), dateOf(query, 'to')]
    if ((from === undefined) !== (to === undefined)) {
      throw invalidField(from === undefined ? 'from' : 'to', 'is missing; both or neither are expected')
    }
    const { timezone } = await siteViews.viewOf(site)
    const calendar = { timeZone: timezone, nowMs: Date.now(), weekStart: 1, firstDate: undefined }
    const range = resolveRange(from && to ? [from, to] : '30d', calendar)
    const [ledger, unaccounted] = await Promise.all([
      readLedger(store, site, range, timezone),
      countUnaccounted(store, positions, partitions),
    ])
    return { timezone, ...ledger, unaccounted }
  })
}
