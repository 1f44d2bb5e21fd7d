import { expect, it } from 'vitest'
import { layOut, narrowestColumn } from './flow.ts'

const nodes = [
  { step: 0, page: '/', visits: 10, exits: 4 },
  { step: 1, page: '', visits: 5, exits: 5 },
  { step: 1, page: '/a', visits: 1, exits: 1 },
]
const links = [
  { step: 0, from: '/', to: '', visits: 5 },
  { step: 0, from: '/', to: '/a', visits: 1 },
]

it('draws a column a step, the rest of a step below its pages', () => {
  const { boxes, width } = layOut({ nodes, links }, false, 0)
  expect(boxes.map(({ page, x }) => [page, x])).toEqual([
    ['/', 0],
    ['/a', narrowestColumn],
    ['', narrowestColumn],
  ])
  expect(width).toBe(2 * narrowestColumn)
})

it('stacks the ways that leave a page without a gap, in the order of where they lead', () => {
  const { bands } = layOut({ nodes, links }, false, 0)
  expect(bands.map(({ to }) => to.page)).toEqual(['/a', ''])
  const [first, second] = bands
  expect((second?.y0 ?? 0) - (first?.y0 ?? 0)).toBeCloseTo(((first?.width ?? 0) + (second?.width ?? 0)) / 2)
})

it('stands the last step on the right when ways are told backwards, and leads them there', () => {
  const { boxes, bands } = layOut({ nodes, links }, true, 0)
  expect(boxes.find(({ page }) => page === '/')?.x).toBe(narrowestColumn)
  expect(bands.every(({ to, x0, x1 }) => to.page === '/' && x0 < x1)).toBe(true)
})

it('boxes of a step never overlap', () => {
  const many = Array.from({ length: 20 }, (_, index) => ({ step: 0, page: `/${index}`, visits: 1 + index, exits: 0 }))
  const { boxes } = layOut({ nodes: many, links: [] }, false, 0)
  for (const [index, box] of boxes.entries()) {
    const next = boxes[index + 1]
    if (next) expect(next.y).toBeGreaterThan(box.y + box.height)
  }
})

it('shares the room there is among its columns', () => {
  expect(layOut({ nodes, links }, false, 1000).columnWidth).toBe(500)
})
