import type { IdeaDraft, IdeaPlanAnswer } from '@clickwatch/contract'
import { Bound } from '../query/bound.ts'
import { addDays, instantOf, localText } from '../query/calendar.ts'
import { type Reader, runQuery } from '../query/run.ts'
import type { Context } from '../query/scope.ts'
import { exposuresSql } from './moments.ts'

/** So many complete days are looked at, if the site has them: whole weeks, since weekends are others. */
const daysLookedAt = 28

const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)

/**
 * Who would have been shown an idea had it been there lately: visitors who stood on its first rung. Each counts once, however often they
 * came, so that a test of as many days has as many a day.
 */
export const trafficOf = async (
  reader: Reader,
  site: string,
  { ladder, audience }: IdeaDraft,
  context: Context,
): Promise<IdeaPlanAnswer['traffic']> => {
  const { timeZone, nowMs, firstDate } = context
  const today = localText(nowMs, timeZone).slice(0, 10)
  const days = Math.min(daysLookedAt, Math.max(0, daysBetween(firstDate ?? today, today)))
  // A site that is younger than a day has today alone.
  const [from, until] = days === 0 ? [today, today] : [addDays(today, -days), addDays(today, -1)]
  const of = (visitors: number, basis: 'rung' | 'site') => ({
    days,
    visitors,
    visitors_per_day: visitors / Math.max(1, days),
    basis,
  })
  const bound = new Bound()
  const sql = `SELECT uniqExact(visitor) AS visitors FROM (${exposuresSql({ key: '', ladder, ...(audience ? { audience } : {}) }, bound)}) WHERE is_meant`
  const [row] = await reader.query<{ visitors: number }>(sql, {
    ...bound.parameters,
    site,
    from_ms: instantOf(`${from} 00:00:00`, timeZone),
    to_ms: instantOf(`${addDays(until, 1)} 00:00:00`, timeZone),
  })
  if (row && row.visitors > 0) return of(row.visitors, 'rung')
  const filters = audience && audience.length > 0 ? { filters: audience } : {}
  const query = { site_id: site, date_range: [from, until] as [string, string], metrics: ['visitors' as const] }
  const { results } = await runQuery(reader, { ...query, ...filters }, context)
  return of(results[0]?.metrics[0] ?? 0, 'site')
}
