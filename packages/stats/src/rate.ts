import { betaCdf, betaQuantile, betaSurvival } from './distributions.ts'

/** Of so many, how many did it. Adjusted counts need not be whole. */
export type Count = { reached: number; total: number }
export type Interval = { low: number; high: number }
/** What is believed of a rate: a Beta distribution. */
export type Beta = { a: number; b: number }

export const checkCount = ({ reached, total }: Count): void => {
  if (!(reached >= 0 && total >= reached && Number.isFinite(total))) {
    throw new RangeError(`Of ${total}, ${reached} cannot have done it`)
  }
}
const checkShare = (value: number, what: string): void => {
  if (!(value > 0 && value < 1)) throw new RangeError(`${what} is ${value}, and has to lie between 0 and 1`)
}

/** The share that did it; null of nobody. */
export const rateOf = ({ reached, total }: Count): number | null => (total > 0 ? reached / total : null)

/**
 * What is believed of the rate after the counts, beginning with Jeffreys' prior, Beta(1/2, 1/2): it says the same of doing and of not
 * doing, and its equal-tailed intervals cover about as often as they say (Brown, Cai and DasGupta 2001, Statistical Science 16(2)).
 * @throws RangeError where more did it than there were.
 */
export const posterior = (count: Count): Beta => {
  checkCount(count)
  return { a: count.reached + 0.5, b: count.total - count.reached + 0.5 }
}

/**
 * The equal-tailed interval of the posterior: with probability `level` the rate lies in it. Right for one look. As Brown, Cai and
 * DasGupta advise, it begins at 0 where nobody did it and ends at 1 where everybody did.
 */
export const credibleInterval = (count: Count, level = 0.95): Interval => {
  checkShare(level, 'The level')
  const { a, b } = posterior(count)
  return {
    low: count.reached === 0 ? 0 : betaQuantile((1 - level) / 2, a, b),
    high: count.reached === count.total ? 1 : betaQuantile((1 + level) / 2, a, b),
  }
}

/** The posterior probability that the rate is at or above the bar. */
export const probabilityAtLeast = (count: Count, bar: number): number => {
  const { a, b } = posterior(count)
  return betaSurvival(bar, a, b)
}

/**
 * What a wrong decision is expected to lose, in the unit of a rate: `acting` is the mean of how far the rate lies below the bar (nothing
 * where it does not), `leaving` of how far it lies above. Their difference is the distance of the posterior's mean from the bar.
 */
export const expectedLoss = (count: Count, bar: number): { acting: number; leaving: number } => {
  checkShare(bar, 'The bar')
  const { a, b } = posterior(count)
  const mean = a / (a + b)
  // The mean of a Beta(a, b) cut at a point is that of the whole times what a Beta(a + 1, b) has on that side.
  return {
    acting: Math.max(0, bar * betaCdf(bar, a, b) - mean * betaCdf(bar, a + 1, b)),
    leaving: Math.max(0, mean * betaSurvival(bar, a + 1, b) - bar * betaSurvival(bar, a, b)),
  }
}
