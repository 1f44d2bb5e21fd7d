import type { Comparison, Dimension, Filter, FilterOperator, Goal, Segment } from '@clickwatch/contract'
import { invalidField } from '../errors.ts'
import type { Bound } from './bound.ts'
import { columnsOf, isInGold, isOnlyOfEvents } from './dimensions.ts'
import { goalCondition, isGoalInGold } from './goals.ts'
import { type Layer, within, withinVisits } from './layers.ts'

const maxDepth = 8
const maxParts = 200

/** Filters without segments: what they stand for is in their place. */
export type PlainFilter =
  | Comparison
  | ['and' | 'or', PlainFilter[]]
  | ['not', PlainFilter]
  | ['has_done' | 'has_not_done', PlainFilter]

const isSegment = (filter: Filter): filter is ['is', 'segment', (string | number)[]] => filter[1] === 'segment'
export const isGroup = <F>(filter: F | ['and' | 'or', F[]]): filter is ['and' | 'or', F[]] =>
  Array.isArray(filter) && (filter[0] === 'and' || filter[0] === 'or')
const isAround = <F>(
  filter: F | ['not' | 'has_done' | 'has_not_done', F],
): filter is ['not' | 'has_done' | 'has_not_done', F] =>
  Array.isArray(filter) && ['not', 'has_done', 'has_not_done'].includes(String(filter[0]))

/**
 * Filters with every segment in its place.
 * @throws {ClickWatchError} 400 naming the filter that is too deep, or whose segment or goal the site does not have
 */
export const plainFilters = (
  filters: readonly Filter[],
  segments: readonly Segment[],
  goals: readonly Goal[],
  field = 'filters',
): PlainFilter[] => {
  let parts = 0
  const plain = (filter: Filter, at: string, depth: number): PlainFilter => {
    if (depth > maxDepth) throw invalidField(at, `is more than ${maxDepth} filters deep`)
    if (++parts > maxParts) throw invalidField(at, `is one too many: at most ${maxParts} filters are asked at once`)
    if (isSegment(filter)) {
      const wanted = filter[2].map((value, index) => {
        const segment = segments.find(({ id }) => id === String(value))
        if (!segment) throw invalidField(`${at}/2/${index}`, 'is no segment of this site')
        return segment
      })
      return [
        'or',
        wanted.map(({ filters: inside }) => ['and', inside.map((each) => plain(each, at, depth + 2))] as PlainFilter),
      ]
    }
    if (isGroup<Filter>(filter)) {
      return [filter[0], filter[1].map((each, index) => plain(each, `${at}/1/${index}`, depth + 1))]
    }
    if (isAround<Filter>(filter)) return [filter[0], plain(filter[1], `${at}/1`, depth + 1)] as PlainFilter
    const comparison = filter as Comparison
    if (comparison[1] === 'event:goal' && comparison[0].startsWith('is')) {
      const unknown = comparison[2].findIndex((value) => !goals.some((goal) => isNamed(goal, String(value))))
      if (unknown >= 0) throw invalidField(`${at}/2/${unknown}`, 'is no goal of this site, by name or id')
    }
    if (comparison[1] === 'event:goal' && comparison[0].startsWith('matches')) {
      const unreadable = comparison[2].findIndex((value) => !isPattern(String(value)))
      if (unreadable >= 0) throw invalidField(`${at}/2/${unreadable}`, 'is no regular expression')
    }
    return comparison
  }
  return filters.map((filter, index) => plain(filter, `${field}/${index}`, 1))
}

/** Names of goals are held against patterns here, by the rules of this language and not of the store's. */
const isPattern = (text: string): boolean => {
  try {
    return new RegExp(text, 'u') instanceof RegExp
  } catch {
    return false
  }
}

const isNamed = ({ id, name }: Goal, value: string): boolean => id === value || name === value

const negated = (operator: FilterOperator): boolean => operator.endsWith('_not')

/** Whether one of the values holds of the text, by a comparison's own rules. */
const textHolds = ([operator, , values, modifiers]: Comparison, column: string, bound: Bound): string => {
  const ignoresCase = modifiers?.case_sensitive === false
  const texts = values.map(String)
  const holds = (): string => {
    switch (operator) {
      case 'is':
      case 'is_not':
        return ignoresCase
          ? `has(arrayMap(each -> lowerUTF8(each), ${bound.add(texts, 'Array(String)')}), lowerUTF8(${column}))`
          : `${column} IN ${bound.add(texts, 'Array(String)')}`
      case 'contains':
      case 'contains_not':
        return `arrayExists(part -> ${ignoresCase ? 'positionCaseInsensitiveUTF8' : 'position'}(toString(${column}), part) > 0, ${bound.add(texts, 'Array(String)')})`
      case 'matches':
      case 'matches_not':
        return `(${texts.map((text) => `match(toString(${column}), ${bound.add(ignoresCase ? `(?i)${text}` : text, 'String')})`).join(' OR ')})`
    }
  }
  return negated(operator) ? `NOT ${holds()}` : holds()
}

