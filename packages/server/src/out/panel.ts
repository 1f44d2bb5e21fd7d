import type { Query, QueryAnswer, QueryRow } from '@clickwatch/contract'
import { invalidField } from '../errors.ts'
import type { Store } from '../store/store.ts'
import type { Ask } from './ask.ts'
import { csvLine } from './csv.ts'

export const fileFormats = ['csv', 'json', 'parquet'] as const
export type FileFormat = (typeof fileFormats)[number]

type Cell = string | number | null

const pageRows = 10_000
// Parquet is written of rows that are held; a panel of more is for CSV or JSON, which are not.
const parquetRows = 100_000

/** A codec that every reader of Parquet has. */
export const parquetSettings = "output_format_parquet_compression_method = 'snappy'"

const columnsOf = (query: Query, dimensions: Query['dimensions']): { name: string; isText: boolean }[] => [
  ...(dimensions ?? []).map((name) => ({ name, isText: true })),
  ...query.metrics.flatMap((name) =>
    query.include?.comparisons
      ? [name, `${name} (compared)`, `${name} (change in %)`].map((each) => ({ name: each, isText: false }))
      : [{ name, isText: false }],
  ),
]

const cellsOf = ({ dimensions, metrics, comparison }: QueryRow, isComparing: boolean): Cell[] => [
  ...dimensions,
  ...metrics.flatMap((metric, index) =>
    isComparing ? [metric, comparison?.metrics[index] ?? null, comparison?.change[index] ?? null] : [metric],
  ),
]

/** Every row of a question, page after page, all as of one moment. */
async function* pagesOf(query: Query, ask: Ask, nowMs: number): AsyncGenerator<QueryAnswer> {
  for (let offset = 0; ; offset += pageRows) {
    const answer = await ask({ ...query, pagination: { limit: pageRows, offset } }, nowMs)
    yield answer
    if (answer.results.length < pageRows) return
  }
}

async function* asCsv(query: Query, pages: AsyncIterable<QueryAnswer>): AsyncGenerator<string> {
  let isBegun = false
  for await (const { results, query: answered } of pages) {
    if (!isBegun) yield csvLine(columnsOf(query, answered.dimensions).map(({ name }) => name))
    isBegun = true
    yield results.map((row) => csvLine(cellsOf(row, query.include?.comparisons !== undefined))).join('')
  }
}

async function* asJson(pages: AsyncIterable<QueryAnswer>): AsyncGenerator<string> {
  let separator = ''
  let end = ''
  for await (const { results, meta, query } of pages) {
    if (separator === '') yield '{"results":['
    if (results.length > 0) yield separator + results.map((row) => JSON.stringify(row)).join(',\n')
    separator = ',\n'
    const { pagination: _page, ...whole } = query
    end = `],"meta":${JSON.stringify(meta)},"query":${JSON.stringify(whole)}}\n`
  }
  yield end
}

async function* asParquet(query: Query, pages: AsyncIterable<QueryAnswer>, store: Store): AsyncGenerator<Uint8Array> {
  const isComparing = query.include?.comparisons !== undefined
  const rows: Cell[][] = []
  let columns = columnsOf(query, query.dimensions)
  for await (const { results, query: answered } of pages) {
    columns = columnsOf(query, answered.dimensions)
    for (const row of results) rows.push(cellsOf(row, isComparing))
    if (rows.length > parquetRows) {
      throw invalidField('format', `parquet holds ${parquetRows} rows of a panel at most; csv and json hold all`)
    }
  }
  // The names of columns are our own words or, for a property, what the question was checked to hold: quoted, they cannot end.
  const structure = columns
    .map(
      ({ name, isText }) =>
        `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\` ${isText ? 'String' : 'Nullable(Float64)'}`,
    )
    .join(', ')
  const data = rows.map((row) => JSON.stringify(row)).join('\n')
  yield* store.stream(
    `SELECT * FROM format(JSONCompactEachRow, {structure:String}, {data:String}) SETTINGS ${parquetSettings}`,
    { structure, data },
    'Parquet',
  )
}

/** The whole answer to a question as a file, piece by piece. */
export const panelAs = (
  query: Query,
  format: FileFormat,
  { ask, store, nowMs }: { ask: Ask; store: Store; nowMs: number },
): AsyncIterable<string | Uint8Array> => {
  const pages = pagesOf(query, ask, nowMs)
  if (format === 'csv') return asCsv(query, pages)
  return format === 'json' ? asJson(pages) : asParquet(query, pages, store)
}
