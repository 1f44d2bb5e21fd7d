import fc from 'fast-check'
import { expect, it } from 'vitest'
import { addDays, datesOf, monthGrid, namedRange, shiftRange, weekdayOf } from './period.ts'
import { ranges } from './view.ts'

const today = '2026-11-24'

it('a range is stepped by its own length, and by whole months where it is of months', () => {
  expect(shiftRange('day', -1, today, 1)).toBe('yesterday')
  expect(shiftRange('7d', -1, today, 1)).toEqual(['2026-11-11', '2026-11-17'])
  expect(shiftRange('month', -1, today, 1)).toBe('last_month')
  expect(shiftRange('last_month', -1, today, 1)).toEqual(['2026-09-01', '2026-09-30'])
  expect(shiftRange(['2026-01-01', '2026-01-31'], 1, today, 1)).toEqual(['2026-02-01', '2026-02-28'])
  expect(shiftRange('year', -1, today, 1)).toEqual(['2025-01-01', '2025-12-31'])
  expect(shiftRange('week', -1, today, 7)).toEqual(['2026-11-15', '2026-11-21'])
})

it('nothing comes after today, and what is not of days is not stepped', () => {
  expect(shiftRange('day', 1, today, 1)).toBeUndefined()
  expect(shiftRange('all', -1, today, 1)).toBeUndefined()
  expect(shiftRange('realtime', -1, today, 1)).toBeUndefined()
  expect(shiftRange('yesterday', 1, today, 1)).toBe('day')
})

it('two dates are named where today gives them a name', () => {
  for (const range of ranges) {
    const dates = datesOf(range, today, 1)
    if (dates) expect(datesOf(namedRange(dates, today, 1), today, 1)).toEqual(dates)
  }
  expect(namedRange(['2024-01-05', '2024-01-07'], today, 1)).toEqual(['2024-01-05', '2024-01-07'])
})

it('a month’s grid is whole weeks that hold all of it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 0, max: 4000 }), (weekStart, offset) => {
      const day = addDays('2020-01-01', offset)
      const grid = monthGrid(day, weekStart)
      expect(grid.length % 7).toBe(0)
      expect(weekdayOf(grid[0] ?? '')).toBe(weekStart)
      const month = day.slice(0, 7)
      const inside = grid.filter((each) => each.startsWith(month))
      expect(inside[0]).toBe(`${month}-01`)
      expect(addDays(inside.at(-1) ?? '', 1).startsWith(month)).toBe(false)
    }),
  )
})
