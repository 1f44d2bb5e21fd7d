import { studentQuantile } from './distributions.ts'
import { meanSequence } from './mean-sequence.ts'
import { type Interval, posterior } from './rate.ts'

/** Of `total` visitors, `payers` paid `sum` in all; `sumOfSquares` is over what each payer paid. */
export type Takings = { total: number; payers: number; sum: number; sumOfSquares: number }

export type Revenue = {
  perVisitor: number | null
  perPayer: number | null
  /** Of the mean per visitor; null with fewer than two payers. */
  interval: Interval | null
  /** At all times; null with fewer payers than `payersNeeded`. */
  alwaysValid: Interval | null
}

/** From so many payers on the central limit theorem is trusted with what people pay. */
export const payersNeeded = 50

/** The variance of what one payer pays. */
const varianceOf = ({ payers, sum, sumOfSquares }: Takings): number =>
  payers > 1 ? Math.max(0, (sumOfSquares - sum ** 2 / payers) / (payers - 1)) : 0

/** The standard error of the mean per visitor, those who paid nothing being zeros. */
const standardErrorOf = ({ total, sum, sumOfSquares }: Takings): number =>
  Math.sqrt(Math.max(0, sumOfSquares / total - (sum / total) ** 2) / total)

/**
 * Revenue per visitor: the rate of payers times the mean of what a payer pays, which are estimated apart (the rate by its Beta
 * posterior, the mean by its standard error with Student's quantiles) and put together on the logarithm, where the product of
 * two such estimates is nearly symmetrical and cannot be negative. Nothing is assumed of the shape of what people pay but that its
 * mean over the payers is near normal: with a few payers of very different amounts the interval is too narrow.
 */
export const revenuePerVisitor = (takings: Takings, alpha = 0.05, narrowestAt = 10_000): Revenue => {
  const { total, payers, sum } = takings
  const perVisitor = total > 0 ? sum / total : null
  const perPayer = payers > 0 ? sum / payers : null
  if (perVisitor === null || perPayer === null || payers < 2 || sum <= 0) {
    return { perVisitor, perPayer, interval: null, alwaysValid: null }
  }
  const { a, b } = posterior({ reached: payers, total })
  const ofRate = b / (a * (a + b + 1))
  const ofMean = varianceOf(takings) / payers / perPayer ** 2
  const half = studentQuantile(1 - alpha / 2, payers - 1) * Math.sqrt(ofRate + ofMean)
  const sequence = meanSequence(perVisitor, standardErrorOf(takings), total, alpha, narrowestAt)
  return {
    perVisitor,
    perPayer,
    interval: { low: perVisitor * Math.exp(-half), high: perVisitor * Math.exp(half) },
    alwaysValid: payers < payersNeeded ? null : { low: Math.max(0, sequence.low), high: sequence.high },
  }
}

export type RevenueDifference = { estimate: number; interval: Interval; alwaysValid: Interval | null }

/** How much more a visitor of the arm brings than one of the baseline; null where one has fewer than two payers. */
export const compareRevenue = (
  baseline: Takings,
  arm: Takings,
  alpha = 0.05,
  narrowestAt = 10_000,
): RevenueDifference | null => {
  if (baseline.payers < 2 || arm.payers < 2) return null
  const estimate = arm.sum / arm.total - baseline.sum / baseline.total
  const error = Math.hypot(standardErrorOf(baseline), standardErrorOf(arm))
  const half = studentQuantile(1 - alpha / 2, Math.min(baseline.payers, arm.payers) - 1) * error
  const isEnough = Math.min(baseline.payers, arm.payers) >= payersNeeded
  return {
    estimate,
    interval: { low: estimate - half, high: estimate + half },
    alwaysValid: isEnough ? meanSequence(estimate, error, baseline.total + arm.total, alpha, narrowestAt) : null,
  }
}
