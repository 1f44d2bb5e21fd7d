import type { Dimension, Query } from '@clickwatch/contract'
import { invalidField } from '../errors.ts'
import type { Parameters } from '../store/store.ts'
import { dimensionColumns, isInGold, isTimeDimension, timeLabel } from './dimensions.ts'
import { isEventSum, metricDefinitions, type Sum } from './metrics.ts'
import type { Range } from './range.ts'

export type CompiledQuery = { sql: string; parameters: Parameters }

type Filter = NonNullable<Query['filters']>[number]
/** One SELECT that gives some of the sums by the asked dimension. */
type Source = { sums: Partial<Record<Sum, string>>; from: string; value: string; where: string[] }

const defaultLimit = 1000

/** The sums as columns of gold.traffic, gold.visits, silver.events and silver.sessions. */
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
const silverEvents: Partial<Record<Sum, string>> = {
  visitors: 'uniqCombined64(visitor_id)',
  converters: 'uniqCombined64If(visitor_id, is_conversion)',
  pageviews: "countIf(type = 'page_view')",
  events: "countIf(type != 'engagement')",
  conversions: 'countIf(is_conversion)',
}
const silverSessions: Partial<Record<Sum, string>> = {
  visits: 'sum(sign)',
  bounces: 'sum(sign * is_bounce)',
  duration_s: 'sum(sign * toInt64(duration_s))',
  views: 'sum(sign * toInt64(pageviews))',
}
// Which visitors a set of sessions has can only be told once changed sessions are collapsed.
const collapsedSessions: Partial<Record<Sum, string>> = {
  ...silverSessions,
  visitors: 'uniqCombined64(visitor_id)',
  converters: 'uniqCombined64If(visitor_id, conversions > 0)',
  pageviews: 'sum(sign * toInt64(pageviews))',
  events: 'sum(sign * toInt64(events))',
  conversions: 'sum(sign * toInt64(conversions))',
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

/** Each filter where it can be asked directly; a filter of the other side narrows by the sessions it leaves. */
const conditionsOf = (filters: readonly Filter[]): Conditions => {
  const onlyEvents: string[] = []
  const onlySessions: string[] = []
  const direct: Conditions = { events: [], sessions: [] }
  filters.forEach((filter, index) => {
    const { events, sessions } = dimensionColumns[filter[1]]
    if (events !== undefined) direct.events.push(condition(filter, events, index))
    else onlySessions.push(condition(filter, sessions, index))
    if (sessions !== undefined) direct.sessions.push(condition(filter, sessions, index))
    else onlyEvents.push(condition(filter, events, index))
  })
  if (onlySessions.length > 0) {
    const where = ['site = {site:String}', ...onlySessions].join(' AND ')
    direct.events.push(`session_id IN (SELECT session_id FROM silver.sessions FINAL WHERE ${where})`)
  }
  if (onlyEvents.length > 0) {
    const where = [...within('time'), ...onlyEvents].join(' AND ')
    direct.sessions.push(`session_id IN (SELECT session_id FROM silver.events WHERE ${where})`)
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

const rawSources = (dimension: string | undefined, filters: readonly Filter[]): Source[] => {
  const conditions = conditionsOf(filters)
  const eventsWhere = [...within('time'), ...conditions.events]
  const sessionsWhere = [...within('start'), ...conditions.sessions]
  if (dimension === undefined || isTimeDimension(dimension)) {
    const label = (column: string) => (dimension === undefined ? "''" : timeLabel(dimension, column))
    return [
      { sums: silverEvents, from: 'silver.events', value: label('time'), where: eventsWhere },
      { sums: silverSessions, from: 'silver.sessions', value: label('start'), where: sessionsWhere },
    ]
  }
  const { events, sessions } = dimensionColumns[dimension as Dimension]
  if (events === undefined) {
    return [{ sums: collapsedSessions, from: 'silver.sessions FINAL', value: sessions, where: sessionsWhere }]
  }
  if (sessions === undefined) {
    const sums = { ...silverEvents, visits: 'uniqCombined64(session_id)' }
    return [{ sums, from: 'silver.events', value: `toString(${events})`, where: eventsWhere }]
  }
  return [
    { sums: silverEvents, from: 'silver.events', value: `toString(${events})`, where: eventsWhere },
    { sums: silverSessions, from: 'silver.sessions', value: `toString(${sessions})`, where: sessionsWhere },
  ]
}

const isAnsweredByGold = (query: Query, dimension: string | undefined, needs: ReadonlySet<Sum>): boolean => {
  if ((query.filters ?? []).length > 0 || query.date_range === 'realtime' || dimension === 'time:minute') return false
  if (dimension === undefined || isInGold(dimension)) {
    // gold.traffic alone knows pages and event types; which visits saw a page it does not.
    return !(dimension === 'event:page' || dimension === 'event:type') || [...needs].every(isEventSum)
  }
  return false
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
 * A query as ClickHouse SQL with parameters. Gold answers what it can, silver the rest.
 * @throws {ClickWatchError} 400 when a metric does not go with the dimension
 */
export const compile = (query: Query, range: Range, timeZone: string, site: string): CompiledQuery => {
  const dimension = query.dimensions?.[0]
  const filters = query.filters ?? []
  const needs = new Set(query.metrics.flatMap((metric) => metricDefinitions[metric].needs))
  const sources = isAnsweredByGold(query, dimension, needs) ? goldSources(dimension) : rawSources(dimension, filters)
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
