import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Count,
  chooseBest,
  compareRates,
  compareRevenue,
  credibleInterval,
  detectable,
  differenceSequence,
  expectedLoss,
  meanSequence,
  mixtureAbout,
  postStratify,
  probabilityAtLeast,
  rateSequence,
  ratioSequence,
  revenuePerVisitor,
  sampleRatio,
  visitorsForPrecision,
  visitorsToCompare,
  visitorsToSettle,
} from '../src/index.ts'

const count = fc
  .tuple(fc.nat(100_000), fc.nat(1000))
  .map(([total, permille]): Count => ({ total, reached: Math.round((total * permille) / 1000) }))
const bar = fc.integer({ min: 1, max: 999 }).map((permille) => permille / 1000)

describe('a rate', () => {
  it('lies within its intervals, and the always-valid one holds the bar exactly when its p-value is above α', () => {
    fc.assert(
      fc.property(count, bar, (given, rate) => {
        const [credible, always] = [credibleInterval(given), rateSequence(given, 0.05, mixtureAbout(rate))]
        const observed = given.total > 0 ? given.reached / given.total : 0.5
        for (const { low, high } of [credible, always]) {
          expect(low).toBeGreaterThanOrEqual(0)
          expect(low).toBeLessThanOrEqual(observed + 1e-12)
          expect(high).toBeGreaterThanOrEqual(observed - 1e-12)
          expect(high).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  it('one more who did it raises probability, loss of leaving and both ends; and lowers the loss of acting', () => {
    fc.assert(
      fc.property(count, bar, (given, rate) => {
        const more = { reached: given.reached + 1, total: given.total + 1 }
        expect(probabilityAtLeast(more, rate)).toBeGreaterThanOrEqual(probabilityAtLeast(given, rate) - 1e-12)
        const [before, after] = [expectedLoss(given, rate), expectedLoss(more, rate)]
        expect(after.acting).toBeLessThanOrEqual(before.acting + 1e-12)
        expect(after.leaving).toBeGreaterThanOrEqual(before.leaving - 1e-12)
      }),
    )
  })

  it('expected losses differ by how far the mean lies from the bar', () => {
    fc.assert(
      fc.property(count, bar, (given, rate) => {
        const { acting, leaving } = expectedLoss(given, rate)
        const mean = (given.reached + 0.5) / (given.total + 1)
        expect(leaving - acting).toBeCloseTo(mean - rate, 10)
      }),
    )
  })

  it('of nobody is anywhere, and of more than there were is an error', () => {
    expect(rateSequence({ reached: 0, total: 0 }, 0.05, mixtureAbout(0.04))).toEqual({ low: 0, high: 1 })
    expect(credibleInterval({ reached: 0, total: 0 })).toEqual({ low: 0, high: 1 })
    expect(() => credibleInterval({ reached: 3, total: 2 })).toThrow(RangeError)
    expect(() => expectedLoss({ reached: 1, total: 2 }, 1)).toThrow(RangeError)
    expect(() => credibleInterval({ reached: 1, total: 2 }, 95)).toThrow(RangeError)
  })
})

describe('two rates', () => {
  const arm = fc.tuple(count, fc.integer({ min: 1, max: 9 })).map(([given, weight]) => ({ ...given, weight }))

  it('the difference is settled on the side on which the ratio is', () => {
    fc.assert(
      fc.property(arm, arm, bar, (baseline, other, rate) => {
        const about = rate / 2
        const difference = differenceSequence(baseline, other, 0.05, about)
        const ratio = ratioSequence(baseline, other, 0.04)
        if (ratio.low > 1 + 1e-9) expect(difference.low).toBeGreaterThanOrEqual(0)
        if (ratio.high < 1 - 1e-9) expect(difference.high).toBeLessThanOrEqual(0)
        expect(difference.low).toBeLessThanOrEqual(difference.high)
      }),
    )
  })

  it('arms swapped are the same, mirrored', () => {
    fc.assert(
      fc.property(count, count, (baseline, other) => {
        const [there, back] = [compareRates(baseline, other), compareRates(other, baseline)]
        expect(there.difference.credible.low).toBeCloseTo(-back.difference.credible.high, 6)
        expect(there.probabilityHigher + back.probabilityHigher).toBeCloseTo(1, 6)
      }),
      { numRuns: 40 },
    )
  })

  it('of several, somebody is best, and choosing the likeliest loses least of two', () => {
    fc.assert(
      fc.property(fc.array(count, { minLength: 2, maxLength: 5 }), (arms) => {
        const choices = chooseBest(arms)
        expect(choices.reduce((sum, { probabilityBest }) => sum + probabilityBest, 0)).toBeCloseTo(1, 6)
        for (const { expectedLoss: loss } of choices) expect(loss).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 40 },
    )
  })

  it('more than half are told apart by those who did not', () => {
    const many = differenceSequence(
      { reached: 9000, total: 10_000, weight: 1 },
      { reached: 9300, total: 10_000, weight: 1 },
      0.05,
      0.9,
    )
    expect(many.low).toBeGreaterThan(0)
    expect(many.high).toBeLessThan(0.07)
  })
})

describe('revenue', () => {
  it('is the mean of all, and its intervals hold it', () => {
    const found = revenuePerVisitor({ total: 2000, payers: 100, sum: 5000, sumOfSquares: 300_000 })
    expect(found.perVisitor).toBe(2.5)
    expect(found.perPayer).toBe(50)
    expect(found.interval?.low).toBeLessThan(2.5)
    expect(found.interval?.high).toBeGreaterThan(2.5)
    expect(found.alwaysValid?.low).toBeLessThan(found.interval?.low ?? 0)
  })

  it('of a single payer has no interval', () => {
    expect(revenuePerVisitor({ total: 100, payers: 1, sum: 9, sumOfSquares: 81 })).toEqual({
      perVisitor: 0.09,
      perPayer: 9,
      interval: null,
      alwaysValid: null,
    })
    const few = { total: 100, payers: 1, sum: 9, sumOfSquares: 81 }
    expect(compareRevenue(few, few)).toBeNull()
  })

  it("a mean's sequence is the published formula", () => {
    // Waudby-Smith et al., with t = 400, σ = 3, α = 0.05 and ρ tuned for 400, worked out by hand.
    const rho2 = (-2 * Math.log(0.05) + Math.log(-2 * Math.log(0.05) + 1)) / 400
    const half =
      3 * Math.sqrt(((2 * (400 * rho2 + 1)) / (400 ** 2 * rho2)) * Math.log(Math.sqrt(400 * rho2 + 1) / 0.05))
    const { low, high } = meanSequence(10, 3 / 20, 400, 0.05, 400)
    expect(high - 10).toBeCloseTo(half, 12)
    expect(10 - low).toBeCloseTo(half, 12)
  })
})

describe('the mix', () => {
  const cell = (source: string, device: string, reached: number, total: number) => ({
    values: { source, device },
    reached,
    total,
  })

  it('that came is left as it is when it is the intended one', () => {
    const found = postStratify(
      [cell('a', 'x', 10, 100), cell('b', 'x', 5, 100)],
      [{ dimension: 'source', shares: { a: 0.5, b: 0.5 } }],
    )
    expect(found.rate).toBeCloseTo(0.075, 12)
    expect(found.distance).toBeCloseTo(0, 12)
    expect(found.effective.total).toBeCloseTo(200, 6)
  })

  it('is turned into the intended one, and names what pulled it', () => {
    const found = postStratify(
      [cell('newsletter', 'x', 60, 300), cell('search', 'x', 14, 700)],
      [{ dimension: 'source', shares: { search: 1 } }],
    )
    expect(found.rate).toBeCloseTo(0.02, 12)
    expect(found.covered).toBe(1)
    expect(found.effective.total).toBeCloseTo(700, 6)
    expect(found.drivers[0]).toMatchObject({ value: 'newsletter', intendedShare: 0, rate: 0.2 })
    const sum = found.drivers.reduce((total, { contribution }) => total + contribution, 0)
    expect(sum).toBeCloseTo(0.02 - 0.074, 12)
  })

  it('says when part of it never came', () => {
    const found = postStratify(
      [cell('search', 'x', 4, 100)],
      [{ dimension: 'source', shares: { search: 0.4, adverts: 0.6 } }],
    )
    expect(found.covered).toBeCloseTo(0.4)
    expect(found.rate).toBeCloseTo(0.04)
    const none = postStratify([cell('mail', 'x', 4, 100)], [{ dimension: 'source', shares: { search: 1 } }])
    expect(none.rate).toBeNull()
    expect(none.covered).toBe(0)
  })
})

describe("a sample's ratio", () => {
  it('is refused when the split is off, and not before anybody came', () => {
    expect(
      sampleRatio([
        { total: 6000, weight: 1 },
        { total: 5000, weight: 1 },
      ]).alwaysValidP,
    ).toBeLessThan(1e-6)
    expect(
      sampleRatio([
        { total: 5050, weight: 1 },
        { total: 5000, weight: 1 },
      ]).alwaysValidP,
    ).toBe(1)
    expect(
      sampleRatio([
        { total: 0, weight: 1 },
        { total: 0, weight: 1 },
      ]),
    ).toMatchObject({ p: 1, alwaysValidP: 1 })
  })
})

describe('a plan', () => {
  it('takes longer the nearer the rate is to the bar, and for ever at it', () => {
    const [far, near] = [visitorsToSettle(0.08, 0.04) ?? 0, visitorsToSettle(0.05, 0.04) ?? 0]
    expect(far).toBeLessThan(near)
    expect(visitorsToSettle(0.04, 0.04)).toBeNull()
    expect(visitorsToSettle(0.01, 0.04)).toBeGreaterThan(0)
  })

  it('says what can be told from the bar, and it is what then settles', () => {
    const { above, below } = detectable(0.04, 2000)
    expect(visitorsToSettle((above ?? 0) + 1e-6, 0.04)).toBeLessThanOrEqual(2000)
    expect(visitorsToSettle((above ?? 0) - 1e-4, 0.04)).toBeGreaterThan(1900)
    expect(below).toBeLessThan(0.04)
    expect(detectable(0.04, 10)).toMatchObject({ below: null })
  })

  it('for a precision is what the interval then has', () => {
    const visitors = visitorsForPrecision(0.04, 0.01) ?? 0
    const half = ({ low, high }: { low: number; high: number }): number => (high - low) / 2
    expect(half(credibleInterval({ reached: 0.04 * visitors, total: visitors }))).toBeLessThanOrEqual(0.01)
    expect(half(credibleInterval({ reached: 0.04 * (visitors - 1), total: visitors - 1 }))).toBeGreaterThan(0.01)
  })

  it('to compare takes more arms more visitors, and smaller lifts longer', () => {
    const two = visitorsToCompare(0.04, 1.5) ?? 0
    expect(visitorsToCompare(0.04, 1.5, 4)).toBeGreaterThan(two)
    expect(visitorsToCompare(0.04, 1.2)).toBeGreaterThan(two)
    expect(visitorsToCompare(0.04, 1)).toBeNull()
  })
})
