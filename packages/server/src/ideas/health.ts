import { Bound } from '../query/bound.ts'
import { onPath } from '../query/goals.ts'
import { moment } from '../query/layers.ts'
import type { Reader } from '../query/run.ts'
import type { Counting } from './counting.ts'
import type { IdeaCounts } from './counts.ts'
import type { Shown } from './moments.ts'

/** What of what arrived does not count, as shares of one. */
export type Health = Pick<IdeaCounts, 'bots_share' | 'refused_share' | 'late_share'>

const share = (part: number, whole: number): number => (whole > 0 ? part / whole : 0)

/** The page an idea is shown on, where its first rung says so. */
const pageOf = ({ ladder }: Shown): string | undefined => {
  const rule = ladder[0]?.rule
  return rule && 'path' in rule ? rule.path : undefined
}

const sinceQuarter = `toStartOfFifteenMinutes(${moment('bucket', '{from_ms:Int64}')})`

/** Bots of the page the idea is shown on, else of the site; what came late and what was refused is known of the site alone. */
export const healthOf = async (reader: Reader, idea: Shown, { site, fromMs, nowMs }: Counting): Promise<Health> => {
  const page = pageOf(idea)
  const bound = new Bound()
  const parameters = { site, from_ms: fromMs, to_ms: nowMs + 1 }
  const onPage = (column: string): string => (page === undefined ? '' : `AND ${onPath(page, bound, column)}`)
  const inRange = (column: string, since = moment(column, '{from_ms:Int64}')): string =>
    `site = {site:String} AND ${column} >= ${since} AND ${column} < ${moment(column, '{to_ms:Int64}')}`
  // Own visits that are kept out are no bots.
  const botsSql = `SELECT sum(toInt64(events)) AS events FROM silver.excluded
    WHERE ${inRange('time')} AND reason NOT IN ('own_address', 'own_page') ${onPage('path')}`
  const humansSql = `SELECT sum(events) AS events FROM gold.traffic
    WHERE ${inRange('bucket', sinceQuarter)} AND dimension = {dimension:String} ${onPage('value')}`
  const ledgerSql = `SELECT sumIf(events, kind = 'counted') AS counted, sumIf(events, kind = 'counted' AND reason = 'late') AS late,
      sumIf(events, kind = 'refused') AS refused, sumIf(events, kind IN ('counted', 'doubled', 'excluded', 'refused')) AS arrived
    FROM silver.ledger WHERE ${inRange('bucket', sinceQuarter)}`
  const [[bots], [humans], [ledger]] = await Promise.all([
    reader.query<{ events: number }>(botsSql, { ...parameters, ...bound.parameters }),
    reader.query<{ events: number }>(humansSql, {
      ...parameters,
      ...bound.parameters,
      dimension: page === undefined ? '' : 'event:page',
    }),
    reader.query<{ counted: number; late: number; refused: number; arrived: number }>(ledgerSql, parameters),
  ])
  const excluded = bots?.events ?? 0
  return {
    bots_share: share(excluded, excluded + (humans?.events ?? 0)),
    late_share: share(ledger?.late ?? 0, ledger?.counted ?? 0),
    refused_share: share(ledger?.refused ?? 0, ledger?.arrived ?? 0),
  }
}
