import { describe, expect, it } from 'vitest'
import { bucketLabels } from './buckets.ts'
import { instantOf, localText } from './calendar.ts'
import { comparedRange, fittingStep, resolveRange } from './range.ts'

const now = Date.UTC(2026, 10, 23, 22, 30, 15)
const calendar = (timeZone: string, firstDate?: string, weekStart = 1) => ({
  timeZone,
  nowMs: now,
  weekStart,
  firstDate,
})
const text = ({ from, to }: { from: string; to: string }) => [from, to]

describe('a named range', () => {
  it.each([
    ['day', '2026-11-24 00:00:00', '2026-11-25 00:00:00'],
    ['yesterday', '2026-11-23 00:00:00', '2026-11-24 00:00:00'],
    ['24h', '2026-11-23 05:00:00', '2026-11-24 05:00:00'],
    ['7d', '2026-11-18 00:00:00', '2026-11-25 00:00:00'],
    ['28d', '2026-10-28 00:00:00', '2026-11-25 00:00:00'],
    ['week', '2026-11-23 00:00:00', '2026-11-25 00:00:00'],
    ['month', '2026-11-01 00:00:00', '2026-11-25 00:00:00'],
    ['last_month', '2026-10-01 00:00:00', '2026-11-01 00:00:00'],
    ['12mo', '2025-12-01 00:00:00', '2026-11-25 00:00:00'],
    ['year', '2026-01-01 00:00:00', '2026-11-25 00:00:00'],
    ['all', '2025-07-22 00:00:00', '2026-11-25 00:00:00'],
  ] as const)('%s ends with the day or hour it is in the zone', (name, from, to) => {
    expect(text(resolveRange(name, calendar('Asia/Kolkata', '2025-07-22')))).toEqual([from, to])
  })

  it('of a week begins on the day that the site’s weeks do', () => {
    expect(resolveRange('week', calendar('UTC', undefined, 7)).from).toBe('2026-11-22 00:00:00')
  })

  it('of real time is the last thirty minutes', () => {
    const range = resolveRange('realtime', calendar('UTC'))
    expect(text(range)).toEqual(['2026-11-23 22:01:00', '2026-11-23 22:31:00'])
    expect(bucketLabels('time:minute', range, { timeZone: 'UTC', weekStart: 1, untilMs: now })).toHaveLength(30)
  })
})

describe('a range of two dates', () => {
  const wrong = (from: string, to: string) => () => resolveRange([from, to], calendar('UTC'))

  it('is refused when a date is none, or it ends before it begins', () => {
    expect(wrong('2026-02-30', '2026-03-01')).toThrow('date_range/0')
    expect(wrong('2026-03-02', '2026-03-01')).toThrow('ends before it begins')
    expect(wrong('2026-03-02T10:00:00Z', '2026-03-02T11:00:00+02:00')).toThrow('ends before it begins')
  })

  it('is as long as clocks make it', () => {
    const hours = (date: string, timeZone: string) => {
      const { fromMs, toMs } = resolveRange([date, date], calendar(timeZone))
      return (toMs - fromMs) / 3_600_000
    }
    expect(hours('2026-03-29', 'Europe/Berlin')).toBe(23)
    expect(hours('2026-10-25', 'Europe/Berlin')).toBe(25)
    expect(hours('2026-04-05', 'Australia/Lord_Howe')).toBe(24.5)
    // Midnight itself is stepped over.
    expect(hours('2018-11-04', 'America/Sao_Paulo')).toBe(23)
    expect(localText(instantOf('2018-11-04 00:00:00', 'America/Sao_Paulo'), 'America/Sao_Paulo')).toBe(
      '2018-11-04 01:00:00',
    )
  })
})

describe('what a range is compared with', () => {
  const compared = (range: [string, string], comparing: Parameters<typeof comparedRange>[1]) =>
    text(comparedRange(resolveRange(range, calendar('UTC')), comparing, calendar('UTC')))

  it('is as many days before it', () => {
    expect(compared(['2026-03-10', '2026-03-19'], { mode: 'previous_period' })).toEqual([
      '2026-02-28 00:00:00',
      '2026-03-10 00:00:00',
    ])
  })

  it('is the same days a year before', () => {
    expect(compared(['2024-02-29', '2024-02-29'], { mode: 'year_over_year' })[0]).toBe('2023-02-28 00:00:00')
  })

  it('begins on the same day of the week, where that is asked', () => {
    expect(compared(['2026-03-10', '2026-03-11'], { mode: 'year_over_year', match_day_of_week: true })).toEqual([
      '2025-03-11 00:00:00',
      '2025-03-13 00:00:00',
    ])
    expect(compared(['2026-03-10', '2026-03-12'], { mode: 'previous_period', match_day_of_week: true })).toEqual([
      '2026-03-03 00:00:00',
      '2026-03-06 00:00:00',
    ])
  })

  it('is as much of it as has passed of the range', () => {
    expect(compared(['2026-11-23', '2026-11-23'], { mode: 'previous_period' })).toEqual([
      '2026-11-22 00:00:00',
      '2026-11-22 22:45:00',
    ])
  })
})

describe('the buckets of a range', () => {
  const labels = (
    dimension: 'time:hour' | 'time:day' | 'time:week' | 'time:month',
    from: string,
    to: string,
    zone = 'UTC',
  ) => bucketLabels(dimension, resolveRange([from, to], calendar(zone)), { timeZone: zone, weekStart: 1, untilMs: now })

  it('are all of them, whether something happened or not', () => {
    expect(labels('time:day', '2026-02-27', '2026-03-01')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01'])
    expect(labels('time:week', '2026-02-27', '2026-03-02')).toEqual(['2026-02-23', '2026-03-02'])
    expect(labels('time:month', '2025-12-15', '2026-02-01')).toEqual(['2025-12-01', '2026-01-01', '2026-02-01'])
    expect(labels('time:hour', '2026-03-01', '2026-03-01')).toHaveLength(24)
  })

  it('are those that clocks show', () => {
    expect(labels('time:hour', '2026-03-29', '2026-03-29', 'Europe/Berlin')).not.toContain('2026-03-29 02:00:00')
    expect(labels('time:hour', '2026-10-25', '2026-10-25', 'Europe/Berlin')).toHaveLength(24)
  })

  it('end with now, since the rest of the day has not happened', () => {
    expect(labels('time:hour', '2026-11-23', '2026-11-23').at(-1)).toBe('2026-11-23 22:00:00')
  })

  it('are refused when they would be too many', () => {
    const range = resolveRange(['2025-01-01', '2026-01-01'], calendar('UTC'))
    expect(() => bucketLabels('time:minute', range, { timeZone: 'UTC', weekStart: 1, untilMs: now })).toThrow(
      'more than',
    )
  })
})

it.each([
  ['realtime', 'time:minute'],
  ['day', 'time:hour'],
  ['6mo', 'time:day'],
  ['12mo', 'time:month'],
  [['2026-11-01', '2026-11-02'], 'time:hour'],
  ['all', 'time:month'],
] as const)('the step that fits %s is %s', (range, step) => {
  const dates = typeof range === 'string' ? range : ([...range] as [string, string])
  expect(fittingStep(resolveRange(dates, calendar('UTC', '2024-07-22')))).toBe(step)
})
