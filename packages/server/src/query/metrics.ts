import type { Metric } from '@clickwatch/contract'

/** What is counted of events, of visits, and of all that a row is a part of: the numbers that metrics are made of. */
export type Sum =
  | 'visitors'
  | 'converters'
  | 'pageviews'
  | 'events'
  | 'conversions'
  | 'seen_visits'
  | 'engaged_ms'
  | 'scrolled'
  | 'scrolls'
  | 'revenue'
  | 'payments'
  | 'currencies'
  | 'exit_views'
  | 'visits'
  | 'bounces'
  | 'unengaged'
  | 'duration_s'
  | 'views'
  | 'returning'

/**
 * Visitors of a larger whole, which a row's converters or visitors are a part of: of everybody in the query, of everybody in the row's
 * bucket of time, and of everybody in the row's group, in the last two whether they reached the goal that is asked for or not.
 */
export type Total = 'everybody' | 'reachable' | 'group'

/** A metric: what it needs, and the SQL that makes it of that. Divisions by nothing are NULL. */
export type MetricDefinition = {
  needs: readonly Sum[]
  total?: Total
  expression: string
  /** Its value where nothing happened. */
  empty: 0 | null
}

const count = (sum: Sum): MetricDefinition => ({ needs: [sum], expression: sum, empty: 0 })
const ratio = (part: Sum, whole: Sum, made: string): MetricDefinition => ({
  needs: [part, whole],
  expression: `if(${whole} > 0, ${made}, NULL)`,
  empty: null,
})
const perCent = (part: Sum, whole: Sum): MetricDefinition => ratio(part, whole, `round(100 * ${part} / ${whole}, 1)`)
const perCentOf = (part: Sum, total: Total): MetricDefinition => ({
  needs: [part],
  total,
  expression: `if(${total} > 0, round(100 * ${part} / ${total}, 1), NULL)`,
  empty: null,
})
const money = (made: string): MetricDefinition => ({
  needs: ['revenue', 'payments', 'currencies'],
  // What is in several currencies has no sum.
  expression: `if(currencies > 1, NULL, ${made})`,
  empty: null,
})

/** The dictionary of metrics; docs/metrics.md defines each in words. */
export const metricDefinitions: Record<Metric, MetricDefinition> = {
  visitors: count('visitors'),
  visits: count('visits'),
  pageviews: count('pageviews'),
  events: count('events'),
  conversions: count('conversions'),
  returning_visitors: count('returning'),
  views_per_visit: ratio('views', 'visits', 'round(views / visits, 2)'),
  bounce_rate: perCent('bounces', 'visits'),
  bounce_rate_ga: perCent('unengaged', 'visits'),
  visit_duration: ratio('duration_s', 'visits', 'round(duration_s / visits)'),
  time_on_page: ratio('engaged_ms', 'pageviews', 'round(engaged_ms / pageviews / 1000)'),
  scroll_depth: ratio('scrolled', 'scrolls', 'round(scrolled / scrolls)'),
  exit_rate: perCent('visits', 'exit_views'),
  conversion_rate: perCentOf('converters', 'reachable'),
  group_conversion_rate: perCentOf('converters', 'group'),
  percentage: perCentOf('visitors', 'everybody'),
  total_revenue: { ...money('round(revenue, 3)'), empty: 0 },
  average_revenue: money('if(payments > 0, round(revenue / payments, 3), NULL)'),
}

/** Visits by what happened in them: one visit is of every page that it saw. */
export const seenVisits: MetricDefinition = count('seen_visits')
