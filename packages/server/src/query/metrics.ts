import type { Metric } from '@clickwatch/contract'

/** The sums that metrics are made of, by where they are counted. */
export const eventSums = ['visitors', 'converters', 'pageviews', 'events', 'conversions'] as const
export const visitSums = ['visits', 'bounces', 'duration_s', 'views'] as const
export type EventSum = (typeof eventSums)[number]
export type VisitSum = (typeof visitSums)[number]
export type Sum = EventSum | VisitSum

/** A metric: the sums it needs and the SQL that makes it of them. Divisions by nothing are NULL. */
export type MetricDefinition = { needs: readonly Sum[]; expression: string }

/** The dictionary of metrics; docs/metrics.md defines each in words. */
export const metricDefinitions: Record<Metric, MetricDefinition> = {
  visitors: { needs: ['visitors'], expression: 'visitors' },
  visits: { needs: ['visits'], expression: 'visits' },
  pageviews: { needs: ['pageviews'], expression: 'pageviews' },
  events: { needs: ['events'], expression: 'events' },
  conversions: { needs: ['conversions'], expression: 'conversions' },
  views_per_visit: { needs: ['views', 'visits'], expression: 'if(visits > 0, round(views / visits, 2), NULL)' },
  bounce_rate: { needs: ['bounces', 'visits'], expression: 'if(visits > 0, round(100 * bounces / visits, 1), NULL)' },
  visit_duration: { needs: ['duration_s', 'visits'], expression: 'if(visits > 0, round(duration_s / visits), NULL)' },
  conversion_rate: {
    needs: ['converters', 'visitors'],
    expression: 'if(visitors > 0, round(100 * converters / visitors, 1), NULL)',
  },
}

export const isEventSum = (sum: Sum): sum is EventSum => (eventSums as readonly string[]).includes(sum)
