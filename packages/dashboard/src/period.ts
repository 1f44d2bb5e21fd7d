import type { Comparing, NamedRange } from '@clickwatch/contract'
import type { View } from './view.ts'

// Dates are 'YYYY-MM-DD', local to the site's time zone.

const dayMs = 86_400_000
const msOf = (day: string): number => Date.parse(`${day}T00:00:00Z`)
const textOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

export const addDays = (day: string, days: number): string => textOf(msOf(day) + days * dayMs)
/** 1 is Monday, 7 is Sunday. */
export const weekdayOf = (day: string): number => new Date(msOf(day)).getUTCDay() || 7
/** The first of the month that is so many months from a day's. */
export const monthOf = (day: string, months = 0): string => {
  const date = new Date(msOf(day))
  return textOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1))
}
const daysBetween = (from: string, until: string): number => Math.round((msOf(until) - msOf(from)) / dayMs)

/** The local text 'YYYY-MM-DD hh:mm:ss' of a moment in a time zone. */
export const localText = (ms: number, timezone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'medium' }).format(ms)

/** The first and last day of a range that ends today; undefined for ranges that are no whole days, or have no fixed beginning. */
export const datesOf = (range: View['range'], today: string, weekStart: number): [string, string] | undefined => {
  if (Array.isArray(range)) return range
  const since = (from: string): [string, string] => [from, today]
  const ranges: Record<NamedRange, [string, string] | undefined> = {
    realtime: undefined,
    '24h': undefined,
    all: undefined,
    day: since(today),
    yesterday: [addDays(today, -1), addDays(today, -1)],
    '7d': since(addDays(today, -6)),
    '28d': since(addDays(today, -27)),
    '30d': since(addDays(today, -29)),
    '90d': since(addDays(today, -89)),
    week: since(addDays(today, -((weekdayOf(today) + 7 - weekStart) % 7))),
    month: since(monthOf(today)),
    last_month: [monthOf(today, -1), addDays(monthOf(today), -1)],
    '6mo': since(monthOf(today, -5)),
    '12mo': since(monthOf(today, -11)),
    year: since(`${today.slice(0, 4)}-01-01`),
  }
  return ranges[range]
}

const isWholeMonths = (from: string, until: string): boolean =>
  from.endsWith('-01') && addDays(until, 1).endsWith('-01')
const monthsBetween = (from: string, until: string): number =>
  12 * (Number(until.slice(0, 4)) - Number(from.slice(0, 4))) + Number(until.slice(5, 7)) - Number(from.slice(5, 7)) + 1

/** How long a named range is once it is over, in months: this month is a whole one when one looks back at it. */
const monthsOf: Partial<Record<NamedRange, number>> = { month: 1, last_month: 1, '6mo': 6, '12mo': 12, year: 12 }

/**
 * The range before or after one, of the same length; undefined where there is none: nothing comes after today.
 * @param direction -1 is back
 */
export const shiftRange = (
  range: View['range'],
  direction: -1 | 1,
  today: string,
  weekStart: number,
): View['range'] | undefined => {
  const dates = datesOf(range, today, weekStart)
  if (!dates) return undefined
  const [from, until] = dates
  const named = Array.isArray(range) ? undefined : monthsOf[range]
  const months = named ?? (Array.isArray(range) && isWholeMonths(from, until) ? monthsBetween(from, until) : undefined)
  const length = range === 'week' ? 7 : daysBetween(from, until) + 1
  const first = months === undefined ? addDays(from, direction * length) : monthOf(from, direction * months)
  const last = months === undefined ? addDays(first, length - 1) : addDays(monthOf(first, months), -1)
  if (first > today) return undefined
  return namedRange([first, last < today ? last : today], today, weekStart)
}

/** Two dates by the name that they have today, where they have one. */
export const namedRange = (dates: [string, string], today: string, weekStart: number): View['range'] => {
  const names: NamedRange[] = ['day', 'yesterday', '7d', '28d', '30d', 'month', 'last_month', '90d', 'week', 'year']
  const same = names.find((name) => {
    const [from, until] = datesOf(name, today, weekStart) ?? []
    return from === dates[0] && until === dates[1]
  })
  return same ?? dates
}

/** What a view's numbers are compared with; all time has nothing before it. */
export const comparingOf = ({ range, compare }: Pick<View, 'range' | 'compare'>): Comparing | undefined =>
  compare === null || (range === 'all' && compare.mode !== 'custom') ? undefined : compare

/** The days of the weeks that a month touches, from the first weekday of the first to the last of the last. */
export const monthGrid = (month: string, weekStart: number): string[] => {
  const first = monthOf(month)
  const start = addDays(first, -((weekdayOf(first) + 7 - weekStart) % 7))
  const weeks = Math.ceil((daysBetween(start, monthOf(month, 1)) || 1) / 7)
  return Array.from({ length: weeks * 7 }, (_, index) => addDays(start, index))
}
