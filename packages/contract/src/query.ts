import Type, { type Static } from 'typebox'
import { SiteId } from './text.ts'

/** The metrics a query can ask for; docs/metrics.md defines each. */
export const metrics = [
  'visitors',
  'visits',
  'pageviews',
  'views_per_visit',
  'bounce_rate',
  'visit_duration',
  'events',
  'conversions',
  'conversion_rate',
] as const
export type Metric = (typeof metrics)[number]

/** The dimensions a query can group and filter by. */
export const dimensions = [
  'event:page',
  'event:type',
  'event:element',
  'event:name',
  'visit:entry_page',
  'visit:exit_page',
  'visit:source',
  'visit:referrer',
  'visit:channel',
  'visit:utm_source',
  'visit:utm_medium',
  'visit:utm_campaign',
  'visit:utm_term',
  'visit:utm_content',
  'visit:browser',
  'visit:os',
  'visit:device',
  'visit:country',
  'visit:region',
  'visit:city',
] as const
export type Dimension = (typeof dimensions)[number]

/** Buckets of time, in the query's time zone. */
export const timeDimensions = ['time:minute', 'time:hour', 'time:day', 'time:month'] as const
export type TimeDimension = (typeof timeDimensions)[number]
/** The step that tells most of the range; the answer's `query` names the one it was. */
export const fittingTime = 'time'

/** Named ranges, all ending now; `realtime` is the last 30 minutes. */
export const namedRanges = ['realtime', 'day', '7d', '30d', '90d', 'month', '6mo', '12mo', 'all'] as const
export type NamedRange = (typeof namedRanges)[number]

export const filterOperators = ['is', 'is_not', 'contains'] as const

const day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'YYYY-MM-DD' })

/** The body of `POST /api/v2/query`: the shape of Plausible's Stats API v2. */
export const Query = Type.Object(
  {
    site_id: Type.Optional(SiteId),
    metrics: Type.Array(Type.Enum([...metrics]), { minItems: 1, maxItems: metrics.length }),
    date_range: Type.Union([Type.Enum([...namedRanges]), Type.Tuple([day, day])]),
    dimensions: Type.Optional(
      Type.Array(Type.Enum([...dimensions, ...timeDimensions, fittingTime]), {
        maxItems: 1,
        description: 'none or one',
      }),
    ),
    filters: Type.Optional(
      Type.Array(
        Type.Tuple([
          Type.Enum([...filterOperators]),
          Type.Enum([...dimensions]),
          Type.Array(Type.String({ maxLength: 2048 }), { minItems: 1, maxItems: 100 }),
        ]),
        { maxItems: 20 },
      ),
    ),
    order_by: Type.Optional(
      Type.Array(Type.Tuple([Type.Enum([...metrics]), Type.Enum(['asc', 'desc'])]), { maxItems: 3 }),
    ),
    timezone: Type.Optional(
      Type.String({ maxLength: 64, description: "IANA name; the site's time zone when left out" }),
    ),
    pagination: Type.Optional(
      Type.Object(
        {
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10000 })),
          offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000000 })),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
)
export type Query = Static<typeof Query>

export type QueryRow = {
  /** The value of each asked dimension; '' where it is not known. A time is local to the time zone: '2026-11-23' or '2026-11-23 14:00:00'. */
  dimensions: string[]
  /** In the order asked; null where there is nothing to divide by. Rates in per cent, durations in seconds. */
  metrics: (number | null)[]
}

/** The answer of `POST /api/v2/query`. With a time dimension there is a row for every bucket of the range. */
export type QueryAnswer = {
  results: QueryRow[]
  meta: { timezone: string; from: string; to: string }
  query: Query
}
