import { logBeta } from './distributions.ts'
import { type Beta, type Count, checkCount, type Interval } from './rate.ts'
import { bisect } from './root.ts'

/** Where nothing is known beforehand: right for any rate, and a little wider than a mixture about where one expects the rate. */
export const anywhere: Beta = { a: 0.5, b: 0.5 }

/**
 * A mixture about a rate that is known before the first visitor comes, such as a bar: it weighs as much as the visitors of whom one is
 * expected to do it. Whatever is chosen beforehand, the sequence is valid; near that rate it is narrowest.
 */
export const mixtureAbout = (rate: number): Beta =>
  rate <= 0.5 ? { a: 1, b: (1 - rate) / rate } : { a: rate / (1 - rate), b: 1 }

const logLikelihood = ({ reached, total }: Count, rate: number): number =>
  (reached > 0 ? reached * Math.log(rate) : 0) + (total > reached ? (total - reached) * Math.log1p(-rate) : 0)

const logMixture = ({ reached, total }: Count, { a, b }: Beta): number =>
  logBeta(a + reached, b + total - reached) - logBeta(a, b)

/**
 * The logarithm of the evidence against one rate: how much better a mixture of all rates foretold the counts. At the true rate it is a
 * martingale that begins at 1, so it ever exceeds 1/α with probability at most α (Ville 1939; Robbins 1970, Annals of Mathematical
 * Statistics 41(5)). Exact from the first visitor on, for independent visitors of one rate.
 */
export const logEvidence = (count: Count, rate: number, mixture: Beta): number => {
  checkCount(count)
  return logMixture(count, mixture) - logLikelihood(count, rate)
}

/** The always-valid p-value of a rate: it is ever below α with probability at most α where that is the rate. */
export const alwaysValidP = (count: Count, rate: number, mixture: Beta): number =>
  Math.min(1, Math.exp(-logEvidence(count, rate, mixture)))

/**
 * The confidence sequence of a rate: all rates with evidence below 1/α against them. With probability 1 − α it holds the rate at every
 * look, however many there are and whenever one stops.
 */
export const rateSequence = (count: Count, alpha: number, mixture: Beta): Interval => {
  checkCount(count)
  const { reached, total } = count
  if (total === 0) return { low: 0, high: 1 }
  const bound = logMixture(count, mixture) + Math.log(alpha)
  const isOut = (rate: number): boolean => logLikelihood(count, rate) <= bound
  const observed = reached / total
  // The likelihood falls to both sides of what was observed.
  return {
    low: reached === 0 ? 0 : bisect(0, observed, true, isOut),
    high: reached === total ? 1 : bisect(observed, 1, false, isOut),
  }
}

/**
 * The sequence where people may do it long after they were counted. Who has not done it yet makes a rate look too low, never too high: so
 * the low end is that of all, and the high end that of those alone who had time. Either end is ever on the wrong side of the rate with
 * probability at most α.
 * @param waited those of all who came long enough ago; in whole days, where the rate changes by the hour.
 */
export const lateRateSequence = (all: Count, waited: Count, alpha: number, mixture: Beta): Interval => {
  const [now, then] = [rateSequence(all, alpha, mixture), rateSequence(waited, alpha, mixture)]
  return { low: now.low, high: Math.max(now.high, then.high) }
}
