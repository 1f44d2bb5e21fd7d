import type {
  Change,
  ComparisonEvidence,
  Particulars,
  QualityFlag,
  Reason,
  Recommendation,
  RobustnessCheck,
  RobustnessEvidence,
  VariantEvidence,
  Verdict,
} from '@clickwatch/contract'
import { visitorsMissing } from '@clickwatch/stats'
import { daysWaited } from './bar.ts'
import type { IdeaCounts } from './counts.ts'
import { daysRunning, limits } from './quality.ts'

const dayMs = 86_400_000

/** What the recommendation is made of: nothing of it is counted here. */
export type Ground = {
  counts: IdeaCounts
  /** All that are shown; the bar's always-valid intervals hold for all of them together, at `alpha` divided by how many they are. */
  shown: readonly VariantEvidence[]
  /** The one it speaks of. */
  leader: VariantEvidence
  comparison: ComparisonEvidence | null
  robustness: readonly RobustnessEvidence[]
  quality: readonly QualityFlag[]
  alpha: number
}

/** What a verdict came of, in the words of a reason. */
type Cause = { verdict: Verdict; reasons: Reason[] }

const reason = (code: Reason['code'], numbers: Particulars): Reason => ({ code, numbers })

/** Money stands in a sentence only where it is known. */
const known = (numbers: Record<string, number | string | null>): Particulars =>
  Object.fromEntries(Object.entries(numbers).filter((entry): entry is [string, number | string] => entry[1] !== null))

const robust = ({ robustness }: Ground, check: RobustnessCheck): RobustnessEvidence | undefined =>
  robustness.find((found) => found.check === check)

const disagrees = (ground: Ground, check: RobustnessCheck): RobustnessEvidence | undefined => {
  const found = robust(ground, check)
  return found?.agrees === false ? found : undefined
}

/** A test that takes longer, or more visitors, is no test: it is said to be out of reach. */
const longest = { days: 3650, visitors: 10_000_000 }

/** How many more the leader has to be shown to, as if all that came were of the intended audience; null where it never ends. */
const missingToLeader = ({ shown, leader, alpha }: Ground): number | null => {
  const { bar, exposed } = leader
  const atLeast = Math.max(0, limits.visitors.blocks - exposed)
  if (bar.settled !== null) return atLeast
  const basis = bar.basis === 'adjusted' ? (leader.adjusted?.effective_visitors ?? 0) : exposed
  const more = visitorsMissing({ total: basis, reached: (bar.rate ?? 0) * basis }, bar.bar, alpha / shown.length)
  if (more === null) return null
  // Of an audience that is meant otherwise than it comes, some tell less than others.
  return Math.max(atLeast, more * (basis > 0 ? exposed / basis : 1))
}

/** What is missing to a decision at the leader's rate: of all visitors, since the leader is shown to a part of them. */
export const missingOf = (ground: Ground): Recommendation['missing'] => {
  const { counts, leader } = ground
  const { bar, exposed } = leader
  const more = missingToLeader(ground)
  if (more === null || (more === 0 && bar.settled !== null)) return null
  const weights = counts.variants.reduce((sum, { weight }) => sum + weight, 0)
  const visitors = Math.ceil((more * weights) / leader.weight)
  const toCome = visitors === 0 ? 0 : counts.visitors_per_day > 0 ? Math.ceil(visitors / counts.visitors_per_day) : null
  const isAgainst = bar.settled === null && exposed > 0 && (bar.rate ?? 0) < bar.bar
  const days = toCome === null ? null : toCome + (isAgainst ? daysWaited : 0)
  if (visitors > longest.visitors || (days !== null && days > longest.days)) return null
  const until = days === null ? null : new Date(Date.parse(counts.now) + days * dayMs).toISOString()
  return { visitors, days, until }
}

const exposedToAll = ({ counts }: Ground): number => counts.variants.reduce((sum, { exposed }) => sum + exposed, 0)

