import type { SessionAnswer, SessionsAnswer, VisitEvent } from '@clickwatch/contract'
import { type Question, visitsWhere } from './question.ts'
import { isoSql, type SummaryRow, summaryColumns, summaryOf } from './visits.ts'

const defaultLimit = 50

/** Where a list of visits goes on: behind the visit that began at `startMs` and has these ids. */
export type After = { startMs: number; sessionId: string; visitorId: string }

const textOf = ({ startMs, sessionId, visitorId }: After, { aliases, site }: Question): string =>
  aliases.aliasOf(site, [startMs, sessionId, visitorId].join('\0'))

/** What a `next` says; undefined when it is none of this site. */
export const afterOf = (text: string, { aliases, site }: Pick<Question, 'aliases' | 'site'>): After | undefined => {
  const [startMs, sessionId, visitorId] = aliases.idOf(site, text)?.split('\0') ?? []
  if (startMs === undefined || sessionId === undefined || visitorId === undefined) return undefined
  return { startMs: Number(startMs), sessionId, visitorId }
}

/** Visits, the latest first, a page at a time. */
export const askSessions = async (
  question: Question,
  after: After | undefined,
  limit = defaultLimit,
): Promise<SessionsAnswer> => {
  const behind = `(start, session_id, visitor_id) <
    (fromUnixTimestamp64Milli({after_start:Int64}, 'UTC'), {after_session:String}, {after_visitor:String})`
  const rows = await question.store.query<SummaryRow & { start_ms: number }>(
    `SELECT ${summaryColumns}, toUnixTimestamp64Milli(start) AS start_ms
     FROM silver.sessions FINAL
     WHERE ${visitsWhere(question)}${after === undefined ? '' : ` AND ${behind}`}
     ORDER BY start DESC, session_id DESC, visitor_id DESC
     LIMIT {limit:UInt32}`,
    {
      ...question.scope.bound.parameters,
      // One more says whether the list goes on.
      limit: limit + 1,
      ...(after && { after_start: after.startMs, after_session: after.sessionId, after_visitor: after.visitorId }),
    },
  )
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    sessions: shown.map(({ start_ms: _, ...row }) => summaryOf(row, question)),
    next:
      last && rows.length > limit
        ? textOf({ startMs: last.start_ms, sessionId: last.session_id, visitorId: last.visitor_id }, question)
        : null,
  }
}

type Asker = Pick<Question, 'store' | 'site' | 'aliases'>
type Detail = Omit<SessionAnswer['session'], keyof SummaryRow | 'session' | 'visitor' | 'start'>

const maxEvents = 5000

/**
 * One visit and what happened in it, in order: at most five thousand events. Read by its visitor, whom the tables are sorted by;
 * undefined when there is no such visit.
 */
export const askSession = async (
  { store, site, aliases }: Asker,
  sessionId: string,
  visitorId: string,
): Promise<SessionAnswer | undefined> => {
  const parameters = { site, session: sessionId, visitor: visitorId }
  const whose = 'site = {site:String} AND visitor_id = {visitor:String} AND session_id = {session:String}'
  const [row] = await store.query<SummaryRow & Detail & { start_ms: number; end_ms: number }>(
    `SELECT ${summaryColumns}, referrer, utm_campaign, language, screen,
       toUnixTimestamp64Milli(start) AS start_ms, toUnixTimestamp64Milli(end) AS end_ms
     FROM silver.sessions_by_visitor FINAL WHERE ${whose}`,
    parameters,
  )
  if (!row) return undefined
  const { start_ms, end_ms, ...shown } = row
  // By visitor there are not all columns of an event; where its visit was in time narrows what is read of the others. What carries
  // attention alone may come after a visit's end.
  const events = await store.query<VisitEvent>(
    `SELECT ${isoSql('time')} AS time, type, name, path AS page, title, element_id AS element, element_text AS text, props,
       toFloat64(revenue) AS revenue, currency, scroll_depth, engaged_ms
     FROM silver.events AS event FINAL
     WHERE ${whose} AND event.time >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
       AND event.time <= fromUnixTimestamp64Milli({until:Int64}, 'UTC') + INTERVAL 1 DAY
     ORDER BY event.time, seq, event_id
     LIMIT ${maxEvents}`,
    { ...parameters, from: start_ms, until: end_ms },
  )
  const { referrer, utm_campaign, language, screen, ...summary } = shown
  return { session: { ...summaryOf(summary, { aliases, site }), referrer, utm_campaign, language, screen }, events }
}
