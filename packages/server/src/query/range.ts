import type { Query, TimeDimension } from '@clickwatch/contract'
import { invalidField } from '../errors.ts'

/** A range of local time, `from` inclusive and `to` exclusive, as 'YYYY-MM-DD hh:mm:ss'. */
export type Range = { from: string; to: string }

const minuteMs = 60_000
const dayMs = 86_400_000
const maxBuckets = 10_000

/** A moment as local text: 'YYYY-MM-DD hh:mm:ss'. */
export const localText = (timeMs: number, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(timeMs)

const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)

const addMonths = (date: string, months: number): string => {
  const [year = 0, month = 0] = date.split('-').map(Number)
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10)
}

const isDate = (text: string): boolean => {
  const time = Date.parse(`${text}T00:00:00Z`)
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text)
}

const days = (from: string, until: string): Range => ({ from: `${from} 00:00:00`, to: `${addDays(until, 1)} 00:00:00` })

const customRange = (dateRange: readonly [string, string]): Range => {
  const [from, until] = dateRange
  const wrong = dateRange.findIndex((date) => !isDate(date))
  if (wrong >= 0) throw invalidField(`date_range/${wrong}`, 'is no date of the calendar')
  if (from > until) throw invalidField('date_range', 'ends before it begins')
  return days(from, until)
}

/**
 * The range that a query asks for. Named ranges end with today; `all` begins on `firstDate`.
 * @throws {ClickWatchError} 400 when the dates are none
 */
export const resolveRange = (
  dateRange: Query['date_range'],
  timeZone: string,
  nowMs: number,
  firstDate: string | undefined,
): Range => {
  if (Array.isArray(dateRange)) return customRange(dateRange)
  const today = localText(nowMs, timeZone).slice(0, 10)
  switch (dateRange) {
    case 'realtime': {
      const minute = (timeMs: number) => `${localText(timeMs, timeZone).slice(0, 16)}:00`
      return { from: minute(nowMs - 29 * minuteMs), to: minute(nowMs + minuteMs) }
    }
    case 'day':
      return days(today, today)
    case '7d':
      return days(addDays(today, -6), today)
    case '30d':
      return days(addDays(today, -29), today)
    case '90d':
      return days(addDays(today, -89), today)
    case 'month':
      return days(addMonths(today, 0), today)
    case '6mo':
      return days(addMonths(today, -5), today)
    case '12mo':
      return days(addMonths(today, -11), today)
    case 'all':
      return days(firstDate ?? today, today)
    default:
      throw invalidField('date_range', 'is not known')
  }
}

/** The step that shows a range in some dozens of points. */
export const fittingStep = ({ from, to }: Range): TimeDimension => {
  const lengthMs = Date.parse(`${to.replace(' ', 'T')}Z`) - Date.parse(`${from.replace(' ', 'T')}Z`)
  if (lengthMs <= 120 * minuteMs) return 'time:minute'
  if (lengthMs <= 2 * dayMs) return 'time:hour'
  return lengthMs <= 190 * dayMs ? 'time:day' : 'time:month'
}

const steps: Record<TimeDimension, { next: (label: string) => string; start: (local: string) => string }> = {
  'time:minute': { start: (local) => `${local.slice(0, 16)}:00`, next: (label) => addTime(label, minuteMs) },
  'time:hour': { start: (local) => `${local.slice(0, 13)}:00:00`, next: (label) => addTime(label, 60 * minuteMs) },
  'time:day': { start: (local) => local.slice(0, 10), next: (label) => addDays(label, 1) },
  'time:month': { start: (local) => `${local.slice(0, 7)}-01`, next: (label) => addMonths(label, 1) },
}

const addTime = (local: string, milliseconds: number): string =>
  new Date(Date.parse(`${local.replace(' ', 'T')}Z`) + milliseconds).toISOString().slice(0, 19).replace('T', ' ')

const startOf = (label: string): string => (label.length === 'YYYY-MM-DD'.length ? `${label} 00:00:00` : label)

/**
 * The label of every bucket of a range, up to now.
 * @throws {ClickWatchError} 400 when they would be too many
 */
export const bucketLabels = (dimension: TimeDimension, range: Range, nowLocal: string): string[] => {
  const { start, next } = steps[dimension]
  const end = range.to < nowLocal ? range.to : nowLocal
  const labels: string[] = []
  for (let label = start(range.from); startOf(label) < end || labels.length === 0; label = next(label)) {
    if (labels.length === maxBuckets)
      throw invalidField('dimensions/0', `makes more than ${maxBuckets} buckets of this range`)
    labels.push(label)
  }
  return labels
}
