import { type TimeDimension, timeDimensions } from '@clickwatch/contract'
import { invalidField } from '../errors.ts'
import { addMonths, localText, minuteMs, quarterMs, weekdayOf } from './calendar.ts'
import { type Range, weekOf } from './range.ts'

const maxBuckets = 10_000

export const isTimeDimension = (dimension: string): dimension is TimeDimension =>
  (timeDimensions as readonly string[]).includes(dimension)

/**
 * SQL for the bucket that a moment falls into, whose text is its label: a date for days and more, else 'YYYY-MM-DD hh:mm:ss'. An hour that clocks
 * show twice is one bucket.
 * @param time SQL of the moment
 */
export const bucketOf = (dimension: TimeDimension, time: string, weekStart: number): string => {
  const local = `toTimeZone(${time}, {tz:String})`
  switch (dimension) {
    case 'time:second':
      return `formatDateTime(${local}, '%Y-%m-%d %H:%i:%S')`
    case 'time:minute':
      return `formatDateTime(${local}, '%Y-%m-%d %H:%i:00')`
    case 'time:hour':
      return `formatDateTime(${local}, '%Y-%m-%d %H:00:00')`
    case 'time:day':
      return `toDate(${local})`
    case 'time:week':
      return `toDate(${local}) - toIntervalDay((toDayOfWeek(${local}) + ${7 - weekStart}) % 7)`
    case 'time:month':
      return `toStartOfMonth(${local})`
    case 'time:hour_of_day':
      return `formatDateTime(${local}, '%H')`
    case 'time:weekday':
      return `toDayOfWeek(${local})`
  }
}

const startOf = (dimension: TimeDimension, local: string, weekStart: number): string => {
  const date = local.slice(0, 10)
  switch (dimension) {
    case 'time:second':
      return local
    case 'time:minute':
      return `${local.slice(0, 16)}:00`
    case 'time:hour':
      return `${local.slice(0, 13)}:00:00`
    case 'time:day':
      return date
    case 'time:week':
      return weekOf(date, weekStart)
    case 'time:month':
      return addMonths(date, 0)
    case 'time:hour_of_day':
      return local.slice(11, 13)
    case 'time:weekday':
      return String(weekdayOf(date))
  }
}

/** So small a step that no bucket is stepped over: clocks are put on or back by half an hour somewhere. */
const stepMs: Record<TimeDimension, number> = {
  'time:second': 1000,
  'time:minute': minuteMs,
  'time:hour': quarterMs,
  'time:day': 4 * quarterMs,
  'time:week': 8 * quarterMs,
  'time:month': 8 * quarterMs,
  'time:hour_of_day': quarterMs,
  'time:weekday': 8 * quarterMs,
}

const repeating: Partial<Record<TimeDimension, string[]>> = {
  'time:hour_of_day': Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0')),
  'time:weekday': Array.from({ length: 7 }, (_, day) => String(day + 1)),
}

/**
 * The label of every bucket of a range that clocks of the zone show, up to `untilMs`.
 * @param field how the request names the dimension, for errors
 * @throws {ClickWatchError} 400 when they would be too many
 */
export const bucketLabels = (
  dimension: TimeDimension,
  { fromMs, toMs }: Pick<Range, 'fromMs' | 'toMs'>,
  { timeZone, weekStart, untilMs }: { timeZone: string; weekStart: number; untilMs: number },
  field = 'dimensions/0',
): string[] => {
  const all = repeating[dimension]
  if (all) return all
  const endMs = Math.max(Math.min(toMs, untilMs), fromMs + 1)
  const step = stepMs[dimension]
  const labels = new Set<string>()
  for (let timeMs = fromMs; timeMs < endMs; timeMs += step) {
    labels.add(startOf(dimension, localText(timeMs, timeZone), weekStart))
    if (labels.size > maxBuckets) throw invalidField(field, `makes more than ${maxBuckets} buckets of this range`)
  }
  labels.add(startOf(dimension, localText(endMs - 1, timeZone), weekStart))
  return [...labels]
}
