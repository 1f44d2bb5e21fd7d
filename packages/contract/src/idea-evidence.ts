import type { Grade } from './idea.ts'

// What an idea's numbers bear: evidence, and what is recommended by it. docs/statistics.md has the formula and the source of each.
// Rates and shares are of one, not per cent; times are UTC, days are the site's.

export type Interval = { low: number; high: number }

/** One rung of the interest ladder: of those who were shown the idea, how many did this afterwards. */
export type RungEvidence = {
  grade: Grade
  exposed: number
  reached: number
  /** null of nobody. */
  rate: number | null
  /** 95 %, Beta-Binomial: right for one look at one time. */
  credible: Interval
  /** 95 % at all times together: right however often it is looked at. */
  always_valid: Interval
}

export type BarEvidence = {
  grade: Grade
  bar: number
  /** What the bar is held against: as counted, or as the intended audience would have it (`adjusted`). */
  basis: 'counted' | 'adjusted'
  exposed: number
  reached: number
  rate: number | null
  credible: Interval
  /** At all times and for all variants together, of all who came. */
  always_valid: Interval
  /** Who came before yesterday, and so had time to do it, and the high end by them: only that speaks against the idea. */
  waited: { exposed: number; reached: number; high: number }
  /** That the rate is at or above the bar, by the posterior. */
  probability_met: number
  /** Above by the low end of all who came, below by the high end of those who had time; null until one is past the bar. */
  settled: 'above' | 'below' | null
  /** The bar's always-valid p-value: how surprising this is if the rate is exactly the bar, looked at as often as one likes. */
  always_valid_p: number
  expected_loss: ExpectedLoss
}

/** What a wrong decision is expected to cost. */
export type ExpectedLoss = {
  /** Built though it is below the bar, and left though it is above: in interested visitors for each visitor. */
  build_rate: number
  leave_rate: number
  /** The same in money, where the cost to build is known: the bar is read as the rate at which it is just earned back. */
  build_cost: number | null
  leave_cost: number | null
  cost_to_build: number | null
  /** How many visitors at the bar's rate earn the cost back; where the value of one interested visitor is known, too. */
  break_even_visitors: number | null
}

export type RevenueEvidence = {
  payers: number
  /** Of all who were shown the idea. */
  per_visitor: number | null
  per_payer: number | null
  /** 95 %, of the mean per visitor. */
  interval: Interval | null
  /** 95 % at all times together, from enough payers on; null before. */
  always_valid: Interval | null
}

/** A value of a dimension that pulls the counted rate away from the intended audience's. */
export type MixDriver = {
  dimension: StratumDimension
  value: string
  counted_share: number
  intended_share: number
  rate: number | null
  /** What it adds to adjusted − counted. Those of one dimension sum up to the difference. */
  contribution: number
}
export const stratumDimensions = ['source', 'device', 'country', 'returning'] as const
export type StratumDimension = (typeof stratumDimensions)[number]

/** Visitors by one value of a dimension, as they were when they were first shown the idea, and how many reached the bar's grade. */
export type StratumEvidence = {
  dimension: StratumDimension
  value: string
  exposed: number
  reached: number
  rate: number | null
  credible: Interval
}

/** The rate of the audience the idea is meant for, by post-stratification of those who came. */
export type AdjustedEvidence = {
  rate: number | null
  credible: Interval
  always_valid: Interval
  /** How many visitors of the intended mix would tell as much. */
  effective_visitors: number
  /** The share of the intended audience that came at all. */
  covered: number
  /** How far the mix that came is from the intended: half the sum of differences of shares, the largest of the dimensions. */
  distance: number
  drivers: MixDriver[]
}

export type VariantEvidence = {
  variant: string
  is_holdout: boolean
  weight: number
  exposed: number
  rungs: RungEvidence[]
  bar: BarEvidence
  revenue: RevenueEvidence | null
  /** null where no intended audience is said, or nobody came. */
  adjusted: AdjustedEvidence | null
}

export type VariantComparison = {
  variant: string
  difference: {
    estimate: number | null
    credible: Interval
    /** At all times, for all comparisons together. */
    always_valid: Interval
    /** Both taken to the same mix of visitors: the intended one, else all who came. */
    adjusted: number | null
  }
  ratio: { estimate: number | null; credible: Interval }
  probability_better: number
  settled: 'better' | 'worse' | null
  revenue: { difference: number; interval: Interval; always_valid: Interval | null } | null
}
export type ComparisonEvidence = {
  grade: Grade
  baseline: string
  against: VariantComparison[]
  /** Of all variants that are shown: how likely each is the best, and what choosing it is expected to lose, as a rate. */
  best: { variant: string; probability_best: number; expected_loss: number }[]
}

