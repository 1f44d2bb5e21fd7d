import type { DateRange, TimeDimension } from '@clickwatch/contract'
import { invalidField } from '../errors.ts'
import { isDay } from '../time-zone.ts'
import { addDays, addMonths, addYears, instantOf, localText, minuteMs, quarterMs, weekdayOf } from './calendar.ts'

/**
 * A range of time, `from` inclusive and `to` exclusive: as local text, 'YYYY-MM-DD hh:mm:ss', and as the moments that these are, in
 * milliseconds since 1970.
 */
export type Range = { from: string; to: string; fromMs: number; toMs: number }

/** What 'now' and 'a week' mean to who asks. */
export type Calendar = {
  timeZone: string
  nowMs: number
  /** 1 is Monday, 7 is Sunday. */
  weekStart: number
  /** The local date of the site's first event; undefined before there is one. */
  firstDate: string | undefined
}

const hourMs = 60 * minuteMs

/** Whole days of a time zone, both dates included. */
const ofDays = (from: string, until: string, timeZone: string): Range => {
  const texts = { from: `${from} 00:00:00`, to: `${addDays(until, 1)} 00:00:00` }
  return { ...texts, fromMs: instantOf(texts.from, timeZone), toMs: instantOf(texts.to, timeZone) }
}

const ofMoments = (fromMs: number, toMs: number, timeZone: string): Range => ({
  from: localText(fromMs, timeZone),
  to: localText(toMs, timeZone),
  fromMs,
  toMs,
})

/**
 * Two dates, both included, or two moments.
 * @throws {ClickWatchError} 400 when they are none
 */
export const customRange = (given: readonly [string, string], timeZone: string, field = 'date_range'): Range => {
  const [from, until] = given
  const wrong = given.findIndex((text) => !isDay(text.slice(0, 10)) || Number.isNaN(Date.parse(text)))
  if (wrong >= 0) throw invalidField(`${field}/${wrong}`, 'is no date of the calendar')
  if (from.includes('T')) {
    const [fromMs, toMs] = [Date.parse(from), Date.parse(until)]
    if (fromMs >= toMs) throw invalidField(field, 'ends before it begins')
    return ofMoments(fromMs, toMs, timeZone)
  }
  if (from > until) throw invalidField(field, 'ends before it begins')
  return ofDays(from, until, timeZone)
}

/** The first day of the week that a date is in. */
export const weekOf = (date: string, weekStart: number): string =>
  addDays(date, -((weekdayOf(date) + 7 - weekStart) % 7))

/**
 * The range that a query asks for. Named ranges end with today; `all` begins on `firstDate`.
 * @param field how the request names it, for errors
 * @throws {ClickWatchError} 400 when the dates are none
 */
export const resolveRange = (
  dateRange: DateRange,
  { timeZone, nowMs, weekStart, firstDate }: Calendar,
  field = 'date_range',
): Range => {
  if (Array.isArray(dateRange)) return customRange(dateRange, timeZone, field)
  const local = localText(nowMs, timeZone)
  const today = local.slice(0, 10)
  const since = (from: string): Range => ofDays(from, today, timeZone)
  switch (dateRange) {
    case 'realtime': {
      const minute = nowMs - (nowMs % minuteMs)
      return ofMoments(minute - 29 * minuteMs, minute + minuteMs, timeZone)
    }
    case '24h': {
      const intoHour = Number(local.slice(14, 16)) * minuteMs + (nowMs % minuteMs)
      const hour = nowMs - intoHour
      return ofMoments(hour - 23 * hourMs, hour + hourMs, timeZone)
    }
    case 'day':
      return since(today)
    case 'yesterday':
      return ofDays(addDays(today, -1), addDays(today, -1), timeZone)
    case '7d':
      return since(addDays(today, -6))
    case '28d':
      return since(addDays(today, -27))
    case '30d':
      return since(addDays(today, -29))
    case '90d':
      return since(addDays(today, -89))
    case 'week':
      return since(weekOf(today, weekStart))
    case 'month':
      return since(addMonths(today, 0))
    case 'last_month':
      return ofDays(addMonths(today, -1), addDays(addMonths(today, 0), -1), timeZone)
    case '6mo':
      return since(addMonths(today, -5))
    case '12mo':
      return since(addMonths(today, -11))
    case 'year':
      return since(`${today.slice(0, 4)}-01-01`)
    case 'all':
      return since(firstDate ?? today)
  }
}

