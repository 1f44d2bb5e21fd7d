import { type ReportAnswer, type ReportRow, type Slicer, slicers } from '@clickwatch/contract'
import type { Store } from '../store/store.ts'

/** What each slicer has selected; nothing selected is everything. */
export type Selection = Record<Slicer, string[]>

const maxGroups = 500
const maxOptions = 1000

const selected = (slicer: Slicer): string =>
  `(empty({${slicer}:Array(String)}) OR ${slicer} IN {${slicer}:Array(String)})`

const rowsWhere = (applied: readonly Slicer[]): string =>
  ['site = {site:String}', ...applied.map(selected)].join(' AND ')

/**
 * Every part of the report in one query, so that all of them are of one moment. A part's visitor_count is that of every user with
 * a selected row in the group, each user once a group: what the reference's report shows, whose two tables are related by user_id.
 */
const partsSql = `
  SELECT part, keys, sum(visitor_count) AS visitor_count, sum(cookie_rows) AS cookie_rows, count() AS users,
    count() OVER (PARTITION BY part) AS groups
  FROM (
    SELECT grouping.1 AS part, grouping.2 AS keys, user_id, count() AS cookie_rows
    FROM silver.final_cookies
    ARRAY JOIN [
      ('table', [toString(Platform), page_url, referrer, toString(browser), toString(os)]),
      ('platform', [toString(Platform)]),
      ('os', [toString(os)]),
      ('total', [])
    ] AS grouping
    WHERE ${rowsWhere(slicers)}
    GROUP BY part, keys, user_id
  ) AS selected
  INNER JOIN (
    SELECT user_id, sum(visitor_count) AS visitor_count FROM silver.visit_count WHERE site = {site:String} GROUP BY user_id
  ) AS counted USING (user_id)
  GROUP BY part, keys
  ORDER BY visitor_count DESC, keys
  LIMIT ${maxGroups} BY part`

type Part = {
  part: 'table' | 'platform' | 'os' | 'total'
  keys: string[]
  visitor_count: number
  cookie_rows: number
  users: number
  groups: number
}

const optionsSql = (slicer: Slicer): string =>
  `SELECT DISTINCT ${slicer} AS option FROM silver.final_cookies
   WHERE ${rowsWhere(slicers.filter((other) => other !== slicer))} ORDER BY option LIMIT ${maxOptions}`

const tableRow = ({ keys, visitor_count }: Part): ReportRow => {
  const [Platform = '', page_url = '', referrer = '', browser = '', os = ''] = keys
  return { Platform, page_url, referrer, browser, os, visitor_count }
}

/** The reference's report, all of its parts under the same selection. */
export const reportOf = async (store: Store, site: string, selection: Selection): Promise<ReportAnswer> => {
  const parameters = { site, ...selection }
  const [parts, ...options] = await Promise.all([
    store.query<Part>(partsSql, parameters),
    ...slicers.map((slicer) => store.query<{ option: string }>(optionsSql(slicer), parameters)),
  ])
  const of = (part: Part['part']): Part[] => parts.filter((each) => each.part === part)
  const [total] = of('total')
  return {
    slicers: Object.fromEntries(
      slicers.map((slicer, index) => [slicer, (options[index] ?? []).map(({ option }) => option)]),
    ) as Record<Slicer, string[]>,
    table: of('table').map(tableRow),
    table_rows: of('table')[0]?.groups ?? 0,
    total_visitors_count: total?.visitor_count ?? 0,
    by_platform: of('platform').map(({ keys, visitor_count }) => ({ Platform: keys[0] ?? '', visitor_count })),
    by_os: of('os').map(({ keys, visitor_count }) => ({ os: keys[0] ?? '', visitor_count })),
    final_cookies_rows: total?.cookie_rows ?? 0,
    user_ids: total?.users ?? 0,
  }
}
