/** What the dashboard reads beside queries. */

/** One visitor seen in the last five minutes: `GET /api/now?site=`. */
export type PresentVisitor = {
  /** An opaque short name, not the stored id. */
  visitor: string
  page: string
  source: string
  country: string
  browser: string
  os: string
  device: string
  /** The latest thing done: an event type and, where there is one, its element, or the name of a custom event. */
  last_event: string
  last_element: string
  /** ISO 8601, UTC. */
  seen_at: string
}
export type NowAnswer = { current_visitors: number; visitors: PresentVisitor[] }

/** One message of `GET /api/live?site=` (server-sent events, `event: change`): the site has `events` more events. */
export type LiveChange = { site: string; events: number }

/** `GET /api/sites`: the sites that have sent anything, and how the operator set the server up. */
export type SitesAnswer = {
  sites: {
    site: string
    events: number
    /** The day of the latest event in the operator's time zone, YYYY-MM-DD. */
    latest_day: string
  }[]
  timezone: string
  /** Where the tracker is served. */
  script_path: string
}

/**
 * `GET /api/excluded?site=`: events of the last 30 days that stay out of every number, the most frequent reason first: bot, headless,
 * no_user_agent, prefetch, own_address.
 */
export type ExcludedAnswer = { excluded: { reason: string; events: number }[] }

/** The columns of the reference's report that a slicer can narrow. */
export const slicers = ['Platform', 'os', 'page_url', 'event_type'] as const
export type Slicer = (typeof slicers)[number]

export type ReportRow = {
  Platform: string
  page_url: string
  referrer: string
  browser: string
  os: string
  visitor_count: number
}

/**
 * `GET /api/report?site=&Platform=a&Platform=b&os=…`: the reference's 'ClickWatch report', all parts under the same slicers.
 * The options of one slicer are those left by the other three.
 */
export type ReportAnswer = {
  slicers: Record<Slicer, string[]>
  table: ReportRow[]
  /** How many rows the table has in all; `table` holds the first 500. */
  table_rows: number
  total_visitors_count: number
  by_platform: { Platform: string; visitor_count: number }[]
  by_os: { os: string; visitor_count: number }[]
  final_cookies_rows: number
  user_ids: number
}

export const tables = ['final_cookies', 'visit_count'] as const
export type TableName = (typeof tables)[number]
