import type { Comparison, Dimension, Goal, Query, TimeDimension } from '@clickwatch/contract'
import { invalidField } from '../errors.ts'
import type { Parameters } from '../store/store.ts'
import { Bound } from './bound.ts'
import { isTimeDimension } from './buckets.ts'
import { isOfWholeHours, quarterMs } from './calendar.ts'
import { isOnlyOfEvents, isOnlyOfVisits, isProperty } from './dimensions.ts'
import { goalsMeant, isGroup, type PlainFilter, speaksOfEvents } from './filters.ts'
import { type MetricDefinition, metricDefinitions, type Sum, seenVisits, type Total } from './metrics.ts'
import type { Range } from './range.ts'
import { scopeParameters } from './scope.ts'
import { type Grouping, type Place, places, type Source, sourcesOf } from './sources.ts'

export type CompiledQuery = { sql: string; parameters: Parameters; places: Place[] }

/** A query that is understood: nothing in it is named that would have to be looked up. */
export type Question = Pick<Query, 'metrics' | 'order_by' | 'pagination'> & {
  site: string
  timeZone: string
  weekStart: number
  currency: string
  range: Range
  filters: readonly PlainFilter[]
  goals: readonly Goal[]
  dimensions: readonly (Dimension | TimeDimension)[]
  /** Values of the dimensions, the only ones to be answered. */
  only?: readonly (readonly string[])[]
}

const defaultLimit = 1000
const separator = '\u0001'

const isComparison = (filter: PlainFilter): filter is Comparison => !isGroup<PlainFilter>(filter) && filter.length >= 3
const isOfGoal = (filter: PlainFilter): boolean => isComparison(filter) && filter[1] === 'event:goal'
const isOfProperty = (filter: PlainFilter): boolean => isComparison(filter) && isProperty(filter[1])

/** The goals a question is about: those it is filtered by, else, by goal, all. */
const askedGoals = ({ filters, dimensions, goals }: Question): readonly Goal[] | undefined => {
  const positive = filters
    .filter(isComparison)
    .filter(([operator, dimension]) => dimension === 'event:goal' && !operator.endsWith('_not'))
  if (positive.length > 0)
    return goals.filter((goal) => positive.every((filter) => goalsMeant(filter, goals).includes(goal)))
  return dimensions.includes('event:goal') ? goals : undefined
}

const groupingOf = (question: Question): Grouping => {
  const { dimensions, filters, goals, weekStart, currency, range, timeZone } = question
  const named = dimensions.filter((dimension): dimension is Dimension => !isTimeDimension(dimension))
  return {
    dimensions,
    filters,
    goals,
    askedGoals: askedGoals(question),
    weekStart,
    currency,
    range,
    isOfQuarters: range.fromMs % quarterMs === 0 && range.toMs % quarterMs === 0,
    isOfHours: isOfWholeHours(timeZone, range),
    isOfVisits: named.some(isOnlyOfVisits) && !named.some(isOnlyOfEvents) && !filters.some(speaksOfEvents),
  }
}

/** What a row's metric is a part of: the same question with fewer dimensions and without the goal. */
const totalGrouping = (total: Total, grouping: Grouping): Grouping => {
  const { dimensions, filters, askedGoals: asked } = grouping
  if (total === 'everybody') return { ...grouping, dimensions: [] }
  // Properties are mostly of the event that reaches the goal: who did not reach it has none.
  const others = asked === undefined ? filters : filters.filter((filter) => !isOfGoal(filter) && !isOfProperty(filter))
  const kept =
    total === 'reachable'
      ? dimensions.filter(isTimeDimension)
      : dimensions.filter((dimension) => dimension !== 'event:goal' && !(asked !== undefined && isProperty(dimension)))
  return { ...grouping, dimensions: kept, filters: others, askedGoals: undefined }
}

const isSame = (one: Grouping, other: Grouping): boolean =>
  one.dimensions.length === other.dimensions.length && one.filters.length === other.filters.length

