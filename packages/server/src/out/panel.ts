import type { Query, QueryAnswer, QueryRow } from '@clickwatch/contract'
import type { SchemaElement } from 'hyparquet'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import type { Ask } from './ask.ts'
import { csvLine } from './csv.ts'

export const fileFormats = ['csv', 'json', 'parquet'] as const
export type FileFormat = (typeof fileFormats)[number]

type Cell = string | number | null

const pageRows = 10_000

type Column = { name: string; isText: boolean }

const columnsOf = (query: Query, dimensions: Query['dimensions']): Column[] => [
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

const schemaOf = (columns: readonly Column[]): SchemaElement[] => [
  { name: 'root', num_children: columns.length },
  ...columns.map(
    ({ name, isText }): SchemaElement =>
      isText
        ? { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' }
        : { name, type: 'DOUBLE', repetition_type: 'OPTIONAL' },
  ),
]

/** A row group a page: no more than one is held. */
async function* asParquet(query: Query, pages: AsyncIterable<QueryAnswer>): AsyncGenerator<Uint8Array> {
  const writer = new ByteWriter()
  const written = (): Uint8Array => {
    const bytes = writer.getBytes().slice()
    writer.index = 0
    return bytes
  }
  let file: ParquetWriter | undefined
  for await (const { results, query: answered } of pages) {
    const columns = columnsOf(query, answered.dimensions)
    file ??= new ParquetWriter({ writer, schema: schemaOf(columns), createdBy: 'ClickWatch' })
    const rows = results.map((row) => cellsOf(row, query.include?.comparisons !== undefined))
    if (rows.length > 0) {
      const columnData = columns.map(({ name }, index) => ({ name, data: rows.map((cells) => cells[index]) }))
      await file.write({ columnData, rowGroupSize: rows.length })
    }
    yield written()
  }
  await file?.finish()
  yield written()
}

/** The whole answer to a question as a file, piece by piece. */
export const panelAs = (
  query: Query,
  format: FileFormat,
  { ask, nowMs }: { ask: Ask; nowMs: number },
): AsyncIterable<string | Uint8Array> => {
  const pages = pagesOf(query, ask, nowMs)
  if (format === 'csv') return asCsv(query, pages)
  return format === 'json' ? asJson(pages) : asParquet(query, pages)
}
