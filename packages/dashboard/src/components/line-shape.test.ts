import fc from 'fast-check'
import { expect, it } from 'vitest'
import { everyNth, linePath, niceTicks } from './line-shape.ts'

it('ticks are round, begin with 0 and reach the largest value', () => {
  expect(niceTicks(87, 4, true)).toEqual([0, 25, 50, 75, 100])
  expect(niceTicks(3, 4, true)).toEqual([0, 1, 2, 3])
  expect(niceTicks(0, 4, true)).toEqual([0, 1])
  expect(niceTicks(42.5, 4, false)).toEqual([0, 20, 40, 60])
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), fc.boolean(), (most, isWhole) => {
      const ticks = niceTicks(most, 4, isWhole)
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(most * 0.999999)
      expect(ticks.length).toBeLessThanOrEqual(6)
    }),
  )
})

it('a line stays within the values that it joins', () => {
  const heights = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 2, maxLength: 20 })
  fc.assert(
    fc.property(heights, (ys) => {
      const path = linePath(ys.map((y, index) => ({ x: index * 10, y })))
      for (const [index, curve] of path.split('C').slice(1).entries()) {
        const between = curve.split(' ').map((point) => Number(point.split(',')[1]))
        const [low, high] = [ys[index] ?? 0, ys[index + 1] ?? 0].sort((a, b) => a - b)
        for (const y of between) {
          expect(y).toBeGreaterThanOrEqual((low ?? 0) - 0.11)
          expect(y).toBeLessThanOrEqual((high ?? 0) + 0.11)
        }
      }
    }),
  )
})

it('labels keep their distance', () => {
  expect(everyNth(7, 700, 60)).toBe(1)
  expect(everyNth(90, 700, 60)).toBe(9)
  expect(everyNth(3, 20, 60)).toBe(3)
})
