import { describe, expect, it } from 'vitest'
import {
  formatAgo,
  formatBucket,
  formatCount,
  formatCountry,
  formatDay,
  formatDuration,
  formatMetric,
} from './format.ts'

it('a count is whole while it is short', () => {
  expect([0, 999, 9999].map(formatCount)).toEqual(['0', '999', '9,999'])
  expect([10_000, 1_234_567].map(formatCount)).toEqual(['10K', '1.2M'])
})

it('a duration is said in its two largest units', () => {
  expect([0, 45.4, 60, 134, 3599.6, 3780].map(formatDuration)).toEqual([
    '0s',
    '45s',
    '1m 0s',
    '2m 14s',
    '1h 0m',
    '1h 3m',
  ])
})

describe('a metric', () => {
  it('has the unit it is read in', () => {
    expect(formatMetric('bounce_rate', 41.66)).toBe('41.7%')
    expect(formatMetric('visit_duration', 61)).toBe('1m 1s')
    expect(formatMetric('views_per_visit', 1.256)).toBe('1.26')
    expect(formatMetric('visitors', 12)).toBe('12')
  })

  it('that has no value is a dash, which zero is not', () => {
    expect(formatMetric('bounce_rate', null)).toBe('–')
    expect(formatMetric('bounce_rate', 0)).toBe('0%')
  })
})

it('a country is named, and what is no code stays as it is', () => {
  expect(formatCountry('DE')).toBe('Germany')
  expect(formatCountry('')).toBe('')
  expect(formatCountry('elsewhere')).toBe('elsewhere')
})

it('a bucket is shown as local as it came', () => {
  expect(formatBucket('2026-11-23', 'time:day')).toBe('Nov 23')
  expect(formatBucket('2026-11-01', 'time:month')).toBe('Nov 2026')
  expect(formatBucket('2026-11-23 14:00:00', 'time:hour')).toBe('02:00 PM')
  expect(formatDay('2024-03-04')).toBe('March 4, 2024')
})

it('what just happened is now', () => {
  expect([0, 2.9, 12.5, 185].map(formatAgo)).toEqual(['now', 'now', '12s ago', '3m ago'])
})
