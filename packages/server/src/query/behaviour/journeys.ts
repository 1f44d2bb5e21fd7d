import type { JourneysAnswer } from '@clickwatch/contract'
import { eventsWhere, type Question } from './question.ts'

const defaultSteps = 5
const defaultPerStep = 8

/** Which ways: from a page, to a page, and in how much detail. */
export type Ways = {
  start: string | undefined
  end: string | undefined
  steps: number | undefined
  perStep: number | undefined
}

/**
 * SQL of `way`, the pages that a visit viewed one after the other, the same page viewed again at once being one. A way from a page
 * begins where the visit first viewed it; a way to a page ends there likewise, and is told backwards.
 */
const waysSql = (question: Question, { start, end }: Ways): string => {
  const { bound } = question.scope
  let way = 'pages'
  const only: string[] = ['notEmpty(way)']
  if (start !== undefined) {
    const page = bound.add(start, 'String')
    way = `if(has(pages, ${page}), arraySlice(pages, indexOf(pages, ${page})), [])`
  }
  if (end !== undefined) {
    const page = bound.add(end, 'String')
    way = `if(has(${way}, ${page}), arrayReverse(arraySlice(${way}, 1, indexOf(${way}, ${page}))), [])`
  }
  return `
    SELECT ${way} AS way FROM (
      SELECT arrayCompact(arrayMap(view -> view.4, arraySort(groupArray((time, seq, event_id, path))))) AS pages
      FROM silver.events FINAL
      WHERE ${eventsWhere(question)} AND type = 'page_view' AND path != ''
      GROUP BY visitor_id, session_id
    )
    WHERE ${only.join(' AND ')}`
}

/** The ways of visits through pages: how many were on a page at each step, went on to which, and ended there. */
export const askJourneys = async (question: Question, ways: Ways): Promise<JourneysAnswer> => {
  const { store, scope } = question
  const { bound } = scope
  const steps = bound.add(ways.steps ?? defaultSteps, 'Int64')
  const stepsSql = `
    SELECT number - 1 AS step, way[number] AS page, way[number + 1] AS next, number = length(way) AS is_last
    FROM (${waysSql(question, ways)})
    ARRAY JOIN range(1, least(length(way), ${steps}) + 1) AS number`
  const perStep = ways.perStep ?? defaultPerStep
  type Node = JourneysAnswer['nodes'][number] & { on_step: number; ended_on_step: number }
  const top = await store.query<Node>(
    `SELECT step, page, count() AS visits, countIf(is_last) AS exits,
       sum(visits) OVER (PARTITION BY step) AS on_step, sum(exits) OVER (PARTITION BY step) AS ended_on_step
     FROM (${stepsSql})
     GROUP BY step, page
     ORDER BY step, visits DESC, page
     LIMIT ${bound.add(perStep, 'Int64')} BY step`,
    bound.parameters,
  )
  const shown = bound.add(
    top.map(({ step, page }) => `${step} ${page}`),
    'Array(String)',
  )
  const named = (step: string, page: string): string =>
    `if(has(${shown}, toString(${step}) || ' ' || ${page}), ${page}, '')`
  const links = await store.query<JourneysAnswer['links'][number]>(
    `SELECT step, ${named('step', 'page')} AS from, ${named('step + 1', 'next')} AS to, count() AS visits
     FROM (${stepsSql})
     WHERE NOT is_last AND step + 1 < ${steps}
     GROUP BY step, from, to
     ORDER BY step, visits DESC, from, to`,
    bound.parameters,
  )
  const nodes = [...Map.groupBy(top, ({ step }) => step)].flatMap(([step, pages]) => {
    const [first] = pages
    const rest = {
      step,
      page: '',
      visits: (first?.on_step ?? 0) - pages.reduce((sum, { visits }) => sum + visits, 0),
      exits: (first?.ended_on_step ?? 0) - pages.reduce((sum, { exits }) => sum + exits, 0),
    }
    return [
      ...pages.map(({ page, visits, exits }) => ({ step, page, visits, exits })),
      ...(rest.visits > 0 ? [rest] : []),
    ]
  })
  return { visits: top[0]?.on_step ?? 0, nodes, links }
}
