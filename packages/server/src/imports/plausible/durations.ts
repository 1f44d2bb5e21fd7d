/** A table filled in: of each visit, which row it is of, and how many seconds the visits of each row had together. */
export type Told = { ofSlot: readonly number[]; seconds: readonly number[] }

const rounds = 40
/** What a bounce lasts beside another visit, unless a table says that there is more. */
const bounceWeight = 1e-6

/** Has the weights of each row's visits add up to what the row says. */
const fitRows = (weights: readonly number[], { ofSlot, seconds }: Told): number[] => {
  const sums = seconds.map(() => 0)
  for (const [slot, row] of ofSlot.entries()) sums[row] = (sums[row] ?? 0) + (weights[slot] ?? 0)
  return weights.map((weight, slot) => {
    const row = ofSlot[slot] ?? -1
    const sum = sums[row] ?? 0
    return sum > 0 ? (weight * (seconds[row] ?? 0)) / sum : weight
  })
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0)

/**
 * How long each visit was, in whole seconds, so that the day has its sum and each row of each table has its own, as near as that can be:
 * iterative proportional fitting (Deming and Stephan, 1940).
 */
export const durationsOf = (isBounce: readonly boolean[], totalS: number, tables: readonly Told[]): number[] => {
  let weights: number[] = isBounce.map((is) => (is ? bounceWeight : 1))
  for (let round = 0; round < rounds; round++) weights = tables.reduce(fitRows, weights)
  const sum = sumOf(weights)
  // Tables that say of no visit that it took any time leave the day's to all.
  const exact = weights.map((weight) => (sum > 0 ? (weight * totalS) / sum : totalS / weights.length))
  const whole = exact.map(Math.floor)
  // What rounding down has left goes to those that lost most by it.
  const order = exact
    .map((seconds, slot) => ({ slot, lost: seconds - (whole[slot] ?? 0) }))
    .sort((one, other) => other.lost - one.lost)
  for (const { slot } of order.slice(0, totalS - sumOf(whole))) whole[slot] = (whole[slot] ?? 0) + 1
  return whole
}