export type RatioEvidence = {
  variants: { variant: string; exposed: number; expected: number }[]
  chi_square: number
  /** Right for one look. */
  p: number
  /** Right for looks at any time; the alarm is below 0.01. */
  always_valid_p: number
  is_mismatch: boolean
}

export const robustnessChecks = ['without_top_source', 'without_returning', 'bots_fewer', 'bots_more'] as const
export type RobustnessCheck = (typeof robustnessChecks)[number]
export type RobustnessEvidence = {
  check: RobustnessCheck
  /** The source left out. */
  source: string | null
  exposed: number
  reached: number
  rate: number | null
  credible: Interval
  probability_met: number
  /** Whether it is on the same side of the bar as with everybody. */
  agrees: boolean
}

/** Of those first shown the idea on that day; `running` is all up to it. */
export type DayEvidence = {
  day: string
  exposed: number
  reached: number
  rate: number | null
  credible: Interval
  running: { exposed: number; reached: number; rate: number | null; always_valid: Interval }
}

export type NoveltyEvidence = {
  first: { days: number; exposed: number; reached: number; rate: number | null }
  later: { days: number; exposed: number; reached: number; rate: number | null }
  difference: Interval
  probability_first_higher: number
  is_novelty: boolean
}

/** Numbers and names that a sentence about a code is filled with; rates and shares of one. */
export type Particulars = Record<string, number | string>

export const qualityCodes = [
  'no_exposures',
  'few_visitors',
  'nobody_reached',
  'everybody_reached',
  'sample_ratio',
  'one_source',
  'many_bots',
  'many_late',
  'many_lost',
  'paused',
  'short_of_a_week',
  'novelty',
  'audience_far',
  'audience_missing',
  'several_variants',
  'plan_changed',
] as const
export type QualityCode = (typeof qualityCodes)[number]
/** Why the numbers do not bear a conclusion (`blocks`), or bear it less well (`warns`). */
export type QualityFlag = { code: QualityCode; weight: 'blocks' | 'warns'; numbers: Particulars }

export const reasonCodes = [
  'above_bar',
  'below_bar',
  'bar_open',
  'probability',
  'loss_of_building',
  'loss_of_leaving',
  'holds_without_top_source',
  'rests_on_top_source',
  'holds_against_bots',
  'bots_could_turn_it',
  'holds_without_returning',
  'rests_on_returning',
  'holds_for_audience',
  'audience_differs',
  'best_variant',
  'visitors_missing',
  'some_may_still',
  'out_of_reach',
  'budget_spent',
  'budget_too_small',
  'too_few_visitors',
  'not_shown',
  ...qualityCodes,
] as const
export type ReasonCode = (typeof reasonCodes)[number]
export type Reason = { code: ReasonCode; numbers: Particulars }

export const changeCodes = [
  'rate_falls_below',
  'rate_rises_above',
  'more_visitors',
  'lower_bar',
  'raise_budget',
  'other_sources_differ',
  'later_days_hold',
  'fix_split',
  'fix_bots',
  'fix_collection',
  'fix_assignment',
  'show_idea',
  'reach_audience',
] as const
export type ChangeCode = (typeof changeCodes)[number]
export type Change = { code: ChangeCode; numbers: Particulars }

export type Verdict = 'build' | 'keep_testing' | 'stop' | 'fix_test'
/** Never a bare verdict: its reasons, the strongest first, and what would change it. */
export type Recommendation = {
  verdict: Verdict
  /** The variant it speaks of. */
  variant: string
  reasons: [Reason, Reason, Reason]
  would_change: Change[]
  /** What is missing to a decision if the rate stays as it is; null where it is decided, or never comes at this rate. */
  missing: { visitors: number; days: number | null; until: string | null } | null
  /** Which of building and leaving is expected to lose less as it stands. */
  leaning: 'build' | 'leave'
}

export type IdeaEvidence = {
  /** The baseline first. */
  variants: VariantEvidence[]
  /** null where there is one. */
  comparison: ComparisonEvidence | null
  sample_ratio: RatioEvidence | null
  /** Of the variant the recommendation speaks of. */
  robustness: RobustnessEvidence[]
  /** Of the same, by dimension, the most visitors first; the rarest values are left out. */
  strata: StratumEvidence[]
  days: DayEvidence[]
  novelty: NoveltyEvidence | null
  quality: QualityFlag[]
  health: {
    bots_share: number
    late_share: number
    refused_share: number
    several_variants: number
    visitors_per_day: number
    days_running: number
  }
  recommendation: Recommendation
}
