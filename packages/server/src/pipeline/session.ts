import type { Moment } from './sessionize.ts'
import type { Reported, Visit } from './visit.ts'

/** What a visit's first page says of all of it. */
export type Origin = {
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
}

/** Where a record is in the stream. */
export type Place = { partition: number; offset: number }
/** What the record of a place says of a visit that begins with it; undefined where that is not known. */
export type OriginAt = (place: Place) => Origin | undefined
export const unknownOrigins: OriginAt = () => undefined

/** A row of silver.sessions, less its sign. Times in milliseconds since 1970. */
export type SessionRow = Origin & {
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
  /** JSON of what the producer of a finished session says of it itself; '' where nobody did. */
  reported: string
  stream_partition: number
  stream_offset: number
  version: number
}

/** What of an event counts in its visit. */
export type SessionFact = Moment & {
  path: string
  userId: string
  isInteraction: boolean
  isConversion: boolean
  engagedMs: number
  scrollDepth: number
  partition: number
  offset: number
}

/** What a record says of the visit that begins with it. */
export const originOf = ({ acquisition, agent, screen, language, place }: Visit): Origin => ({
  ...acquisition,
  ...agent,
  screen,
  language,
  ...place,
})

/** The columns of an origin, in which two may differ. */
export const originOfRow = (row: SessionRow): Origin => ({
  referrer: row.referrer,
  source: row.source,
  channel: row.channel,
  utm_source: row.utm_source,
  utm_medium: row.utm_medium,
  utm_campaign: row.utm_campaign,
  utm_term: row.utm_term,
  utm_content: row.utm_content,
  click_id_name: row.click_id_name,
  click_id: row.click_id,
  browser: row.browser,
  browser_version: row.browser_version,
  os: row.os,
  os_version: row.os_version,
  device: row.device,
  screen: row.screen,
  language: row.language,
  country: row.country,
  region: row.region,
  city: row.city,
})

/**
 * The row of a visit, of its events in order. The version is left at 0.
 * @param visitNumber how many visits of the visitor it is the last of
 */
export const sessionRow = (
  whose: { site: string; visitorId: string; sessionId: string },
  facts: readonly [SessionFact, ...SessionFact[]],
  origin: Origin,
  visitNumber: number,
  reported: string,
): SessionRow => {
  const [first] = facts
  const row: SessionRow = {
    ...origin,
    site: whose.site,
    session_id: whose.sessionId,
    visitor_id: whose.visitorId,
    user_id: '',
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
    reported,
    stream_partition: first.partition,
    stream_offset: first.offset,
    version: 0,
  }
  addFacts(row, facts)
  if (reported !== '') {
    const given = JSON.parse(reported) as Reported
    row.duration_s = Math.round(given.durationS ?? row.duration_s)
    row.is_bounce = given.isBounce ?? row.is_bounce
    row.visit_number = given.visitNumber ?? row.visit_number
    row.is_returning = given.isReturning ?? row.visit_number > 1
  }
  return row
}

/** The row of a visit with more events, which happened after those that it has; for a visit whose producer says nothing of it. */
export const longerRow = (held: SessionRow, facts: readonly SessionFact[]): SessionRow => {
  const row = { ...held }
  addFacts(row, facts)
  return row
}

const addFacts = (row: SessionRow, facts: readonly SessionFact[]): void => {
  for (const fact of facts) addFact(row, fact)
  row.duration_s = Math.round((row.end - row.start) / 1000)
  row.is_bounce = row.pageviews < 2 && row.interactions === 0
}

const addFact = (row: SessionRow, fact: SessionFact): void => {
  if (fact.type === 'page_view') {
    if (row.pageviews === 0) row.entry_page = fact.path
    row.pageviews++
    row.exit_page = fact.path
    row.exit_at = fact.timeMs
  }
  if (fact.type !== 'engagement') row.events++
  if (fact.isInteraction) row.interactions++
  if (fact.isConversion) row.conversions++
  if (fact.userId !== '') row.user_id = fact.userId
  row.end = fact.timeMs
  row.engaged_ms += fact.engagedMs
  row.scroll_depth = Math.max(row.scroll_depth, fact.scrollDepth)
  if (fact.offset > row.stream_offset) {
    row.stream_partition = fact.partition
    row.stream_offset = fact.offset
  }
}