const isBudgetSpent = (ground: Ground): boolean => {
  const { visitors, days } = ground.counts.plan.budget
  return (
    (visitors !== null && exposedToAll(ground) >= visitors) || (days !== null && daysRunning(ground.counts) >= days)
  )
}

const probability = ({ leader: { bar } }: Ground): Reason =>
  reason('probability', { probability: bar.probability_met, bar: bar.bar })

const lossOfBuilding = ({ leader: { bar } }: Ground): Reason =>
  reason(
    'loss_of_building',
    known({
      rate: bar.expected_loss.build_rate,
      money: bar.expected_loss.build_cost,
      cost: bar.expected_loss.cost_to_build,
    }),
  )

const lossOfLeaving = ({ leader: { bar } }: Ground): Reason =>
  reason(
    'loss_of_leaving',
    known({
      rate: bar.expected_loss.leave_rate,
      money: bar.expected_loss.leave_cost,
      cost: bar.expected_loss.cost_to_build,
    }),
  )

const turnedBy = (found: RobustnessEvidence): Particulars =>
  known({ rate: found.rate, source: found.source, exposed: found.exposed, probability: found.probability_met })

/** What else speaks for a verdict, or qualifies it: what holds when somebody is left out. */
const support = (ground: Ground, side: 'above' | 'below'): Reason[] => {
  const { leader, comparison } = ground
  const found: Reason[] = []
  const best = comparison?.best.find(({ variant }) => variant === leader.variant)
  if (side === 'above' && best !== undefined) {
    found.push(
      reason('best_variant', { variant: leader.variant, probability: best.probability_best, loss: best.expected_loss }),
    )
  }
  const { adjusted } = leader
  if (adjusted?.rate != null && leader.bar.rate !== null && leader.exposed > 0) {
    const counted = leader.bar.reached / leader.exposed
    const isSame = adjusted.rate >= leader.bar.bar === counted >= leader.bar.bar
    found.push(
      reason(isSame ? 'holds_for_audience' : 'audience_differs', { rate: adjusted.rate, counted, bar: leader.bar.bar }),
    )
  }
  const pairs = [
    ['without_top_source', 'holds_without_top_source', 'rests_on_top_source'],
    ['without_returning', 'holds_without_returning', 'rests_on_returning'],
    [side === 'above' ? 'bots_fewer' : 'bots_more', 'holds_against_bots', 'bots_could_turn_it'],
  ] as const
  for (const [check, holds, rests] of pairs) {
    const result = robust(ground, check)
    if (result !== undefined && result.exposed >= limits.visitors.blocks) {
      found.push(reason(result.agrees ? holds : rests, turnedBy(result)))
    }
  }
  return found
}

const decided = (ground: Ground, verdict: 'build' | 'stop', first: Reason): Cause => {
  const side = verdict === 'build' ? 'above' : 'below'
  const loss = verdict === 'build' ? lossOfBuilding(ground) : lossOfLeaving(ground)
  return { verdict, reasons: [first, loss, ...support(ground, side), probability(ground)] }
}

const open = (ground: Ground, first: Reason[]): Cause => {
  const { leader, counts } = ground
  const missing = missingOf(ground)
  const reasons = [...first]
  const left = counts.plan.budget.visitors === null ? null : counts.plan.budget.visitors - exposedToAll(ground)
  if (leader.bar.settled === null) {
    if (missing === null) reasons.push(reason('out_of_reach', known({ rate: leader.bar.rate, bar: leader.bar.bar })))
    else if (missing.visitors === 0) reasons.push(reason('some_may_still', { days: daysWaited }), belowBar(ground))
    else if (left !== null && left > 0 && missing.visitors > left) {
      reasons.push(reason('budget_too_small', { visitors: missing.visitors, left }))
    } else reasons.push(reason('visitors_missing', known({ visitors: missing.visitors, days: missing.days })))
  }
  const { build_rate, leave_rate } = leader.bar.expected_loss
  reasons.push(probability(ground), build_rate <= leave_rate ? lossOfBuilding(ground) : lossOfLeaving(ground))
  return { verdict: 'keep_testing', reasons }
}

