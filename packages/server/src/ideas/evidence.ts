import {
  type ComparisonEvidence,
  type Grade,
  grades,
  type IdeaEvidence,
  type RevenueEvidence,
  type RungEvidence,
  type VariantEvidence,
} from '@clickwatch/contract'
import { anywhere, credibleInterval, mixtureAbout, rateOf, rateSequence, revenuePerVisitor } from '@clickwatch/stats'
import { barEvidence } from './bar.ts'
import { comparisonEvidence, ratioEvidence, takingsOf, tunedFor } from './comparison.ts'
import type { IdeaCounts, IdeaPlan, VariantCounts } from './counts.ts'
import { adjustedEvidence } from './mix.ts'
import { daysRunning, qualityOf } from './quality.ts'
import { recommend } from './recommendation.ts'
import { dayEvidence, noveltyEvidence, robustnessEvidence } from './robustness.ts'
import { strataEvidence } from './strata.ts'

/** How often a verdict may be false: once in twenty tests, whenever and however often one looks. */
const alpha = 0.05

const rungEvidence = (variant: VariantCounts, grade: Grade, plan: IdeaPlan): RungEvidence => {
  const count = { total: variant.exposed, reached: Math.min(variant.exposed, variant.reached[grade] ?? 0) }
  return {
    grade,
    exposed: count.total,
    reached: count.reached,
    rate: rateOf(count),
    credible: credibleInterval(count),
    always_valid: rateSequence(count, alpha, grade === plan.bar.grade ? mixtureAbout(plan.bar.rate) : anywhere),
  }
}

const revenueEvidence = (variant: VariantCounts, plan: IdeaPlan): RevenueEvidence | null => {
  const takings = takingsOf(variant)
  if (takings === null) return null
  const found = revenuePerVisitor(takings, alpha, tunedFor(plan))
  return {
    payers: takings.payers,
    per_visitor: found.perVisitor,
    per_payer: found.perPayer,
    interval: found.interval,
    always_valid: found.alwaysValid,
  }
}

const variantEvidence = (variant: VariantCounts, { plan, today }: IdeaCounts, ofAlpha: number): VariantEvidence => {
  const adjusted = adjustedEvidence(variant, plan.bar.grade, plan.bar.rate, plan.intended_mix, ofAlpha)
  return {
    variant: variant.variant,
    is_holdout: variant.is_holdout,
    weight: variant.weight,
    exposed: variant.exposed,
    rungs: grades
      .filter((grade) => variant.reached[grade] !== undefined)
      .map((grade) => rungEvidence(variant, grade, plan)),
    bar: barEvidence(variant, adjusted, plan, ofAlpha, today),
    revenue: revenueEvidence(variant, plan),
    adjusted,
  }
}

/** The variant a recommendation speaks of: the likeliest best of those that are settled above the bar, else of those that are open. */
const leaderOf = (shown: readonly VariantEvidence[], comparison: ComparisonEvidence | null): VariantEvidence => {
  const chance = (evidence: VariantEvidence): number =>
    comparison?.best.find(({ variant }) => variant === evidence.variant)?.probability_best ?? 0
  const above = shown.filter(({ bar }) => bar.settled === 'above')
  const open = shown.filter(({ bar }) => bar.settled === null)
  const group = [above, open, shown].find(({ length }) => length > 0) ?? []
  const [leader] = group.toSorted((left, right) => chance(right) - chance(left))
  if (leader === undefined) throw new Error('An idea is shown in one variant at least')
  return leader
}

/** All that is known of an idea, and what is recommended by it, from its counts alone: the same counts make the same report. */
export const evidenceOf = (counts: IdeaCounts): IdeaEvidence => {
  const { plan } = counts
  const shownCounts = counts.variants.filter(({ is_holdout }) => !is_holdout)
  const ofAlpha = alpha / Math.max(1, shownCounts.length)
  const variants = counts.variants.map((variant) => variantEvidence(variant, counts, ofAlpha))
  const shown = variants.filter(({ is_holdout }) => !is_holdout)
  const comparison = comparisonEvidence(shownCounts, plan, alpha)
  const ratio = ratioEvidence(counts.variants)
  const leader = leaderOf(shown, comparison)
  const led = counts.variants.find(({ variant }) => variant === leader.variant)
  if (led === undefined) throw new Error(`Nothing was counted of the variant ${leader.variant}`)
  const novelty = noveltyEvidence(led, plan)
  const robustness = robustnessEvidence(led, leader.bar, plan, counts.bots_share)
  const quality = qualityOf(counts, { leader: led, adjusted: leader.adjusted, ratio, novelty })
  return {
    variants,
    comparison,
    sample_ratio: ratio,
    robustness,
    strata: strataEvidence(led, plan),
    days: dayEvidence(led, plan, ofAlpha),
    novelty,
    quality,
    health: {
      bots_share: counts.bots_share,
      late_share: counts.late_share,
      refused_share: counts.refused_share,
      several_variants: counts.several_variants,
      visitors_per_day: counts.visitors_per_day,
      days_running: daysRunning(counts),
    },
    recommendation: recommend({ counts, shown, leader, comparison, robustness, quality, alpha }),
  }
}
