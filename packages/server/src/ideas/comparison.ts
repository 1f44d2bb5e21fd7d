import type { ComparisonEvidence, RatioEvidence, VariantComparison } from '@clickwatch/contract'
import {
  chooseBest,
  compareRates,
  compareRevenue,
  differenceSequence,
  postStratify,
  sampleRatio,
  type Takings,
} from '@clickwatch/stats'
import { countOf } from './bar.ts'
import type { IdeaPlan, VariantCounts } from './counts.ts'
import { cellsOf, mixOf } from './mix.ts'

export const takingsOf = (variant: VariantCounts): Takings | null =>
  variant.revenue === null
    ? null
    : {
        total: variant.exposed,
        payers: variant.revenue.payers,
        sum: variant.revenue.sum,
        sumOfSquares: variant.revenue.sum_of_squares,
      }

/** For how many visitors what is tuned for a number of them is tuned. */
export const tunedFor = (plan: IdeaPlan): number => plan.budget.visitors ?? 10_000

const adjustedDifference = (baseline: VariantCounts, arm: VariantCounts, plan: IdeaPlan): number | null => {
  const [there, here] = [cellsOf(baseline, plan.bar.grade), cellsOf(arm, plan.bar.grade)]
  if (baseline.exposed === 0 || arm.exposed === 0) return null
  const targets = plan.intended_mix.length > 0 ? plan.intended_mix : mixOf([...there, ...here])
  const [before, after] = [postStratify(there, targets).rate, postStratify(here, targets).rate]
  return before === null || after === null ? null : after - before
}

const compare = (baseline: VariantCounts, arm: VariantCounts, plan: IdeaPlan, alpha: number): VariantComparison => {
  const [before, after] = [countOf(baseline, plan), countOf(arm, plan)]
  const compared = compareRates(before, after)
  const sequence = differenceSequence(
    { ...before, weight: baseline.weight },
    { ...after, weight: arm.weight },
    alpha,
    plan.bar.rate,
  )
  const [earned, earns] = [takingsOf(baseline), takingsOf(arm)]
  const revenue = earned === null || earns === null ? null : compareRevenue(earned, earns, alpha, tunedFor(plan))
  return {
    variant: arm.variant,
    difference: {
      ...compared.difference,
      always_valid: sequence,
      adjusted: adjustedDifference(baseline, arm, plan),
    },
    ratio: compared.ratio,
    probability_better: compared.probabilityHigher,
    settled: sequence.low > 0 ? 'better' : sequence.high < 0 ? 'worse' : null,
    revenue:
      revenue === null
        ? null
        : { difference: revenue.estimate, interval: revenue.interval, always_valid: revenue.alwaysValid },
  }
}

/** The variants that are shown, at the bar's grade: each beside the first, and all for the best. α is divided among the comparisons. */
export const comparisonEvidence = (
  shown: readonly VariantCounts[],
  plan: IdeaPlan,
  alpha: number,
): ComparisonEvidence | null => {
  const [baseline, ...others] = shown
  if (baseline === undefined || others.length === 0) return null
  const choices = chooseBest(shown.map((variant) => countOf(variant, plan)))
  return {
    grade: plan.bar.grade,
    baseline: baseline.variant,
    against: others.map((arm) => compare(baseline, arm, plan, alpha / others.length)),
    best: shown.map(({ variant }, index) => ({
      variant,
      probability_best: choices[index]?.probabilityBest ?? 0,
      expected_loss: choices[index]?.expectedLoss ?? 0,
    })),
  }
}

/** Below this always-valid p-value the split is off: one alarm in a hundred tests of a right split, however often it is looked at. */
export const mismatchBelow = 0.01

/** Whether the variants, the holdout among them, got the visitors that their weights say. */
export const ratioEvidence = (variants: readonly VariantCounts[]): RatioEvidence | null => {
  if (variants.length < 2) return null
  const found = sampleRatio(variants.map(({ exposed, weight }) => ({ total: exposed, weight })))
  return {
    variants: variants.map(({ variant, exposed }, index) => ({
      variant,
      exposed,
      expected: found.expected[index] ?? 0,
    })),
    chi_square: found.chiSquare,
    p: found.p,
    always_valid_p: found.alwaysValidP,
    is_mismatch: found.alwaysValidP < mismatchBelow,
  }
}
