import type { Dimension, Query } from '@clickwatch/contract'
import { invalidField } from '../errors.ts'
import type { Parameters } from '../store/store.ts'
import { dimensionColumns, isTimeDimension, timeLabel } from './dimensions.ts'
import { isEventSum, metricDefinitions, type Sum } from './metrics.ts'
import type { Range } from './range.ts'

export type CompiledQuery = { sql: string; parameters: Parameters }

type Filter = NonNullable<Query['filters']>[number]
/** One SELECT that gives some of the sums by the asked dimension. */
type Source = { sums: Partial<Record<Sum, string>>; from: string; value: string; where: string[] }

const defaultLimit = 1000

/** The sums as columns of gold.traffic and gold.visits. */
const goldTraffic: Partial<Record<Sum, string>> = {
  visitors: 'uniqCombined64Merge(visitors)',
  converters: 'uniqCombined64Merge(converters)',
  pageviews: 'sum(pageviews)',
  events: 'sum(events)',
  conversions: 'sum(conversions)',
}
const goldVisits: Partial<Record<Sum, string>> = {
  visits: 'sum(visits)',
  bounces: 'sum(bounces)',
  duration_s: 'sum(duration_s)',
  views: 'sum(pageviews)',
}

/** A pair of tables that hold every dimension side by side: what happened, and the visits it happened in. */
type Wide = {
  events: { from: string; time: string; sums: Partial<Record<Sum, string>>; visits: string }
  sessions: { from: string; time: string; sums: Partial<Record<Sum, string>>; whole: Partial<Record<Sum, string>> }
  /** The column by which the two belong together. */
  session: string
}

const gold: Wide = {
  events: {
    from: 'gold.activity',
    time: 'bucket',
    sums: {
      visitors: 'uniqCombined64If(visitor, activity.events > 0)',
      converters: 'uniqCombined64If(visitor, activity.conversions > 0)',
      pageviews: "sumIf(activity.events, type = 'page_view')",
      events: "sumIf(activity.events, type != 'engagement')",
      conversions: 'sum(activity.conversions)',
    },
    visits: 'uniqCombined64If(session, activity.events > 0)',
  },
  sessions: {
    from: 'gold.stays',
    time: 'bucket',
    sums: {
      visits: 'sum(stays.visits)',
      bounces: 'sum(stays.bounces)',
      duration_s: 'sum(stays.duration_s)',
      views: 'sum(stays.pageviews)',
    },
    // Which visitors a set of visits has can only be told once changed ones are summed up.
    whole: {
      visitors: 'uniqCombined64If(visitor, stays.visits > 0)',
      converters: 'uniqCombined64If(visitor, stays.visits > 0 AND stays.conversions > 0)',
      pageviews: 'sum(stays.pageviews)',
      events: 'sum(stays.events)',
      conversions: 'sum(stays.conversions)',
    },
  },
  session: 'session',
}

/** For steps of minutes, which gold does not have; corrections are few, so FINAL costs little on a range this short. */
const silver: Wide = {
  events: {
    from: 'silver.events FINAL',
    time: 'time',
    sums: {
      visitors: 'uniqCombined64(visitor_id)',
      converters: 'uniqCombined64If(visitor_id, is_conversion)',
      pageviews: "countIf(type = 'page_view')",
      events: "countIf(type != 'engagement')",
      conversions: 'countIf(is_conversion)',
    },
    visits: 'uniqCombined64(visitor_id, session_id)',
  },
  sessions: {
    from: 'silver.sessions FINAL',
    time: 'start',
    sums: {
      visits: 'count()',
      bounces: 'countIf(is_bounce)',
      duration_s: 'sum(toInt64(sessions.duration_s))',
      views: 'sum(toInt64(sessions.pageviews))',
    },
    whole: {
      visitors: 'uniqCombined64(visitor_id)',
      converters: 'uniqCombined64If(visitor_id, sessions.conversions > 0)',
      pageviews: 'sum(toInt64(sessions.pageviews))',
      events: 'sum(toInt64(sessions.events))',
      conversions: 'sum(toInt64(sessions.conversions))',
    },
  },
  session: '(visitor_id, session_id)',
}

