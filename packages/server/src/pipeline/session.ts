import type { Fact, Visit } from './visit.ts'

/** A row of silver.sessions, less its sign. Times in milliseconds since 1970. */
export type SessionRow = {
  site: string
  session_id: string
  visitor_id: string
  user_id: string
  start: number
  end: number
  duration_s: number
  engaged_ms: number
  pageviews: number
  events: number
  interactions: number
  conversions: number
  is_bounce: boolean
  scroll_depth: number
  entry_page: string
  exit_page: string
  exit_at: number
  visit_number: number
  is_returning: boolean
  referrer: string
  source: string
  channel: string
  utm_source: string
  utm_medium: string
  utm_campaign: string
  utm_term: string
  utm_content: string
  click_id_name: string
  click_id: string
  browser: string
  browser_version: string
  os: string
  os_version: string
  device: string
  screen: string
  language: string
  country: string
  region: string
  city: string
  stream_partition: number
  stream_offset: number
  version: number
}

/** Where in the stream a change comes from. */
export type Place = { partition: number; offset: number }

const begin = (visit: Visit, sessionId: string, first: Fact, visitNumber: number): SessionRow => ({
  site: visit.site,
  session_id: sessionId,
  visitor_id: visit.visitorId,
  user_id: visit.userId,
  start: first.timeMs,
  end: first.timeMs,
  duration_s: 0,
  engaged_ms: 0,
  pageviews: 0,
  events: 0,
  interactions: 0,
  conversions: 0,
  is_bounce: true,
  scroll_depth: 0,
  entry_page: '',
  exit_page: '',
  exit_at: 0,
  visit_number: visitNumber,
  is_returning: visitNumber > 1,
  ...visit.acquisition,
  ...visit.agent,
  screen: visit.screen,
  language: visit.language,
  ...visit.place,
  stream_partition: 0,
  stream_offset: 0,
  version: 0,
})

const addFact = (row: SessionRow, fact: Fact): void => {
  if (fact.type === 'page_view') {
    row.pageviews++
    if (row.entry_page === '' || fact.timeMs < row.start) row.entry_page = fact.path
    if (fact.timeMs >= row.exit_at) {
      row.exit_page = fact.path
      row.exit_at = fact.timeMs
    }
  }
  if (fact.type !== 'engagement') row.events++
  if (fact.isInteraction) row.interactions++
  if (fact.isConversion) row.conversions++
  row.start = Math.min(row.start, fact.timeMs)
  row.end = Math.max(row.end, fact.timeMs)
  row.engaged_ms += fact.engagedMs
  row.scroll_depth = Math.max(row.scroll_depth, fact.scrollDepth)
}

/**
 * The session after some new facts of it; `before` is left as it was.
 * @param before undefined for a session that begins here under `sessionId`, as the visitor's `visitNumber`-th
 */
export const advance = (
  before: SessionRow | undefined,
  visit: Visit,
  sessionId: string,
  facts: readonly [Fact, ...Fact[]],
  visitNumber: number,
  place: Place,
): SessionRow => {
  const row = before ? { ...before } : begin(visit, sessionId, facts[0], visitNumber)
  if (visit.userId !== '') row.user_id = visit.userId
  for (const fact of facts) addFact(row, fact)
  row.duration_s = Math.round((row.end - row.start) / 1000)
  row.is_bounce = row.pageviews < 2 && row.interactions === 0
  if (visit.reported) {
    row.duration_s = Math.round(visit.reported.durationS ?? row.duration_s)
    row.is_bounce = visit.reported.isBounce ?? row.is_bounce
    row.visit_number = visit.reported.visitNumber ?? row.visit_number
    row.is_returning = visit.reported.isReturning ?? row.visit_number > 1
  }
  row.stream_partition = place.partition
  row.stream_offset = place.offset
  row.version++
  return row
}