/** What those did who came after the first days, where they did it less often and below the bar: what is new is looked at because it is. */
const fadedOf = ({ quality, leader }: Ground): QualityFlag | undefined =>
  leader.bar.settled === 'above'
    ? quality.find(({ code, numbers }) => code === 'novelty' && Number(numbers.later) < leader.bar.bar)
    : undefined

/** What could turn a verdict, of enough visitors to do so. */
const turnedOf = (ground: Ground): RobustnessEvidence | undefined =>
  (['without_top_source', ground.leader.bar.settled === 'above' ? 'bots_fewer' : 'bots_more'] as const)
    .map((check) => disagrees(ground, check))
    .find((found) => found !== undefined && found.exposed >= limits.visitors.blocks)

const causeOf = (ground: Ground): Cause => {
  const { leader, shown, quality } = ground
  const { bar } = leader
  const blocking = quality.filter(({ weight }) => weight === 'blocks')
  const broken = blocking.filter(({ code }) => code !== 'few_visitors')
  if (broken.length > 0) {
    const warnings = quality.filter(({ weight }) => weight === 'warns')
    return {
      verdict: 'fix_test',
      reasons: [...broken, ...blocking, ...warnings].map(({ code, numbers }) => reason(code, numbers)),
    }
  }
  if (exposedToAll(ground) === 0) return open(ground, [reason('not_shown', {})])
  if (blocking.length > 0) {
    return open(ground, [
      reason('too_few_visitors', { visitors: leader.exposed, needed: limits.visitors.blocks }),
      whereItStands(ground),
    ])
  }
  const turned = turnedOf(ground)
  const unsure = (found: RobustnessEvidence): Cause => {
    const code = found.check === 'without_top_source' ? 'rests_on_top_source' : 'bots_could_turn_it'
    return open(ground, [reason(code, turnedBy(found)), whereItStands(ground)])
  }
  const settledBelow = shown.every((variant) => variant.bar.settled === 'below')
  if (bar.settled === 'above' || settledBelow) {
    if (turned !== undefined) return unsure(turned)
    const faded = fadedOf(ground)
    if (faded !== undefined) return open(ground, [reason('novelty', faded.numbers), whereItStands(ground)])
    return bar.settled === 'above'
      ? decided(ground, 'build', aboveBar(ground))
      : decided(ground, 'stop', belowBar(ground))
  }
  if (isBudgetSpent(ground)) {
    const spent = reason('budget_spent', {
      visitors: exposedToAll(ground),
      days: Math.floor(daysRunning(ground.counts)),
    })
    // Near the bar what is likelier and what costs less may differ; a stop is for where they do not.
    const isAnyLikely = shown.some(
      ({ bar: { probability_met, expected_loss } }) =>
        probability_met >= 0.5 || expected_loss.build_rate <= expected_loss.leave_rate,
    )
    if (isAnyLikely) return open(ground, [spent, whereItStands(ground)])
    // What would not end a test that is decided does not end one that is not.
    if (turned !== undefined) return unsure(turned)
    return { verdict: 'stop', reasons: [spent, probability(ground), lossOfLeaving(ground)] }
  }
  return open(ground, [whereItStands(ground)])
}

const aboveBar = ({ leader: { bar } }: Ground): Reason =>
  reason('above_bar', { rate: bar.rate ?? 0, low: bar.always_valid.low, bar: bar.bar })

const belowBar = ({ leader: { bar } }: Ground): Reason =>
  reason('below_bar', {
    rate: bar.rate ?? 0,
    high: bar.settled === 'below' ? bar.waited.high : bar.always_valid.high,
    bar: bar.bar,
  })

const whereItStands = (ground: Ground): Reason => {
  const { bar } = ground.leader
  if (bar.settled === 'above') return aboveBar(ground)
  if (bar.settled === 'below') return belowBar(ground)
  if (bar.always_valid.high < bar.bar) return reason('some_may_still', { days: daysWaited })
  return reason('bar_open', { low: bar.always_valid.low, high: bar.always_valid.high, bar: bar.bar })
}

