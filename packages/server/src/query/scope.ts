import { defaultSite, type Goal, type Scope, type Segment } from '@clickwatch/contract'
import { invalidField } from '../errors.ts'
import type { Parameters } from '../store/store.ts'
import { isTimeZone } from '../time-zone.ts'
import { Bound } from './bound.ts'
import { conditionsOf, type PlainFilter, plainFilters } from './filters.ts'
import type { History } from './history.ts'
import { silver, within } from './layers.ts'
import { type Calendar, type Range, resolveRange } from './range.ts'

/** What a question needs to know of its site, and of now. */
export type Context = {
  /** The site's, where the question names no time zone. */
  timeZone: string
  nowMs: number
  /** 1 is Monday, 7 is Sunday. */
  weekStart: number
  /** The only one that revenue is counted in; '' where the site has not said. */
  currency: string
  /** The day of the first event in the question's time zone; undefined is that there is none. Only `all` needs it. */
  firstDate: string | undefined
  goals: readonly Goal[]
  segments: readonly Segment[]
  /** What there was before the store's own history; undefined where nothing keeps it. */
  history?: History | undefined
}

/** A question's scope, understood. */
export type ResolvedScope = { site: string; timeZone: string; range: Range; filters: PlainFilter[]; calendar: Calendar }

/**
 * @throws {ClickWatchError} 400 naming the field
 */
export const resolveScope = (scope: Scope, context: Context): ResolvedScope => {
  const timeZone = scope.timezone ?? context.timeZone
  if (!isTimeZone(timeZone)) throw invalidField('timezone', "is expected to be a name such as 'Europe/Berlin'")
  const { nowMs, weekStart, firstDate } = context
  const calendar = { timeZone, nowMs, weekStart, firstDate }
  return {
    site: scope.site_id ?? defaultSite,
    timeZone,
    range: resolveRange(scope.date_range, calendar),
    filters: plainFilters(scope.filters ?? [], context.segments, context.goals),
    calendar,
  }
}

/** The parameters that every statement over a scope has: `site`, `from_ms`, `to_ms` and `tz`. */
export const scopeParameters = (site: string, timeZone: string, { fromMs, toMs }: Range): Parameters => ({
  site,
  tz: timeZone,
  from_ms: fromMs,
  to_ms: toMs,
})

/** A scope as SQL: conditions over unaliased columns of `silver.events FINAL` and of `silver.sessions FINAL`. */
export type ScopeSql = {
  range: Range
  timeZone: string
  /** All of them hold of an event in scope: site, range and filters. */
  events: string[]
  /** All of them hold of a visit in scope: it began in the range. */
  sessions: string[]
  /** Where to bind what else the statement needs; its `parameters` go with the statement. */
  bound: Bound
}

/**
 * What a question is narrowed to, as conditions for statements of one's own. They go with `bound.parameters`; conditions of goals and
 * dimensions (goals.ts, dimensions.ts) may be bound beside them.
 * @throws {ClickWatchError} 400 naming the field
 */
export const scopeOf = (scope: Scope, context: Context): ScopeSql => {
  const { site, timeZone, range, filters } = resolveScope(scope, context)
  const bound = new Bound()
  Object.assign(bound.parameters, scopeParameters(site, timeZone, range))
  const conditions = conditionsOf(filters, context.goals, silver, bound)
  return {
    range,
    timeZone,
    events: [...within(silver.events.time), ...conditions.events],
    sessions: [...within(silver.sessions.time), ...conditions.sessions],
    bound,
  }
}

/** Filters of one step or group, as a condition over unaliased columns of `silver.events FINAL` within the same statement. */
export const eventCondition = (
  filters: Scope['filters'],
  context: Pick<Context, 'goals' | 'segments'>,
  bound: Bound,
  field: string,
): string => {
  const plain = plainFilters(filters ?? [], context.segments, context.goals, field)
  return conditionsOf(plain, context.goals, silver, bound).events.join(' AND ') || 'true'
}
