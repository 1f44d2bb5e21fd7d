import type { Dimension, Goal, TimeDimension } from '@clickwatch/contract'
import { mergeSketches } from '../store/sketch.ts'
import type { Bound } from './bound.ts'
import { bucketOf, isTimeDimension } from './buckets.ts'
import { columnsOf, isInGold, isOnlyOfEvents, isOnlyOfVisits, isRolledUp } from './dimensions.ts'
import { conditionsOf, isFilterInGold, type PlainFilter } from './filters.ts'
import { goalCondition, isGoalInGold, isGoalRolledUp } from './goals.ts'
import { gold, type Layer, moment, silver, within, withinVisits } from './layers.ts'
import type { Sum } from './metrics.ts'
import type { Range } from './range.ts'
import { type Piece, piecesOf } from './spans.ts'

export type Sums = Partial<Record<Sum, string>>

/** What is to be counted, by what, narrowed to what. */
export type Grouping = {
  dimensions: readonly (Dimension | TimeDimension)[]
  filters: readonly PlainFilter[]
  goals: readonly Goal[]
  /** The goals that the question is about, by filter or dimension; undefined where it is about none. */
  askedGoals: readonly Goal[] | undefined
  weekStart: number
  currency: string
  /** Whether the range begins and ends with a quarter of an hour, as the rows of gold do. */
  isOfQuarters: boolean
  /** Whether every hour, day and month of the zone is made of whole hours of UTC, all the range long. */
  isOfHours: boolean
  range: Pick<Range, 'fromMs' | 'toMs'>
  /** Whether all numbers are of the visits that began in the range, as they are by a dimension that only visits have. */
  isOfVisits: boolean
}

/** One SELECT that gives some of the sums; `values` is SQL for each dimension. Each sum comes from one source alone. */
export type Source = { sums: Sums; from: string; values: string[]; where: string[] }

const visitSums = {
  silver: {
    visits: 'count()',
    bounces: 'countIf(is_bounce)',
    unengaged: 'countIf(is_bounce AND engaged_ms < 10000)',
    duration_s: 'sum(toInt64(sessions.duration_s))',
    views: 'sum(toInt64(sessions.pageviews))',
    returning: 'uniqCombined64If(visitor_id, is_returning)',
  },
  gold: {
    visits: 'sum(stays.visits)',
    bounces: 'sum(stays.bounces)',
    unengaged: 'sum(stays.unengaged)',
    duration_s: 'sum(stays.duration_s)',
    views: 'sum(stays.pageviews)',
    returning: 'uniqCombined64If(visitor, is_returning AND stays.visits > 0)',
  },
} satisfies Record<Layer['name'], Sums>

/** The same of whole visits, where a dimension is one that only visits have: of gold, from `visitsByVisitor`. */
const wholeVisitSums = {
  silver: {
    visitors: 'uniqCombined64(visitor_id)',
    converters: 'uniqCombined64If(visitor_id, sessions.conversions > 0)',
    pageviews: 'sum(toInt64(sessions.pageviews))',
    events: 'sum(toInt64(sessions.events))',
    conversions: 'sum(toInt64(sessions.conversions))',
    engaged_ms: 'sum(toInt64(sessions.engaged_ms))',
  },
  gold: {
    visitors: 'countIf(stays.visits > 0)',
    converters: 'countIf(stays.visits > 0 AND stays.conversions > 0)',
    returning: 'countIf(stays.returning_visits > 0)',
    pageviews: 'sum(stays.pageviews)',
    events: 'sum(stays.events)',
    conversions: 'sum(stays.conversions)',
    engaged_ms: 'sum(stays.engaged_ms)',
  },
} satisfies Record<Layer['name'], Sums>

