import Type, { type Static } from 'typebox'

/** What the dashboard reads beside queries. */

const opaque = Type.String({ description: 'an opaque short name, not the stored id' })
const isoTime = (description = ''): Type.TString => Type.String({ description: `${description} ISO 8601, UTC`.trim() })

/** One visitor seen in the last five minutes: `GET /api/now?site=`. */
export const PresentVisitor = Type.Object({
  visitor: opaque,
  page: Type.String(),
  source: Type.String(),
  country: Type.String(),
  browser: Type.String(),
  os: Type.String(),
  device: Type.String(),
  last_event: Type.String({ description: 'the type of what was done last' }),
  last_element: Type.String({ description: 'its element, or the name of a custom event' }),
  seen_at: isoTime(),
})
export type PresentVisitor = Static<typeof PresentVisitor>

/** Something that was done in the last 30 minutes. */
export const RecentEvent = Type.Object({
  id: opaque,
  time: isoTime(),
  type: Type.String(),
  page: Type.String(),
  element: Type.String({ description: "the element, or the name of a custom event; '' where there is none" }),
  is_conversion: Type.Boolean(),
  source: Type.String(),
  country: Type.String(),
  browser: Type.String(),
  device: Type.String(),
})
export type RecentEvent = Static<typeof RecentEvent>

export const NowAnswer = Type.Object({
  current_visitors: Type.Integer(),
  visitors: Type.Array(PresentVisitor),
  latest: Type.Array(RecentEvent, { description: 'what was done last, the latest first' }),
})
export type NowAnswer = Static<typeof NowAnswer>

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
  added: Type.Array(Type.String(), { description: 'sites that were added and have sent nothing yet' }),
  timezone: Type.String(),
  script_path: Type.String({ description: 'where the tracker is served' }),
})
export type SitesAnswer = Static<typeof SitesAnswer>

/**
 * What became of the events that arrived for a site on a day: `arrived` is the sum of counted, doubled, excluded, refused and erased. `late`
 * are those of the counted that arrived long after they happened.
 */
export const LedgerDay = Type.Object({
  date: Type.String({ description: 'the day of arrival in `timezone`, YYYY-MM-DD' }),
  arrived: Type.Integer({ description: 'the sum of counted, doubled, excluded, refused and erased' }),
  counted: Type.Integer(),
  late: Type.Integer({ description: 'of the counted, what arrived long after it happened' }),
  doubled: Type.Integer(),
  excluded: Type.Integer(),
  refused: Type.Integer(),
  erased: Type.Integer({ description: 'of visitors who asked for it' }),
  withheld: Type.Integer({ description: 'what never arrived, since its visitors said no' }),
})
export type LedgerDay = Static<typeof LedgerDay>

/** `GET /api/ledger?site=&from=YYYY-MM-DD&to=YYYY-MM-DD`: the honest numbers, the latest day first; 30 days when no dates are given. */
export const LedgerAnswer = Type.Object({
  timezone: Type.String(),
  days: Type.Array(LedgerDay, { description: 'the latest first' }),
  reasons: Type.Array(
    Type.Object({
      kind: Type.Union([Type.Literal('excluded'), Type.Literal('refused')]),
      reason: Type.String({ description: 'for example bot, headless, no_user_agent, prefetch, own_address, own_page' }),
      events: Type.Integer(),
    }),
    { description: 'the most frequent first' },
  ),
  unaccounted: Type.Integer({
    description: 'records of the stream, of all sites, that the ledger does not account for; anything but 0 is a fault',
  }),
})
export type LedgerAnswer = Static<typeof LedgerAnswer>

/** The columns of the reference's report that a slicer can narrow. */
export const slicers = ['Platform', 'os', 'page_url', 'event_type'] as const
export type Slicer = (typeof slicers)[number]

export const ReportRow = Type.Object({
  Platform: Type.String(),
  page_url: Type.String(),
  referrer: Type.String(),
  browser: Type.String(),
  os: Type.String(),
  visitor_count: Type.Integer(),
})
export type ReportRow = Static<typeof ReportRow>

const options = Type.Array(Type.String())

/**
 * `GET /api/report?site=&Platform=a&Platform=b&os=…`: the reference's 'ClickWatch report', all parts under the same slicers.
 * The options of one slicer are those left by the other three.
 */
export const ReportAnswer = Type.Object({
  slicers: Type.Object(
    { Platform: options, os: options, page_url: options, event_type: options },
    { description: 'the options of each, as the other three leave them' },
  ),
  table: Type.Array(ReportRow, { description: 'the first 500 rows' }),
  table_rows: Type.Integer({ description: 'how many rows it has in all' }),
  total_visitors_count: Type.Integer(),
  by_platform: Type.Array(Type.Object({ Platform: Type.String(), visitor_count: Type.Integer() })),
  by_os: Type.Array(Type.Object({ os: Type.String(), visitor_count: Type.Integer() })),
  final_cookies_rows: Type.Integer(),
  user_ids: Type.Integer(),
})
export type ReportAnswer = Static<typeof ReportAnswer>

export const tables = ['final_cookies', 'visit_count'] as const
export type TableName = (typeof tables)[number]
