import Type, { type Static } from 'typebox'
import { scopeFields } from './query.ts'
import { funnelFields } from './saved.ts'
import { name } from './text.ts'

// What people did, one question each. All take the same scope as `POST /api/v2/query`.

const limit = (most: number) => Type.Optional(Type.Integer({ minimum: 1, maximum: most }))

/** `POST /api/v2/funnel` */
export const FunnelQuery = Type.Object(
  {
    ...scopeFields,
    ...funnelFields,
    breakdown: Type.Optional(Type.String({ maxLength: 120, description: 'a visit: dimension' })),
  },
  { additionalProperties: false },
)
export type FunnelQuery = Static<typeof FunnelQuery>
export type FunnelStepCount = {
  name: string
  visitors: number
  /** Of those at the step before; null for the first. */
  dropped: number | null
  /** Per cent of the step before, and of the first. */
  step_rate: number | null
  total_rate: number | null
  /** Seconds from the step before; null for the first and where nobody came. */
  median_s: number | null
  mean_s: number | null
}
export type FunnelAnswer = {
  steps: FunnelStepCount[]
  breakdown: { value: string; steps: FunnelStepCount[] }[]
  meta: { timezone: string; from: string; to: string }
}
/** `POST /api/v2/funnel/dropped`: who came to a step and not to the next. */
export const FunnelDropQuery = Type.Object(
  {
    ...scopeFields,
    ...funnelFields,
    step: Type.Integer({ minimum: 0, maximum: 8, description: 'the last step they reached, from 0' }),
    limit: limit(1000),
  },
  { additionalProperties: false },
)
export type FunnelDropQuery = Static<typeof FunnelDropQuery>
export type FunnelDropAnswer = {
  total: number
  visitors: VisitorSummary[]
  next_pages: { page: string; visitors: number }[]
}

/** `POST /api/v2/journeys`: the ways through pages and events, within visits. */
export const JourneysQuery = Type.Object(
  {
    ...scopeFields,
    start: Type.Optional(name(2048, 'the page that ways begin with; the entry page when left out')),
    end: Type.Optional(name(2048, 'the page that ways lead to, told backwards')),
    steps: Type.Optional(Type.Integer({ minimum: 2, maximum: 8 })),
    per_step: Type.Optional(Type.Integer({ minimum: 1, maximum: 20, description: 'pages of a step; the rest is one' })),
  },
  { additionalProperties: false },
)
export type JourneysQuery = Static<typeof JourneysQuery>
/** `''` as a page is the rest of its step; `exit` counts the visits that ended there. */
export type JourneysAnswer = {
  visits: number
  nodes: { step: number; page: string; visits: number; exits: number }[]
  links: { step: number; from: string; to: string; visits: number }[]
}

/** `POST /api/v2/retention`: of those who came in a period for the first time, how many came again in later ones. */
export const RetentionQuery = Type.Object(
  {
    ...scopeFields,
    period: Type.Enum(['day', 'week', 'month']),
    goal: Type.Optional(name(64, 'coming again is reaching this goal')),
  },
  { additionalProperties: false },
)
export type RetentionQuery = Static<typeof RetentionQuery>
/** `visitors[n]` came n periods later; as long as the range has periods for it. */
export type RetentionAnswer = {
  cohorts: { period: string; size: number; visitors: number[] }[]
  /** Of all cohorts that are old enough, in per cent. */
  curve: (number | null)[]
}

/** `POST /api/v2/elements`: what was done to the elements of a page. */
export const ElementsQuery = Type.Object(
  { ...scopeFields, page: Type.Optional(name(2048)), limit: limit(1000) },
  { additionalProperties: false },
)
export type ElementsQuery = Static<typeof ElementsQuery>
export type ElementsAnswer = {
  elements: {
    element: string
    text: string
    href: string
    seen: number
    hovers: number
    clicks: number
    rage_clicks: number
    visitors: number
    /** Clicks in per cent of the views of the pages it is on. */
    click_rate: number | null
  }[]
}

