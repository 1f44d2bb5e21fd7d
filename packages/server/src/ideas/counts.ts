import type { Grade, StratumDimension } from '@clickwatch/contract'

/**
 * Visitors, each once, who reached a grade after they were first shown the idea. A grade the idea does not measure is absent. Who reached
 * one grade need not have reached those below it.
 */
export type GradeCounts = Partial<Record<Grade, number>>

/** Distinct visitors who were shown the idea, and what they did afterwards. */
export type Cohort = { exposed: number; reached: GradeCounts }

/** What visitors paid after their first exposure: over visitors who paid, the sum of what each paid in all, and of its square. */
export type Revenue = { payers: number; sum: number; sum_of_squares: number }

/** Of those first shown the idea on that day of the site's zone (YYYY-MM-DD): what they did since, on whatever day. */
export type DayCohort = Cohort & { day: string }

/** As each visitor was at first exposure. Each visitor is in one stratum; they sum up to the variant's own counts. */
export type Stratum = Cohort & { source: string; device: string; country: string; returning: boolean }

export type VariantCounts = Cohort & {
  /** `only` where the idea has no variants. */
  variant: string
  /** In proportion to the others'; not necessarily a share of one. */
  weight: number
  /** Assigned, and not shown the idea: its `exposed` are those who would have been. */
  is_holdout: boolean
  /** null where the idea earns nothing. */
  revenue: Revenue | null
  /** In order; a day on which nobody came may be absent. */
  days: DayCohort[]
  strata: Stratum[]
}

/** The share each value of a dimension is meant to have. What is not named gets what is left of one, in proportion as it came. */
export type IntendedMix = { dimension: StratumDimension; shares: Record<string, number> }[]

/** What was fixed before the first visitor came. */
export type IdeaPlan = {
  bar: { grade: Grade; rate: number }
  /** `returning` has the values `new` and `returning`. */
  intended_mix: IntendedMix
  budget: { visitors: number | null; days: number | null }
  cost_per_visitor: number | null
  cost_to_build: number | null
  value_of_converter: number | null
  /** When this count was begun (UTC, ISO 8601): a change begins one anew. */
  started_at: string
  /** When the bar or the audience was changed since, which began the count anew. */
  changed_at: string | null
}

/** Everything the evidence of an idea is computed from. The baseline is the first variant. */
export type IdeaCounts = {
  variants: VariantCounts[]
  /** Visitors left out since they saw more than one variant. */
  several_variants: number
  /** Of what arrived for the idea (or the site, where that is all that is known): shares of one. */
  bots_share: number
  refused_share: number
  late_share: number
  /** Visitors first shown the idea a day, as it goes now. */
  visitors_per_day: number
  first_exposure: string | null
  now: string
  /** The day it is in the site's zone (YYYY-MM-DD). */
  today: string
  plan: IdeaPlan
}
