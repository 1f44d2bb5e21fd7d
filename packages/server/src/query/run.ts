import {
  defaultSite,
  fittingTime,
  type Query,
  type QueryAnswer,
  type QueryRow,
  Query as querySchema,
} from '@clickwatch/contract'
import { invalidField } from '../errors.ts'
import { checkerOf } from '../http/validation.ts'
import type { Store } from '../store/store.ts'
import { compile } from './compile.ts'
import { isTimeDimension } from './dimensions.ts'
import { bucketLabels, fittingStep, localText, resolveRange } from './range.ts'

const check = checkerOf<Query>(querySchema)

const isTimeZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    // The one way to ask whether a zone is known.
    return false
  }
}

/**
 * A query as it came over the wire, checked.
 * @throws {ClickWatchError} 400 naming the field
 */
export const parseQuery = (value: unknown): Query => {
  const checked = check(value)
  if (!checked.ok) throw invalidField(checked.field, checked.reason)
  if (checked.value.timezone !== undefined && !isTimeZone(checked.value.timezone)) {
    throw invalidField('timezone', "is expected to be a name such as 'Europe/Berlin'")
  }
  return checked.value
}

const firstDateOf = async (store: Store, site: string, timeZone: string): Promise<string | undefined> => {
  const [row] = await store.query<{ rows: number; first: string }>(
    `SELECT count() AS rows, toString(toDate(toTimeZone(min(bucket), {tz:String}))) AS first
     FROM gold.traffic WHERE site = {site:String} AND dimension = ''`,
    { site, tz: timeZone },
  )
  return row && row.rows > 0 ? row.first : undefined
}

const emptyMetrics = (query: Query): (number | null)[] =>
  query.metrics.map((metric) => (/_rate$|_per_|_duration$/.test(metric) ? null : 0))

/** Answers one query. `defaultTimeZone` holds where the query names none. */
export const runQuery = async (
  store: Store,
  asked: Query,
  defaultTimeZone: string,
  nowMs: number,
): Promise<QueryAnswer> => {
  const timezone = asked.timezone ?? defaultTimeZone
  const site = asked.site_id ?? defaultSite
  const firstDate = asked.date_range === 'all' ? await firstDateOf(store, site, timezone) : undefined
  const range = resolveRange(asked.date_range, timezone, nowMs, firstDate)
  const query = asked.dimensions?.[0] === fittingTime ? { ...asked, dimensions: [fittingStep(range)] } : asked
  const dimension = query.dimensions?.[0]
  const labels =
    dimension !== undefined && isTimeDimension(dimension)
      ? bucketLabels(dimension, range, localText(nowMs, timezone))
      : undefined

  const { sql, parameters } = compile(query, range, timezone, site)
  const rows = await store.query<{ label: string } & Record<string, number | null | string>>(sql, parameters)
  const found = rows.map(
    (row): QueryRow => ({
      dimensions: dimension === undefined ? [] : [row.label],
      metrics: query.metrics.map((_, index) => row[`metric${index}`] as number | null),
    }),
  )
  return { results: complete(found, labels, query, dimension), meta: { timezone, ...range }, query }
}

/** Every bucket of a range has a row, and a question without a dimension has one, whether something happened or not. */
const complete = (
  found: QueryRow[],
  labels: readonly string[] | undefined,
  query: Query,
  dimension: string | undefined,
): QueryRow[] => {
  if (labels !== undefined) {
    const byLabel = new Map(found.map((row) => [row.dimensions[0], row]))
    return labels.map((label) => byLabel.get(label) ?? { dimensions: [label], metrics: emptyMetrics(query) })
  }
  return found.length === 0 && dimension === undefined ? [{ dimensions: [], metrics: emptyMetrics(query) }] : found
}
