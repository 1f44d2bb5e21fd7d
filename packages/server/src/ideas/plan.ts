import type { IdeaDraft, IdeaPlanAnswer, PlannedVisitors } from '@clickwatch/contract'
import { detectable, visitorsForPrecision, visitorsToCompare, visitorsToSettle } from '@clickwatch/stats'

/** True rates, as parts of the bar, for which it is said how long it takes to be sure of them. */
const partsOfBar = [0.25, 0.5, 0.75, 1.25, 1.5, 2]
const curveDays = [1, 3, 7, 14, 28, 56, 91]
/** All that is concluded is wrong in at most one of twenty tests. */
const alpha = 0.05

/** The share of the variant that gets the fewest visitors, of all who come. */
const leastShare = ({ variants, holdout = 0 }: IdeaDraft): number => {
  if (!variants) return 1
  const weights = variants.map(({ weight }) => weight)
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  return (Math.min(...weights) / all) * (1 - holdout)
}

/** The smallest lift that is told after so many visitors in four of five tests; null where there is none worth naming. */
const leastDifference = (rate: number, visitors: number, arms: number): number | null => {
  const isTold = (ratio: number): boolean =>
    (visitorsToCompare(rate, ratio, arms) ?? Number.POSITIVE_INFINITY) <= visitors
  let [low, high] = [1, Math.min(20, 0.99 / rate)]
  if (high <= 1 || !isTold(high)) return null
  for (let step = 0; step < 10; step++) {
    const middle = Math.sqrt(low * high)
    if (isTold(middle)) high = middle
    else low = middle
  }
  return rate * (high - 1)
}

/** What an idea takes: from the traffic its page has, and by its bar. */
export const planOf = (draft: IdeaDraft, traffic: IdeaPlanAnswer['traffic']): IdeaPlanAnswer => {
  const { bar, budget, cost_per_visitor, variants, precision: halfWidth = bar.rate / 4 } = draft
  const share = leastShare(draft)
  const arms = variants?.length ?? 1
  const perDay = traffic.visitors_per_day

  const planned = (perVariant: number): PlannedVisitors => {
    const visitors = Math.ceil(perVariant / share)
    const days = perDay > 0 ? Math.ceil(visitors / perDay) : null
    const fits =
      (budget?.visitors === undefined || visitors <= budget.visitors) &&
      (budget?.days === undefined || (days !== null && days <= budget.days))
    return {
      per_variant: perVariant,
      visitors,
      days,
      cost: cost_per_visitor === undefined ? null : visitors * cost_per_visitor,
      is_within_budget: budget === undefined ? null : fits,
    }
  }
  const days = [...new Set([...curveDays, ...(budget?.days === undefined ? [] : [budget.days])])].sort(
    (one, other) => one - other,
  )
  const shown = 1 - (draft.holdout ?? 0)
  return {
    traffic,
    precision: { ...planned(visitorsForPrecision(bar.rate, halfWidth) ?? 0), half_width: halfWidth },
    decisions: partsOfBar
      .map((part) => part * bar.rate)
      .filter((rate) => rate < 1)
      .flatMap((rate) => {
        const perVariant = visitorsToSettle(rate, bar.rate, alpha / arms)
        if (perVariant === null) return []
        return [{ rate, side: rate > bar.rate ? ('above' as const) : ('below' as const), ...planned(perVariant) }]
      }),
    detectable: days.map((each) => {
      const visitors = Math.floor(each * perDay)
      const { above, below } = detectable(bar.rate, Math.floor(visitors * share), alpha / arms)
      return { days: each, visitors, above, below }
    }),
    detectable_between:
      arms < 2
        ? []
        : days.map((each) => {
            const visitors = Math.floor(each * perDay)
            return { days: each, visitors, difference: leastDifference(bar.rate, visitors * shown, arms) }
          }),
  }
}