const change = (code: Change['code'], numbers: Particulars): Change => ({ code, numbers })

const fixes: Partial<Record<QualityFlag['code'], Change['code']>> = {
  no_exposures: 'show_idea',
  sample_ratio: 'fix_split',
  many_bots: 'fix_bots',
  many_lost: 'fix_collection',
  everybody_reached: 'fix_collection',
  several_variants: 'fix_assignment',
  audience_missing: 'reach_audience',
}

/** What would turn the verdict: each names the number at which it would. */
const changesOf = (ground: Ground, verdict: Verdict): Change[] => {
  const { leader, quality, counts } = ground
  const { bar } = leader
  const top = quality.find(({ code }) => code === 'one_source')
  const others = top === undefined ? [] : [change('other_sources_differ', { source: top.numbers.source ?? '' })]
  if (verdict === 'fix_test') {
    return quality.flatMap(({ code, weight, numbers }) => {
      const fix = fixes[code]
      return weight === 'blocks' && fix !== undefined ? [change(fix, numbers)] : []
    })
  }
  if (verdict === 'build') return [change('rate_falls_below', { bar: bar.bar, low: bar.always_valid.low }), ...others]
  const lower = bar.always_valid.low > 0 ? [change('lower_bar', { bar: bar.always_valid.low })] : []
  if (verdict === 'stop')
    return [change('rate_rises_above', { bar: bar.bar, high: bar.waited.high }), ...lower, ...others]
  const missing = missingOf(ground)
  const budget = counts.plan.budget.visitors
  const needed = missing === null ? null : exposedToAll(ground) + missing.visitors
  const turned = bar.settled === null ? undefined : turnedOf(ground)
  const changes = [
    ...(missing === null || missing.visitors === 0 ? [] : [change('more_visitors', { visitors: missing.visitors })]),
    ...(budget !== null && needed !== null && needed > budget ? [change('raise_budget', { visitors: needed })] : []),
    ...(exposedToAll(ground) === 0 ? [change('show_idea', {})] : []),
    ...(bar.settled === null ? lower : []),
    ...(fadedOf(ground) === undefined ? [] : [change('later_days_hold', { bar: bar.bar })]),
    ...(turned === undefined
      ? others
      : turned.source === null
        ? [change('fix_bots', { share: counts.bots_share })]
        : [change('other_sources_differ', { source: turned.source })]),
  ]
  if (changes.length > 0) return changes
  return [
    change('rate_rises_above', { bar: bar.bar, high: bar.always_valid.high }),
    change('rate_falls_below', { bar: bar.bar, low: bar.always_valid.low }),
  ]
}

/** The three strongest of what was found, each said once; what always can be said fills up. */
const strongest = (ground: Ground, found: readonly Reason[]): [Reason, Reason, Reason] => {
  const codes = new Set<string>()
  const distinct = [...found, probability(ground), lossOfBuilding(ground), lossOfLeaving(ground)].filter(({ code }) => {
    if (codes.has(code)) return false
    codes.add(code)
    return true
  })
  const [first, second, third] = distinct
  if (first === undefined || second === undefined || third === undefined)
    throw new Error('A verdict without three reasons')
  return [first, second, third]
}

/**
 * Build, keep testing, stop, or fix the test. Build and Stop come from the always-valid interval alone, so that looking at it every hour
 * calls no more false winners than it says; a broken test, too few visitors, and a verdict that one source or the bots could turn come before it.
 * A spent budget ends a test that is likelier below the bar; it never makes one that is open a Build.
 */
export const recommend = (ground: Ground): Recommendation => {
  const { verdict, reasons } = causeOf(ground)
  const { build_rate, leave_rate } = ground.leader.bar.expected_loss
  return {
    verdict,
    variant: ground.leader.variant,
    reasons: strongest(ground, reasons),
    would_change: changesOf(ground, verdict),
    missing: verdict === 'keep_testing' ? missingOf(ground) : null,
    leaning: build_rate <= leave_rate ? 'build' : 'leave',
  }
}
