import type { VisitorSummary } from '@clickwatch/contract'
import type { Question } from './question.ts'
import { isoSql } from './visits.ts'

type Row = Omit<VisitorSummary, 'visitor'> & { visitor_id: string }

/** Visitors by their stored ids, in the order given: what all their visits come to, whatever the question's range. */
export const visitorSummaries = async (
  { store, site, aliases }: Pick<Question, 'store' | 'site' | 'aliases'>,
  visitorIds: readonly string[],
): Promise<VisitorSummary[]> => {
  if (visitorIds.length === 0) return []
  const rows = await store.query<Row>(
    `SELECT visitor_id, ${isoSql('min(start)')} AS first_seen, ${isoSql('max(end)')} AS last_seen, count() AS visits,
       sum(visits.events) AS events, argMax(country, start) AS country, argMax(browser, start) AS browser, argMax(os, start) AS os,
       argMax(source, start) AS source
     FROM silver.sessions_by_visitor AS visits FINAL
     WHERE site = {site:String} AND visitor_id IN {visitors:Array(String)}
     GROUP BY visitor_id`,
    { site, visitors: visitorIds },
  )
  const byId = new Map(rows.map(({ visitor_id, ...row }) => [visitor_id, row]))
  return visitorIds.flatMap((id) => {
    const row = byId.get(id)
    return row ? [{ visitor: aliases.aliasOf(site, id), ...row }] : []
  })
}
