import Type, { type Static } from 'typebox'
import { LakeDays, scopeFields } from './query.ts'
import { funnelFields } from './saved.ts'
import { name, nullable } from './text.ts'

// What people did, one question each. All take the same scope as `POST /api/v2/query`.

const count = Type.Integer({ minimum: 0 })
const moment = Type.String({ format: 'date-time', description: 'ISO 8601, UTC' })
const limit = (most: number) => Type.Optional(Type.Integer({ minimum: 1, maximum: most }))

const visitorFields = {
  visitor: Type.String({ description: 'an opaque name that stands for what is stored' }),
  first_seen: moment,
  last_seen: moment,
  visits: count,
  events: count,
  country: Type.String(),
  browser: Type.String(),
  os: Type.String(),
  source: Type.String(),
}
export const VisitorSummary = Type.Object(visitorFields)
export type VisitorSummary = Static<typeof VisitorSummary>

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
/** What every answer about a range has beside its own. */
const ofLake = { lake: Type.Optional(LakeDays) }

export const FunnelStepCount = Type.Object({
  name: Type.String(),
  visitors: count,
  dropped: nullable(Type.Integer(), 'of those at the step before; null for the first'),
  step_rate: nullable(Type.Number(), 'per cent of the step before; null for the first'),
  total_rate: nullable(Type.Number(), 'per cent of the first step; null where nobody began'),
  median_s: nullable(Type.Number(), 'seconds from the step before; null for the first and where nobody came'),
  mean_s: nullable(Type.Number()),
})
export type FunnelStepCount = Static<typeof FunnelStepCount>
export const FunnelAnswer = Type.Object({
  ...ofLake,
  steps: Type.Array(FunnelStepCount),
  breakdown: Type.Array(Type.Object({ value: Type.String(), steps: Type.Array(FunnelStepCount) })),
  meta: Type.Object({ timezone: Type.String(), from: Type.String(), to: Type.String() }),
})
export type FunnelAnswer = Static<typeof FunnelAnswer>
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
export const FunnelDropAnswer = Type.Object({
  ...ofLake,
  total: count,
  visitors: Type.Array(VisitorSummary),
  next_pages: Type.Array(Type.Object({ page: Type.String(), visitors: count })),
})
export type FunnelDropAnswer = Static<typeof FunnelDropAnswer>

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
export const JourneysAnswer = Type.Object({
  ...ofLake,
  visits: count,
  nodes: Type.Array(
    Type.Object({
      step: count,
      page: Type.String({ description: "'' is the rest of its step" }),
      visits: count,
      exits: Type.Integer({ minimum: 0, description: 'visits that ended there' }),
    }),
  ),
  links: Type.Array(Type.Object({ step: count, from: Type.String(), to: Type.String(), visits: count })),
})
export type JourneysAnswer = Static<typeof JourneysAnswer>

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
export const RetentionAnswer = Type.Object({
  ...ofLake,
  cohorts: Type.Array(
    Type.Object({
      period: Type.String({ description: 'its first day' }),
      size: count,
      visitors: Type.Array(count, {
        description: 'the n-th came n periods later; as long as the range has periods for it',
      }),
    }),
  ),
  curve: Type.Array(nullable(Type.Number()), { description: 'of all cohorts that are old enough, in per cent' }),
})
export type RetentionAnswer = Static<typeof RetentionAnswer>

/** `POST /api/v2/elements`: what was done to the elements of a page. */
export const ElementsQuery = Type.Object(
  { ...scopeFields, page: Type.Optional(name(2048)), limit: limit(1000) },
  { additionalProperties: false },
)
export type ElementsQuery = Static<typeof ElementsQuery>
export const ElementsAnswer = Type.Object({
  ...ofLake,
  elements: Type.Array(
    Type.Object({
      element: Type.String(),
      text: Type.String(),
      href: Type.String(),
      seen: count,
      hovers: count,
      clicks: count,
      rage_clicks: count,
      visitors: count,
      click_rate: nullable(Type.Number(), 'clicks in per cent of the views of the pages it is on'),
    }),
  ),
})
export type ElementsAnswer = Static<typeof ElementsAnswer>

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
export const HeatmapAnswer = Type.Object({
  ...ofLake,
  pageviews: count,
  widths: Type.Array(Type.Object({ width: count, pageviews: count }), {
    description: 'of the windows that the page was seen in, in CSS pixels; points of all of them are scaled to width',
  }),
  width: count,
  height: count,
  points: Type.Array(Type.Object({ x: Type.Number(), y: Type.Number(), count }), {
    description: 'in CSS pixels of a page as wide as width',
  }),
  scroll: Type.Array(Type.Object({ depth: Type.Number(), reached: Type.Number() }), {
    description: "per cent of the page views that saw this far, at 0, 5 … 100 per cent of the page's height",
  }),
})
export type HeatmapAnswer = Static<typeof HeatmapAnswer>