const eventSums = (layer: Layer, isOfGoals: boolean, currency: string, bound: Bound): Sums => {
  const isPayment = currency === '' ? "currency != ''" : `currency = ${bound.add(currency, 'String')}`
  if (layer.name === 'gold') {
    return {
      visitors: 'uniqCombined64If(visitor, activity.events > 0)',
      pageviews: "sumIf(activity.events, type = 'page_view')",
      events: "sumIf(activity.events, type != 'engagement')",
      seen_visits: 'uniqCombined64If(session, activity.events > 0)',
      converters: isOfGoals
        ? 'uniqCombined64If(visitor, activity.events > 0)'
        : 'uniqCombined64If(visitor, activity.conversions > 0)',
      conversions: isOfGoals ? 'sum(activity.events)' : 'sum(activity.conversions)',
      engaged_ms: 'sum(activity.engaged_ms)',
      revenue: `toFloat64(sumIf(activity.revenue, ${isPayment}))`,
      payments: `sumIf(activity.payments, ${isPayment})`,
      currencies: `uniqExactIf(currency, ${isPayment} AND activity.events > 0)`,
    }
  }
  return {
    visitors: 'uniqCombined64(visitor_id)',
    pageviews: "countIf(type = 'page_view')",
    events: "countIf(type != 'engagement')",
    seen_visits: 'uniqCombined64(visitor_id, session_id)',
    converters: isOfGoals ? 'uniqCombined64(visitor_id)' : 'uniqCombined64If(visitor_id, is_conversion)',
    conversions: isOfGoals ? 'count()' : 'countIf(is_conversion)',
    engaged_ms: 'sum(toInt64(engaged_ms))',
    revenue: `toFloat64(sumIf(revenue, ${isPayment}))`,
    payments: `countIf(${isPayment})`,
    currencies: `uniqExactIf(currency, ${isPayment})`,
  }
}

/** The sums as columns of gold.traffic and gold.visits, whose rows are of one value of one dimension. */
const trafficSums: Sums = {
  visitors: mergeSketches('visitors'),
  converters: mergeSketches('converters'),
  pageviews: 'sum(traffic.pageviews)',
  events: 'sum(traffic.events)',
  conversions: 'sum(traffic.conversions)',
}
/** What roll-ups of visits know beside `rolledVisitSums`, by the dimensions that a visit does not change while it goes on. */
const rolledVisitorSums: Sums = {
  visitors: mergeSketches('visits.visitors'),
  converters: mergeSketches('visits.converters'),
}
const countsVisitors = (dimension: Dimension): boolean =>
  dimension === 'visit:entry_page' || dimension === 'visit:returning'

const rolledVisitSums: Sums = {
  visits: 'sum(visits.visits)',
  bounces: 'sum(visits.bounces)',
  unengaged: 'sum(visits.unengaged)',
  duration_s: 'sum(visits.duration_s)',
  views: 'sum(visits.pageviews)',
}

const isFiner = (dimension: string): boolean => dimension === 'time:second' || dimension === 'time:minute'

/** The pieces that the rows of a roll-up are asked in: of a span nobody knows what is before midnight elsewhere, so by time it is hours or less. */
const piecesFor = ({ range, dimensions, isOfHours }: Grouping): Piece[] => {
  if (!dimensions.some(isTimeDimension)) return piecesOf(range)
  return piecesOf(range, isOfHours ? [1] : [])
}

/** The rows of a roll-up in the range: by spans of hours, and quarters of an hour where a range or a zone has some. */
const rolledUp = (
  table: 'traffic' | 'visits',
  grouping: Grouping,
  value: string,
  bound: Bound,
): Pick<Source, 'from' | 'where'> => {
  const of = `site = {site:String} AND dimension = ${bound.add(value, 'String')}`
  const pieces = piecesFor(grouping)
  const during = (some: readonly Piece[]): string => {
    const each = some.map(({ span, fromMs, toMs }) => {
      const [first, last] = [fromMs, toMs].map((ms) => moment('bucket', bound.add(ms, 'Int64')))
      return `(${span > 0 ? `span = ${span} AND ` : ''}bucket >= ${first} AND bucket < ${last})`
    })
    return `(${each.join(' OR ')})`
  }
  const spans = pieces.filter(({ span }) => span > 0)
  const quarters = pieces.filter(({ span }) => span === 0)
  if (spans.length === 0) return { from: `gold.${table} AS ${table}`, where: [of, during(quarters)] }
  if (quarters.length === 0) return { from: `gold.${table}_spans AS ${table}`, where: [of, during(spans)] }
  const both = [
    `SELECT * EXCEPT span FROM gold.${table}_spans WHERE ${of} AND ${during(spans)}`,
    `SELECT * FROM gold.${table} WHERE ${of} AND ${during(quarters)}`,
  ]
  return { from: `(${both.join(' UNION ALL ')}) AS ${table}`, where: [] }
}

