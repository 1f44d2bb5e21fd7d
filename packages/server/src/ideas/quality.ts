import type {
  AdjustedEvidence,
  NoveltyEvidence,
  Particulars,
  QualityCode,
  QualityFlag,
  RatioEvidence,
} from '@clickwatch/contract'
import { countOf } from './bar.ts'
import type { IdeaCounts, VariantCounts } from './counts.ts'
import { topSource } from './robustness.ts'

const dayMs = 86_400_000

/** From where on a number is told, and from where on nothing may be concluded. */
export const limits = {
  /** Visitors of a variant: below, a handful of people decide. */
  visitors: { warns: 200, blocks: 50 },
  /** When everybody does what costs something, the page does it for them. */
  everybody: 20,
  /** Of those who reached the bar's grade, and of those who were shown the idea. */
  source: { ofReached: 0.6, ofExposed: 0.8, reached: 5 },
  bots: { warns: 0.2, blocks: 0.5 },
  late: 0.1,
  lost: { warns: 0.05, blocks: 0.2 },
  several: { warns: 0.02, blocks: 0.1 },
  pausedDays: 3,
  weekDays: 7,
  /** How far the mix may lie from the intended one, and how much of that has to have come. */
  distance: 0.3,
  covered: { warns: 0.9, blocks: 0.5 },
  /** A day after its start an idea that nobody saw is not shown where it should be. */
  unseenDays: 1,
} as const

export type Findings = {
  leader: VariantCounts
  adjusted: AdjustedEvidence | null
  ratio: RatioEvidence | null
  novelty: NoveltyEvidence | null
}

/** Days since the first visitor, of whom the first day is one. */
export const daysRunning = ({ first_exposure, now }: IdeaCounts): number =>
  first_exposure === null ? 0 : Math.max(0, (Date.parse(now) - Date.parse(first_exposure)) / dayMs)

/** The longest run of days on which nobody was shown the idea, between days on which somebody was. */
const longestPause = ({ variants }: IdeaCounts): { days: number; from: string } => {
  const days = [
    ...new Set(variants.flatMap(({ days }) => days.filter(({ exposed }) => exposed > 0).map(({ day }) => day))),
  ].sort()
  let pause = { days: 0, from: '' }
  for (const [index, day] of days.entries()) {
    const before = days[index - 1]
    if (before === undefined) continue
    const missing = Math.round((Date.parse(day) - Date.parse(before)) / dayMs) - 1
    if (missing > pause.days) {
      pause = { days: missing, from: new Date(Date.parse(before) + dayMs).toISOString().slice(0, 10) }
    }
  }
  return pause
}

/** Whatever keeps the numbers from bearing a conclusion, what blocks one first. */
export const qualityOf = (counts: IdeaCounts, { leader, adjusted, ratio, novelty }: Findings): QualityFlag[] => {
  const { plan } = counts
  const flags: QualityFlag[] = []
  const flag = (code: QualityCode, weight: QualityFlag['weight'], numbers: Particulars): void => {
    flags.push({ code, weight, numbers })
  }
  const graded = (
    code: QualityCode,
    value: number,
    at: { warns: number; blocks: number },
    more: Particulars = {},
  ): void => {
    if (value >= at.warns) flag(code, value >= at.blocks ? 'blocks' : 'warns', { share: value, ...more })
  }
  const exposed = counts.variants.reduce((sum, variant) => sum + variant.exposed, 0)
  const { total, reached } = countOf(leader, plan)

  if (exposed === 0) {
    const days = (Date.parse(counts.now) - Date.parse(plan.started_at)) / dayMs
    flag('no_exposures', days >= limits.unseenDays ? 'blocks' : 'warns', { days: Math.max(0, Math.floor(days)) })
  }
  if (ratio?.is_mismatch) {
    const [worst] = ratio.variants.toSorted(
      (left, right) => Math.abs(right.exposed - right.expected) - Math.abs(left.exposed - left.expected),
    )
    if (worst !== undefined) flag('sample_ratio', 'blocks', { ...worst, p: ratio.always_valid_p })
  }
  graded('many_bots', counts.bots_share, limits.bots)
  graded('many_lost', counts.refused_share, limits.lost)
  if (counts.several_variants > 0) {
    const share = counts.several_variants / (counts.several_variants + exposed)
    graded('several_variants', share, limits.several, { visitors: counts.several_variants })
  }
  if (total >= limits.everybody && reached === total && plan.bar.grade !== 'seen') {
    flag('everybody_reached', 'blocks', { visitors: total })
  }
  if (adjusted !== null && adjusted.covered < limits.covered.warns) {
    flag('audience_missing', adjusted.covered < limits.covered.blocks ? 'blocks' : 'warns', {
      share: adjusted.covered,
    })
  }
  if (exposed > 0 && total < limits.visitors.warns) {
    flag('few_visitors', total < limits.visitors.blocks ? 'blocks' : 'warns', {
      visitors: total,
      needed: total < limits.visitors.blocks ? limits.visitors.blocks : limits.visitors.warns,
    })
  }
  if (total > 0 && reached === 0) flag('nobody_reached', 'warns', { visitors: total })
  const top = topSource(leader, plan)
  if (
    top !== null &&
    ((reached >= limits.source.reached && top.ofReached >= limits.source.ofReached) ||
      top.ofExposed >= limits.source.ofExposed)
  ) {
    flag('one_source', 'warns', { source: top.source, of_reached: top.ofReached, of_exposed: top.ofExposed })
  }
  if (counts.late_share >= limits.late) flag('many_late', 'warns', { share: counts.late_share })
  const pause = longestPause(counts)
  if (pause.days >= limits.pausedDays) flag('paused', 'warns', pause)
  const days = daysRunning(counts)
  if (exposed > 0 && days < limits.weekDays) flag('short_of_a_week', 'warns', { days: Math.max(1, Math.ceil(days)) })
  if (novelty?.is_novelty) {
    flag('novelty', 'warns', {
      first: novelty.first.rate ?? 0,
      later: novelty.later.rate ?? 0,
      days: novelty.first.days,
    })
  }
  if (adjusted !== null && adjusted.distance >= limits.distance) {
    const [driver] = adjusted.drivers
    flag('audience_far', 'warns', {
      distance: adjusted.distance,
      ...(driver === undefined
        ? {}
        : {
            dimension: driver.dimension,
            value: driver.value,
            counted: driver.counted_share,
            intended: driver.intended_share,
          }),
    })
  }
  if (plan.changed_at !== null) flag('plan_changed', 'warns', { at: plan.changed_at })
  return flags.sort((left, right) => Number(right.weight === 'blocks') - Number(left.weight === 'blocks'))
}
