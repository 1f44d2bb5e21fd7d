import {
  type AsyncBuffer,
  type ColumnMetaData,
  type FileMetaData,
  type ParquetParsers,
  parquetMetadataAsync,
  parquetSchema,
  type SchemaTree,
} from 'hyparquet'
import { isPrimitive, type PrimitiveType, type StructType } from './schema.ts'
import {
  indexedColumns,
  lowerText,
  type NullCounts,
  type Statistics,
  type StatisticsValue,
  upperText,
} from './statistics.ts'
import { byBytes } from './storage/paths.ts'
import type { Storage } from './storage/storage.ts'

// What whoever wrote the Parquet told of its columns, in the file's footer, as Delta's statistics: so that no row is read again.

/** Times as microseconds, days as their number. Nanoseconds are no type of Delta's: no bounds of them. */
const parsers: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (value) => value * 1000n,
  timestampFromMicroseconds: (value) => value,
  timestampFromNanoseconds: () => undefined,
  dateFromDays: (value) => value,
}

const dayMs = 86_400_000

const timeText = (ms: number): string | undefined => {
  const date = new Date(ms)
  const year = date.getUTCFullYear()
  // Others are written with a sign and six digits, which readers of dates do not all know.
  return year >= 0 && year <= 9999 ? date.toISOString() : undefined
}

/** Milliseconds are what all readers know: the least may become less, the greatest greater. */
const bound = (value: unknown, type: PrimitiveType, end: 'min' | 'max'): StatisticsValue | undefined => {
  if (type === 'string' && typeof value === 'string') {
    // A text that was cut within a character tells no bound.
    if (value.includes('\ufffd')) return undefined
    return end === 'min' ? lowerText(value) : upperText(value)
  }
  if (type === 'long' && (typeof value === 'bigint' || typeof value === 'number')) return value
  if (['integer', 'short', 'byte'].includes(type) && typeof value === 'number') return value
  // Parquet leaves NaN out, and Delta has it greater than all: so a greatest value is not known from here.
  if (['float', 'double'].includes(type)) {
    return end === 'min' && typeof value === 'number' && Number.isFinite(value) ? value : undefined
  }
  if (type === 'date' && typeof value === 'number') return timeText(value * dayMs)?.slice(0, 10)
  if (type.startsWith('timestamp') && typeof value === 'bigint') {
    const text = timeText(end === 'min' ? Math.floor(Number(value) / 1000) : Math.ceil(Number(value) / 1000))
    return type === 'timestamp_ntz' ? text?.slice(0, -1) : text
  }
  // Decimals come as floating numbers, and of booleans and bytes no bounds are kept.
  return undefined
}

const typeAt = (schema: StructType, [name, ...below]: readonly string[]): PrimitiveType | undefined => {
  const type = schema.fields.find((field) => field.name === name)?.type
  if (type === undefined) return undefined
  if (isPrimitive(type)) return below.length === 0 ? type : undefined
  return type.type === 'struct' ? typeAt(type, below) : undefined
}

type Tree = { [name: string]: Tree | StatisticsValue }

const put = (tree: Tree, [name = '', ...below]: readonly string[], value: StatisticsValue | undefined): void => {
  if (value === undefined) return
  if (below.length === 0) {
    tree[name] = value
    return
  }
  tree[name] ??= {}
  put(tree[name] as Tree, below, value)
}

type Comparable = bigint | number | string

const isComparable = (value: unknown): value is Comparable => ['bigint', 'number', 'string'].includes(typeof value)

const isLess = (a: Comparable, b: Comparable): boolean =>
  typeof a === 'string' || typeof b === 'string' ? byBytes(String(a), String(b)) < 0 : a < b

/** The least or the greatest of what the row groups tell; undefined where one that has values does not tell. */
const across = (chunks: readonly ColumnMetaData[], end: 'min' | 'max'): unknown => {
  let found: Comparable | undefined
  for (const { statistics, num_values } of chunks) {
    if (statistics?.null_count !== undefined && Number(statistics.null_count) === Number(num_values)) continue
    const value: unknown = end === 'min' ? statistics?.min_value : statistics?.max_value
    if (!isComparable(value)) return undefined
    if (found === undefined || (end === 'min' ? isLess(value, found) : isLess(found, value))) found = value
  }
  return found
}

/** A column that cannot be null in the file has none, and its nulls are not counted by every writer. */
const isRequired = ({ children }: SchemaTree, [name, ...below]: readonly string[]): boolean => {
  const child = children.find((each) => each.element.name === name)
  if (child?.element.repetition_type !== 'REQUIRED') return false
  return below.length === 0 || isRequired(child, below)
}

export const statisticsOfFooter = (
  footer: FileMetaData,
  schema: StructType,
  partitionColumns: readonly string[],
  indexedCount = 32,
): Statistics => {
  const numRecords = Number(footer.num_rows)
  const root = parquetSchema(footer)
  const minValues: Tree = {}
  const maxValues: Tree = {}
  const nullCount: Tree = {}
  for (const path of indexedColumns(schema, partitionColumns, indexedCount)) {
    const type = typeAt(schema, path)
    const chunks = footer.row_groups.flatMap(({ columns }) =>
      columns.flatMap(({ meta_data }) => (meta_data?.path_in_schema.join('\0') === path.join('\0') ? [meta_data] : [])),
    )
    if (type === undefined || chunks.length !== footer.row_groups.length) {
      // A column that came later than the file is null throughout.
      if (chunks.length === 0) put(nullCount, path, numRecords)
      continue
    }
    const nulls = chunks.map(({ statistics }) => statistics?.null_count ?? (isRequired(root, path) ? 0 : undefined))
    if (!nulls.includes(undefined))
      put(
        nullCount,
        path,
        nulls.reduce((sum: number, each) => sum + Number(each), 0),
      )
    put(minValues, path, bound(across(chunks, 'min'), type, 'min'))
    put(maxValues, path, bound(across(chunks, 'max'), type, 'max'))
  }
  return { numRecords, minValues, maxValues, nullCount: nullCount as NullCounts }
}

/** The footer of a Parquet file where it lies; only the file's end is read. */
export const readFooter = async (storage: Storage, path: string, sizeBytes: number): Promise<FileMetaData> => {
  const file: AsyncBuffer = {
    byteLength: sizeBytes,
    slice: async (start, end = sizeBytes) => {
      const from = start < 0 ? sizeBytes + start : start
      const bytes = await storage.read(path, { start: from, end })
      if (bytes === undefined) throw new Error(`${path} is gone`)
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
    },
  }
  return parquetMetadataAsync(file, { parsers })
}
