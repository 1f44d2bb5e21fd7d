import { expect, it } from 'vitest'
import { calendarOf } from './calendar.ts'

it('ends on the last day, begins on a Monday, and counts the days between', () => {
  const days = calendarOf([{ date: '2026-11-24', visits: 3 }], '2026-11-24', 2)
  expect(days[0]).toEqual({ date: '2026-11-16', visits: 0, week: 0, weekday: 0 })
  expect(days.at(-1)).toEqual({ date: '2026-11-24', visits: 3, week: 1, weekday: 1 })
  expect(days).toHaveLength(9)
})

it('holds over a change of the clocks', () => {
  const dates = calendarOf([], '2026-11-02', 3).map(({ date }) => date)
  expect(new Set(dates).size).toBe(dates.length)
})
