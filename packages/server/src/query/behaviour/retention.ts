import type { GoalRule, RetentionAnswer, RetentionQuery } from '@clickwatch/contract'
import { invalidField } from '../../errors.ts'
import { bucketLabels, bucketOf } from '../buckets.ts'
import { addDays, addMonths, instantOf } from '../calendar.ts'
import { goalCondition } from '../goals.ts'
import { silver, within } from '../layers.ts'
import { percent, type Question, visitsWhere } from './question.ts'

const maxPeriods = 120

type Period = RetentionQuery['period']

const nextOf: Record<Period, (label: string) => string> = {
  day: (label) => addDays(label, 1),
  week: (label) => addDays(label, 7),
  month: (label) => addMonths(label, 1),
}

/** SQL of every visitor who came again, or reached the goal, in the range, with the period in which they did. */
const returnsSql = ({ scope, weekStart }: Question, period: Period, goal: GoalRule | undefined): string => {
  const [from, time] = goal ? [silver.events.from, silver.events.time] : [silver.sessions.from, silver.sessions.time]
  const where = [...within(time), ...(goal ? [goalCondition(goal, scope.bound, silver)] : [])]
  return `SELECT DISTINCT visitor_id, ${bucketOf(`time:${period}`, time, weekStart)} AS returned
    FROM ${from} WHERE ${where.join(' AND ')}`
}

/**
 * Of the visitors whose first visit ever is in scope, by the period of that visit: how many came, or reached the goal, in it and
 * in each later one. The curve is of periods that are over.
 * @throws {ClickWatchError} 400 when the range has too many periods
 */
export const askRetention = async (
  question: Question,
  period: Period,
  goal: GoalRule | undefined,
): Promise<RetentionAnswer> => {
  const { store, scope, weekStart, nowMs } = question
  const { range, timeZone, bound } = scope
  const labels = bucketLabels(`time:${period}`, range, { timeZone, weekStart, untilMs: nowMs }, 'period')
  if (labels.length > maxPeriods) throw invalidField('period', `makes more than ${maxPeriods} periods of this range`)
  const cohortsSql = `
    SELECT DISTINCT visitor_id, ${bucketOf(`time:${period}`, 'start', weekStart)} AS cohort
    FROM ${silver.sessions.from}
    WHERE ${visitsWhere(question)} AND (visitor_id, start) IN (
      SELECT visitor_id, min(start) FROM silver.sessions_by_visitor FINAL WHERE site = {site:String} GROUP BY visitor_id)`
  const [sizes, returns] = await Promise.all([
    store.query<{ cohort: string; size: number }>(
      `SELECT cohort, count() AS size FROM (${cohortsSql}) GROUP BY cohort`,
      bound.parameters,
    ),
    store.query<{ cohort: string; returned: string; visitors: number }>(
      `SELECT cohort, returned, count() AS visitors
       FROM (${cohortsSql}) AS began
       INNER JOIN (${returnsSql(question, period, goal)}) AS came USING (visitor_id)
       GROUP BY cohort, returned`,
      bound.parameters,
    ),
  ])
  const sizeOf = new Map(sizes.map(({ cohort, size }) => [cohort, size]))
  const visitorsOf = new Map(returns.map(({ cohort, returned, visitors }) => [`${cohort} ${returned}`, visitors]))
  const cohorts = labels.map((cohort, index) => ({
    period: cohort,
    size: sizeOf.get(cohort) ?? 0,
    visitors: labels.slice(index).map((returned) => visitorsOf.get(`${cohort} ${returned}`) ?? 0),
  }))
  const isOver = labels.map(
    (label) => instantOf(`${nextOf[period](label)} 00:00:00`, timeZone) <= Math.min(range.toMs, nowMs),
  )
  return { cohorts, curve: curveOf(cohorts, isOver) }
}

const curveOf = (cohorts: RetentionAnswer['cohorts'], isOver: readonly boolean[]): (number | null)[] =>
  cohorts.map((_, later) => {
    const oldEnough = cohorts.filter((_cohort, index) => isOver[index + later])
    const sum = (numberOf: (cohort: RetentionAnswer['cohorts'][number]) => number): number =>
      oldEnough.reduce((total, cohort) => total + numberOf(cohort), 0)
    return percent(
      sum(({ visitors }) => visitors[later] ?? 0),
      sum(({ size }) => size),
    )
  })
