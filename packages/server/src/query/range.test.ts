import { describe, expect, it } from 'vitest'
import { bucketLabels, fittingStep, localText, resolveRange } from './range.ts'

const now = Date.UTC(2026, 10, 23, 22, 30, 15)

describe('a named range', () => {
  it.each([
    ['day', '2026-11-24 00:00:00', '2026-11-25 00:00:00'],
    ['7d', '2026-11-18 00:00:00', '2026-11-25 00:00:00'],
    ['month', '2026-11-01 00:00:00', '2026-11-25 00:00:00'],
    ['12mo', '2025-12-01 00:00:00', '2026-11-25 00:00:00'],
    ['all', '2025-07-22 00:00:00', '2026-11-25 00:00:00'],
  ] as const)('%s ends with the day it is in the zone', (name, from, to) => {
    expect(resolveRange(name, 'Asia/Kolkata', now, '2025-07-22')).toEqual({ from, to })
  })

  it('of real time is the last thirty minutes', () => {
    const range = resolveRange('realtime', 'UTC', now, undefined)
    expect(range).toEqual({ from: '2026-11-23 22:01:00', to: '2026-11-23 22:31:00' })
    expect(bucketLabels('time:minute', range, localText(now, 'UTC'))).toHaveLength(30)
  })
})

describe('a range of two dates', () => {
  it('is refused when a date is none, or it ends before it begins', () => {
    expect(() => resolveRange(['2026-02-30', '2026-03-01'], 'UTC', now, undefined)).toThrow('date_range/0')
    expect(() => resolveRange(['2026-03-02', '2026-03-01'], 'UTC', now, undefined)).toThrow('ends before it begins')
  })
})

describe('the buckets of a range', () => {
  const labels = (dimension: 'time:hour' | 'time:day' | 'time:month', from: string, to: string) =>
    bucketLabels(dimension, resolveRange([from, to], 'UTC', now, undefined), localText(now, 'UTC'))

  it('are all of them, whether something happened or not', () => {
    expect(labels('time:day', '2026-02-27', '2026-03-01')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01'])
    expect(labels('time:month', '2025-12-15', '2026-02-01')).toEqual(['2025-12-01', '2026-01-01', '2026-02-01'])
    expect(labels('time:hour', '2026-03-01', '2026-03-01')).toHaveLength(24)
  })

  it('end with now, since the rest of the day has not happened', () => {
    expect(labels('time:hour', '2026-11-23', '2026-11-23').at(-1)).toBe('2026-11-23 22:00:00')
  })

  it('are refused when they would be too many', () => {
    const range = resolveRange(['2025-01-01', '2026-01-01'], 'UTC', now, undefined)
    expect(() => bucketLabels('time:minute', range, localText(now, 'UTC'))).toThrow('more than')
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
  expect(fittingStep(resolveRange(dates, 'UTC', now, '2024-07-22'))).toBe(step)
})