const within = (column: string): string[] => [
  'site = {site:String}',
  `${column} >= toDateTime({from:String}, {tz:String})`,
  `${column} < toDateTime({to:String}, {tz:String})`,
]

const condition = ([operator]: Filter, column: string, index: number): string => {
  const values = `{filter${index}:Array(String)}`
  switch (operator) {
    case 'is':
      return `${column} IN ${values}`
    case 'is_not':
      return `${column} NOT IN ${values}`
    case 'contains':
      return `arrayExists(part -> positionCaseInsensitiveUTF8(toString(${column}), part) > 0, ${values})`
    default:
      throw invalidField(`filters/${index}/0`, 'is not known')
  }
}

type Conditions = { events: string[]; sessions: string[] }

/** A visit may have begun so long before what happened in it. */
const withinVisits = (column: string): string[] => [
  'site = {site:String}',
  `${column} >= toDateTime({from:String}, {tz:String}) - INTERVAL 1 DAY`,
  `${column} < toDateTime({to:String}, {tz:String})`,
]

/** Each filter where it can be asked directly; a filter of the other side narrows by the sessions it leaves. */
const conditionsOf = (filters: readonly Filter[], { events, sessions, session }: Wide): Conditions => {
  const onlyEvents: string[] = []
  const onlySessions: string[] = []
  const direct: Conditions = { events: [], sessions: [] }
  filters.forEach((filter, index) => {
    const columns = dimensionColumns[filter[1]]
    if (columns.events !== undefined) direct.events.push(condition(filter, columns.events, index))
    else onlySessions.push(condition(filter, columns.sessions, index))
    if (columns.sessions !== undefined) direct.sessions.push(condition(filter, columns.sessions, index))
    else onlyEvents.push(condition(filter, columns.events, index))
  })
  if (onlySessions.length > 0) {
    const where = [...withinVisits(sessions.time), ...onlySessions].join(' AND ')
    const from = sessions.from.replace(/( FINAL)?$/, ' FINAL')
    direct.events.push(`${session} IN (SELECT ${session} FROM ${from} WHERE ${where})`)
  }
  if (onlyEvents.length > 0) {
    const where = [...within(events.time), ...onlyEvents].join(' AND ')
    direct.sessions.push(`${session} IN (SELECT ${session} FROM ${events.from} WHERE ${where})`)
  }
  return direct
}

const goldSources = (dimension: string | undefined): Source[] => {
  const isTime = dimension !== undefined && isTimeDimension(dimension)
  const value = isTime ? timeLabel(dimension, 'bucket') : 'value'
  const where = [...within('bucket'), 'dimension = {dimension:String}']
  return [
    { sums: goldTraffic, from: 'gold.traffic', value, where },
    { sums: goldVisits, from: 'gold.visits', value, where },
  ]
}

const wideSources = (dimension: string | undefined, filters: readonly Filter[], wide: Wide): Source[] => {
  const conditions = conditionsOf(filters, wide)
  const { events, sessions } = wide
  const ofEvents = (value: string): Source => ({
    sums: events.sums,
    from: events.from,
    value,
    where: [...within(events.time), ...conditions.events],
  })
  const ofSessions = (value: string): Source => ({
    sums: sessions.sums,
    from: sessions.from,
    value,
    where: [...within(sessions.time), ...conditions.sessions],
  })
  if (dimension === undefined || isTimeDimension(dimension)) {
    const label = (column: string) => (dimension === undefined ? "''" : timeLabel(dimension, column))
    return [ofEvents(label(events.time)), ofSessions(label(sessions.time))]
  }
  const columns = dimensionColumns[dimension as Dimension]
  if (columns.events === undefined) {
    const source = ofSessions(columns.sessions)
    return [
      { ...source, from: sessions.from.replace(/( FINAL)?$/, ' FINAL'), sums: { ...sessions.sums, ...sessions.whole } },
    ]
  }
  const byEvent = ofEvents(`toString(${columns.events})`)
  if (columns.sessions === undefined) return [{ ...byEvent, sums: { ...byEvent.sums, visits: events.visits } }]
  return [byEvent, ofSessions(`toString(${columns.sessions})`)]
}

