import type { Beta, Count, Interval } from './rate.ts'
import { mixtureAbout, rateSequence } from './rate-sequence.ts'

/** One of two arms, and its weight: of those who come, the shares of the arms are as their weights. */
export type Arm = Count & { weight: number }

/**
 * How much the mixture believes beforehand in arms that do the same: as much as twenty of those who did it. Lifts of half to twice as
 * many are where it is narrowest.
 */
const strength = 20

const mixtureOf = (share: number): Beta => ({ a: strength * share, b: strength * (1 - share) })

const shareOf = (arm: Arm, baseline: Arm): number => arm.weight / (arm.weight + baseline.weight)

/**
 * The confidence sequence of the ratio of two arms' rates. Of those who did it, each comes from the arm with probability
 * w·ratio ÷ (1 − w + w·ratio), w being the arm's share of the weights, since visitors are dealt to the arms by a coin of that weight
 * (Lindon and Malek 2022, NeurIPS; Clopper and Pearson's conditional test, made sequential). So the sequence of one rate, of those who
 * did it, is one of the ratio. It is exact from the first of them on, needs no belief about the rate, and stays exact where the rate
 * changes by the hour and where people do it late, as long as both arms share that.
 */
export const ratioSequence = (baseline: Arm, arm: Arm, alpha: number): Interval => {
  const share = shareOf(arm, baseline)
  const whose = { reached: arm.reached, total: arm.reached + baseline.reached }
  const { low, high } = rateSequence(whose, alpha, mixtureOf(share))
  const ratio = (odds: number): number => (odds / (1 - odds)) * ((1 - share) / share)
  return { low: ratio(low), high: high >= 1 ? Number.POSITIVE_INFINITY : ratio(high) }
}

const clamp = (difference: number): number => Math.min(1, Math.max(-1, difference))

const complement = (arm: Arm): Arm => ({ ...arm, reached: arm.total - arm.reached })

/**
 * The confidence sequence of the difference of two arms' rates, arm − baseline: four fifths of α go to the ratio, the rest to the rate of
 * both together, and the two make every difference that both allow. Its sign is settled by the ratio alone. Where more than half are
 * expected to do it, those who did not tell more, and are taken.
 * @param about a rate known beforehand, such as the bar: it only decides where the sequence is narrowest.
 */
export const differenceSequence = (baseline: Arm, arm: Arm, alpha: number, about: number): Interval => {
  if (about > 0.5) {
    const { low, high } = differenceSequence(complement(baseline), complement(arm), alpha, 1 - about)
    return { low: -high, high: -low }
  }
  const share = shareOf(arm, baseline)
  const ratio = ratioSequence(baseline, arm, 0.8 * alpha)
  const both = { reached: baseline.reached + arm.reached, total: baseline.total + arm.total }
  const pooled = rateSequence(both, 0.2 * alpha, mixtureAbout(about))
  // (r − 1) ÷ (1 − w + w·r): the difference for each unit of the rate of both; 1/w where the ratio has no end.
  const perRate = (r: number): number =>
    r === Number.POSITIVE_INFINITY ? 1 / share : (r - 1) / (1 - share + share * r)
  const [least, most] = [perRate(ratio.low), perRate(ratio.high)]
  return {
    low: clamp(least * (least > 0 ? pooled.low : pooled.high)),
    high: clamp(most * (most > 0 ? pooled.high : pooled.low)),
  }
}
