import type {
  BarEvidence,
  DayEvidence,
  NoveltyEvidence,
  RobustnessCheck,
  RobustnessEvidence,
} from '@clickwatch/contract'
import {
  type Count,
  compareRates,
  credibleInterval,
  mixtureAbout,
  probabilityAtLeast,
  rateOf,
  rateSequence,
} from '@clickwatch/stats'
import { countOf } from './bar.ts'
import type { IdeaPlan, Stratum, VariantCounts } from './counts.ts'
import { adjust, cellsOf } from './mix.ts'

const sumOf = (strata: readonly Stratum[], plan: IdeaPlan): Count => ({
  total: strata.reduce((sum, { exposed }) => sum + exposed, 0),
  reached: strata.reduce((sum, { exposed, reached }) => sum + Math.min(exposed, reached[plan.bar.grade] ?? 0), 0),
})

export type TopSource = { source: string; ofReached: number; ofExposed: number }

/** The source that most of those came by who reached the bar's grade; of those who were shown it, where nobody did. */
export const topSource = (variant: VariantCounts, plan: IdeaPlan): TopSource | null => {
  const sources = new Map<string, Count>()
  for (const stratum of variant.strata) {
    const sum = sources.get(stratum.source) ?? { total: 0, reached: 0 }
    const { total, reached } = sumOf([stratum], plan)
    sources.set(stratum.source, { total: sum.total + total, reached: sum.reached + reached })
  }
  const all = sumOf(variant.strata, plan)
  let top: (Count & { source: string }) | null = null
  for (const [source, count] of sources) {
    const [more, same] = [count.reached - (top?.reached ?? -1), count.total - (top?.total ?? 0)]
    if (top === null || more > 0 || (more === 0 && same > 0)) top = { source, ...count }
  }
  if (top === null) return null
  return {
    source: top.source,
    ofReached: all.reached > 0 ? top.reached / all.reached : 0,
    ofExposed: all.total > 0 ? top.total / all.total : 0,
  }
}

/**
 * The same with somebody left out, each of which could turn the verdict: the source that brought the most, visitors who had been here before,
 * and as large a share of bots as was recognised once more, among those who reached it (fewer) or among those who did not (more). Held
 * against the bar on the basis that the bar is: as counted, or as the intended audience would have it.
 */
export const robustnessEvidence = (
  variant: VariantCounts,
  bar: BarEvidence,
  plan: IdeaPlan,
  botsShare: number,
): RobustnessEvidence[] => {
  if (variant.exposed === 0) return []
  const isMet = bar.probability_met >= 0.5
  const found: RobustnessEvidence[] = []
  const hold = (check: RobustnessCheck, counted: Count, basis: Count, source: string | null): void => {
    if (counted.total <= 0 || basis.total <= 0) return
    const probability = probabilityAtLeast(basis, bar.bar)
    found.push({
      check,
      source,
      exposed: counted.total,
      reached: counted.reached,
      rate: rateOf(basis),
      credible: credibleInterval(basis),
      probability_met: probability,
      agrees: probability >= 0.5 === isMet,
    })
  }
  const basisOf = (strata: readonly Stratum[]): Count => {
    if (bar.basis === 'counted') return sumOf(strata, plan)
    const { effective, covered } = adjust(cellsOf({ ...variant, strata: [...strata] }, bar.grade), plan.intended_mix)
    // Without those left out there may be nobody of the intended audience, and then there is nothing to hold against.
    return covered >= 0.5 ? effective : { total: 0, reached: 0 }
  }
  const holdStrata = (check: RobustnessCheck, strata: readonly Stratum[], source: string | null): void =>
    hold(check, sumOf(strata, plan), basisOf(strata), source)

  const top = topSource(variant, plan)
  if (top !== null) {
    holdStrata(
      'without_top_source',
      variant.strata.filter(({ source }) => source !== top.source),
      top.source,
    )
  }
  if (variant.strata.some(({ returning }) => returning)) {
    holdStrata(
      'without_returning',
      variant.strata.filter(({ returning }) => !returning),
      null,
    )
  }
  const share = Math.min(0.99, Math.max(0, botsShare))
  if (share > 0) {
    const fewer = ({ total, reached }: Count): Count => ({
      total: total - reached * share,
      reached: reached * (1 - share),
    })
    const more = ({ total, reached }: Count): Count => ({
      total: Math.max(reached, total * (1 - share)),
      reached,
    })
    const [counted, basis] = [countOf(variant, plan), basisOf(variant.strata)]
    hold('bots_fewer', fewer(counted), fewer(basis), null)
    hold('bots_more', more(counted), more(basis), null)
  }
  return found
}

/** Day by day, and all up to each day. */
export const dayEvidence = (variant: VariantCounts, plan: IdeaPlan, alpha: number): DayEvidence[] => {
  const mixture = mixtureAbout(plan.bar.rate)
  const running = { total: 0, reached: 0 }
  return variant.days.map(({ day, exposed, reached }) => {
    const count = { total: exposed, reached: Math.min(exposed, reached[plan.bar.grade] ?? 0) }
    running.total += count.total
    running.reached += count.reached
    return {
      day,
      exposed: count.total,
      reached: count.reached,
      rate: rateOf(count),
      credible: credibleInterval(count),
      running: {
        exposed: running.total,
        reached: running.reached,
        rate: rateOf(running),
        always_valid: rateSequence(running, alpha, mixture),
      },
    }
  })
}

/** What counts as the first days, how many there have to be in all, and how many visitors on either side. */
const firstDays = 3
const daysNeeded = 7
const visitorsNeeded = 50

/** Whether those who came in the first days did it more often than those later, as with whatever is new; null while it is too early. */
export const noveltyEvidence = (variant: VariantCounts, plan: IdeaPlan): NoveltyEvidence | null => {
  if (variant.days.length < daysNeeded) return null
  const sum = (days: typeof variant.days): Count => ({
    total: days.reduce((total, { exposed }) => total + exposed, 0),
    reached: days.reduce((total, day) => total + Math.min(day.exposed, day.reached[plan.bar.grade] ?? 0), 0),
  })
  const [first, later] = [sum(variant.days.slice(0, firstDays)), sum(variant.days.slice(firstDays))]
  if (first.total < visitorsNeeded || later.total < visitorsNeeded) return null
  const { difference, probabilityHigher } = compareRates(later, first)
  const [before, after] = [rateOf(first) ?? 0, rateOf(later) ?? 0]
  return {
    first: { days: firstDays, exposed: first.total, reached: first.reached, rate: rateOf(first) },
    later: { days: variant.days.length - firstDays, exposed: later.total, reached: later.reached, rate: rateOf(later) },
    difference: difference.credible,
    probability_first_higher: probabilityHigher,
    is_novelty: probabilityHigher >= 0.99 && before > 1.25 * after,
  }
}