/** Whether the roll-ups by one dimension know it all; the wide tables answer what they do not. */
const isAnsweredByOneDimension = (query: Query, dimension: string | undefined, needs: ReadonlySet<Sum>): boolean => {
  if ((query.filters ?? []).length > 0) return false
  if (dimension === undefined || isTimeDimension(dimension)) return true
  const { events, sessions } = dimensionColumns[dimension as Dimension]
  // Which visits saw a page, and which visitors came in by one, neither of the two knows.
  if (sessions === undefined) return [...needs].every(isEventSum)
  return events !== undefined || ![...needs].some(isEventSum)
}

const sourcesOf = (query: Query, dimension: string | undefined, needs: ReadonlySet<Sum>): Source[] => {
  const isByMinute = query.date_range === 'realtime' || dimension === 'time:minute'
  if (isByMinute) return wideSources(dimension, query.filters ?? [], silver)
  if (isAnsweredByOneDimension(query, dimension, needs)) return goldSources(dimension)
  return wideSources(dimension, query.filters ?? [], gold)
}

const selectOf = (source: Source, needs: ReadonlySet<Sum>): string => {
  const columns = [...needs].map((sum) => `toInt64(${source.sums[sum] ?? 0}) AS ${sum}_`)
  return `SELECT ${source.value} AS label, ${columns.join(', ')} FROM ${source.from} WHERE ${source.where.join(' AND ')} GROUP BY label`
}

const checkMetrics = (query: Query, dimension: string | undefined, sources: readonly Source[]): void => {
  query.metrics.forEach((metric, index) => {
    const missing = metricDefinitions[metric].needs.some((sum) => sources.every(({ sums }) => sums[sum] === undefined))
    if (missing) {
      throw invalidField(
        `metrics/${index}`,
        `${metric} is of whole visits and has no value by ${dimension}; ask it by a visit: dimension`,
      )
    }
  })
}

/**
 * A query as ClickHouse SQL with parameters. Gold answers all but steps of minutes, which silver does.
 * @throws {ClickWatchError} 400 when a metric does not go with the dimension
 */
export const compile = (query: Query, range: Range, timeZone: string, site: string): CompiledQuery => {
  const dimension = query.dimensions?.[0]
  const filters = query.filters ?? []
  const needs = new Set(query.metrics.flatMap((metric) => metricDefinitions[metric].needs))
  const sources = sourcesOf(query, dimension, needs)
  checkMetrics(query, dimension, sources)

  const used = sources.filter(({ sums }) => [...needs].some((sum) => sums[sum] !== undefined))
  const sums = [...needs].map((sum) => `sum(${sum}_) AS ${sum}`)
  const metrics = query.metrics.map((metric, index) => `${metricDefinitions[metric].expression} AS metric${index}`)
  const order = (query.order_by ?? []).map(([metric, direction]) => {
    const index = query.metrics.indexOf(metric)
    if (index < 0) throw invalidField('order_by', `names ${metric}, which is not among the metrics`)
    return `metric${index} ${direction === 'asc' ? 'ASC' : 'DESC'}`
  })
  const isTime = dimension !== undefined && isTimeDimension(dimension)
  if (order.length === 0 && !isTime) order.push('metric0 DESC')

  const sql = `SELECT label, ${metrics.join(', ')}
FROM (
  SELECT label, ${sums.join(', ')}
  FROM (
    ${used.map((source) => selectOf(source, needs)).join('\n    UNION ALL\n    ')}
  )
  GROUP BY label
)
${dimension === undefined || isTime ? '' : `WHERE ${[...needs].map((sum) => `${sum} != 0`).join(' OR ')}`}
ORDER BY ${[...order, 'label'].join(', ')}
LIMIT {limit:UInt32} OFFSET {offset:UInt32}`

  const parameters: Parameters = {
    site,
    from: range.from,
    to: range.to,
    tz: timeZone,
    dimension: dimension === undefined || isTime ? '' : dimension,
    // A time dimension is paged nowhere: every bucket of the range is answered.
    limit: isTime ? 100_000 : (query.pagination?.limit ?? defaultLimit),
    offset: isTime ? 0 : (query.pagination?.offset ?? 0),
    ...Object.fromEntries(filters.map(([, , values], index) => [`filter${index}`, values])),
  }
  return { sql, parameters }
}
