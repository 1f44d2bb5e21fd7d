import type { Parameter, Parameters } from './store.ts'

/** ClickHouse takes parameters of a request up to 128 KiB each, 1 MiB together and encoded. */
const longest = 8000

/** A text as ClickHouse writes one: what ends it or begins an escape, and the zero that ends a text of C, are escaped. */
const quoted = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '\\0')}'`

const literalOf = (value: Parameter): string => {
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'object') return `[${value.map(quoted).join(',')}]`
  return quoted(String(Number(value)))
}

/** What is to be left as it is, a text or a comment, or the place of a parameter, with its name and its type. */
const textOrPlace = /'(?:[^'\\]|\\.)*'|--[^\n]*|\{(\w+):([^{}]+)\}/gs

/** A statement with some of its parameters written into it, as values of the types that their places name. */
const writeIn = (sql: string, parameters: Parameters, isWritten: (value: Parameter) => boolean): string =>
  sql.replace(textOrPlace, (found, name?: string, type = '') => {
    const value = name === undefined ? undefined : parameters[name]
    return value === undefined || !isWritten(value) ? found : `CAST(${literalOf(value)}, ${quoted(type)})`
  })

/** A statement with all of its parameters written into it. */
export const bindAll = (sql: string, parameters: Parameters): string => writeIn(sql, parameters, () => true)

const lengthOf = (value: string | readonly string[]): number =>
  typeof value === 'string' ? value.length : value.reduce((sum, each) => sum + each.length + 10, 0)

const isLong = (value: Parameter): boolean =>
  (typeof value === 'string' || typeof value === 'object') && lengthOf(value) > longest

/** A statement with those of its parameters that are too long for a request written into it; the others go beside it. */
export const bindLong = (
  sql: string,
  parameters: Parameters,
): { query: string; query_params: Record<string, unknown> } => ({
  query: writeIn(sql, parameters, isLong),
  query_params: Object.fromEntries(Object.entries(parameters).filter(([, value]) => !isLong(value))),
})
