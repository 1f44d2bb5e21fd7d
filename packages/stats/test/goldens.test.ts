import { describe, expect, it } from 'vitest'
import {
  alwaysValidP,
  betaCdf,
  betaQuantile,
  betaSurvival,
  chiSquareSurvival,
  chooseBest,
  compareRates,
  credibleInterval,
  expectedLoss,
  logBeta,
  logEvidence,
  mixtureAbout,
  normalQuantile,
  postStratify,
  probabilityAtLeast,
  rateSequence,
  ratioSequence,
  sampleRatio,
  studentQuantile,
} from '../src/index.ts'
import { goldens, offBy } from './goldens.ts'

// goldens.py says where each value comes from: mpmath at 60 digits, SciPy, statsmodels. None of them is what is used here.

describe('distributions', () => {
  it('a Beta is right to eleven digits, a million million to one out in its tails', () => {
    for (const { a, b, p, quantile, cdf, survival } of goldens.beta) {
      expect(offBy(betaCdf(quantile, a, b), cdf), `cdf of Beta(${a}, ${b}) at ${p}`).toBeLessThan(1e-11)
      expect(offBy(betaSurvival(quantile, a, b), survival), `survival of Beta(${a}, ${b}) at ${p}`).toBeLessThan(1e-11)
      expect(offBy(betaQuantile(p, a, b), quantile), `quantile of Beta(${a}, ${b}) at ${p}`).toBeLessThan(1e-13)
    }
  })

  it('the others are right to twelve digits', () => {
    for (const { a, b, value } of goldens.log_beta) expect(offBy(logBeta(a, b), value)).toBeLessThan(1e-13)
    for (const { x, degrees, value } of goldens.chi_square_survival) {
      expect(offBy(chiSquareSurvival(x, degrees), value), `chi-square of ${degrees} at ${x}`).toBeLessThan(1e-12)
    }
    for (const { p, value } of goldens.normal_quantile) {
      expect(offBy(normalQuantile(p), value), `at ${p}`).toBeLessThan(1e-12)
    }
    for (const { p, degrees, value } of goldens.student_quantile) {
      expect(offBy(studentQuantile(p, degrees), value), `t of ${degrees} at ${p}`).toBeLessThan(1e-10)
    }
  })
})

describe('one rate', () => {
  it("credible intervals are statsmodels' Jeffreys intervals", () => {
    for (const { reached, total, low, high } of goldens.jeffreys_interval) {
      const interval = credibleInterval({ reached, total })
      expect(offBy(interval.low, low)).toBeLessThan(1e-9)
      expect(offBy(interval.high, high)).toBeLessThan(1e-9)
    }
  })

  it('the probability that a bar is met and both expected losses are those of the integrals', () => {
    for (const { reached, total, bar, probability, acting, leaving } of goldens.bar) {
      const loss = expectedLoss({ reached, total }, bar)
      expect(offBy(probabilityAtLeast({ reached, total }, bar), probability), `${reached}/${total}`).toBeLessThan(1e-11)
      expect(Math.abs(loss.acting - acting), `${reached}/${total}`).toBeLessThan(1e-14)
      expect(Math.abs(loss.leaving - leaving), `${reached}/${total}`).toBeLessThan(1e-14)
    }
  })

  // As near as the quadrature behind the goldens is; the closed form itself is right to fifteen digits.
  it('the confidence sequence is where the mixture, integrated, is twenty times as likely', () => {
    for (const { reached, total, about, low, high, log_evidence_at_bar } of goldens.rate_sequence) {
      const mixture = mixtureAbout(about)
      const interval = rateSequence({ reached, total }, 0.05, mixture)
      expect(Math.abs(interval.low - low), `${reached}/${total}`).toBeLessThan(1e-10)
      expect(Math.abs(interval.high - high), `${reached}/${total}`).toBeLessThan(1e-10)
      expect(Math.abs(logEvidence({ reached, total }, about, mixture) - log_evidence_at_bar)).toBeLessThan(5e-8)
      expect(alwaysValidP({ reached, total }, about, mixture)).toBeCloseTo(
        Math.min(1, Math.exp(-log_evidence_at_bar)),
        6,
      )
    }
  })
})

