import type { AdjustedEvidence, BarEvidence, ExpectedLoss } from '@clickwatch/contract'
import {
  alwaysValidP,
  type Count,
  credibleInterval,
  expectedLoss,
  mixtureAbout,
  probabilityAtLeast,
  rateOf,
  rateSequence,
} from '@clickwatch/stats'
import type { IdeaPlan, VariantCounts } from './counts.ts'

/** Who reached the bar's grade, of those who were shown the variant. */
export const countOf = (variant: VariantCounts, plan: IdeaPlan): Count => ({
  total: variant.exposed,
  reached: Math.min(variant.exposed, variant.reached[plan.bar.grade] ?? 0),
})

/**
 * The bar is read as the rate at which the cost to build is just earned back. At another rate the same visitors earn cost × rate ÷ bar, so
 * building loses cost × (bar − rate) ÷ bar below it, and leaving loses as much above it.
 */
const lossOf = (count: Count, plan: IdeaPlan): ExpectedLoss => {
  const { rate: bar } = plan.bar
  const { acting, leaving } = expectedLoss(count, bar)
  const cost = plan.cost_to_build
  return {
    build_rate: acting,
    leave_rate: leaving,
    build_cost: cost === null ? null : (cost * acting) / bar,
    leave_cost: cost === null ? null : (cost * leaving) / bar,
    cost_to_build: cost,
    break_even_visitors:
      cost !== null && plan.value_of_converter !== null && plan.value_of_converter > 0
        ? Math.ceil(cost / (plan.value_of_converter * bar))
        : null,
  }
}

/** A variant held against the bar: as the intended audience would have it, where one is said and came, else as counted. */
export const barEvidence = (
  variant: VariantCounts,
  adjusted: AdjustedEvidence | null,
  plan: IdeaPlan,
  alpha: number,
): BarEvidence => {
  const { grade, rate: bar } = plan.bar
  const counted = countOf(variant, plan)
  const isAdjusted = adjusted?.rate != null
  const count = isAdjusted
    ? { total: adjusted.effective_visitors, reached: (adjusted.rate ?? 0) * adjusted.effective_visitors }
    : counted
  const mixture = mixtureAbout(bar)
  const sequence = rateSequence(count, alpha, mixture)
  return {
    grade,
    bar,
    basis: isAdjusted ? 'adjusted' : 'counted',
    exposed: counted.total,
    reached: counted.reached,
    rate: isAdjusted ? adjusted.rate : rateOf(counted),
    credible: credibleInterval(count),
    always_valid: sequence,
    probability_met: probabilityAtLeast(count, bar),
    settled: sequence.low > bar ? 'above' : sequence.high < bar ? 'below' : null,
    always_valid_p: alwaysValidP(count, bar, mixture),
    expected_loss: lossOf(count, plan),
  }
}
