import type { AdjustedEvidence, BarEvidence, ExpectedLoss } from '@clickwatch/contract'
import {
  alwaysValidP,
  type Count,
  credibleInterval,
  expectedLoss,
  lateRateSequence,
  mixtureAbout,
  probabilityAtLeast,
  rateOf,
  rateSequence,
} from '@clickwatch/stats'
import { addDays } from '../query/calendar.ts'
import type { IdeaPlan, VariantCounts } from './counts.ts'

/** Who reached the bar's grade, of those who were shown the variant. */
export const countOf = (variant: VariantCounts, plan: IdeaPlan): Count => ({
  total: variant.exposed,
  reached: Math.min(variant.exposed, variant.reached[plan.bar.grade] ?? 0),
})

/** Today and yesterday are left out of what speaks against an idea: many a visitor does it on the day after. */
export const daysWaited = 2

/** Who was first shown the variant on a whole day before yesterday, and reached the bar's grade. */
const waitedCountOf = (variant: VariantCounts, plan: IdeaPlan, today: string): Count => {
  const last = addDays(today, -daysWaited)
  const count = { total: 0, reached: 0 }
  for (const { day, exposed, reached } of variant.days) {
    if (day > last) continue
    count.total += exposed
    count.reached += Math.min(exposed, reached[plan.bar.grade] ?? 0)
  }
  return count
}

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
  today: string,
): BarEvidence => {
  const { grade, rate: bar } = plan.bar
  const counted = countOf(variant, plan)
  const isAdjusted = adjusted?.rate != null
  const count = isAdjusted
    ? { total: adjusted.effective_visitors, reached: (adjusted.rate ?? 0) * adjusted.effective_visitors }
    : counted
  const mixture = mixtureAbout(bar)
  const waited = waitedCountOf(variant, plan, today)
  // Strata are not known by day: of an adjusted count all who reached it are held against as many as had time, which is never too low.
  const hadTime = counted.total > 0 ? (count.total * waited.total) / counted.total : 0
  const inTime = isAdjusted ? { total: hadTime, reached: Math.min(hadTime, count.reached) } : waited
  const sequence = rateSequence(count, alpha, mixture)
  const { high } = lateRateSequence(count, inTime, alpha, mixture)
  return {
    grade,
    bar,
    basis: isAdjusted ? 'adjusted' : 'counted',
    exposed: counted.total,
    reached: counted.reached,
    rate: isAdjusted ? adjusted.rate : rateOf(counted),
    credible: credibleInterval(count),
    always_valid: sequence,
    waited: { exposed: waited.total, reached: waited.reached, high },
    probability_met: probabilityAtLeast(count, bar),
    settled: sequence.low > bar ? 'above' : high < bar ? 'below' : null,
    always_valid_p: alwaysValidP(count, bar, mixture),
    expected_loss: lossOf(count, plan),
  }
}
