import Type, { type Static } from 'typebox'
import { nullable, SiteId } from './text.ts'

/** The metrics a query can ask for; docs/metrics.md defines each. */
export const metrics = [
  'visitors',
  'visits',
  'pageviews',
  'views_per_visit',
  'bounce_rate',
  'bounce_rate_ga',
  'visit_duration',
  'time_on_page',
  'scroll_depth',
  'events',
  'conversions',
  'conversion_rate',
  'group_conversion_rate',
  'total_revenue',
  'average_revenue',
  'returning_visitors',
  'exit_rate',
  'percentage',
] as const
export type Metric = (typeof metrics)[number]

/** The dimensions a query can group and filter by, beside `event:props:…`. */
export const dimensions = [
  'event:page',
  'event:hostname',
  'event:title',
  'event:type',
  'event:name',
  'event:element',
  'event:goal',
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
  'visit:click_id',
  'visit:country',
  'visit:region',
  'visit:city',
  'visit:browser',
  'visit:browser_version',
  'visit:os',
  'visit:os_version',
  'visit:device',
  'visit:screen',
  'visit:language',
  'visit:number',
  'visit:returning',
] as const
export type NamedDimension = (typeof dimensions)[number]
export const propertyPrefix = 'event:props:'
/** A property of events, such as `event:props:plan`. An idea's variant is one: `event:props:variant`. */
export type PropertyDimension = `${typeof propertyPrefix}${string}`
export type Dimension = NamedDimension | PropertyDimension

/** Buckets of time, in the query's time zone. */
export const timeDimensions = [
  'time:second',
  'time:minute',
  'time:hour',
  'time:day',
  'time:week',
  'time:month',
  'time:hour_of_day',
  'time:weekday',
] as const
export type TimeDimension = (typeof timeDimensions)[number]
/** The step that tells most of the range; the answer's `query` names the one it was. */
export const fittingTime = 'time'

/** Named ranges, all ending now or today; `realtime` is the last 30 minutes. */
export const namedRanges = [
  'realtime',
  'day',
  'yesterday',
  '24h',
  '7d',
  '28d',
  '30d',
  '90d',
  'week',
  'month',
  'last_month',
  '6mo',
  '12mo',
  'year',
  'all',
] as const
export type NamedRange = (typeof namedRanges)[number]

export const filterOperators = ['is', 'is_not', 'contains', 'contains_not', 'matches', 'matches_not'] as const
export type FilterOperator = (typeof filterOperators)[number]

const date = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'YYYY-MM-DD' })
const moment = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,3})?)?(Z|[+-]\\d{2}:\\d{2})$',
  description: 'ISO 8601 with a zone, for example 2026-11-24T10:00:00+01:00',
})

/** A named range, two dates, both included, or two moments, the second not included. */
export const DateRange = Type.Union([
  Type.Enum([...namedRanges]),
  Type.Tuple([date, date]),
  Type.Tuple([moment, moment]),
])
export type DateRange = Static<typeof DateRange>

const NamedDimensionText = Type.Enum([...dimensions])
const PropertyText = Type.String({ pattern: `^${propertyPrefix}.{1,100}$` })
const DimensionText = Type.Union([NamedDimensionText, PropertyText])
const values = Type.Array(Type.Union([Type.String({ maxLength: 2048 }), Type.Number()]), { minItems: 1, maxItems: 200 })
const modifiers = Type.Object({ case_sensitive: Type.Optional(Type.Boolean()) }, { additionalProperties: false })

/** `["is", "visit:source", ["Google"]]`: one dimension held against values, any of which will do. */
export type Comparison =
  | [FilterOperator, Dimension, (string | number)[]]
  | [FilterOperator, Dimension, (string | number)[], { case_sensitive?: boolean }]
/**
 * What a question is narrowed to. `has_done` holds for the visitors who did, in the range, what the filter inside says; `is segment`
 * stands for the filters of saved segments, by id.
 */
export type Filter =
  | Comparison
  | ['is', 'segment', (string | number)[]]
  | ['and' | 'or', Filter[]]
  | ['not', Filter]
  | ['has_done' | 'has_not_done', Filter]

const ComparisonFilter = Type.Union([
  Type.Tuple([Type.Enum([...filterOperators]), DimensionText, values]),
  Type.Tuple([Type.Enum([...filterOperators]), DimensionText, values, modifiers]),
])
const segmentFilter = Type.Tuple([Type.Enum(['is']), Type.Enum(['segment']), values])
const filterNamed = (id: string) =>
  Type.Unsafe<Filter>(
    Type.Cyclic(
      {
        [id]: Type.Union([
          ComparisonFilter,
          segmentFilter,
          Type.Tuple([Type.Enum(['and', 'or']), Type.Array(Type.Ref(id), { minItems: 1, maxItems: 50 })]),
          Type.Tuple([Type.Enum(['not', 'has_done', 'has_not_done']), Type.Ref(id)]),
        ]),
      },
      id,
    ),
  )
