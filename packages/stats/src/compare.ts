import { betaCdf, betaQuantile, betaSurvival, logBeta } from './distributions.ts'
import { nodes } from './quadrature.ts'
import { type Beta, type Count, type Interval, posterior } from './rate.ts'
import { risingRoot } from './root.ts'

/** A rate, and how much of the posterior it stands for. */
type Atom = { rate: number; mass: number }

/** What of a posterior lies outside of where it is read. */
const cut = 1e-13

/**
 * A posterior as 40 atoms: Gauss and Legendre's rule over the angle whose sine, squared, is the rate, in which a Beta is smooth even at
 * its ends and looks like a normal. Means of smooth functions come out right to about 12 digits.
 */
const atomsOf = ({ a, b }: Beta): Atom[] => {
  const angle = (rate: number): number => Math.asin(Math.sqrt(rate))
  const scale = Math.LN2 - logBeta(a, b)
  return nodes(angle(betaQuantile(cut, a, b)), Math.PI / 2 - angle(betaQuantile(cut, b, a))).map(({ x, weight }) => ({
    rate: Math.sin(x) ** 2,
    mass: weight * Math.exp(scale + (2 * a - 1) * Math.log(Math.sin(x)) + (2 * b - 1) * Math.log(Math.cos(x))),
  }))
}

export type Choice = { probabilityBest: number; expectedLoss: number }

/**
 * Of several arms: how likely each has the highest rate, and what is lost by choosing it, as a rate: the mean of how far the best of them
 * lies above it. By integrals over the posteriors (Cook 2003; Stucchio 2015, Bayesian A/B Testing at VWO), without random numbers.
 */
export const chooseBest = (counts: readonly Count[]): Choice[] => {
  const beliefs = counts.map(posterior)
  const asBest = beliefs.map((belief, index) => {
    let [probability, mean] = [0, 0]
    for (const { rate, mass } of atomsOf(belief)) {
      let share = mass
      for (const [other, { a, b }] of beliefs.entries()) if (other !== index) share *= betaCdf(rate, a, b)
      probability += share
      mean += share * rate
    }
    return { probability, mean }
  })
  const best = asBest.reduce((sum, { mean }) => sum + mean, 0)
  const all = asBest.reduce((sum, { probability }) => sum + probability, 0)
  return beliefs.map(({ a, b }, index) => ({
    probabilityBest: (asBest[index]?.probability ?? 0) / all,
    expectedLoss: Math.max(0, best - a / (a + b)),
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
 * The posteriors are those of `posterior`, and independent.
 */
export const compareRates = (baseline: Count, arm: Count, level = 0.95): Comparison => {
  const [base, other] = [posterior(baseline), posterior(arm)]
  const [atoms, otherAtoms] = [atomsOf(base), atomsOf(other)]
  const mean = ({ a, b }: Beta): number => a / (a + b)
  const variance = ({ a, b }: Beta): number => (a * b) / ((a + b) ** 2 * (a + b + 1))
  const [rateA, rateB] = [mean(base), mean(other)]
  // How likely the arm's rate is at most something of the baseline's: over the baseline's posterior or over the arm's, which is the same,
  // but only one of them has no kink where the other's rate would leave [0, 1].
  const overBaseline = (value: (rate: number) => number): number =>
    atoms.reduce((sum, { rate, mass }) => sum + mass * betaCdf(value(rate), other.a, other.b), 0)
  const overArm = (inverse: (rate: number) => number): number =>
    otherAtoms.reduce((sum, { rate, mass }) => sum + mass * betaSurvival(inverse(rate), base.a, base.b), 0)
  const isLow = rateA + rateB < 1
  const standard = Math.sqrt(variance(base) + variance(other))
  const logStandard = Math.sqrt(variance(base) / rateA ** 2 + variance(other) / rateB ** 2)
  const logRatio = intervalOf(
    (value) =>
      value < 0 ? overBaseline((rate) => rate * Math.exp(value)) : overArm((rate) => rate * Math.exp(-value)),
    level,
    {
      middle: Math.log(rateB / rateA),
      spread: 2 * logStandard,
      least: -700,
      most: 700,
    },
  )
  return {
    difference: {
      estimate:
        baseline.total > 0 && arm.total > 0 ? arm.reached / arm.total - baseline.reached / baseline.total : null,
      credible: intervalOf(
        (value) => (value > 0 === isLow ? overBaseline((rate) => rate + value) : overArm((rate) => rate - value)),
        level,
        {
          middle: rateB - rateA,
          spread: 2 * standard,
          least: -1,
          most: 1,
        },
      ),
    },
    ratio: {
      estimate:
        baseline.reached > 0 && arm.total > 0 ? arm.reached / arm.total / (baseline.reached / baseline.total) : null,
      credible: { low: Math.exp(logRatio.low), high: Math.exp(logRatio.high) },
    },
    probabilityHigher: Math.min(
      1,
      atoms.reduce((sum, { rate, mass }) => sum + mass * betaSurvival(rate, other.a, other.b), 0),
    ),
  }
}