const selectOf = ({ sums, from, values, where }: Source, needs: readonly Sum[]): string => {
  // A column of few values is grouped several times faster as it is than as text.
  const labels = values.map((value, index) => `${value} AS k${index}`)
  const columns = needs.map((need) => `toFloat64(${sums[need] ?? 0}) AS ${need}_`)
  const group = values.length > 0 ? `GROUP BY ${values.map((_, index) => `k${index}`).join(', ')}` : ''
  return `SELECT ${[...labels, ...columns].join(', ')} FROM ${from} ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ${group}`
}

/** A sum, and the column that is to have it. */
type Column = { need: Sum; name: string }

/** The sums by dimension: every source gives its own, and 0 for those of the others. Of one source they are what they are. */
const sumsOf = (sources: readonly Source[], columns: readonly Column[], names: readonly string[]): string => {
  const needs = [...new Set(columns.map(({ need }) => need))]
  const used = sources.filter(({ sums }) => needs.some((need) => sums[need] !== undefined))
  const isOne = used.length === 1
  const labels = names.map((name, index) => `toString(k${index}) AS ${name}`)
  const sums = columns.map(({ need, name }) => (isOne ? `${need}_ AS ${name}` : `sum(${need}_) AS ${name}`))
  const group = names.length > 0 && !isOne ? `GROUP BY ${names.join(', ')}` : ''
  return `SELECT ${[...labels, ...sums].join(', ')} FROM (${used.map((source) => selectOf(source, needs)).join('\nUNION ALL\n')}) ${group}`
}

const definitionOf = (metric: Query['metrics'][number], dimensions: readonly string[]): MetricDefinition =>
  metric === 'visits' &&
  dimensions.some((dimension) => !isTimeDimension(dimension) && isOnlyOfEvents(dimension as Dimension))
    ? seenVisits
    : metricDefinitions[metric]

/** Each sum from the cheapest place that knows it; the sums that none does are `missing`. */
const placed = (grouping: Grouping, needs: readonly Sum[], bound: Bound, allowed: readonly Place[]) => {
  const missing = new Set(needs)
  const sources: Source[] = []
  const found: Place[] = []
  for (const place of allowed) {
    if (missing.size === 0) break
    for (const source of sourcesOf(grouping, place, bound)) {
      const known = Object.entries(source.sums).filter(([sum]) => missing.delete(sum as Sum))
      if (known.length === 0) continue
      sources.push({ ...source, sums: Object.fromEntries(known) })
      found.push(place)
    }
  }
  return { sources, places: found, missing }
}

const refuseMissing = (
  question: Question,
  definitions: readonly MetricDefinition[],
  missing: ReadonlySet<Sum>,
): never => {
  const index = definitions.findIndex(({ needs }) => needs.some((need) => missing.has(need)))
  const metric = question.metrics[index]
  throw invalidField(
    `metrics/${index}`,
    metric === 'exit_rate'
      ? 'exit_rate is of exit pages; ask it by visit:exit_page and no other dimension that only visits have'
      : `${metric} is of whole visits and has no value by ${question.dimensions.join(' and ')}; ask it by a visit: dimension or event:page`,
  )
}

/**
 * A question as ClickHouse SQL with parameters. The answer's columns are d0, d1 … for the dimensions, metric0, metric1 … and rows_in_all.
 * @param allowed where it may come from; the first that knows it all is taken
 * @throws {ClickWatchError} 400 when a metric does not go with the dimensions
 */
