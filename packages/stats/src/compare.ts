import { angleOf, Belief } from './belief.ts'
import { type Count, type Interval, posterior } from './rate.ts'
import { risingRoot } from './root.ts'

export type Choice = { probabilityBest: number; expectedLoss: number }

/**
 * Of several arms: how likely each has the highest rate, and what is lost by choosing it, as a rate: the mean of how far the best of them
 * lies above it. By integrals over the posteriors (Cook 2003; Stucchio 2015, Bayesian A/B Testing at VWO), without random numbers.
 */
export const chooseBest = (counts: readonly Count[]): Choice[] => {
  const beliefs = counts.map((count) => new Belief(posterior(count)))
  const asBest = beliefs.map((belief) => {
    const others = beliefs.filter((other) => other !== belief)
    const bends = others
      .filter((other) => other.isStepTo(belief))
      .flatMap(({ low, high }) => [low, (low + high) / 2, high])
    let [probability, mean] = [0, 0]
    for (const { rate, mass } of belief.atoms(bends)) {
      const share = others.reduce((product, other) => product * other.atMost(rate), mass)
      probability += share
      mean += share * rate
    }
    return { probability, mean }
  })
  const best = asBest.reduce((sum, { mean }) => sum + mean, 0)
  return beliefs.map(({ mean }, index) => ({
    probabilityBest: asBest[index]?.probability ?? 0,
    expectedLoss: Math.max(0, best - mean),
  }))
}

export type Comparison = {
  difference: { estimate: number | null; credible: Interval }
  ratio: { estimate: number | null; credible: Interval }
  probabilityHigher: number
}

/** A credible interval of something rising in the arm's rate, of which `probability` says how likely it stays below a value. */
const intervalOf = (
  probability: (value: number) => number,
  level: number,
  around: { middle: number; spread: number; least: number; most: number },
): Interval => {
  const at = (wanted: number, direction: -1 | 1): number => {
    const guess = around.middle + direction * around.spread
    let [low, high] = [guess, guess]
    let step = around.spread / 2
    while (low > around.least && probability(low) > wanted) {
      low = Math.max(around.least, low - step)
      step *= 2
    }
    step = around.spread / 2
    while (high < around.most && probability(high) < wanted) {
      high = Math.min(around.most, high + step)
      step *= 2
    }
    return risingRoot(low, high, (value) => probability(value) - wanted, 1e-7 * around.spread)
  }
  return { low: at((1 - level) / 2, -1), high: at((1 + level) / 2, 1) }
}

/**
 * An arm beside a baseline: the difference and the ratio of their rates, with credible intervals, and how likely the arm's is the higher.
 * The posteriors are those of `posterior`, and independent. An estimate is null where a rate is of nobody, or divided by nothing.
 */
export const compareRates = (baseline: Count, arm: Count, level = 0.95): Comparison => {
  const [base, other] = [new Belief(posterior(baseline)), new Belief(posterior(arm))]
  // A probability about both is a mean over either: over the narrower one, where the other's nodes would miss it; else over that which has
  // no bend where the other's rate would leave [0, 1].
  const isOverBase = (isBaseSmooth: boolean): boolean => base.isStepTo(other) || (isBaseSmooth && !other.isStepTo(base))
  const isLow = base.mean + other.mean < 1
  const differenceAtMost = (value: number): number =>
    isOverBase(value > 0 === isLow)
      ? base.over((rate) => other.atMost(rate + value), [angleOf(-value), angleOf(1 - value)])
      : other.over((rate) => base.above(rate - value), [angleOf(value), angleOf(1 + value)])
  const logRatioAtMost = (value: number): number =>
    isOverBase(value < 0)
      ? base.over((rate) => other.atMost(rate * Math.exp(value)), [angleOf(Math.exp(-value))])
      : other.over((rate) => base.above(rate * Math.exp(-value)), [angleOf(Math.exp(value))])
  const logRatio = intervalOf(logRatioAtMost, level, {
    middle: Math.log(other.mean / base.mean),
    spread: 2 * Math.sqrt(base.variance / base.mean ** 2 + other.variance / other.mean ** 2),
    least: -700,
    most: 700,
  })
  const isAnybody = baseline.total > 0 && arm.total > 0
  return {
    difference: {
      estimate: isAnybody ? arm.reached / arm.total - baseline.reached / baseline.total : null,
      credible: intervalOf(differenceAtMost, level, {
        middle: other.mean - base.mean,
        spread: 2 * Math.sqrt(base.variance + other.variance),
        least: -1,
        most: 1,
      }),
    },
    ratio: {
      estimate:
        isAnybody && baseline.reached > 0 ? arm.reached / arm.total / (baseline.reached / baseline.total) : null,
      credible: { low: Math.exp(logRatio.low), high: Math.exp(logRatio.high) },
    },
    probabilityHigher: Math.min(1, Math.max(0, 1 - differenceAtMost(0))),
  }
}
