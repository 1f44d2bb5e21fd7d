import type { Count } from './rate.ts'

/** Visitors who are alike in what is adjusted for: `values` has one value for each dimension. */
export type Cell = Count & { values: Readonly<Record<string, string>> }

/** The shares a dimension's values are meant to have; what is not named gets the rest of one, in proportion as it came. */
export type Target = { dimension: string; shares: Readonly<Record<string, number>> }

export type Driver = {
  dimension: string
  value: string
  countedShare: number
  intendedShare: number
  rate: number | null
  contribution: number
}

export type PostStratified = {
  rate: number | null
  /** The variance of the rate. */
  variance: number
  /** As many visitors of the intended mix would tell as much; never more than came. */
  effective: Count
  /** The share of the intended mix of whom anybody came, the least of the dimensions. */
  covered: number
  /** Half the sum of how far shares lie apart, the largest of the dimensions. */
  distance: number
  /** Values by how far they pull the rate, the farthest first. */
  drivers: Driver[]
}

const sharesOf = (cells: readonly Cell[], weights: readonly number[], dimension: string): Map<string, number> => {
  const shares = new Map<string, number>()
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  for (const [index, cell] of cells.entries()) {
    const value = cell.values[dimension] ?? ''
    shares.set(value, (shares.get(value) ?? 0) + (weights[index] ?? 0) / all)
  }
  return shares
}

/** What each value is meant to have, of those that came; and how much of the intended mix that covers. */
const intendedOf = (
  target: Target,
  counted: ReadonlyMap<string, number>,
): { shares: Map<string, number>; covered: number; distance: number } => {
  const named = Object.entries(target.shares)
  const sum = named.reduce((total, [, share]) => total + share, 0)
  const rest = Math.max(0, 1 - sum)
  let [unnamed, covered] = [0, 0]
  for (const [value, share] of counted) if (!(value in target.shares)) unnamed += share
  for (const [value, share] of named) if ((counted.get(value) ?? 0) > 0) covered += share
  if (unnamed > 0) covered += rest
  const shares = new Map<string, number>()
  let distance = 0
  for (const [value, share] of counted) {
    const wanted = target.shares[value] ?? (unnamed > 0 ? (rest * share) / unnamed : 0)
    distance += Math.abs(wanted - share)
    shares.set(value, covered > 0 ? wanted / covered : 0)
  }
  for (const [value, share] of named) if (!counted.has(value)) distance += share
  return { shares, covered, distance: distance / 2 }
}

/** Weights of the cells, 1 in all, under which every dimension has its shares: raking (Deming and Stephan 1940). */
const rake = (
  cells: readonly Cell[],
  intended: readonly { dimension: string; shares: ReadonlyMap<string, number> }[],
): number[] => {
  // Numbers instead of names, since this goes through all cells a few hundred times.
  const margins = intended.map(({ dimension, shares }) => {
    const values = [...shares.keys()]
    const places = new Map(values.map((value, index) => [value, index]))
    return {
      place: Int32Array.from(cells, (cell) => places.get(cell.values[dimension] ?? '') ?? 0),
      wanted: Float64Array.from(values, (value) => shares.get(value) ?? 0),
    }
  })
  const weights = Float64Array.from(cells, ({ total }) => total)
  for (let round = 0; round < 200; round++) {
    let worst = 0
    for (const { place, wanted } of margins) {
      const have = new Float64Array(wanted.length)
      let all = 0
      for (let index = 0; index < weights.length; index++) {
        have[place[index] as number] = (have[place[index] as number] as number) + (weights[index] as number)
        all += weights[index] as number
      }
      if (!(all > 0)) return [...weights]
      const factors = have.map((sum, value) => (sum > 0 ? (wanted[value] as number) / sum : 0))
      for (let value = 0; value < have.length; value++) {
        worst = Math.max(worst, Math.abs((have[value] as number) / all - (wanted[value] as number)))
      }
      for (let index = 0; index < weights.length; index++) {
        weights[index] = (weights[index] as number) * (factors[place[index] as number] as number)
      }
    }
    if (margins.length < 2 || worst < 1e-10) break
  }
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  return [...(all > 0 ? weights.map((weight) => weight / all) : weights)]
}

const driversOf = (
  cells: readonly Cell[],
  weights: readonly number[],
  dimension: string,
  rate: number,
  all: number,
): Driver[] => {
  const drivers = new Map<string, Driver & Count>()
  for (const [index, cell] of cells.entries()) {
    const value = cell.values[dimension] ?? ''
    const driver = drivers.get(value) ?? {
      dimension,
      value,
      countedShare: 0,
      intendedShare: 0,
      rate: null,
      contribution: 0,
      reached: 0,
      total: 0,
    }
    const [counted, intended] = [cell.total / all, weights[index] ?? 0]
    driver.countedShare += counted
    driver.intendedShare += intended
    driver.reached += cell.reached
    driver.total += cell.total
    if (cell.total > 0) driver.contribution += (intended - counted) * (cell.reached / cell.total - rate)
    drivers.set(value, driver)
  }
  return [...drivers.values()].map(({ reached, total, ...driver }) => ({
    ...driver,
    rate: total > 0 ? reached / total : null,
  }))
}

/**
 * The rate as it would be in the intended mix: every visitor weighs as much as their kind is short or plentiful (post-stratification; by
 * raking where several dimensions have shares). Its variance is the linearised one of a weighted mean (Lohr 2010, Sampling: Design and
 * Analysis), and as a count it is Korn and Graubard's effective sample (1998, Survey Methodology 24(2)): so many visitors, at that
 * rate. The effective sample is Kish's where that is the smaller, which keeps its sense where nobody did it.
 */
export const postStratify = (cells: readonly Cell[], targets: readonly Target[]): PostStratified => {
  const filled = cells.filter(({ total }) => total > 0)
  const all = filled.reduce((sum, { total }) => sum + total, 0)
  const reached = filled.reduce((sum, cell) => sum + cell.reached, 0)
  const nobody = { rate: null, variance: 0, effective: { reached: 0, total: 0 }, covered: 0, distance: 1, drivers: [] }
  if (all === 0) return nobody
  const counts = filled.map(({ total }) => total)
  const intended = targets.map((target) => ({
    dimension: target.dimension,
    ...intendedOf(target, sharesOf(filled, counts, target.dimension)),
  }))
  const weights = rake(filled, intended)
  const covered = Math.min(1, ...intended.map((target) => target.covered))
  const distance = Math.max(0, ...intended.map((target) => target.distance))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  if (!(sum > 0)) return { ...nobody, covered, distance }

  let [rate, variance, squares] = [0, 0, 0]
  for (const [index, cell] of filled.entries()) rate += ((weights[index] ?? 0) * cell.reached) / cell.total
  for (const [index, cell] of filled.entries()) {
    const each = (weights[index] ?? 0) / cell.total
    squares += cell.total * each ** 2
    variance += each ** 2 * (cell.reached * (1 - rate) ** 2 + (cell.total - cell.reached) * rate ** 2)
  }
  const kish = 1 / squares
  const byVariance = variance > 0 ? (rate * (1 - rate)) / variance : kish
  const effective = Math.min(all, kish, byVariance)
  return {
    rate,
    variance: Math.max(variance, effective > 0 ? (rate * (1 - rate)) / effective : 0),
    effective: { reached: Math.min(effective, rate * effective), total: effective },
    covered,
    distance,
    drivers: intended
      .flatMap(({ dimension }) => driversOf(filled, weights, dimension, reached / all, all))
      .sort((left, right) => Math.abs(right.contribution) - Math.abs(left.contribution)),
  }
}
