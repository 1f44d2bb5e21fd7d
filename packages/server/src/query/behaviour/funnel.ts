import type { FunnelAnswer, FunnelDropAnswer, FunnelStepCount } from '@clickwatch/contract'
import { eventsWhere, metaOf, percent, type Question } from './question.ts'
import { sequencesSql } from './sequences.ts'
import { visitorSummaries } from './visitors.ts'

/** A funnel that is ready to be asked: each step by its name and the condition of an event that takes it. */
export type Funnel = {
  steps: readonly { name: string; condition: string }[]
  /** Which other events come between two steps where nothing may; undefined where anything may. */
  between: string | undefined
  windowS: number
}

const maxValues = 50
const defaultDropped = 100
const maxNextPages = 20

const attemptsSql = (funnel: Funnel, value: string, question: Question): string =>
  sequencesSql({
    steps: funnel.steps.map(({ condition }) => condition),
    between: funnel.between,
    value,
    where: eventsWhere(question),
  })

const parametersOf = ({ scope }: Question, { windowS }: Funnel) => ({
  ...scope.bound.parameters,
  window: windowS * 1000,
})

type Row = { value: string; is_total: number } & Record<string, number | null>

const countsOf = (row: Row | undefined, { steps }: Funnel): FunnelStepCount[] => {
  const visitorsAt = (index: number): number => Number(row?.[`visitors${index}`] ?? 0)
  const first = visitorsAt(0)
  return steps.map(({ name }, index) => {
    const visitors = visitorsAt(index)
    const before = index === 0 ? undefined : visitorsAt(index - 1)
    return {
      name,
      visitors,
      dropped: before === undefined ? null : before - visitors,
      step_rate: before === undefined ? null : percent(visitors, before),
      total_rate: percent(visitors, first),
      median_s: seconds(row?.[`median${index}`]),
      mean_s: seconds(row?.[`mean${index}`]),
    }
  })
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits))
const seconds = (milliseconds: number | null | undefined): number | null =>
  milliseconds === null || milliseconds === undefined ? null : round(milliseconds / 1000, 3)

const columnsOf = ({ steps }: Funnel): string[] =>
  steps.flatMap((_, index) => {
    const reached = `length(times) > ${index}`
    const visitors = `countIf(${reached}) AS visitors${index}`
    if (index === 0) return [visitors]
    const took = `toFloat64(times[${index + 1}] - times[${index}])`
    return [
      visitors,
      `quantileExactInclusiveIf(0.5)(${took}, ${reached}) AS median${index}`,
      `avgIf(${took}, ${reached}) AS mean${index}`,
    ]
  })

/**
 * How many visitors came how far through a funnel, and how long each step took them, in all and, where `breakdown` is the SQL of a
 * dimension's value, by the value at their first step: the fifty with the most visitors.
 */
export const askFunnel = async (
  question: Question,
  funnel: Funnel,
  breakdown: string | undefined,
): Promise<FunnelAnswer> => {
  const rows = await question.store.query<Row>(
    `SELECT value, grouping(value) AS is_total, ${columnsOf(funnel).join(', ')}
     FROM (${attemptsSql(funnel, breakdown ?? "''", question)})
     GROUP BY GROUPING SETS ((), (value))
     ORDER BY is_total DESC, visitors0 DESC, value
     LIMIT ${maxValues + 1}`,
    parametersOf(question, funnel),
  )
  return {
    steps: countsOf(
      rows.find(({ is_total }) => is_total),
      funnel,
    ),
    breakdown:
      breakdown === undefined
        ? []
        : rows.filter(({ is_total }) => !is_total).map((row) => ({ value: row.value, steps: countsOf(row, funnel) })),
    meta: metaOf(question),
  }
}

/** Who came to a step, counted from 0, and not to the next: how many, who was there last, and the page each of them viewed next. */
export const askDropped = async (
  question: Question,
  funnel: Funnel,
  step: number,
  limit = defaultDropped,
): Promise<FunnelDropAnswer> => {
  const { store } = question
  const parameters = { ...parametersOf(question, funnel), reached: step + 1, limit }
  const droppedSql = `SELECT visitor_id, times[-1] AS left_at FROM (${attemptsSql(funnel, "''", question)})
    WHERE length(times) = {reached:UInt8}`
  const [dropped, pages] = await Promise.all([
    store.query<{ visitor_id: string; total: number }>(
      `SELECT visitor_id, count() OVER () AS total FROM (${droppedSql}) ORDER BY left_at DESC, visitor_id LIMIT {limit:UInt32}`,
      parameters,
    ),
    store.query<{ page: string; visitors: number }>(
      `SELECT page, count() AS visitors FROM (
         SELECT visitor_id, argMin(path, (time, seq, event_id)) AS page
         FROM (SELECT visitor_id, path, time, seq, event_id FROM silver.events FINAL WHERE type = 'page_view' AND ${eventsWhere(question)}) AS views
         INNER JOIN (${droppedSql}) AS dropped USING (visitor_id)
         WHERE toUnixTimestamp64Milli(time) > left_at
         GROUP BY visitor_id
       ) GROUP BY page ORDER BY visitors DESC, page LIMIT ${maxNextPages}`,
      parameters,
    ),
  ])
  const summaries = await visitorSummaries(
    question,
    dropped.map(({ visitor_id }) => visitor_id),
  )
  return { total: dropped[0]?.total ?? 0, visitors: summaries, next_pages: pages }
}
