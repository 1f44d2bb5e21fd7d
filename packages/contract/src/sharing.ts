import Type, { type Static } from 'typebox'
import { DateRange, Filter } from './query.ts'
import { keptFields, name, nullable, SiteId, text } from './text.ts'

const moment = Type.String({ format: 'date-time' })

/**
 * A link that shows a site's dashboard, or the report of one of its ideas, to whoever has it: `/api/sites/:site/links`. What it is
 * limited by, `filters` and `date_range`, is of a dashboard: an idea is counted as it was set up.
 */
export const NewLink = Type.Object(
  {
    name: name(120),
    password: Type.Optional(name(200, 'asked for before anything is shown; kept as a hash')),
    expires_at: Type.Optional(
      Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: "the last day, in the site's time zone" }),
    ),
    idea: Type.Optional(name(64, 'the id of the idea whose report it shows, and nothing else')),
    /** What whoever has the link cannot look beyond. */
    filters: Type.Optional(Type.Array(Filter, { maxItems: 50 })),
    date_range: Type.Optional(DateRange),
  },
  { additionalProperties: false },
)
export type NewLink = Static<typeof NewLink>
const { password: _password, ...shownOfLink } = NewLink.properties
export const Link = Type.Object({
  ...shownOfLink,
  ...keptFields,
  path: Type.String({ description: 'where it leads, such as /share/p3xR…; embedded, with ?embed=1' }),
  has_password: Type.Boolean(),
  last_used_at: nullable(moment),
})
export type Link = Static<typeof Link>

/** Where something is sent: mail addresses, or a webhook that takes Slack's format or ClickWatch's own JSON. */
export const Target = Type.Union([
  Type.Object(
    { type: Type.Literal('email'), to: Type.Array(name(254), { minItems: 1, maxItems: 50 }) },
    { additionalProperties: false },
  ),
  Type.Object(
    { type: Type.Literal('webhook'), url: name(2048), format: Type.Enum(['slack', 'json']) },
    { additionalProperties: false },
  ),
])
export type Target = Static<typeof Target>

/** A report that is sent by itself: `/api/sites/:site/reports`; `POST …/:id/test` sends it now. */
export const NewReport = Type.Object(
  {
    name: name(120),
    every: Type.Enum(['day', 'week', 'month']),
    hour: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 23, description: "in the site's time zone; 8 when left out" }),
    ),
    filters: Type.Optional(Type.Array(Filter, { maxItems: 50 })),
    target: Target,
  },
  { additionalProperties: false },
)
export type NewReport = Static<typeof NewReport>
export const Report = Type.Object({
  ...NewReport.properties,
  ...keptFields,
  last_sent_at: nullable(moment),
  last_error: nullable(Type.String(), 'why it could not be sent the last time'),
})
export type Report = Static<typeof Report>

/** What is watched: `/api/sites/:site/alerts`; `POST …/:id/test` tells as if it had happened. */
export const AlertRule = Type.Union([
  /** Visitors of the last hour are so many times what this hour of the last weeks usually has. */
  Type.Object(
    {
      type: Type.Literal('spike'),
      times: Type.Number({ minimum: 1.1, maximum: 1000 }),
      at_least: Type.Optional(Type.Integer({ minimum: 1 })),
    },
    { additionalProperties: false },
  ),
  /** … or only such a part of it. */
  Type.Object(
    {
      type: Type.Literal('drop'),
      to_share: Type.Number({ minimum: 0, maximum: 0.95 }),
      at_least: Type.Optional(Type.Integer({ minimum: 1 })),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      type: Type.Literal('goal'),
      goal: name(64),
      times: Type.Optional(Type.Integer({ minimum: 1, description: 'in a day' })),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    { type: Type.Literal('silence'), minutes: Type.Integer({ minimum: 5, maximum: 10080 }) },
    { additionalProperties: false },
  ),
])
export type AlertRule = Static<typeof AlertRule>
export const NewAlert = Type.Object(
  {
    name: name(120),
    rule: AlertRule,
    filters: Type.Optional(Type.Array(Filter, { maxItems: 50 })),
    target: Target,
    note: Type.Optional(text(500)),
  },
  { additionalProperties: false },
)
export type NewAlert = Static<typeof NewAlert>
export const Alert = Type.Object({
  ...NewAlert.properties,
  ...keptFields,
  last_fired_at: nullable(moment),
  last_error: nullable(Type.String(), 'why it could not be told the last time'),
  is_on: Type.Boolean({ description: 'whether what it watches for is so; it tells when that begins' }),
})
export type Alert = Static<typeof Alert>

/** The answer of `POST …/reports/:id/test` and `POST …/alerts/:id/test`: it was taken. */
export const SentAnswer = Type.Object({ sent: Type.Literal(true) })
export type SentAnswer = Static<typeof SentAnswer>

/** What whoever has a link sends as `x-clickwatch-link`, and what opening it gave as `x-clickwatch-pass`, where it has a password. */
export const linkHeader = 'x-clickwatch-link'
export const passHeader = 'x-clickwatch-pass'

/** The body of `POST /api/share/:token`. */
export const OpenLink = Type.Object(
  {
    password: Type.Optional(text(200)),
    pass: Type.Optional(text(200, 'what opening it gave before, instead of the password')),
  },
  { additionalProperties: false },
)
export type OpenLink = Static<typeof OpenLink>
/** Its answer: what the link shows. */
export const OpenedLink = Type.Object({
  name: Type.String(),
  site: SiteId,
  pass: nullable(Type.String(), 'null where there is no password'),
  idea: nullable(Type.String(), 'the id of the idea whose report it shows; null where it shows the dashboard'),
  filters: Type.Array(Filter),
  date_range: nullable(DateRange),
})
export type OpenedLink = Static<typeof OpenedLink>
