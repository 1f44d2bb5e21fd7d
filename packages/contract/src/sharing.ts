import Type, { type Static } from 'typebox'
import { DateRange, Filter } from './query.ts'
import { name, text } from './text.ts'

/** A link that shows a site's dashboard to whoever has it: `/api/sites/:site/links`. */
export const NewLink = Type.Object(
  {
    name: name(120),
    password: Type.Optional(name(200, 'asked for before anything is shown; kept as a hash')),
    expires_at: Type.Optional(
      Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: "the last day, in the site's time zone" }),
    ),
    /** What whoever has the link cannot look beyond. */
    filters: Type.Optional(Type.Array(Filter, { maxItems: 50 })),
    date_range: Type.Optional(DateRange),
  },
  { additionalProperties: false },
)
export type NewLink = Static<typeof NewLink>
/** `path` is where it leads, such as /share/p3xR…; embedded, with ?embed=1. */
export type Link = Omit<NewLink, 'password'> & {
  id: string
  path: string
  has_password: boolean
  created_at: string
  last_used_at: string | null
}

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
export type Report = NewReport & {
  id: string
  created_at: string
  last_sent_at: string | null
  last_error: string | null
}

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
export type Alert = NewAlert & {
  id: string
  created_at: string
  last_fired_at: string | null
  last_error: string | null
  /** Whether what it watches for is so; it tells when that begins. */
  is_on: boolean
}

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
/** Its answer: what the link shows. `pass` is null where there is no password. */
export type OpenedLink = {
  name: string
  site: string
  pass: string | null
  filters: Filter[]
  date_range: DateRange | null
}
