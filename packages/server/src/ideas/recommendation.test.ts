import type { IdeaEvidence, Particulars, Verdict } from '@clickwatch/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ideaCases } from '../../../../test/fixtures/idea-cases.ts'
import { ideaCounts, oneIdea } from '../../../../test/fixtures/idea-counts.ts'
import { evidenceOf } from './evidence.ts'

const ledBy = ({ variants, recommendation }: IdeaEvidence) => {
  const led = variants.find(({ variant }) => variant === recommendation.variant)
  if (led === undefined) throw new Error(`No variant ${recommendation.variant}`)
  return led
}

const finite = (numbers: Particulars): boolean =>
  Object.values(numbers).every((value) => typeof value === 'string' || Number.isFinite(value))

/** What a verdict says has to be so in the numbers beside it. */
const expectWordsToAgree = (evidence: IdeaEvidence): void => {
  const { recommendation, quality } = evidence
  const { bar } = ledBy(evidence)
  const shown = evidence.variants.filter(({ is_holdout }) => !is_holdout)
  expect(recommendation.reasons).toHaveLength(3)
  expect(new Set(recommendation.reasons.map(({ code }) => code)).size).toBe(3)
  expect(recommendation.would_change.length).toBeGreaterThan(0)
  for (const { numbers } of [...recommendation.reasons, ...recommendation.would_change, ...quality]) {
    expect(numbers).toSatisfy(finite)
  }
  if (recommendation.verdict === 'build') {
    expect(bar.always_valid.low).toBeGreaterThan(bar.bar)
    expect(bar.probability_met).toBeGreaterThan(0.95)
    expect(recommendation.leaning).toBe('build')
  }
  if (recommendation.verdict === 'stop') {
    for (const variant of shown) {
      expect(variant.bar.always_valid.low).toBeLessThan(bar.bar)
      expect(variant.bar.probability_met).toBeLessThan(0.5)
      const isSpent = recommendation.reasons.some(({ code }) => code === 'budget_spent')
      if (!isSpent) expect(variant.bar.waited.high).toBeLessThan(bar.bar)
    }
    expect(recommendation.leaning).toBe('leave')
  }
  if (recommendation.verdict === 'fix_test') expect(quality.some(({ weight }) => weight === 'blocks')).toBe(true)
  if (recommendation.verdict !== 'keep_testing') expect(recommendation.missing).toBeNull()
  for (const { code, numbers } of recommendation.reasons) {
    if (code === 'above_bar') expect(numbers.low).toBeGreaterThan(Number(numbers.bar))
    if (code === 'below_bar') expect(numbers.high).toBeLessThan(Number(numbers.bar))
    if (code === 'bar_open') {
      expect(numbers.low).toBeLessThanOrEqual(Number(numbers.bar))
      expect(numbers.high).toBeGreaterThanOrEqual(Number(numbers.bar))
    }
    if (code === 'probability') expect(numbers.probability).toBe(bar.probability_met)
    if (code === 'holds_without_top_source') expect(Number(numbers.probability) >= 0.5).toBe(bar.probability_met >= 0.5)
  }
}

describe('forty-eight constructed ideas', () => {
  it.each(ideaCases)('$name: $verdict', ({ counts, verdict, because, flags, variant }) => {
    const evidence = evidenceOf(counts)
    expect(evidence.recommendation.verdict).toBe(verdict)
    expect(evidence.recommendation.reasons[0].code).toBe(because)
    expect(evidence.quality.map(({ code }) => code).sort()).toEqual(flags.toSorted())
    if (variant !== undefined) expect(evidence.recommendation.variant).toBe(variant)
    expectWordsToAgree(evidence)
  })
})