const isWholeDays = ({ from, to }: Range): boolean => from.endsWith(' 00:00:00') && to.endsWith(' 00:00:00')
const dayOf = (local: string): string => local.slice(0, 10)
const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${dayOf(to)}T00:00:00Z`) - Date.parse(`${dayOf(from)}T00:00:00Z`)) / 86_400_000)

const weekdayShift = (date: string, other: string, onlyBack: boolean): number => {
  const back = (weekdayOf(other) - weekdayOf(date) + 7) % 7
  return back > 3 && !onlyBack ? 7 - back : -back
}

/** The range that another one is compared with. Of a range that has not ended, as much of it as has passed of that. */
export const comparedRange = (
  range: Range,
  comparing: {
    mode: 'previous_period' | 'year_over_year' | 'custom'
    date_range?: DateRange
    match_day_of_week?: boolean
  },
  calendar: Calendar,
): Range => {
  const { timeZone, nowMs } = calendar
  if (comparing.mode === 'custom') {
    if (comparing.date_range === undefined) throw invalidField('include/comparisons/date_range', 'is missing')
    return resolveRange(comparing.date_range, calendar, 'include/comparisons/date_range')
  }
  const isPrevious = comparing.mode === 'previous_period'
  const whole = isPrevious ? previousPeriod(range, timeZone) : yearBefore(range, timeZone)
  const shift = comparing.match_day_of_week ? weekdayShift(dayOf(range.from), dayOf(whole.from), isPrevious) : 0
  const shifted = shift === 0 ? whole : shiftDays(whole, -Math.abs(shift) * (shift < 0 ? 1 : -1), timeZone)
  if (range.toMs <= nowMs) return shifted
  const passedMs = Math.ceil(Math.max(nowMs - range.fromMs, 1) / quarterMs) * quarterMs
  return ofMoments(shifted.fromMs, Math.min(shifted.fromMs + passedMs, shifted.toMs), timeZone)
}

const shiftDays = ({ from, to }: Range, days: number, timeZone: string): Range => {
  const shift = (local: string) => `${addDays(dayOf(local), days)}${local.slice(10)}`
  const texts = { from: shift(from), to: shift(to) }
  return { ...texts, fromMs: instantOf(texts.from, timeZone), toMs: instantOf(texts.to, timeZone) }
}

const previousPeriod = (range: Range, timeZone: string): Range =>
  isWholeDays(range)
    ? shiftDays(range, -daysBetween(range.from, range.to), timeZone)
    : ofMoments(range.fromMs - (range.toMs - range.fromMs), range.fromMs, timeZone)

const yearBefore = (range: Range, timeZone: string): Range => {
  const fromText = `${addYears(dayOf(range.from), -1)}${range.from.slice(10)}`
  const fromMs = instantOf(fromText, timeZone)
  if (!isWholeDays(range)) return ofMoments(fromMs, fromMs + range.toMs - range.fromMs, timeZone)
  return shiftDays(range, daysBetween(range.from, fromText), timeZone)
}

/** The step that shows a range in some dozens of points. */
export const fittingStep = ({ fromMs, toMs }: Pick<Range, 'fromMs' | 'toMs'>): TimeDimension => {
  const days = (toMs - fromMs) / (24 * hourMs)
  if (days <= 2 / 24) return 'time:minute'
  // A day may be 25 hours long.
  if (days <= 2.1) return 'time:hour'
  return days <= 190 ? 'time:day' : 'time:month'
}
