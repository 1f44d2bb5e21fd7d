import type { SessionSummary } from '@clickwatch/contract'
import type { Question } from './question.ts'

/** SQL of a moment as ISO 8601, UTC. */
export const isoSql = (time: string): string => `replaceOne(toString(${time}), ' ', 'T') || 'Z'`

/** The columns of a visit as lists show it, from either table of sessions, with its ids as they are stored. */
export const summaryColumns = `session_id, visitor_id, ${isoSql('start')} AS start_at, duration_s, engaged_ms, pageviews, events,
  conversions, is_bounce, entry_page, exit_page, visit_number, source, channel, country, city, browser, os, device`

export type SummaryRow = Omit<SessionSummary, 'session' | 'visitor' | 'start' | 'is_bounce'> & {
  session_id: string
  visitor_id: string
  start_at: string
  is_bounce: boolean | number
}

/** A visit as it is shown, under aliases. */
export const summaryOf = (
  { session_id, visitor_id, start_at, is_bounce, ...row }: SummaryRow,
  { aliases, site }: Pick<Question, 'aliases' | 'site'>,
): SessionSummary => ({
  ...row,
  session: aliases.aliasOf(site, session_id),
  visitor: aliases.aliasOf(site, visitor_id),
  start: start_at,
  is_bounce: Boolean(is_bounce),
})