/** What the roll-ups by one dimension know of a question; nothing where it is filtered or by several dimensions. */
export const rolledUpSources = (grouping: Grouping, bound: Bound): Source[] => {
  const { dimensions, filters, weekStart, isOfQuarters, isOfVisits } = grouping
  const named = dimensions.filter((dimension): dimension is Dimension => !isTimeDimension(dimension))
  const [dimension, ...more] = named
  if (more.length > 0 || !isOfQuarters || dimensions.some(isFiner)) return []
  const done = doneSource(grouping, bound)
  if (done) return [done]
  if (filters.length > 0 || (dimension !== undefined && !isRolledUp(dimension))) return []
  const values = dimensions.map((each) => (isTimeDimension(each) ? bucketOf(each, 'bucket', weekStart) : 'value'))
  const of = (table: 'traffic' | 'visits', sums: Sums, value: string): Source => ({
    sums,
    ...rolledUp(table, grouping, value, bound),
    values,
  })
  if (dimension === undefined) {
    if (isOfVisits) return []
    const whole = [of('traffic', trafficSums, ''), of('visits', rolledVisitSums, '')]
    const back = of('visits', { returning: mergeSketches('visits.visitors') }, 'visit:returning')
    return [...whole, { ...back, where: [...back.where, "value = 'returning'"] }]
  }
  if (isOnlyOfVisits(dimension)) {
    const sums = countsVisitors(dimension) ? { ...rolledVisitSums, ...rolledVisitorSums } : rolledVisitSums
    const visits = of('visits', sums, dimension)
    if (dimension !== 'visit:exit_page') return [visits]
    return [visits, of('traffic', { exit_views: 'sum(traffic.pageviews)' }, 'event:page')]
  }
  const traffic = of('traffic', trafficSums, dimension)
  if (dimension === 'event:page') return [traffic, of('visits', rolledVisitSums, 'visit:entry_page')]
  return isOnlyOfEvents(dimension) ? [traffic] : [traffic, of('visits', rolledVisitSums, dimension)]
}

/** The type of event that a question is narrowed to, where that is all it is narrowed by. */
const onlyType = (filters: readonly PlainFilter[]): string | undefined => {
  const [[operator, dimension, values, modifiers] = [], ...more] = filters as [string, string, unknown[], unknown][]
  const isOne = operator === 'is' && dimension === 'event:type' && values?.length === 1 && more.length === 0
  return isOne && modifiers === undefined ? String(values[0]) : undefined
}

/** What is rolled up by what was done: it knows goals of pages, events and elements, and what one type of event was done to. */
const doneSource = (grouping: Grouping, bound: Bound): Source | undefined => {
  const { dimensions, filters, askedGoals = [], weekStart } = grouping
  const dimension = dimensions.find((each): each is Dimension => !isTimeDimension(each))
  const type = onlyType(filters)
  const isOfGoals =
    dimension === 'event:goal' && filters.length === 0 && askedGoals.every(({ rule }) => isGoalRolledUp(rule))
  const isOfElements = dimension === 'event:element' && type !== undefined && !['page_view', 'custom'].includes(type)
  const isOfNames = dimension === 'event:name' && type === 'custom'
  if (!isOfGoals && !isOfElements && !isOfNames) return undefined
  const columns = ['visitors', 'converters', 'pageviews', 'events', 'conversions']
  const done = rolledUp('traffic', grouping, 'event:done', bound)
  return {
    sums: isOfGoals
      ? { ...trafficSums, converters: trafficSums.visitors ?? '', conversions: 'sum(traffic.events)' }
      : trafficSums,
    from: `(SELECT bucket, ${columns.join(', ')}, substring(value, 1, position(value, char(1)) - 1) AS type,
        substring(value, position(value, char(1)) + 1) AS what,
        if(type = 'page_view', what, '') AS path, if(type = 'custom', what, '') AS name,
        if(type IN ('page_view', 'custom'), '', what) AS element_id
      FROM ${done.from} ${done.where.length > 0 ? `WHERE ${done.where.join(' AND ')}` : ''}) AS traffic`,
    values: dimensions.map((each) => {
      if (isTimeDimension(each)) return bucketOf(each, 'bucket', weekStart)
      return isOfGoals ? goalValue(askedGoals, bound, gold) : isOfNames ? 'name' : 'element_id'
    }),
    where: isOfGoals ? reachedAny(grouping, gold, bound) : [`type = ${bound.add(type ?? '', 'String')}`],
  }
}