describe('whatever is counted', () => {
  const order: Verdict[] = ['stop', 'keep_testing', 'build']
  const idea = fc.record({
    exposed: fc.integer({ min: 60, max: 20_000 }),
    share: fc.integer({ min: 0, max: 150 }),
    bots: fc.constantFrom(0, 0.1, 0.3),
    days: fc.integer({ min: 1, max: 60 }),
    budget: fc.constantFrom(null, 300, 5000),
  })
  const countsOf = ({ exposed, share, bots, days, budget }: Parameters<Parameters<typeof idea.map>[0]>[0], more = 0) =>
    oneIdea(exposed, Math.min(exposed - 1, Math.round((exposed * share) / 1000) + more), {
      bots,
      days,
      ...(budget === null ? {} : { visitorsBudget: budget }),
    })

  it('the words agree with the numbers', () => {
    fc.assert(
      fc.property(idea, (given) => expectWordsToAgree(evidenceOf(countsOf(given)))),
      {
        numRuns: 300,
        // Likelier below the bar, and building would lose less all the same.
        examples: [[{ exposed: 8579, share: 40, bots: 0, days: 1, budget: 5000 }]],
      },
    )
  })

  it('more who did it never turns Build into Stop, nor anything into something worse', () => {
    fc.assert(
      fc.property(idea, fc.integer({ min: 1, max: 500 }), (given, more) => {
        const [before, after] = [countsOf(given), countsOf(given, more)].map(
          (counts) => evidenceOf(counts).recommendation.verdict,
        )
        if (before === undefined || after === undefined || before === 'fix_test' || after === 'fix_test') return
        expect(order.indexOf(after)).toBeGreaterThanOrEqual(order.indexOf(before))
      }),
      {
        numRuns: 300,
        // Bots could turn it, and then a spent budget ended it all the same.
        examples: [[{ exposed: 5000, share: 28, bots: 0.3, days: 5, budget: 5000 }, 5]],
      },
    )
  })

  it('what is missing, once it came at the same rate, decides', () => {
    fc.assert(
      fc.property(idea, (given) => {
        const { recommendation } = evidenceOf(countsOf({ ...given, bots: 0, budget: null }))
        const { missing, verdict } = recommendation
        if (verdict !== 'keep_testing' || missing === null || missing.visitors > 1e7 || missing.visitors === 0) return
        const exposed = given.exposed + missing.visitors
        const rate = (Math.round((given.exposed * given.share) / 1000) + 0.5) / (given.exposed + 1)
        // A visitor is whole: of few, a half of one is much.
        const reached = rate < 0.04 ? Math.floor(exposed * rate) : Math.ceil(exposed * rate)
        if (reached < 30) return
        const later = evidenceOf(
          // The days on which those who are missing came are long over.
          ideaCounts({
            days: 1,
            variants: [
              {
                variant: 'only',
                counts: [exposed, reached],
                daily: [[exposed, reached], null, null, null],
              },
            ],
          }),
        )
        expect(ledBy(later).bar.always_valid_p).toBeLessThan(0.06)
      }),
      { numRuns: 100 },
    )
  })

  it('the same counts make the same report', () => {
    const counts = ideaCounts({
      variants: [
        { variant: 'a', counts: [2000, 50] },
        { variant: 'b', counts: [2010, 80] },
      ],
      mix: [{ dimension: 'source', shares: { google: 0.7 } }],
      costToBuild: 20_000,
      value: 50,
    })
    expect(evidenceOf(counts)).toEqual(evidenceOf(structuredClone(counts)))
  })

  it('grades stay apart: each rung is of those who were shown the idea', () => {
    const counts = oneIdea(1000, 40)
    for (const variant of counts.variants) variant.reached = { seen: 1000, click: 200, intent: 40, payment: 3 }
    const [only] = evidenceOf(counts).variants
    expect(only?.rungs.map(({ grade, reached, exposed }) => [grade, reached, exposed])).toEqual([
      ['seen', 1000, 1000],
      ['click', 200, 1000],
      ['intent', 40, 1000],
      ['payment', 3, 1000],
    ])
  })

  it('the expected loss in money is the cost times how far off the bar is', () => {
    const counts = oneIdea(500, 25, { costToBuild: 20_000, value: 50 })
    const loss = evidenceOf(counts).variants[0]?.bar.expected_loss
    expect(loss?.build_cost).toBeCloseTo((20_000 * (loss?.build_rate ?? 0)) / 0.04, 8)
    // 20,000 ÷ 50 are 400 interested visitors, of 4 % each.
    expect(loss?.break_even_visitors).toBe(10_000)
  })
})
