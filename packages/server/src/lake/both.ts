import type { Parameters } from '../store/store.ts'
import type { Place } from './place.ts'
import { events, type LakeTable, sessions } from './tables.ts'
import { filesAtOnce, readingSettings, renamed } from './write.ts'

const dayMs = 86_400_000

/** Whole days of UTC, 'YYYY-MM-DD', the second not included. */
export type Days = { from: string; to: string }
export type Span = { fromMs: number; toMs: number }
/** A column as the store has it, by the type that it has there. */
export type Column = { name: string; type: string }

export const dayOf = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 10)

/** What a statement over both is made of. */
export type Both = {
  site: string
  /** What is of the lake. */
  days: Days
  /** What the statement asks of. */
  span: Span
  place: Place
  /** The columns that both have. */
  columnsOf(table: LakeTable): readonly Column[]
  /** The lake's files of a day. */
  filesOf(table: LakeTable, isWanted: (date: string) => boolean): readonly string[]
}

/** Which table of the lake stands for one of the store, and by which column its rows are of a day. */
const silverTables = {
  events: { table: events, time: 'time', isOfAllTime: false },
  sessions: { table: sessions, time: 'start', isOfAllTime: false },
  // Asked for what came before the range: whether a visit was the first.
  sessions_by_visitor: { table: sessions, time: 'start', isOfAllTime: true },
} as const
type SilverName = keyof typeof silverTables

const silverTable = /\bsilver\.(events|sessions|sessions_by_visitor)(?: AS (\w+))? FINAL\b/g

/** Whether a statement asks for anything that the lake has, too. */
export const asksSilver = (sql: string): boolean => sql.search(silverTable) >= 0

const at = (parameter: string): string => `fromUnixTimestamp64Milli({past_${parameter}:Int64}, 'UTC')`

/** One table of the store with the lake's days in the place of its own. */
const sourceOf = async (both: Both, name: SilverName, paths: readonly string[]) => {
  const { table, time, isOfAllTime } = silverTables[name]
  const columns = both.columnsOf(table)
  const names = columns.map((column) => column.name).join(', ')
  const casts = columns.map((column) => `CAST(${column.name} AS ${column.type}) AS ${column.name}`).join(', ')
  const within = isOfAllTime ? '' : `AND ${time} >= ${at('least')} AND ${time} < ${at('most')}`
  const parameters: Parameters = {}
  const parts = [
    `SELECT site, ${names} FROM silver.${name} FINAL
     WHERE site = {past_site:String} AND (${time} < ${at('from')} OR ${time} >= ${at('to')}) ${within}`,
  ]
  for (let from = 0; from < paths.length; from += filesAtOnce) {
    const [first, ...others] = paths.slice(from, from + filesAtOnce)
    if (first === undefined) break
    const files = renamed(await both.place.parquet(table.folder, [first, ...others]), `past_${name}_${from}`)
    Object.assign(parameters, files.parameters)
    parts.push(
      `SELECT {past_site:String} AS site, ${casts} FROM (SELECT ${names} FROM ${files.sql} ${readingSettings}) AS of_lake`,
    )
  }
  return { sql: `(${parts.join('\nUNION ALL\n')})`, parameters }
}

/**
 * A statement over silver's tables as one over the store and the lake beside each other: no row is in both, since the lake's days are left
 * out of the store.
 * @returns with the files that are read, by table
 */
export const overBoth = async (sql: string, both: Both) => {
  const { site, days, span } = both
  const parameters: Parameters = {
    past_site: site,
    past_from: Date.parse(days.from),
    past_to: Date.parse(days.to),
    past_least: span.fromMs,
    past_most: span.toMs,
  }
  const files: [LakeTable, readonly string[]][] = []
  const sources = new Map<string, string>()
  for (const name of new Set([...sql.matchAll(silverTable)].map((match) => match[1] as SilverName))) {
    const { table, isOfAllTime } = silverTables[name]
    const isInSpan = (date: string): boolean =>
      isOfAllTime || (Date.parse(date) + dayMs > span.fromMs && Date.parse(date) < span.toMs)
    const paths = both.filesOf(table, (date) => date >= days.from && date < days.to && isInSpan(date))
    const source = await sourceOf(both, name, paths)
    Object.assign(parameters, source.parameters)
    sources.set(name, source.sql)
    files.push([table, paths])
  }
  const made = sql.replace(silverTable, (_, name: string, alias = name) => `${sources.get(name)} AS ${alias}`)
  return { sql: made, parameters, files }
}
