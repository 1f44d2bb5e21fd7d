import { isDay } from '../time-zone.ts'

/** Local time as text, 'YYYY-MM-DD hh:mm:ss', and the moments that it stands for. Every function is of values alone. */

export const minuteMs = 60_000
export const quarterMs = 15 * minuteMs
const dayMs = 86_400_000

const formats = new Map<string, Intl.DateTimeFormat>()
const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  const known = formats.get(timeZone)
  if (known) return known
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  formats.set(timeZone, format)
  return format
}

/** A moment as local text: 'YYYY-MM-DD hh:mm:ss'. */
export const localText = (timeMs: number, timeZone: string): string => formatOf(timeZone).format(timeMs)

const asUtc = (local: string): number => Date.parse(`${local.replace(' ', 'T')}Z`)

const offsetAt = (timeMs: number, timeZone: string): number => asUtc(localText(timeMs, timeZone)) - timeMs

/** Whether clocks of the zone are whole hours from UTC throughout: no zone is at a half or a quarter for less than four weeks. */
export const isOfWholeHours = (timeZone: string, { fromMs, toMs }: { fromMs: number; toMs: number }): boolean => {
  for (let timeMs = Math.floor(fromMs / quarterMs) * quarterMs; timeMs < toMs; timeMs += 28 * dayMs) {
    if (offsetAt(timeMs, timeZone) % (4 * quarterMs) !== 0) return false
  }
  return offsetAt(Math.floor(toMs / quarterMs) * quarterMs, timeZone) % (4 * quarterMs) === 0
}

/**
 * The first moment at which a clock of the zone shows this. What it never shows, since clocks were put forward, is the moment at which
 * they would have shown it.
 */
export const instantOf = (local: string, timeZone: string): number => {
  const wanted = asUtc(local)
  const before = wanted - offsetAt(wanted - dayMs, timeZone)
  const after = wanted - offsetAt(wanted + dayMs, timeZone)
  const shown = [before, after].filter((timeMs) => asUtc(localText(timeMs, timeZone)) === wanted)
  return shown.length > 0 ? Math.min(...shown) : before
}

export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)

/** The first day of the month that is so many months on. */
export const addMonths = (date: string, months: number): string => {
  const [year = 0, month = 0] = date.split('-').map(Number)
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10)
}

/** The same day of another year; the 28th of February for the 29th where there is none. */
export const addYears = (date: string, years: number): string => {
  const other = `${String(Number(date.slice(0, 4)) + years).padStart(4, '0')}${date.slice(4)}`
  return isDay(other) ? other : `${other.slice(0, 8)}28`
}

/** 1 is Monday, 7 is Sunday. */
export const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay() || 7