describe('several rates', () => {
  it("difference, ratio and probability are SciPy's", () => {
    for (const { a, b, higher, difference, ratio } of goldens.compare) {
      const [baseline, arm] = [a, b].map(([reached = 0, total = 0]) => ({ reached, total })) as [never, never]
      const compared = compareRates(baseline, arm)
      const what = `${a} and ${b}`
      const width = (difference[1] ?? 0) - (difference[0] ?? 0)
      expect(Math.abs(compared.probabilityHigher - higher), what).toBeLessThan(1e-8)
      expect(Math.abs(compared.difference.credible.low - (difference[0] ?? 0)) / width, what).toBeLessThan(1e-6)
      expect(Math.abs(compared.difference.credible.high - (difference[1] ?? 0)) / width, what).toBeLessThan(1e-6)
      expect(offBy(compared.ratio.credible.low, ratio[0] ?? 0), what).toBeLessThan(1e-5)
      expect(offBy(compared.ratio.credible.high, ratio[1] ?? 0), what).toBeLessThan(1e-5)
    }
  })

  it("the probability to be the best and the expected loss are SciPy's integrals", () => {
    for (const { arms, best, loss } of goldens.best) {
      const chosen = chooseBest(arms.map(([reached = 0, total = 0]) => ({ reached, total })))
      for (const [index, choice] of chosen.entries()) {
        expect(Math.abs(choice.probabilityBest - (best[index] ?? 0)), `${arms}`).toBeLessThan(1e-8)
        expect(Math.abs(choice.expectedLoss - (loss[index] ?? 0)), `${arms}`).toBeLessThan(1e-9)
      }
    }
  })

  it("two arms' ratio is told from 1 at the level of a beta-binomial over a binomial", () => {
    for (const { reached, weights, p } of goldens.two_arms) {
      const arm = (index: number) => ({ reached: reached[index] ?? 0, total: 1000, weight: weights[index] ?? 0 })
      const isToldAt = (alpha: number): boolean => {
        const { low, high } = ratioSequence(arm(0), arm(1), alpha)
        return low > 1 || high < 1
      }
      expect(isToldAt(p * (1 - 1e-9)), `${reached}`).toBe(false)
      expect(isToldAt(p * (1 + 1e-9)), `${reached}`).toBe(p < 1)
    }
  })

  it("a sample's ratio is SciPy's chi-square and Dirichlet-multinomial", () => {
    for (const { totals, weights, chi_square, p, always_valid_p } of goldens.sample_ratio) {
      const found = sampleRatio(totals.map((total, index) => ({ total, weight: weights[index] ?? 0 })))
      expect(offBy(found.chiSquare, chi_square)).toBeLessThan(1e-12)
      expect(offBy(found.p, p)).toBeLessThan(1e-10)
      expect(offBy(found.alwaysValidP, always_valid_p)).toBeLessThan(1e-9)
    }
  })

  it("raking comes to NumPy's weights, rate and variance", () => {
    const { cells, rate, variance, kish, by_variance } = goldens.post_stratify
    const found = postStratify(
      cells.map(([source, device, reached, total]) => ({
        values: { source: String(source), device: String(device) },
        reached: Number(reached),
        total: Number(total),
      })),
      [
        { dimension: 'source', shares: { google: 0.8, mail: 0.1, x: 0.1 } },
        { dimension: 'device', shares: { mobile: 0.5, desktop: 0.5 } },
      ],
    )
    expect(offBy(found.rate ?? 0, rate)).toBeLessThan(1e-9)
    expect(offBy(found.effective.total, Math.min(kish, by_variance))).toBeLessThan(1e-8)
    expect(found.variance).toBeGreaterThanOrEqual(variance * (1 - 1e-9))
  })
})
