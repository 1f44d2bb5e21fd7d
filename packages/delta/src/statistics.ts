import { isPrimitive, type StructType } from './schema.ts'

// "Per-file Statistics".

export type StatisticsValue = string | number | bigint | boolean | { readonly [field: string]: StatisticsValue }
export type NullCounts = { readonly [field: string]: number | NullCounts }

export interface Statistics {
  readonly numRecords: number
  readonly minValues?: { readonly [column: string]: StatisticsValue }
  readonly maxValues?: { readonly [column: string]: StatisticsValue }
  readonly nullCount?: NullCounts
}

/** Whole numbers beyond what JavaScript's can tell apart are written out as they are. */
const replacer = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(String(value)) : value

export const writeStatistics = (statistics: Statistics): string => JSON.stringify(statistics, replacer)

export const readStatistics = (stats: string): Statistics => JSON.parse(stats) as Statistics

const textLength = 32

/** Texts are cut: the least one may only become less, the greatest only greater. */
export const lowerText = (text: string): string => [...text].slice(0, textLength).join('')

/** The greatest character there is, which is more than whatever was cut off. */
const greatest = '\u{10ffff}'

/** Undefined where that length has no greater text. */
export const upperText = (text: string): string | undefined => {
  const characters = [...text]
  if (characters.length <= textLength) return text
  return characters[textLength] === greatest ? undefined : `${characters.slice(0, textLength).join('')}${greatest}`
}

/** The columns that statistics are kept of, as paths: the first ones of the schema, with a struct's fields counted one by one. */
export const indexedColumns = (schema: StructType, partitionColumns: readonly string[], count: number): string[][] => {
  const found: string[][] = []
  const walk = ({ fields }: StructType, above: readonly string[]): void => {
    for (const { name, type } of fields) {
      if (above.length === 0 && partitionColumns.includes(name)) continue
      if (isPrimitive(type)) found.push([...above, name])
      else if (type.type === 'struct') walk(type, [...above, name])
    }
  }
  walk(schema, [])
  return count < 0 ? found : found.slice(0, count)
}