/** `POST /api/v2/heatmap`: where a page was clicked and how far it was scrolled. */
export const HeatmapQuery = Type.Object(
  {
    ...scopeFields,
    page: name(2048),
    device: Type.Optional(Type.Enum(['desktop', 'mobile', 'tablet'])),
    kind: Type.Enum(['click', 'rage_click', 'hover', 'scroll']),
  },
  { additionalProperties: false },
)
export type HeatmapQuery = Static<typeof HeatmapQuery>
export type HeatmapAnswer = {
  pageviews: number
  /** Widths, in CSS pixels, of the windows that the page was seen in, with how often; points of all of them are scaled to `width`. */
  widths: { width: number; pageviews: number }[]
  width: number
  height: number
  /** In CSS pixels of a page `width` wide. */
  points: { x: number; y: number; count: number }[]
  /** Per cent of the page views that saw this far, at 0, 5 … 100 per cent of the page's height. */
  scroll: { depth: number; reached: number }[]
}

/** `POST /api/v2/forms` */
export const FormsQuery = Type.Object(
  { ...scopeFields, page: Type.Optional(name(2048)) },
  { additionalProperties: false },
)
export type FormsQuery = Static<typeof FormsQuery>
export type FormsAnswer = {
  forms: {
    form: string
    page: string
    /** Visitors who saw the page, who filled at least a field, who sent it, who left it. */
    views: number
    started: number
    sent: number
    abandoned: number
    completion_rate: number | null
    /** In the order in which they are mostly filled; `last` is how many left after this one. */
    fields: { field: string; filled: number; last: number }[]
  }[]
}

export const vitalNames = ['LCP', 'INP', 'CLS', 'FCP', 'TTFB'] as const
export type VitalName = (typeof vitalNames)[number]
/** `POST /api/v2/vitals`: how fast pages were, by page or in all. LCP, INP, FCP and TTFB in milliseconds; CLS as it is. */
export const VitalsQuery = Type.Object(
  { ...scopeFields, by: Type.Optional(Type.Enum(['page', 'device', 'country', 'day'])), limit: limit(1000) },
  { additionalProperties: false },
)
export type VitalsQuery = Static<typeof VitalsQuery>
export type VitalStats = {
  vital: VitalName
  samples: number
  p50: number
  p75: number
  p95: number
  good: number
  fair: number
  poor: number
}
export type VitalsAnswer = { vitals: VitalStats[]; rows: { value: string; vitals: VitalStats[] }[] }

/** `POST /api/v2/properties`: the properties that the site's own events carry in the range, which `event:props:…` asks for. */
export const PropertiesQuery = Type.Object({ ...scopeFields, limit: limit(1000) }, { additionalProperties: false })
export type PropertiesQuery = Static<typeof PropertiesQuery>
export type PropertiesAnswer = { properties: { property: string; events: number; visitors: number }[] }

/** A visit as a list shows it. Ids are opaque and stand for what is stored. */
export type SessionSummary = {
  session: string
  visitor: string
  start: string
  duration_s: number
  engaged_ms: number
  pageviews: number
  events: number
  conversions: number
  is_bounce: boolean
  entry_page: string
  exit_page: string
  visit_number: number
  source: string
  channel: string
  country: string
  city: string
  browser: string
  os: string
  device: string
}
/** `POST /api/v2/sessions`: visits, the latest first. `after` is the `next` of the answer before. */
export const SessionsQuery = Type.Object(
  { ...scopeFields, limit: limit(500), after: Type.Optional(name(200)) },
  { additionalProperties: false },
)
export type SessionsQuery = Static<typeof SessionsQuery>
export type SessionsAnswer = { sessions: SessionSummary[]; next: string | null }

export type VisitEvent = {
  time: string
  type: string
  name: string
  page: string
  title: string
  element: string
  text: string
  props: Record<string, string>
  revenue: number
  currency: string
  scroll_depth: number
  engaged_ms: number
}
/** `GET /api/v2/sessions/:session?site=&visitor=`: one visit and what happened in it, in order. */
export type SessionAnswer = {
  session: SessionSummary & { referrer: string; utm_campaign: string; language: string; screen: string }
  events: VisitEvent[]
}

export type VisitorSummary = {
  visitor: string
  first_seen: string
  last_seen: string
  visits: number
  events: number
  country: string
  browser: string
  os: string
  source: string
}
/** `GET /api/v2/visitors/:visitor?site=`: one visitor, with their latest visits, what they looked at and the goals they reached. */
export type VisitorAnswer = VisitorSummary & {
  device: string
  first_source: string
  engaged_ms: number
  pageviews: number
  conversions: number
  revenue: { currency: string; amount: number }[]
  pages: { page: string; pageviews: number }[]
  goals: { goal: string; times: number; last: string }[]
  sessions: SessionSummary[]
  /** Visits a day, for a calendar. */
  days: { date: string; visits: number }[]
}
