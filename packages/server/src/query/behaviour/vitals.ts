import { type VitalName, type VitalStats, type VitalsAnswer, type VitalsQuery, vitalNames } from '@clickwatch/contract'
import { eventsWhere, type Question } from './question.ts'

const defaultLimit = 100

/** Up to which value a measure is good, and up to which it is fair: https://web.dev/articles/vitals#core-web-vitals */
const limits: Record<VitalName, { good: number; fair: number }> = {
  LCP: { good: 2500, fair: 4000 },
  INP: { good: 200, fair: 500 },
  CLS: { good: 0.1, fair: 0.25 },
  FCP: { good: 1800, fair: 3000 },
  TTFB: { good: 800, fair: 1800 },
}

const values: Record<NonNullable<VitalsQuery['by']>, string> = {
  page: 'path',
  device: 'toString(device)',
  country: 'toString(country)',
  day: 'toString(toDate(toTimeZone(time, {tz:String})))',
}

type Row = VitalStats & { group: string; is_total: number }

const upTo = (which: 'good' | 'fair'): string =>
  `transform(vital, [${vitalNames.map((name) => `'${name}'`).join(', ')}], [${vitalNames.map((name) => `toFloat64(${limits[name][which]})`).join(', ')}], toFloat64(0))`

/** How fast pages were, in all and by what is asked: the values with the most samples; days in their order. */
export const askVitals = async (
  question: Question,
  by: VitalsQuery['by'],
  limit = defaultLimit,
): Promise<VitalsAnswer> => {
  const { store, scope } = question
  const rows = await store.query<Row>(
    `SELECT vital, group, grouping(group) AS is_total, count() AS samples,
       round(quantileExactInclusive(0.5)(measured), 4) AS p50, round(quantileExactInclusive(0.75)(measured), 4) AS p75,
       round(quantileExactInclusive(0.95)(measured), 4) AS p95,
       countIf(measured <= ${upTo('good')}) AS good,
       countIf(measured > ${upTo('good')} AND measured <= ${upTo('fair')}) AS fair,
       countIf(measured > ${upTo('fair')}) AS poor
     FROM (
       SELECT toString(name) AS vital, ${by === undefined ? "''" : values[by]} AS group, toFloat64OrNull(props['value']) AS measured
       FROM silver.events FINAL
       WHERE ${eventsWhere(question)} AND type = 'engagement' AND name IN (${vitalNames.map((name) => `'${name}'`).join(', ')})
     )
     WHERE measured IS NOT NULL
     GROUP BY GROUPING SETS ((vital), (vital, group))`,
    scope.bound.parameters,
  )
  const inOrder = (stats: Row[]): VitalStats[] =>
    vitalNames.flatMap((name) =>
      stats.filter(({ vital }) => vital === name).map(({ group: _group, is_total: _total, ...each }) => each),
    )
  const samplesOf = (stats: Row[]): number => stats.reduce((sum, { samples }) => sum + samples, 0)
  const groups = [
    ...Map.groupBy(
      rows.filter(({ is_total }) => !is_total),
      ({ group }) => group,
    ),
  ]
  groups.sort(([left, leftRows], [right, rightRows]) => {
    const byText = left < right ? -1 : 1
    return by === 'day' ? byText : samplesOf(rightRows) - samplesOf(leftRows) || byText
  })
  return {
    vitals: inOrder(rows.filter(({ is_total }) => is_total)),
    rows: by === undefined ? [] : groups.slice(0, limit).map(([value, stats]) => ({ value, vitals: inOrder(stats) })),
  }
}
