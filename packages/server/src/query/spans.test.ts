import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { piecesOf } from './spans.ts'

const quarter = 900_000
const hour = 4 * quarter
const day = 24 * hour

describe('the pieces of a range', () => {
  it('are the range, in order, with nothing twice and nothing left out', () => {
    const quarters = fc.integer({ min: 0, max: 96 * 20_000 })
    fc.assert(
      fc.property(quarters, fc.integer({ min: 1, max: 96 * 800 }), (from, length) => {
        const range = { fromMs: from * quarter, toMs: (from + length) * quarter }
        const pieces = piecesOf(range)
        expect(pieces[0]?.fromMs).toBe(range.fromMs)
        expect(pieces.at(-1)?.toMs).toBe(range.toMs)
        for (const [index, { span, fromMs, toMs }] of pieces.entries()) {
          expect(fromMs).toBeLessThan(toMs)
          expect(pieces[index + 1]?.fromMs ?? range.toMs).toBe(toMs)
          if (span > 0) expect([fromMs % (span * hour), toMs % (span * hour)]).toEqual([0, 0])
          else expect(toMs - fromMs).toBeLessThan(2 * hour)
        }
      }),
    )
  })
  it('are few, however long it is', () => {
    const year = { fromMs: 19_000 * day - 4 * quarter, toMs: 19_365 * day - 4 * quarter }
    const spans = piecesOf(year).map(({ span, fromMs, toMs }) => (toMs - fromMs) / (span * hour))
    expect(spans.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(12 + 2 * 3 + 2 * 6 + 24)
  })
})