/** By goal, only events that reach one are of interest: most reach none, and are left out sooner so. */
const reachedAny = ({ dimensions, askedGoals = [] }: Grouping, layer: Layer, bound: Bound): string[] =>
  dimensions.includes('event:goal') && askedGoals.length > 0
    ? [`(${askedGoals.map(({ rule }) => goalCondition(rule, bound, layer)).join(' OR ')})`]
    : []

/** By goal: an event is in the group of every goal it reaches. */
const goalValue = (goals: readonly Goal[], bound: Bound, layer: Layer): string => {
  if (goals.length === 0) return `arrayJoin(emptyArrayString())`
  const names = bound.add(
    goals.map(({ name }) => name),
    'Array(String)',
  )
  const reached = goals.map(({ rule }) => goalCondition(rule, bound, layer)).join(', ')
  return `arrayJoin(arrayFilter((name, is_reached) -> is_reached, ${names}, [${reached}]))`
}

const visitColumns = 'entry_page, exit_page, visit_number, is_returning'

/** What tables of whole rows know of a question: all of it, for silver, and nothing where gold lacks a dimension. */
export const wideSources = (grouping: Grouping, layer: Layer, bound: Bound): Source[] => {
  const { dimensions, filters, goals, askedGoals, weekStart, currency, isOfQuarters, isOfVisits } = grouping
  const named = dimensions.filter((dimension): dimension is Dimension => !isTimeDimension(dimension))
  const needsVisit = named.some(isOnlyOfVisits)
  const isGold = layer.name === 'gold'
  if (isGold) {
    const isHeld = (dimension: Dimension): boolean =>
      dimension === 'event:goal' ? (askedGoals ?? []).every(({ rule }) => isGoalInGold(rule)) : isInGold(dimension)
    const isPossible = isOfQuarters && !dimensions.some(isFiner) && named.every(isHeld)
    if (!isPossible || !filters.every((filter) => isFilterInGold(filter, goals))) return []
  }
  const { events, sessions } = layer
  const conditions = conditionsOf(filters, goals, layer, bound)
  const isOfGoals = askedGoals !== undefined

  const eventValues = (pageFor?: Dimension): string[] =>
    dimensions.map((dimension) => {
      if (isTimeDimension(dimension)) return bucketOf(dimension, events.time, weekStart)
      if (dimension === 'event:goal') return goalValue(askedGoals ?? [], bound, layer)
      if (dimension === pageFor) return 'path'
      const columns = columnsOf(dimension, bound)
      return columns.events ?? columns.sessions
    })
  const where = [...within(events.time), ...conditions.events, ...reachedAny(grouping, layer, bound)]
  // Of gold, changed visits are summed up first, so that each is one row.
  const key = isGold ? 'session' : 'visitor_id, session_id'
  // What a visit says of itself, it says here.
  const ofEvents = isGold ? '*' : '* EXCEPT (is_returning)'
  const joined = `(SELECT ${ofEvents} FROM ${events.from} WHERE ${where.join(' AND ')}) AS ${isGold ? 'activity' : 'events'}
    INNER JOIN (SELECT ${key}, ${visitColumns} FROM ${sessions.from.replace(/( FINAL)?$/, ' FINAL')}
      WHERE ${withinVisits(sessions.time).join(' AND ')}) AS visits
    USING (${key})`

  const sources: Source[] = []
  const ofVisits: Sums = {}
  if (!named.some((dimension) => isOnlyOfEvents(dimension) && dimension !== 'event:page')) {
    if (isOfVisits) Object.assign(ofVisits, wholeVisitSums[layer.name])
    const values = dimensions.map((dimension) => {
      if (isTimeDimension(dimension)) return bucketOf(dimension, sessions.time, weekStart)
      if (dimension === 'event:page' || dimension === 'event:goal') return 'entry_page'
      return columnsOf(dimension, bound).sessions ?? "''"
    })
    const source: Source = {
      sums: { ...visitSums[layer.name], ...ofVisits },
      from: sessions.from,
      values,
      where: [...within(sessions.time), ...conditions.sessions],
    }
    sources.push(isOfVisits && isGold ? visitsByVisitor(source) : source)
  }
  const rest = Object.fromEntries(
    Object.entries(eventSums(layer, isOfGoals, currency, bound)).filter(([sum]) => !(sum in ofVisits)),
  )
  const values = eventValues()
  const from = needsVisit ? joined : events.from
  const conditionsLeft = needsVisit ? [] : where
  sources.push({ sums: rest, from, values, where: conditionsLeft })
  sources.push(scrollSource(values, layer, from, conditionsLeft))
  const others = named.filter((dimension) => dimension !== 'visit:exit_page')
  if (others.length < named.length && !others.some(isOnlyOfVisits)) {
    const views = isGold ? "sumIf(activity.events, type = 'page_view')" : "countIf(type = 'page_view')"
    sources.push({ sums: { exit_views: views }, from: events.from, values: eventValues('visit:exit_page'), where })
  }
  return sources
}

