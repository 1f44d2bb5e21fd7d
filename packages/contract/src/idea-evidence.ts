import Type, { type Static } from 'typebox'
import { grades } from './idea.ts'
import { nullable } from './text.ts'

// What an idea's numbers bear: evidence, and what is recommended by it. docs/statistics.md has the formula and the source of each.
// Rates and shares are of one, not per cent; times are UTC, days are the site's.

const count = Type.Integer({ minimum: 0 })
const grade = Type.Enum([...grades])

export const Interval = Type.Object({
  low: Type.Number(),
  high: Type.Number(),
})
export type Interval = Static<typeof Interval>

/** One rung of the interest ladder: of those who were shown the idea, how many did this afterwards. */
export const RungEvidence = Type.Object({
  grade,
  exposed: count,
  reached: count,
  rate: nullable(Type.Number(), 'null of nobody'),
  /** 95 %, Beta-Binomial: right for one look at one time. */
  credible: Interval,
  /** 95 % at all times together: right however often it is looked at. */
  always_valid: Interval,
})
export type RungEvidence = Static<typeof RungEvidence>

/** What a wrong decision is expected to cost. */
export const ExpectedLoss = Type.Object({
  build_rate: Type.Number({
    description:
      'built though it is below the bar, and left though it is above: in interested visitors for each visitor',
  }),
  leave_rate: Type.Number(),
  build_cost: nullable(
    Type.Number(),
    'the same in money, where the cost to build is known: the bar is read as the rate at which it is just earned back',
  ),
  leave_cost: nullable(Type.Number()),
  cost_to_build: nullable(Type.Number()),
  break_even_visitors: nullable(
    Type.Number(),
    "how many visitors at the bar's rate earn the cost back; where the value of one interested visitor is known, too",
  ),
})
export type ExpectedLoss = Static<typeof ExpectedLoss>

export const BarEvidence = Type.Object({
  grade,
  bar: Type.Number(),
  basis: Type.Enum(['counted', 'adjusted'], {
    description: 'what the bar is held against: as counted, or as the intended audience would have it (`adjusted`)',
  }),
  exposed: count,
  reached: count,
  rate: nullable(Type.Number()),
  credible: Interval,
  /** At all times and for all variants together, of all who came. */
  always_valid: Interval,
  /** Who came before yesterday, and so had time to do it, and the high end by them: only that speaks against the idea. */
  waited: Type.Object({
    exposed: count,
    reached: count,
    high: Type.Number(),
  }),
  probability_met: Type.Number({ description: 'that the rate is at or above the bar, by the posterior' }),
  settled: nullable(
    Type.Enum(['above', 'below']),
    'above by the low end of all who came, below by the high end of those who had time; null until one is past the bar',
  ),
  always_valid_p: Type.Number({
    description:
      "the bar's always-valid p-value: how surprising this is if the rate is exactly the bar, looked at as often as one likes",
  }),
  expected_loss: ExpectedLoss,
})
export type BarEvidence = Static<typeof BarEvidence>

export const RevenueEvidence = Type.Object({
  payers: count,
  per_visitor: nullable(Type.Number(), 'of all who were shown the idea'),
  per_payer: nullable(Type.Number()),
  interval: nullable(Interval, '95 %, of the mean per visitor'),
  always_valid: nullable(Interval, '95 % at all times together, from enough payers on; null before'),
})
export type RevenueEvidence = Static<typeof RevenueEvidence>

export const stratumDimensions = ['source', 'device', 'country', 'returning'] as const
export type StratumDimension = (typeof stratumDimensions)[number]
const stratumDimension = Type.Enum([...stratumDimensions])

/** A value of a dimension that pulls the counted rate away from the intended audience's. */
export const MixDriver = Type.Object({
  dimension: stratumDimension,
  value: Type.String(),
  counted_share: Type.Number(),
  intended_share: Type.Number(),
  rate: nullable(Type.Number()),
  contribution: Type.Number({
    description: 'what it adds to adjusted − counted. Those of one dimension sum up to the difference',
  }),
})
export type MixDriver = Static<typeof MixDriver>

/** Visitors by one value of a dimension, as they were when they were first shown the idea, and how many reached the bar's grade. */
export const StratumEvidence = Type.Object({
  dimension: stratumDimension,
  value: Type.String(),
  exposed: count,
  reached: count,
  rate: nullable(Type.Number()),
  credible: Interval,
})
export type StratumEvidence = Static<typeof StratumEvidence>

/** The rate of the audience the idea is meant for, by post-stratification of those who came. */
export const AdjustedEvidence = Type.Object({
  rate: nullable(Type.Number()),
  credible: Interval,
  always_valid: Interval,
  effective_visitors: Type.Number({ description: 'how many visitors of the intended mix would tell as much' }),
  covered: Type.Number({ description: 'the share of the intended audience that came at all' }),
  distance: Type.Number({
    description:
      'how far the mix that came is from the intended: half the sum of differences of shares, the largest of the dimensions',
  }),
  drivers: Type.Array(MixDriver),
})
export type AdjustedEvidence = Static<typeof AdjustedEvidence>

export const VariantEvidence = Type.Object({
  variant: Type.String(),
  is_holdout: Type.Boolean(),
  weight: Type.Number(),
  exposed: count,
  rungs: Type.Array(RungEvidence),
  bar: BarEvidence,
  revenue: nullable(RevenueEvidence),
  adjusted: nullable(AdjustedEvidence, 'null where no intended audience is said, or nobody came'),
})
export type VariantEvidence = Static<typeof VariantEvidence>

