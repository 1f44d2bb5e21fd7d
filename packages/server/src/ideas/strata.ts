import { type StratumEvidence, stratumDimensions } from '@clickwatch/contract'
import { type Count, credibleInterval, rateOf } from '@clickwatch/stats'
import type { IdeaPlan, Stratum, VariantCounts } from './counts.ts'

/** Of a dimension; who came otherwise is in the whole alone. */
const mostValues = 8

const valueIn = (stratum: Stratum, dimension: StratumEvidence['dimension']): string =>
  dimension === 'returning' ? (stratum.returning ? 'returning' : 'new') : stratum[dimension]

/** What those did who came from somewhere, on something, or again; by dimension, the most visitors first. */
export const strataEvidence = ({ strata }: VariantCounts, { bar }: IdeaPlan): StratumEvidence[] =>
  stratumDimensions.flatMap((dimension) => {
    const counts = new Map<string, Count>()
    for (const stratum of strata) {
      const value = valueIn(stratum, dimension)
      const sum = counts.get(value) ?? { total: 0, reached: 0 }
      const reached = Math.min(stratum.exposed, stratum.reached[bar.grade] ?? 0)
      counts.set(value, { total: sum.total + stratum.exposed, reached: sum.reached + reached })
    }
    return [...counts]
      .filter(([, { total }]) => total > 0)
      .toSorted(([, one], [, other]) => other.total - one.total)
      .slice(0, mostValues)
      .map(([value, count]) => ({
        dimension,
        value,
        exposed: count.total,
        reached: count.reached,
        rate: rateOf(count),
        credible: credibleInterval(count),
      }))
  })
