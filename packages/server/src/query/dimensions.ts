import type { Dimension, TimeDimension } from '@clickwatch/contract'

/** Where a dimension's value stands: a column of silver.events, of silver.sessions, or of both. */
type Columns =
  | { events: string; sessions: string }
  | { events: string; sessions?: never }
  | { events?: never; sessions: string }

const both = (column: string): Columns => ({ events: column, sessions: column })

/** The dictionary of dimensions; docs/metrics.md says what each means. */
export const dimensionColumns: Record<Dimension, Columns> = {
  'event:page': { events: 'path' },
  'event:type': { events: 'type' },
  'event:element': { events: 'element_id' },
  'event:name': { events: 'name' },
  'visit:entry_page': { sessions: 'entry_page' },
  'visit:exit_page': { sessions: 'exit_page' },
  'visit:source': both('source'),
  'visit:referrer': both('referrer'),
  'visit:channel': both('channel'),
  'visit:utm_source': both('utm_source'),
  'visit:utm_medium': both('utm_medium'),
  'visit:utm_campaign': both('utm_campaign'),
  'visit:utm_term': both('utm_term'),
  'visit:utm_content': both('utm_content'),
  'visit:browser': both('browser'),
  'visit:os': both('os'),
  'visit:device': both('device'),
  'visit:country': both('country'),
  'visit:region': both('region'),
  'visit:city': both('city'),
}

const timeLabels: Record<TimeDimension, (time: string) => string> = {
  'time:minute': (time) => `toString(toDateTime(toStartOfMinute(${time}), {tz:String}))`,
  'time:hour': (time) => `toString(toDateTime(toStartOfHour(${time}), {tz:String}))`,
  'time:day': (time) => `toString(toDate(${time}))`,
  'time:month': (time) => `toString(toStartOfMonth(${time}))`,
}

export const isTimeDimension = (dimension: string): dimension is TimeDimension => dimension in timeLabels

/** SQL for the bucket that a time falls into, as local text. */
export const timeLabel = (dimension: TimeDimension, column: string): string =>
  timeLabels[dimension](`toTimeZone(${column}, {tz:String})`)
