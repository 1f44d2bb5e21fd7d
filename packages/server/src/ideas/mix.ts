import type { AdjustedEvidence, Grade, StratumDimension } from '@clickwatch/contract'
import { stratumDimensions } from '@clickwatch/contract'
import {
  type Cell,
  credibleInterval,
  mixtureAbout,
  type PostStratified,
  postStratify,
  rateSequence,
  type Target,
} from '@clickwatch/stats'
import type { IntendedMix, VariantCounts } from './counts.ts'

/** How many pull factors are named. */
const driversNamed = 6

/** A variant's strata as cells, with who reached a grade. */
export const cellsOf = (variant: VariantCounts, grade: Grade): Cell[] =>
  variant.strata.map(({ source, device, country, returning, exposed, reached }) => ({
    values: { source, device, country, returning: returning ? 'returning' : 'new' },
    total: exposed,
    reached: Math.min(exposed, reached[grade] ?? 0),
  }))

/** The mix of all who came, as what both of two variants are taken to where no audience is said. */
export const mixOf = (cells: readonly Cell[]): Target[] => {
  const all = cells.reduce((sum, { total }) => sum + total, 0)
  return stratumDimensions.map((dimension) => {
    const shares: Record<string, number> = {}
    for (const { values, total } of cells) {
      const value = values[dimension] ?? ''
      shares[value] = (shares[value] ?? 0) + total / all
    }
    return { dimension, shares }
  })
}

export const adjust = (cells: readonly Cell[], mix: IntendedMix): PostStratified => postStratify(cells, mix)

/** The rate that the intended audience would have; null where none is said, or nobody of it came. */
export const adjustedEvidence = (
  variant: VariantCounts,
  grade: Grade,
  bar: number,
  mix: IntendedMix,
  alpha: number,
): AdjustedEvidence | null => {
  if (mix.length === 0 || variant.exposed === 0) return null
  const found = adjust(cellsOf(variant, grade), mix)
  return {
    rate: found.rate,
    credible: credibleInterval(found.effective),
    always_valid: rateSequence(found.effective, alpha, mixtureAbout(bar)),
    effective_visitors: found.effective.total,
    covered: found.covered,
    distance: found.distance,
    drivers: found.drivers
      .filter(({ contribution }) => contribution !== 0)
      .slice(0, driversNamed)
      .map((driver) => ({
        dimension: driver.dimension as StratumDimension,
        value: driver.value,
        counted_share: driver.countedShare,
        intended_share: driver.intendedShare,
        rate: driver.rate,
        contribution: driver.contribution,
      })),
  }
}
