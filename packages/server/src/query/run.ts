import {
  type Dimension,
  fittingTime,
  type Query,
  type QueryAnswer,
  type QueryRow,
  Query as querySchema,
  type TimeDimension,
} from '@clickwatch/contract'
import { invalidField } from '../errors.ts'
import { checkerOf } from '../http/validation.ts'
import type { Store } from '../store/store.ts'
import { isTimeZone } from '../time-zone.ts'
import { bucketLabels, isTimeDimension } from './buckets.ts'
import { compile, type Question } from './compile.ts'
import type { Past } from './history.ts'
import { metricDefinitions } from './metrics.ts'
import { comparedRange, fittingStep, type Range } from './range.ts'
import { type Context, type ResolvedScope, resolveScope } from './scope.ts'
import { type Place, places } from './sources.ts'

const check = checkerOf<Query>(querySchema)

/**
 * A query as it came over the wire, checked.
 * @throws {ClickWatchError} 400 naming the field
 */
export const parseQuery = (value: unknown): Query => {
  const checked = check(value)
  if (!checked.ok) throw invalidField(checked.field, checked.reason)
  const { timezone, dimensions = [], metrics } = checked.value
  if (timezone !== undefined && !isTimeZone(timezone)) {
    throw invalidField('timezone', "is expected to be a name such as 'Europe/Berlin'")
  }
  for (const [field, names] of Object.entries({ dimensions, metrics })) {
    const second = names.findIndex((name, index) => (names as string[]).indexOf(name) < index)
    if (second >= 0) throw invalidField(`${field}/${second}`, 'is there twice')
  }
  return checked.value
}

type Row = Record<string, number | string | null>

/** Who reads rows: the store, or a part of it that is bounded. */
export type Reader = Pick<Store, 'query'>

/** Who is asked, and where the numbers may come from. */
type Asking = { reader: Reader; allowed: readonly Place[]; context: Context }

/** Where a layer of the store does not hold all of the range and the lake does, the lake stands in for it: silver's tables are there whole. */
const ask = async (
  { reader, allowed, context }: Asking,
  question: Question,
): Promise<{ rows: QueryRow[]; inAll: number; past: Past | undefined }> => {
  const { history, nowMs } = context
  const pastOf = (layer: 'gold' | 'silver') => history?.pastOf(question.site, layer, question.range, nowMs)
  const places = (await pastOf('gold')) ? allowed.filter((place) => place === 'silver') : allowed
  const compiled = compile(question, places)
  const past = compiled.places.includes('silver') ? await pastOf('silver') : undefined
  const { sql, parameters } = compiled
  const rows = await (past ? past.over(reader) : reader).query<Row>(sql, parameters)
  return {
    past,
    rows: rows.map((row) => ({
      dimensions: question.dimensions.map((_, index) => String(row[`d${index}`])),
      metrics: question.metrics.map((_, index) => row[`metric${index}`] as number | null),
    })),
    inAll: Number(rows[0]?.rows_in_all ?? 0),
  }
}

const change = (now: number | null, before: number | null): number | null => {
  if (now === null || before === null) return null
  if (before === 0) return now === 0 ? 0 : null
  return Math.round((1000 * (now - before)) / before) / 10
}

const emptyMetrics = ({ metrics }: Pick<Query, 'metrics'>): (number | null)[] =>
  metrics.map((metric) => metricDefinitions[metric].empty)

/** The labels of each dimension of time, by the dimension's index. */
type Labels = Map<number, string[]>

const labelsOf = (
  dimensions: readonly string[],
  range: Range,
  { timeZone, calendar }: Pick<ResolvedScope, 'timeZone' | 'calendar'>,
  untilMs: number,
): Labels =>
  new Map(
    dimensions.flatMap((dimension, index) =>
      isTimeDimension(dimension)
        ? [
            [
              index,
              bucketLabels(
                dimension,
                range,
                { timeZone, weekStart: calendar.weekStart, untilMs },
                `dimensions/${index}`,
              ),
            ] as const,
          ]
        : [],
    ),
  )

/** Every bucket of a range has a row, and a question without a dimension has one, whether something happened or not. */
const complete = (found: QueryRow[], labels: readonly string[] | undefined, query: Query): QueryRow[] => {
  if (labels === undefined) return found
  const byLabel = new Map(found.map((row) => [row.dimensions[0], row]))
  const inOrder = labels.map((label) => byLabel.get(label) ?? { dimensions: [label], metrics: emptyMetrics(query) })
  return query.order_by === undefined || query.order_by.length === 0 ? inOrder : ordered(inOrder, query)
}