export const compile = (question: Question, allowed: readonly Place[] = places): CompiledQuery => {
  const { dimensions, metrics, site, timeZone, range } = question
  const bound = new Bound()
  const grouping = groupingOf(question)
  const definitions = metrics.map((metric) => definitionOf(metric, dimensions))
  const asked = [...new Set(definitions.flatMap(({ needs }) => needs))]
  const totals = [...new Set(definitions.flatMap(({ total }) => total ?? []))].map((total) => ({
    total,
    grouping: totalGrouping(total, grouping),
  }))
  const isItself = (other: Grouping): boolean => isSame(other, grouping)
  const needs: Sum[] = totals.some((each) => isItself(each.grouping))
    ? [...new Set<Sum>([...asked, 'visitors'])]
    : asked
  const found = placed(grouping, needs, bound, allowed)
  if (found.missing.size > 0) refuseMissing(question, definitions, found.missing)

  const names = dimensions.map((_, index) => `d${index}`)
  const joins = totals.flatMap(({ total, grouping: other }) => {
    if (isItself(other)) return []
    const shared = other.dimensions.map((dimension) => `d${dimensions.indexOf(dimension)}`)
    const part = placed(other, ['visitors'], bound, allowed)
    if (part.missing.size > 0) throw invalidField('metrics', 'cannot be told as a part of a whole by these dimensions')
    const sql = sumsOf(part.sources, [{ need: 'visitors', name: total }], shared)
    return {
      column: total,
      join:
        shared.length > 0
          ? `LEFT JOIN (${sql}) AS of_${total} USING (${shared.join(', ')})`
          : `CROSS JOIN (${sql}) AS of_${total}`,
    }
  })
  const columns = [
    ...needs.map((need): Column => ({ need, name: need })),
    ...totals.filter((each) => isItself(each.grouping)).map(({ total }): Column => ({ need: 'visitors', name: total })),
  ]
  const own = `(${sumsOf(found.sources, columns, names)})`
  const taken = [...names, ...columns.map(({ name }) => name), ...joins.map(({ column }) => column)]
  const isOnlyTime = dimensions.length > 0 && dimensions.every(isTimeDimension)
  const counted = needs.filter((need) => need !== 'exit_views')
  const where = [
    ...(dimensions.length > 0 && !isOnlyTime ? [`(${counted.map((need) => `${need} != 0`).join(' OR ')})`] : []),
    ...(question.only ? [onlyThese(question.only, names, bound)] : []),
  ]
  const sql = `SELECT ${[...names, ...definitions.map(({ expression }, index) => `${expression} AS metric${index}`), 'count() OVER () AS rows_in_all'].join(', ')}
FROM ${joins.length === 0 ? own : `(SELECT ${taken.join(', ')} FROM ${own} AS own ${joins.map(({ join }) => join).join('\n')})`}
${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}
${orderOf(question)}
LIMIT {limit:UInt32} OFFSET {offset:UInt32}`
  // A single dimension of time is paged nowhere: every bucket of the range is answered.
  const isSeries = isOnlyTime && dimensions.length === 1
  const isWhole = isSeries || question.only !== undefined
  return {
    sql,
    places: [...new Set(found.places)],
    parameters: {
      ...bound.parameters,
      ...scopeParameters(site, timeZone, range),
      limit: isWhole ? 100_000 : (question.pagination?.limit ?? defaultLimit),
      offset: isWhole ? 0 : (question.pagination?.offset ?? 0),
    },
  }
}

const onlyThese = (only: readonly (readonly string[])[], names: readonly string[], bound: Bound): string =>
  `arrayStringConcat([${names.join(', ')}], '${separator}') IN ${bound.add(
    only.map((values) => values.join(separator)),
    'Array(String)',
  )}`

const orderOf = ({ dimensions, metrics, order_by }: Question): string => {
  const value = (dimension: string, index: number): string =>
    dimension === 'visit:number' ? `toUInt64OrZero(d${index})` : `d${index}`
  const asked = (order_by ?? []).map(([name, direction], at) => {
    const metric = (metrics as readonly string[]).indexOf(name)
    const dimension = (dimensions as readonly string[]).indexOf(name)
    if (metric < 0 && dimension < 0)
      throw invalidField(`order_by/${at}/0`, `names ${name}, which is not among the metrics and dimensions`)
    return `${metric < 0 ? value(name, dimension) : `metric${metric}`} ${direction === 'asc' ? 'ASC' : 'DESC'} NULLS LAST`
  })
  const times = dimensions.flatMap((dimension, index) => (isTimeDimension(dimension) ? [`d${index}`] : []))
  const isOnlyTime = times.length === dimensions.length
  const usual = [...times, ...(isOnlyTime ? [] : ['metric0 DESC NULLS LAST'])]
  const order = [...(asked.length > 0 ? asked : usual), ...dimensions.map(value)]
  return order.length > 0 ? `ORDER BY ${order.join(', ')}` : ''
}
