import { type ReportAnswer, type ReportRow, type Slicer, slicers } from '@clickwatch/contract'
import type { Store } from '../store/store.ts'

/** What each slicer has selected; nothing selected is everything. */
export type Selection = Record<Slicer, string[]>

const maxTableRows = 500
const maxOptions = 1000

const selected = (slicer: Slicer): string =>
  `(empty({${slicer}:Array(String)}) OR ${slicer} IN {${slicer}:Array(String)})`

const rowsWhere = (applied: readonly Slicer[]): string =>
  ['site = {site:String}', ...applied.map(selected)].join(' AND ')

/**
 * visitor_count by some columns: the visitor_count of every user with a selected row in the group, each user once a group. It is
 * what the reference's report shows, whose two tables are related by user_id.
 */
const visitorCountBy = (columns: readonly string[], tail: string): string => {
  const keys = columns.join(', ')
  return `SELECT ${[...columns, 'sum(visitor_count) AS visitor_count', 'count() OVER () AS groups'].join(', ')}
    FROM (SELECT DISTINCT ${[...columns, 'user_id'].join(', ')} FROM silver.final_cookies WHERE ${rowsWhere(slicers)}) AS selected
    INNER JOIN (
      SELECT user_id, sum(visitor_count) AS visitor_count FROM silver.visit_count WHERE site = {site:String} GROUP BY user_id
    ) AS counted USING (user_id)
    ${columns.length > 0 ? `GROUP BY ${keys} ORDER BY visitor_count DESC, ${keys}` : ''} ${tail}`
}

/** The reference's report, all of its parts under the same selection. */
export const reportOf = async (store: Store, site: string, selection: Selection): Promise<ReportAnswer> => {
  const parameters = { site, ...selection }
  const tableColumns = ['Platform', 'page_url', 'referrer', 'browser', 'os'] as const

  const [table, platforms, systems, totals, sizes, ...options] = await Promise.all([
    store.query<ReportRow & { groups: number }>(visitorCountBy(tableColumns, `LIMIT ${maxTableRows}`), parameters),
    store.query<{ Platform: string; visitor_count: number }>(visitorCountBy(['Platform'], ''), parameters),
    store.query<{ os: string; visitor_count: number }>(visitorCountBy(['os'], ''), parameters),
    store.query<{ visitor_count: number }>(visitorCountBy([], ''), parameters),
    store.query<{ rows: number; users: number }>(
      `SELECT count() AS rows, uniqExact(user_id) AS users FROM silver.final_cookies WHERE ${rowsWhere(slicers)}`,
      parameters,
    ),
    ...slicers.map((slicer) =>
      store.query<{ option: string }>(
        `SELECT DISTINCT ${slicer} AS option FROM silver.final_cookies
         WHERE ${rowsWhere(slicers.filter((other) => other !== slicer))} ORDER BY option LIMIT ${maxOptions}`,
        parameters,
      ),
    ),
  ])

  return {
    slicers: Object.fromEntries(
      slicers.map((slicer, index) => [slicer, (options[index] ?? []).map(({ option }) => option)]),
    ) as Record<Slicer, string[]>,
    table: table.map(({ groups: _groups, ...row }) => row),
    table_rows: table[0]?.groups ?? 0,
    total_visitors_count: totals[0]?.visitor_count ?? 0,
    by_platform: platforms.map(({ Platform, visitor_count }) => ({ Platform, visitor_count })),
    by_os: systems.map(({ os, visitor_count }) => ({ os, visitor_count })),
    final_cookies_rows: sizes[0]?.rows ?? 0,
    user_ids: sizes[0]?.users ?? 0,
  }
}
