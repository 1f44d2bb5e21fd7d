import { Readable } from 'node:stream'
import type { Range } from '../query/range.ts'
import type { Parameters, Store } from '../store/store.ts'
import { formulaStart } from './csv.ts'
import type { FileFormat } from './panel.ts'

export const rawTables = ['events', 'sessions'] as const
export type RawTable = (typeof rawTables)[number]

/** When a row happened. */
const timeOf: Record<RawTable, string> = { events: 'time', sessions: 'start' }

// How the rows are kept, which says nothing of the visitor.
const inner = ['stream_partition', 'stream_offset', 'sign', 'version']

const clickHouseFormats: Record<FileFormat, string> = { csv: 'CSVWithNames', json: 'JSONEachRow', parquet: 'Parquet' }

/** A codec that every reader of Parquet has. */
const parquetSettings = "output_format_parquet_compression_method = 'snappy'"

type Column = { name: string; type: string }

const quote = (name: string): string => `\`${name}\``

/** A column as it is in a file: in CSV, text that a spreadsheet would run begins with an apostrophe. */
const expressionOf = ({ name, type }: Column, format: FileFormat): string => {
  const column = quote(name)
  const isText = /^(LowCardinality\()?String\)?$/.test(type)
  return format === 'csv' && isText
    ? `if(match(${column}, {formula:String}), concat('''', ${column}), ${column}) AS ${column}`
    : column
}

/**
 * The rows of silver of a site and range, as ClickHouse writes them, by the hour in which they happened. They are read while they are
 * sent: no more than a block of them is held.
 */
export const rawRows = async (
  store: Store,
  options: { table: RawTable; site: string; range: Range; timeZone: string; format: FileFormat },
): Promise<Readable> => {
  const { table, site, range, timeZone, format } = options
  const columns = await store.query<Column>(
    `SELECT name, type FROM system.columns
     WHERE database = 'silver' AND table = {table:String} AND NOT has({inner:Array(String)}, name)
     ORDER BY position`,
    { table, inner },
  )
  const time = quote(timeOf[table])
  // Named apart, or a column that CSV made harmless would stand for itself in the condition.
  const sql = `SELECT ${columns.map((column) => expressionOf(column, format)).join(', ')}
    FROM (
      SELECT * FROM silver.${table} FINAL
      WHERE site = {site:String}
        AND ${time} >= toDateTime64({from:String}, 3, {zone:String}) AND ${time} < toDateTime64({to:String}, 3, {zone:String})
      ORDER BY toStartOfHour(${time})
    ) AS rows
    SETTINGS ${parquetSettings}`
  const parameters: Parameters = { site, from: range.from, to: range.to, zone: timeZone, formula: formulaStart }
  return Readable.from(store.stream(sql, parameters, clickHouseFormats[format]), { objectMode: false })
}
