/** Numbers that look random and are the same for the same seed. */
export type Random = {
  /** From 0 up to, not including, 1. */
  next(): number
  /** True with a probability. */
  chance(probability: number): boolean
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number
  /** One of some, by weight. */
  pick<T extends { weight: number }>(from: readonly T[]): T
  /** Log-normal: `median` in the middle; the larger `spread`, the longer the tail. */
  logNormal(median: number, spread: number): number
  hex(digits: number): string
}

/** mulberry32, by Tommy Ettinger (public domain): 32 bits of state, good enough to make up visitors. */
export const createRandom = (seed: number): Random => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    next,
    chance: (probability) => next() < probability,
    whole: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick(from) {
      let left = next() * from.reduce((sum, { weight }) => sum + weight, 0)
      const found = from.find(({ weight }) => {
        left -= weight
        return left < 0
      })
      const picked = found ?? from.at(-1)
      if (picked === undefined) throw new RangeError('there is nothing to pick from')
      return picked
    },
    logNormal(median, spread) {
      // Box and Muller: two uniform numbers make a normal one. 1 − next() is never 0, whose logarithm there is not.
      const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
      return median * Math.exp(spread * normal)
    },
    hex: (digits) => Array.from({ length: digits }, () => Math.floor(next() * 16).toString(16)).join(''),
  }
}
