import type { Interval } from './rate.ts'

/**
 * The asymptotic confidence sequence of a mean (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024, Annals of Statistics 52(6);
 * arXiv 2103.06476): at all times together with probability 1 − α, where there are enough for the central limit theorem. Unlike the
 * sequences of rates it is not exact for few, so its callers wait for enough.
 * @param standardError of the mean as it is now, from `total` values.
 * @param narrowestAt for how many values it is made narrowest; to be chosen beforehand.
 */
export const meanSequence = (
  mean: number,
  standardError: number,
  total: number,
  alpha: number,
  narrowestAt: number,
): Interval => {
  const tuned = (Math.log(-2 * Math.log(alpha) + 1) - 2 * Math.log(alpha)) / narrowestAt
  const grown = total * tuned + 1
  const half = standardError * Math.sqrt(((2 * grown) / (total * tuned)) * Math.log(Math.sqrt(grown) / alpha))
  return { low: mean - half, high: mean + half }
}