/** The goals that a comparison with event:goal means. Goals are few and their names at hand, so this is not asked of the store. */
export const goalsMeant = ([operator, , values, modifiers]: Comparison, goals: readonly Goal[]): Goal[] => {
  const fold = (text: string): string => (modifiers?.case_sensitive === false ? text.toLowerCase() : text)
  const wanted = values.map((value) => fold(String(value)))
  return goals.filter(({ id, name }) => {
    if (operator.startsWith('is')) return wanted.includes(fold(name)) || wanted.includes(fold(id))
    if (operator.startsWith('contains')) return wanted.some((part) => fold(name).includes(part))
    return wanted.some((pattern) => new RegExp(pattern, 'u').test(fold(name)))
  })
}

const goalHolds = (comparison: Comparison, goals: readonly Goal[], layer: Layer, bound: Bound): string => {
  const conditions = goalsMeant(comparison, goals).map(({ rule }) => goalCondition(rule, bound, layer))
  const any = conditions.length === 0 ? 'false' : `(${conditions.join(' OR ')})`
  return negated(comparison[0]) ? `NOT ${any}` : any
}

/** Filters as conditions over one layer's tables. */
export type Conditions = { events: string[]; sessions: string[] }

/** Whether a filter can only be told of events; what a visitor has done is told of anybody. */
export const speaksOfEvents = (filter: PlainFilter): boolean => {
  if (isGroup<PlainFilter>(filter)) return filter[1].some(speaksOfEvents)
  if (filter[0] === 'not') return speaksOfEvents(filter[1])
  if (filter[0] === 'has_done' || filter[0] === 'has_not_done') return false
  return isOnlyOfEvents((filter as Comparison)[1] as Dimension)
}

/** Whether gold holds all that a filter speaks of. */
export const isFilterInGold = (filter: PlainFilter, goals: readonly Goal[]): boolean => {
  if (isGroup<PlainFilter>(filter)) return filter[1].every((each) => isFilterInGold(each, goals))
  if (isAround<PlainFilter>(filter)) return isFilterInGold(filter[1], goals)
  const comparison = filter as Comparison
  if (comparison[1] !== 'event:goal') return isInGold(comparison[1])
  return goalsMeant(comparison, goals).every(({ rule }) => isGoalInGold(rule))
}

/**
 * An event passes when the filters hold of it and of the visit it belongs to. A visit passes when they hold of it or, where they speak of
 * events, of it and one of its events in the range.
 */
export const conditionsOf = (
  filters: readonly PlainFilter[],
  goals: readonly Goal[],
  layer: Layer,
  bound: Bound,
): Conditions => {
  const { events, sessions, visit, visitor } = layer
  const stands = layer.stands === undefined ? [] : [layer.stands]
  const visitsWhere = (condition: string): string =>
    `${visit} IN (SELECT ${visit} FROM ${sessions.from.replace(/( FINAL)?$/, ' FINAL')} WHERE ${[...withinVisits(sessions.time), condition].join(' AND ')})`

  const sqlOf = (filter: PlainFilter, side: 'events' | 'sessions'): string => {
    if (isGroup<PlainFilter>(filter)) {
      return `(${filter[1].map((each) => sqlOf(each, side)).join(filter[0] === 'and' ? ' AND ' : ' OR ')})`
    }
    if (filter[0] === 'not') return `NOT (${sqlOf(filter[1], side)})`
    if (filter[0] === 'has_done' || filter[0] === 'has_not_done') {
      const where = [...within(events.time), ...stands, sqlOf(filter[1], 'events')].join(' AND ')
      return `${visitor} ${filter[0] === 'has_done' ? 'IN' : 'NOT IN'} (SELECT ${visitor} FROM ${events.from} WHERE ${where})`
    }
    const comparison = filter as Comparison
    if (comparison[1] === 'event:goal') return goalHolds(comparison, goals, layer, bound)
    const columns = columnsOf(comparison[1], bound)
    const own = columns[side]
    if (own !== undefined) return textHolds(comparison, own, bound)
    return visitsWhere(textHolds(comparison, columns.sessions ?? "''", bound))
  }

  const ofEvents = filters.filter(speaksOfEvents)
  const ofVisits = filters.filter((filter) => !speaksOfEvents(filter))
  const sessionConditions = ofVisits.map((filter) => sqlOf(filter, 'sessions'))
  if (ofEvents.length > 0) {
    const where = [...within(events.time), ...stands, ...ofEvents.map((filter) => sqlOf(filter, 'events'))].join(
      ' AND ',
    )
    sessionConditions.push(`${visit} IN (SELECT ${visit} FROM ${events.from} WHERE ${where})`)
  }
  return { events: filters.map((filter) => sqlOf(filter, 'events')), sessions: sessionConditions }
}
