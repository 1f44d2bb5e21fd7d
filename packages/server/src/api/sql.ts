import { defaultSite, type SqlAnswer, type SqlFormat, SqlQuery, type SqlTables } from '@clickwatch/contract'
import type { FastifyInstance } from 'fastify'
import { invalidField } from '../errors.ts'
import { askerLeaves } from '../http/asker.ts'
import { checkerOf } from '../http/validation.ts'
import { csvLine } from '../out/csv.ts'
import type { QueryLimits } from '../query/limits.ts'
import { readStatement } from '../store/console/statement.ts'
import { describeConsole } from '../store/console/tables.ts'
import type { OwnBounds, Store } from '../store/store.ts'

/** What is shown is read by a person; what is in a file, by a program. */
const shown = { resultRows: 10_000, resultBytes: 20_000_000 }
const inSpreadsheets = { resultRows: 100_000, resultBytes: 30_000_000 }
const inFiles = { resultRows: 500_000, resultBytes: 200_000_000 }

const formats: Record<SqlFormat, { clickHouse: string; type: string; most: typeof shown }> = {
  json: { clickHouse: 'JSONCompact', type: 'application/json; charset=utf-8', most: shown },
  // Made here of JSON: text that a spreadsheet would run begins with an apostrophe.
  csv: { clickHouse: 'JSONCompact', type: 'text/csv; charset=utf-8', most: inSpreadsheets },
  ndjson: { clickHouse: 'JSONEachRow', type: 'application/x-ndjson; charset=utf-8', most: inFiles },
  parquet: { clickHouse: 'Parquet', type: 'application/vnd.apache.parquet', most: inFiles },
}

type Compact = {
  meta: { name: string; type: string }[]
  data: unknown[][]
  statistics: { elapsed: number; rows_read: number; bytes_read: number }
}

const answerOf = ({ meta, data, statistics }: Compact): SqlAnswer => ({
  columns: meta.map(({ name, type }) => ({ name, type })),
  rows: data,
  rows_read: statistics.rows_read,
  bytes_read: statistics.bytes_read,
  elapsed_ms: Math.round(statistics.elapsed * 1000),
})

const cellOf = (value: unknown): string | number | null => {
  if (value === null || typeof value === 'number' || typeof value === 'string') return value
  return JSON.stringify(value)
}

const csvOf = ({ meta, data }: Compact): string =>
  [meta.map(({ name }) => name), ...data.map((row) => row.map(cellOf))].map(csvLine).join('')

/**
 * `POST /api/sql`: somebody's own SELECT over the tables of one site, and `GET /api/sql/tables`, what they are. It is answered by
 * ClickHouse under an account that sees nothing else (docs/decisions/0046-console.md).
 */
export const addSqlRoutes = (
  server: FastifyInstance,
  { store, queryLimits }: { store: Store; queryLimits: QueryLimits },
): void => {
  const check = checkerOf<SqlQuery>(SqlQuery)

  server.get('/api/sql/tables', async (): Promise<SqlTables> => ({ tables: await describeConsole(store) }))

  server.post('/api/sql', async (request, reply) => {
    const checked = check(request.body)
    if (!checked.ok) throw invalidField(checked.field, checked.reason)
    const { site_id: site = defaultSite, sql, format = 'json' } = checked.value
    const { clickHouse, type, most } = formats[format]
    const bounds: OwnBounds = { ...queryLimits, ...most, signal: askerLeaves(reply) }
    const text = await readStatement(store, sql)
    const answer = await store.own({ site, sql: text, format: clickHouse, bounds })
    reply.type(type)
    if (format !== 'json') reply.header('content-disposition', `attachment; filename="${site}-sql.${format}"`)
    if (format === 'ndjson' || format === 'parquet') return reply.send(answer)
    const compact = JSON.parse(answer.toString()) as Compact
    return reply.send(format === 'csv' ? csvOf(compact) : answerOf(compact))
  })
}
