import type { VisitorAnswer } from '@clickwatch/contract'
import { goalCondition } from '../goals.ts'
import { silver } from '../layers.ts'
import type { Question } from './question.ts'
import { visitorSummaries } from './visitors.ts'
import { isoSql, type SummaryRow, summaryColumns, summaryOf } from './visits.ts'

const maxSessions = 50
const maxPages = 20

type Whole = Pick<VisitorAnswer, 'device' | 'first_source' | 'engaged_ms' | 'pageviews' | 'conversions'>

/** One visitor by their stored id, over all that is kept of them; undefined when the site never saw them. */
export const askVisitor = async (question: Question, visitorId: string): Promise<VisitorAnswer | undefined> => {
  const { store, site, aliases, goals, scope } = question
  const { bound } = scope
  const [summary] = await visitorSummaries({ store, site, aliases }, [visitorId])
  if (!summary) return undefined
  const visitor = bound.add(visitorId, 'String')
  const visits = `silver.sessions_by_visitor AS visits FINAL WHERE site = {site:String} AND visitor_id = ${visitor}`
  // Events are not sorted by visitor; the hours in which this one was there say where to look.
  const events = `silver.events AS event FINAL WHERE site = {site:String} AND visitor_id = ${visitor}
    AND toStartOfHour(event.time) IN (
      SELECT toStartOfHour(start) + INTERVAL arrayJoin(range(0, dateDiff('hour', start, end) + 2)) HOUR FROM ${visits})`
  const reached = goals.map(({ rule }) => goalCondition(rule, bound, silver))
  const goalColumns = reached.flatMap((condition, index) => [
    `countIf(${condition}) AS times${index}`,
    `${isoSql(`maxIf(time, ${condition})`)} AS last${index}`,
  ])
  const { parameters } = bound
  const [[whole], sessions, days, pages, revenue, [done]] = await Promise.all([
    store.query<Whole>(
      `SELECT argMax(device, start) AS device, argMin(source, start) AS first_source, sum(visits.engaged_ms) AS engaged_ms,
         sum(visits.pageviews) AS pageviews, sum(visits.conversions) AS conversions FROM ${visits}`,
      parameters,
    ),
    store.query<SummaryRow>(
      `SELECT ${summaryColumns} FROM ${visits} ORDER BY start DESC, session_id DESC LIMIT ${maxSessions}`,
      parameters,
    ),
    store.query<VisitorAnswer['days'][number]>(
      `SELECT toString(toDate(toTimeZone(start, {tz:String}))) AS date, count() AS visits FROM ${visits} GROUP BY date ORDER BY date`,
      parameters,
    ),
    store.query<VisitorAnswer['pages'][number]>(
      `SELECT path AS page, count() AS pageviews FROM ${events} AND type = 'page_view'
       GROUP BY page ORDER BY pageviews DESC, page LIMIT ${maxPages}`,
      parameters,
    ),
    store.query<VisitorAnswer['revenue'][number]>(
      `SELECT toString(event.currency) AS currency, toFloat64(sum(event.revenue)) AS amount FROM ${events} AND event.currency != ''
       GROUP BY currency ORDER BY amount DESC, currency`,
      parameters,
    ),
    goals.length === 0
      ? []
      : store.query<Record<string, number | string>>(`SELECT ${goalColumns.join(', ')} FROM ${events}`, parameters),
  ])
  return {
    ...summary,
    device: whole?.device ?? '',
    first_source: whole?.first_source ?? '',
    engaged_ms: whole?.engaged_ms ?? 0,
    pageviews: whole?.pageviews ?? 0,
    conversions: whole?.conversions ?? 0,
    revenue,
    pages,
    goals: goals.flatMap(({ name }, index) => {
      const times = Number(done?.[`times${index}`] ?? 0)
      return times > 0 ? [{ goal: name, times, last: String(done?.[`last${index}`]) }] : []
    }),
    sessions: sessions.map((row) => summaryOf(row, question)),
    days,
  }
}
