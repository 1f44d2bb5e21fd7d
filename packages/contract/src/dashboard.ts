import Type, { type Static } from 'typebox'

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
/** Something that was done in the last 30 minutes. */
export type RecentEvent = {
  /** An opaque short name, not the stored id. */
  id: string
  /** ISO 8601, UTC. */
  time: string
  type: string
  page: string
  /** The element, or the name of a custom event; '' where there is none. */
  element: string
  is_conversion: boolean
  source: string
  country: string
  browser: string
  device: string
}
/** `latest` is what was done last, the latest first. */
export type NowAnswer = { current_visitors: number; visitors: PresentVisitor[]; latest: RecentEvent[] }

/** One message of `GET /api/live?site=` (server-sent events, `event: change`): the site has `events` more events. */
export type LiveChange = { site: string; events: number }

/** `GET /api/sites`: the sites that have sent anything, and how the operator set the server up. */
export const SitesAnswer = Type.Object({
  sites: Type.Array(
    Type.Object({
      site: Type.String(),
      events: Type.Integer(),
      latest_day: Type.String({ description: "of the latest event, in the operator's time zone, YYYY-MM-DD" }),
    }),
  ),
  timezone: Type.String(),
  script_path: Type.String({ description: 'where the tracker is served' }),
})
export type SitesAnswer = Static<typeof SitesAnswer>

/**
 * What became of the events that arrived for a site on a day: `arrived` is the sum of counted, doubled, excluded, refused and erased. `late`
 * are those of the counted that arrived long after they happened.
 */
export type LedgerDay = {
  /** YYYY-MM-DD in `timezone`, the day of arrival. */
  date: string
  arrived: number
  counted: number
  late: number
  doubled: number
  excluded: number
  refused: number
  /** Of visitors who asked for it. */
  erased: number
  /** What never arrived, since its visitors said no. */
  withheld: number
}

/** `GET /api/ledger?site=&from=YYYY-MM-DD&to=YYYY-MM-DD`: the honest numbers, the latest day first; 30 days when no dates are given. */
export type LedgerAnswer = {
  timezone: string
  days: LedgerDay[]
  /** Why events were excluded (bot, headless, no_user_agent, prefetch, own_address) or refused, the most frequent first. */
  reasons: { kind: 'excluded' | 'refused'; reason: string; events: number }[]
  /** Records of the stream, of all sites, that the ledger does not account for; anything but 0 is a fault. */
  unaccounted: number
}

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
