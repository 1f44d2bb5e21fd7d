import { expect, it } from 'vitest'
import { colorOfHeat, heatOf, warmthOf } from './paint.ts'
import { tenthsOf } from './tenths.ts'

it('counts what happened by tenths of the page, the very end in the last', () => {
  const tenths = tenthsOf({
    height: 1000,
    points: [
      { x: 0, y: 0, count: 1 },
      { x: 0, y: 99, count: 2 },
      { x: 0, y: 100, count: 3 },
      { x: 0, y: 1000, count: 4 },
    ],
  })
  expect(tenths.map(({ count }) => count)).toEqual([3, 3, 0, 0, 0, 0, 0, 0, 0, 4])
  expect(tenths[9]).toMatchObject({ from: 90, to: 100, share: 0.4 })
})

it('gets warmer from blue to red', () => {
  const [coldRed, , coldBlue] = colorOfHeat(0)
  const [hotRed, , hotBlue] = colorOfHeat(1)
  expect(coldBlue).toBeGreaterThan(coldRed)
  expect(hotRed).toBeGreaterThan(hotBlue)
  expect(heatOf(25, 100)).toBe(0.5)
})

it('warms the most where it was clicked, and adds up what overlaps', () => {
  const at = (warmth: Float32Array, x: number, y: number) => warmth[y * 100 + x] ?? 0
  const once = warmthOf([{ x: 50, y: 50, count: 1 }], 100, 100, 1)
  expect(at(once, 50, 50)).toBe(1)
  expect(at(once, 60, 50)).toBeLessThan(at(once, 55, 50))
  expect(at(once, 99, 99)).toBe(0)
  const twice = warmthOf(
    [50, 50].map((x) => ({ x, y: 50, count: 1 })),
    100,
    100,
    1,
  )
  expect(at(twice, 50, 50)).toBe(2)
})
