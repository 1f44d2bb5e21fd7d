import { ratioSequence } from './difference-sequence.ts'
import { normalQuantile } from './distributions.ts'
import { type Count, credibleInterval } from './rate.ts'
import { mixtureAbout, rateSequence } from './rate-sequence.ts'

/** More visitors than any test will have: beyond, a plan says that it is never. */
export const mostVisitors = 1e9

/** The least whole number from which on something holds; null where it does not even at the most. */
const leastFrom = (holds: (visitors: number) => boolean, from = 1): number | null => {
  let high = Math.max(1, from)
  while (!holds(high)) {
    if (high >= mostVisitors) return null
    high = Math.min(mostVisitors, high * 2)
  }
  let low = Math.max(0, Math.floor(from) - 1)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) high = middle
    else low = middle
  }
  return high
}

/** How many of so many do it in all but the unluckiest tests: `power` says which share of tests has at least (or at most) so many. */
const expectedCount = (rate: number, visitors: number, power: number, isAbove: boolean): number => {
  const luck = normalQuantile(power) * Math.sqrt(visitors * rate * (1 - rate))
  return Math.min(visitors, Math.max(0, visitors * rate + (isAbove ? -luck : luck)))
}

/**
 * How many visitors until the confidence sequence leaves the bar on the side the rate lies on, in `power` of all tests (a half: in the
 * middle one). null where the rate is the bar, or so near that it takes more than a thousand million.
 */
export const visitorsToSettle = (rate: number, bar: number, alpha = 0.05, power = 0.8): number | null => {
  if (rate === bar) return null
  const mixture = mixtureAbout(bar)
  return leastFrom((visitors) => {
    const count = { reached: expectedCount(rate, visitors, power, rate > bar), total: visitors }
    const { low, high } = rateSequence(count, alpha, mixture)
    return rate > bar ? low > bar : high < bar
  })
}

/**
 * How many visitors more until the confidence sequence leaves the bar, if those to come do it as often as those who came (the
 * posterior's mean). 0 where it has left it; null where it never does, or takes more than a thousand million.
 */
export const visitorsMissing = (count: Count, bar: number, alpha: number): number | null => {
  const rate = (count.reached + 0.5) / (count.total + 1)
  const mixture = mixtureAbout(bar)
  const isSettled = (more: number): boolean => {
    const grown = { reached: count.reached + rate * more, total: count.total + more }
    const { low, high } = rateSequence(grown, alpha, mixture)
    return low > bar || high < bar
  }
  return isSettled(0) ? 0 : leastFrom(isSettled)
}

/** How many visitors until the credible interval is at most `halfWidth` to each side of such a rate, on average. */
export const visitorsForPrecision = (rate: number, halfWidth: number, level = 0.95): number | null =>
  leastFrom((visitors) => {
    const { low, high } = credibleInterval({ reached: rate * visitors, total: visitors }, level)
    return (high - low) / 2 <= halfWidth
  })

/** How many visitors, in all arms of one weight together, until the arm's lift over the baseline is settled in `power` of all tests. */
export const visitorsToCompare = (rate: number, ratio: number, arms = 2, alpha = 0.05, power = 0.8): number | null => {
  if (ratio === 1) return null
  const share = ratio / (1 + ratio)
  const done = leastFrom((reached) => {
    const arm = expectedCount(share, reached, power, ratio > 1)
    const { low, high } = ratioSequence(
      { reached: reached - arm, total: reached, weight: 1 },
      { reached: arm, total: reached, weight: 1 },
      (0.8 * alpha) / (arms - 1),
    )
    return ratio > 1 ? low > 1 : high < 1
  })
  return done === null ? null : Math.ceil((done / (rate * (1 + ratio))) * arms)
}

export type Detectable = { visitors: number; above: number | null; below: number | null }

/**
 * The curve of a plan: after so many visitors, the lowest rate above the bar and the highest below it that would be told from it in
 * `power` of all tests; null where there is none.
 */
export const detectable = (bar: number, visitors: number, alpha = 0.05, power = 0.8): Detectable => {
  const mixture = mixtureAbout(bar)
  const isSettled = (rate: number): boolean => {
    const isAbove = rate > bar
    const count = { reached: expectedCount(rate, visitors, power, isAbove), total: visitors }
    const { low, high } = rateSequence(count, alpha, mixture)
    return isAbove ? low > bar : high < bar
  }
  const search = (end: number): number | null => {
    if (!isSettled(end)) return null
    let [open, settled] = [bar, end]
    for (let step = 0; step < 40; step++) {
      const middle = (open + settled) / 2
      if (isSettled(middle)) settled = middle
      else open = middle
    }
    return settled
  }
  return { visitors, above: search(1 - 1e-9), below: search(1e-12) }
}
