import type { ElementsAnswer } from '@clickwatch/contract'
import { eventsWhere, percent, type Question } from './question.ts'

const defaultLimit = 100

type Row = Omit<ElementsAnswer['elements'][number], 'click_rate' | 'hover_ms'> & { pageviews: number }

/** What was done to the elements of a page, or of all: those with the most clicks first. One without an id goes by its text. */
export const askElements = async (
  question: Question,
  page: string | undefined,
  limit = defaultLimit,
): Promise<ElementsAnswer> => {
  const { store, scope } = question
  const where = [eventsWhere(question), ...(page === undefined ? [] : [`path = ${scope.bound.add(page, 'String')}`])]
  const ofElements = `type IN ('click', 'rage_click', 'hover', 'cta_seen', 'scroll') AND (element_id != '' OR element_text != '')`
  const rows = await store.query<Row>(
    `SELECT id AS element, label AS text, leads_to AS href, seen, hovers, clicks, rage_clicks, visitors, pageviews
     FROM (
       SELECT element_id AS id, if(element_id = '', element_text, '') AS unnamed,
         argMaxIf(element_text, time, element_text != '') AS label, argMaxIf(element_href, time, element_href != '') AS leads_to,
         countIf(type IN ('cta_seen', 'scroll')) AS seen, countIf(type = 'hover') AS hovers, countIf(type = 'click') AS clicks,
         countIf(type = 'rage_click') AS rage_clicks, uniqExact(visitor_id) AS visitors, groupUniqArray(path) AS pages
       FROM silver.events FINAL
       WHERE ${where.join(' AND ')} AND ${ofElements}
       GROUP BY id, unnamed
     ) AS done
     LEFT JOIN (
       SELECT id, unnamed, sum(views) AS pageviews
       FROM (
         SELECT DISTINCT element_id AS id, if(element_id = '', element_text, '') AS unnamed, path
         FROM silver.events FINAL
         WHERE ${where.join(' AND ')} AND ${ofElements}
       ) AS places
       INNER JOIN (
         SELECT path, count() AS views FROM silver.events FINAL
         WHERE ${where.join(' AND ')} AND type = 'page_view'
         GROUP BY path
       ) AS viewed USING (path)
       GROUP BY id, unnamed
     ) AS shown USING (id, unnamed)
     ORDER BY clicks DESC, hovers DESC, seen DESC, element, text
     LIMIT ${scope.bound.add(limit, 'Int64')}`,
    scope.bound.parameters,
  )
  return {
    elements: rows.map(({ pageviews, ...row }) => ({ ...row, click_rate: percent(row.clicks, pageviews) })),
  }
}