const ordered = (rows: readonly QueryRow[], { order_by = [], metrics }: Query): QueryRow[] => {
  const cellOf = (row: QueryRow, name: string): number | string | null => {
    const metric = (metrics as readonly string[]).indexOf(name)
    return metric < 0 ? (row.dimensions[0] ?? '') : (row.metrics[metric] ?? null)
  }
  return rows.toSorted((one, other) => {
    for (const [name, direction] of order_by) {
      const [a, b] = [cellOf(one, name), cellOf(other, name)]
      if (a === b) continue
      if (a === null || b === null) return a === null ? 1 : -1
      return a < b === (direction === 'asc') ? -1 : 1
    }
    return 0
  })
}

/** What a row is compared with: the same values, in the bucket that stands as far from the range's beginning. */
const counterpart = (values: readonly string[], labels: Labels, compared: Labels): string[] =>
  values.map((value, index) => {
    const at = labels.get(index)?.indexOf(value)
    return at === undefined ? value : (compared.get(index)?.[at] ?? '')
  })

const compare = async (
  asking: Asking,
  question: Question,
  rows: readonly QueryRow[],
  labels: Labels,
  compared: Labels,
): Promise<{ results: QueryRow[]; past: Past | undefined }> => {
  const wanted = rows.map((row) => counterpart(row.dimensions, labels, compared))
  const only = question.dimensions.length === 0 ? {} : { only: wanted }
  const { order_by: _order, pagination: _page, ...rest } = question
  const { rows: before, past } = await ask(asking, { ...rest, ...only })
  const byValues = new Map(before.map((row) => [JSON.stringify(row.dimensions), row.metrics]))
  const results = rows.map((row, index) => {
    const dimensions = wanted[index] ?? []
    const metrics = byValues.get(JSON.stringify(dimensions)) ?? emptyMetrics(question)
    return {
      ...row,
      comparison: { dimensions, metrics, change: row.metrics.map((value, at) => change(value, metrics[at] ?? null)) },
    }
  })
  return { results, past }
}

/**
 * Answers one query.
 * @param allowed where the numbers may come from
 * @throws {ClickWatchError} 400 naming the field
 */
export const runQuery = async (
  reader: Reader,
  asked: Query,
  context: Context,
  allowed: readonly Place[] = places,
): Promise<QueryAnswer> => {
  const scope = resolveScope(asked, context)
  const { site, timeZone, range, filters, calendar } = scope
  const dimensions = (asked.dimensions ?? []).map((dimension) =>
    dimension === fittingTime ? fittingStep(range) : dimension,
  ) as (Dimension | TimeDimension)[]
  const query: Query = asked.dimensions === undefined ? asked : { ...asked, dimensions }
  const question: Question = {
    metrics: query.metrics,
    ...(query.order_by ? { order_by: query.order_by } : {}),
    ...(query.pagination ? { pagination: query.pagination } : {}),
    site,
    timeZone,
    weekStart: calendar.weekStart,
    currency: context.currency,
    range,
    filters,
    goals: context.goals,
    dimensions,
  }
  const labels = labelsOf(dimensions, range, scope, calendar.nowMs)
  const { include = {} } = query
  const asking = { reader, allowed, context }
  const found = await ask(asking, question)
  let lake = found.past?.days
  const series = dimensions.length === 1 ? labels.get(0) : undefined
  let results = complete(found.rows, series, query)
  const meta: QueryAnswer['meta'] = { timezone: timeZone, from: range.from, to: range.to }
  if (include.comparisons !== undefined) {
    const other = comparedRange(range, include.comparisons, calendar)
    const compared = labelsOf(dimensions, other, scope, other.toMs)
    const both = await compare(asking, { ...question, range: other }, results, labels, compared)
    results = both.results
    lake ??= both.past?.days
    meta.comparison = { from: other.from, to: other.to }
  }
  if (lake) meta.lake = lake
  if (include.total_rows) meta.total_rows = series ? results.length : found.inAll
  if (include.time_labels) {
    const [first] = labels.values()
    if (first === undefined) throw invalidField('include/time_labels', 'is asked without a dimension of time')
    meta.time_labels = first
  }
  return { results, meta, query }
}