/** Filters, as deep as the server allows. */
export const Filter = filterNamed('Filter')
/** The same for a step of a funnel: a schema that holds both needs a name for each. */
export const StepFilter = filterNamed('StepFilter')

export const comparisonModes = ['previous_period', 'year_over_year', 'custom'] as const
export type ComparisonMode = (typeof comparisonModes)[number]
export const Comparing = Type.Object(
  {
    mode: Type.Enum([...comparisonModes]),
    date_range: Type.Optional(
      Type.Union([Type.Tuple([date, date]), Type.Tuple([moment, moment])], { description: "with mode 'custom'" }),
    ),
    match_day_of_week: Type.Optional(Type.Boolean({ description: 'shifts it so that Mondays stand beside Mondays' })),
  },
  { additionalProperties: false },
)
export type Comparing = Static<typeof Comparing>

export const timezone = Type.String({ maxLength: 64, description: "IANA name; the site's time zone when left out" })

/** Days, of UTC, that the store has let go of: they are read from the lake, which takes longer. */
export const LakeDays = Type.Object(
  { from: Type.String({ description: 'YYYY-MM-DD' }), to: Type.String({ description: 'YYYY-MM-DD, not included' }) },
  { description: 'the days of the range, of UTC, that are read from the lake, since the store has let go of them' },
)
export type LakeDays = Static<typeof LakeDays>

/** Whose numbers, of when, narrowed to what: the part that every question has. */
export const scopeFields = {
  site_id: Type.Optional(SiteId),
  date_range: DateRange,
  filters: Type.Optional(Type.Array(Filter, { maxItems: 50, description: 'all of them hold' })),
  timezone: Type.Optional(timezone),
}
const Scope = Type.Object(scopeFields)
export type Scope = Static<typeof Scope>

/** The body of `POST /api/v2/query`: the shape of Plausible's Stats API v2. */
export const Query = Type.Object(
  {
    ...scopeFields,
    metrics: Type.Array(Type.Enum([...metrics]), { minItems: 1, maxItems: metrics.length }),
    dimensions: Type.Optional(
      Type.Array(Type.Union([DimensionText, Type.Enum([...timeDimensions, fittingTime])]), { maxItems: 4 }),
    ),
    order_by: Type.Optional(
      Type.Array(Type.Tuple([Type.String({ maxLength: 120 }), Type.Enum(['asc', 'desc'])]), {
        maxItems: 5,
        description: 'metrics and dimensions of the query',
      }),
    ),
    include: Type.Optional(
      Type.Object(
        {
          comparisons: Type.Optional(Comparing),
          total_rows: Type.Optional(Type.Boolean()),
          time_labels: Type.Optional(Type.Boolean()),
          imports: Type.Optional(Type.Boolean()),
        },
        { additionalProperties: false },
      ),
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

const metricValues = Type.Array(nullable(Type.Number()), {
  description: 'in the order asked; null where there is nothing to divide by. Rates in per cent, durations in seconds',
})
const dimensionValues = Type.Array(Type.String(), {
  description:
    "of each asked dimension; '' where it is not known. A time is local to the time zone: '2026-11-23' or '2026-11-23 14:00:00'",
})
export const QueryRow = Type.Object({
  dimensions: dimensionValues,
  metrics: metricValues,
  comparison: Type.Optional(
    Type.Object(
      {
        dimensions: dimensionValues,
        metrics: metricValues,
        change: Type.Array(nullable(Type.Number()), { description: 'in per cent; null where there is none' }),
      },
      { description: 'with include.comparisons: the same of the range that is compared with' },
    ),
  ),
})
export type QueryRow = Static<typeof QueryRow>

/**
 * The answer of `POST /api/v2/query`. With a time dimension alone there is a row for every bucket of the range. `from` and `to`
 * are local to the time zone, `to` not included.
 */
export const QueryAnswer = Type.Object({
  results: Type.Array(QueryRow),
  meta: Type.Object({
    timezone: Type.String(),
    from: Type.String(),
    to: Type.String({ description: 'not included' }),
    comparison: Type.Optional(Type.Object({ from: Type.String(), to: Type.String() })),
    lake: Type.Optional(LakeDays),
    imports_warning: Type.Optional(
      Type.String({
        description: 'that a part of the range was imported as sums by day, which do not say what is asked together',
      }),
    ),
    total_rows: Type.Optional(Type.Integer({ description: 'rows in all, where include.total_rows asked' })),
    time_labels: Type.Optional(
      Type.Array(Type.String(), { description: 'every bucket of the range, where include.time_labels asked' }),
    ),
  }),
  query: Query,
})
export type QueryAnswer = Static<typeof QueryAnswer>
