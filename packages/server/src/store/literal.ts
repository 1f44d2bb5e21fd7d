import type { Parameter, Parameters } from './store.ts'

/** ClickHouse takes parameters of a request up to 128 KiB each, 1 MiB together and encoded. */
const longest = 8000

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

const isText = (value: Parameter | undefined): value is string | readonly string[] =>
  typeof value === 'string' || Array.isArray(value)

const lengthOf = (value: string | readonly string[]): number =>
  typeof value === 'string' ? value.length : value.reduce((sum, each) => sum + each.length + 10, 0)

/**
 * A statement with those of its parameters that are too long for a request written into it, by ClickHouse's own rule of writing a
 * text; the others go beside it.
 */
export const bindLong = (
  sql: string,
  parameters: Parameters,
): { query: string; query_params: Record<string, unknown> } => {
  const { ...beside }: Record<string, unknown> = parameters
  const query = sql.replace(/\{(\w+):([^{}]+)\}/g, (placeholder, name: string, type: string) => {
    const value = parameters[name]
    if (!isText(value) || lengthOf(value) <= longest) return placeholder
    delete beside[name]
    return `CAST(${typeof value === 'string' ? quoted(value) : `[${value.map(quoted).join(',')}]`}, '${type}')`
  })
  return { query, query_params: beside }
}