const stayed = ['visits', 'bounces', 'unengaged', 'duration_s', 'engaged_ms', 'pageviews', 'events', 'conversions']

/** Visits summed by visitor, so that one that has changed is what it is now, and visitors are counted exactly, faster than visits are collapsed. */
const visitsByVisitor = ({ sums, from, values, where }: Source): Source => {
  const labels = values.map((value, index) => `${value} AS v${index}`)
  const columns = [
    ...stayed.map((column) => `sum(stays.${column}) AS ${column}`),
    'sumIf(stays.visits, is_returning) AS returning_visits',
  ]
  const group = ['visitor', ...values.map((_, index) => `v${index}`)]
  return {
    sums,
    from: `(SELECT ${[...labels, ...columns].join(', ')} FROM ${from} WHERE ${where.join(' AND ')} GROUP BY ${group.join(', ')}) AS stays`,
    values: values.map((_, index) => `v${index}`),
    where: [],
  }
}

/** How far down pages were seen: the furthest of each page in each visit. */
const scrollSource = (values: readonly string[], layer: Layer, from: string, where: readonly string[]): Source => {
  const named = values.map((value, index) => `${value} AS v${index}, `).join('')
  const group = [
    ...values.map((_, index) => `v${index}`),
    ...(layer.name === 'gold' ? ['session'] : ['visitor_id', 'session_id']),
    'path',
  ]
  const stands = layer.name === 'gold' ? 'HAVING sum(activity.events) > 0' : ''
  return {
    sums: { scrolled: 'sum(toInt64(depth))', scrolls: 'count()' },
    from: `(SELECT ${named}max(scroll_depth) AS depth FROM ${from} ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}
      GROUP BY ${group.join(', ')} ${stands})`,
    values: values.map((_, index) => `v${index}`),
    where: [],
  }
}

/** Where answers may come from, the cheapest first. */
export const places = ['rolled-up', 'gold', 'silver'] as const
export type Place = (typeof places)[number]

export const sourcesOf = (grouping: Grouping, place: Place, bound: Bound): Source[] => {
  if (place === 'rolled-up') return rolledUpSources(grouping, bound)
  return wideSources(grouping, place === 'gold' ? gold : silver, bound)
}