export const VariantComparison = Type.Object({
  variant: Type.String(),
  difference: Type.Object({
    estimate: nullable(Type.Number()),
    credible: Interval,
    /** At all times, for all comparisons together. */
    always_valid: Interval,
    adjusted: nullable(Type.Number(), 'both taken to the same mix of visitors: the intended one, else all who came'),
  }),
  ratio: Type.Object({
    estimate: nullable(Type.Number()),
    credible: Interval,
  }),
  probability_better: Type.Number(),
  settled: nullable(Type.Enum(['better', 'worse'])),
  revenue: nullable(
    Type.Object({
      difference: Type.Number(),
      interval: Interval,
      always_valid: nullable(Interval),
    }),
  ),
})
export type VariantComparison = Static<typeof VariantComparison>
export const ComparisonEvidence = Type.Object({
  grade,
  baseline: Type.String(),
  against: Type.Array(VariantComparison),
  best: Type.Array(
    Type.Object({
      variant: Type.String(),
      probability_best: Type.Number(),
      expected_loss: Type.Number(),
    }),
    {
      description:
        'of all variants that are shown: how likely each is the best, and what choosing it is expected to lose, as a rate',
    },
  ),
})
export type ComparisonEvidence = Static<typeof ComparisonEvidence>

export const RatioEvidence = Type.Object({
  variants: Type.Array(
    Type.Object({
      variant: Type.String(),
      exposed: count,
      expected: Type.Number(),
    }),
  ),
  chi_square: Type.Number(),
  p: Type.Number({ description: 'right for one look' }),
  always_valid_p: Type.Number({ description: 'right for looks at any time; the alarm is below 0.01' }),
  is_mismatch: Type.Boolean(),
})
export type RatioEvidence = Static<typeof RatioEvidence>

export const robustnessChecks = ['without_top_source', 'without_returning', 'bots_fewer', 'bots_more'] as const
export type RobustnessCheck = (typeof robustnessChecks)[number]
export const RobustnessEvidence = Type.Object({
  check: Type.Enum([...robustnessChecks]),
  source: nullable(Type.String(), 'the source left out'),
  exposed: count,
  reached: count,
  rate: nullable(Type.Number()),
  credible: Interval,
  probability_met: Type.Number(),
  agrees: Type.Boolean({ description: 'whether it is on the same side of the bar as with everybody' }),
})
export type RobustnessEvidence = Static<typeof RobustnessEvidence>

/** Of those first shown the idea on that day; `running` is all up to it. */
export const DayEvidence = Type.Object({
  day: Type.String(),
  exposed: count,
  reached: count,
  rate: nullable(Type.Number()),
  credible: Interval,
  running: Type.Object({
    exposed: count,
    reached: count,
    rate: nullable(Type.Number()),
    always_valid: Interval,
  }),
})
export type DayEvidence = Static<typeof DayEvidence>

export const NoveltyEvidence = Type.Object({
  first: Type.Object({
    days: Type.Number(),
    exposed: count,
    reached: count,
    rate: nullable(Type.Number()),
  }),
  later: Type.Object({
    days: Type.Number(),
    exposed: count,
    reached: count,
    rate: nullable(Type.Number()),
  }),
  difference: Interval,
  probability_first_higher: Type.Number(),
  is_novelty: Type.Boolean(),
})
export type NoveltyEvidence = Static<typeof NoveltyEvidence>

/** Numbers and names that a sentence about a code is filled with; rates and shares of one. */
export const Particulars = Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()]))
export type Particulars = Static<typeof Particulars>

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
export const QualityFlag = Type.Object({
  code: Type.Enum([...qualityCodes]),
  weight: Type.Enum(['blocks', 'warns']),
  numbers: Particulars,
})
export type QualityFlag = Static<typeof QualityFlag>

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
export const Reason = Type.Object({
  code: Type.Enum([...reasonCodes]),
  numbers: Particulars,
})
export type Reason = Static<typeof Reason>

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
export const Change = Type.Object({
  code: Type.Enum([...changeCodes]),
  numbers: Particulars,
})
export type Change = Static<typeof Change>

export const Verdict = Type.Enum(['build', 'keep_testing', 'stop', 'fix_test'])
export type Verdict = Static<typeof Verdict>
/** Never a bare verdict: its reasons, the strongest first, and what would change it. */
export const Recommendation = Type.Object({
  verdict: Verdict,
  variant: Type.String({ description: 'the variant it speaks of' }),
  reasons: Type.Tuple([Reason, Reason, Reason]),
  would_change: Type.Array(Change),
  missing: nullable(
    Type.Object({
      visitors: Type.Number(),
      days: nullable(Type.Number()),
      until: nullable(Type.String()),
    }),
    'what is missing to a decision if the rate stays as it is; null where it is decided, or never comes at this rate',
  ),
  leaning: Type.Enum(['build', 'leave'], {
    description: 'which of building and leaving is expected to lose less as it stands',
  }),
})
export type Recommendation = Static<typeof Recommendation>

export const IdeaEvidence = Type.Object({
  variants: Type.Array(VariantEvidence, { description: 'the baseline first' }),
  comparison: nullable(ComparisonEvidence, 'null where there is one'),
  sample_ratio: nullable(RatioEvidence),
  robustness: Type.Array(RobustnessEvidence, { description: 'of the variant the recommendation speaks of' }),
  strata: Type.Array(StratumEvidence, {
    description: 'of the same, by dimension, the most visitors first; the rarest values are left out',
  }),
  days: Type.Array(DayEvidence),
  novelty: nullable(NoveltyEvidence),
  quality: Type.Array(QualityFlag),
  health: Type.Object({
    bots_share: Type.Number(),
    late_share: Type.Number(),
    refused_share: Type.Number(),
    several_variants: count,
    visitors_per_day: Type.Number(),
    days_running: Type.Number(),
  }),
  recommendation: Recommendation,
})
export type IdeaEvidence = Static<typeof IdeaEvidence>