/** `POST /api/v2/forms` */
export const FormsQuery = Type.Object(
  { ...scopeFields, page: Type.Optional(name(2048)) },
  { additionalProperties: false },
)
export type FormsQuery = Static<typeof FormsQuery>
export const FormsAnswer = Type.Object({
  ...ofLake,
  forms: Type.Array(
    Type.Object({
      form: Type.String(),
      page: Type.String(),
      views: Type.Integer({ minimum: 0, description: 'visitors who saw the page' }),
      started: Type.Integer({ minimum: 0, description: 'visitors who filled at least a field' }),
      sent: count,
      abandoned: count,
      completion_rate: nullable(Type.Number(), 'per cent of those who started'),
      fields: Type.Array(
        Type.Object({
          field: Type.String(),
          filled: count,
          last: Type.Integer({ minimum: 0, description: 'how many left after this one' }),
        }),
        { description: 'in the order in which they are mostly filled' },
      ),
    }),
  ),
})
export type FormsAnswer = Static<typeof FormsAnswer>

export const vitalNames = ['LCP', 'INP', 'CLS', 'FCP', 'TTFB'] as const
export type VitalName = (typeof vitalNames)[number]
/** `POST /api/v2/vitals`: how fast pages were, by page or in all. LCP, INP, FCP and TTFB in milliseconds; CLS as it is. */
export const VitalsQuery = Type.Object(
  { ...scopeFields, by: Type.Optional(Type.Enum(['page', 'device', 'country', 'day'])), limit: limit(1000) },
  { additionalProperties: false },
)
export type VitalsQuery = Static<typeof VitalsQuery>
export const VitalStats = Type.Object({
  vital: Type.Enum([...vitalNames]),
  samples: count,
  p50: Type.Number(),
  p75: Type.Number(),
  p95: Type.Number(),
  good: count,
  fair: count,
  poor: count,
})
export type VitalStats = Static<typeof VitalStats>
export const VitalsAnswer = Type.Object({
  ...ofLake,
  vitals: Type.Array(VitalStats),
  rows: Type.Array(Type.Object({ value: Type.String(), vitals: Type.Array(VitalStats) })),
})
export type VitalsAnswer = Static<typeof VitalsAnswer>

/** `POST /api/v2/properties`: the properties that the site's own events carry in the range, which `event:props:…` asks for. */
export const PropertiesQuery = Type.Object({ ...scopeFields, limit: limit(1000) }, { additionalProperties: false })
export type PropertiesQuery = Static<typeof PropertiesQuery>
export const PropertiesAnswer = Type.Object({
  ...ofLake,
  properties: Type.Array(Type.Object({ property: Type.String(), events: count, visitors: count })),
})
export type PropertiesAnswer = Static<typeof PropertiesAnswer>

/** A visit as a list shows it. Ids are opaque and stand for what is stored. */
const sessionFields = {
  session: Type.String(),
  visitor: Type.String(),
  start: moment,
  duration_s: Type.Number(),
  engaged_ms: count,
  pageviews: count,
  events: count,
  conversions: count,
  is_bounce: Type.Boolean(),
  entry_page: Type.String(),
  exit_page: Type.String(),
  visit_number: count,
  source: Type.String(),
  channel: Type.String(),
  country: Type.String(),
  city: Type.String(),
  browser: Type.String(),
  os: Type.String(),
  device: Type.String(),
}
export const SessionSummary = Type.Object(sessionFields)
export type SessionSummary = Static<typeof SessionSummary>
/** `POST /api/v2/sessions`: visits, the latest first. `after` is the `next` of the answer before. */
export const SessionsQuery = Type.Object(
  { ...scopeFields, limit: limit(500), after: Type.Optional(name(200)) },
  { additionalProperties: false },
)
export type SessionsQuery = Static<typeof SessionsQuery>
export const SessionsAnswer = Type.Object({
  ...ofLake,
  sessions: Type.Array(SessionSummary),
  next: nullable(Type.String(), "the next question's after; null where there are no more"),
})
export type SessionsAnswer = Static<typeof SessionsAnswer>

export const VisitEvent = Type.Object({
  time: moment,
  type: Type.String(),
  name: Type.String(),
  page: Type.String(),
  title: Type.String(),
  element: Type.String(),
  text: Type.String(),
  props: Type.Record(Type.String(), Type.String()),
  revenue: Type.Number(),
  currency: Type.String(),
  scroll_depth: Type.Number(),
  engaged_ms: count,
})
export type VisitEvent = Static<typeof VisitEvent>
/** `GET /api/v2/sessions/:session?site=&visitor=`: one visit and what happened in it, in order. */
export const SessionAnswer = Type.Object({
  session: Type.Object({
    ...sessionFields,
    referrer: Type.String(),
    utm_campaign: Type.String(),
    language: Type.String(),
    screen: Type.String(),
  }),
  events: Type.Array(VisitEvent),
})
export type SessionAnswer = Static<typeof SessionAnswer>

/** `GET /api/v2/visitors/:visitor?site=`: one visitor, with their latest visits, what they looked at and the goals they reached. */
export const VisitorAnswer = Type.Object({
  ...visitorFields,
  device: Type.String(),
  first_source: Type.String(),
  engaged_ms: count,
  pageviews: count,
  conversions: count,
  revenue: Type.Array(Type.Object({ currency: Type.String(), amount: Type.Number() })),
  pages: Type.Array(Type.Object({ page: Type.String(), pageviews: count })),
  goals: Type.Array(Type.Object({ goal: Type.String(), times: count, last: moment })),
  sessions: Type.Array(SessionSummary),
  days: Type.Array(Type.Object({ date: Type.String({ format: 'date' }), visits: count }), {
    description: 'visits a day, for a calendar',
  }),
})
export type VisitorAnswer = Static<typeof VisitorAnswer>
