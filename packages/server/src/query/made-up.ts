import type { Query } from '@clickwatch/contract'
import { LRUCache } from 'lru-cache'
import type { Store } from '../store/store.ts'
import { sumsPrefix } from '../store/theirs.ts'
import { plainFilters } from './filters.ts'
import type { Context } from './scope.ts'

/**
 * What the tables of sums that an import was made of say of a visit at once: a question about one of them is answered as they have it,
 * and one about two by visits that were made up (docs/import.md, Plausible).
 */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/^visit:(source|referrer|channel|utm_|click_id)/, 'source'],
  [/^visit:(country|region|city)$/, 'place'],
  [/^visit:browser/, 'browser'],
  [/^visit:os/, 'system'],
  [/^event:(page|hostname|title)$/, 'page'],
  [/^time:(second|minute|hour)$/, 'hour'],
]
const kindOf = (dimension: string): string | undefined => {
  const kind = kinds.find(([pattern]) => pattern.test(dimension))?.[1]
  // Of days and what is longer than one, they are.
  return kind ?? (dimension.startsWith('time') ? undefined : dimension)
}

/** Every dimension that filters speak of, however deep. */
const namesIn = (value: unknown): string[] => {
  if (typeof value === 'string') return /^(visit|event):/.test(value) ? [value] : []
  return Array.isArray(value) ? value.flatMap(namesIn) : []
}

/** What sums by day do not say: how two of what they tell apart go together, or when in the day something was. */
export type Beyond = 'together' | 'hours'

/** What of a question is beyond sums by day; undefined of one that they answer. */
export const beyondSums = ({ dimensions = [], filters = [] }: Query, context: Context): Beyond | undefined => {
  const named = [...dimensions, ...namesIn(plainFilters(filters, context.segments, context.goals))]
  const found = new Set(named.flatMap((dimension) => kindOf(dimension) ?? []))
  if (found.has('hour')) return 'hours'
  return found.size > 1 ? 'together' : undefined
}

/** The days of a site that were made of sums, both included. */
type Days = { first: string; last: string }
const none = ''
const keptMs = 60_000

/** Finds the days of sites that were made of sums, which change when something is imported, or taken back. */
export const madeUpDays = (store: Pick<Store, 'query'>) => {
  const known = new LRUCache<string, Days | typeof none>({ max: 1000, ttl: keptMs })
  return async (site: string): Promise<Days | undefined> => {
    const before = known.get(site)
    if (before !== undefined) return before || undefined
    const [row] = await store.query<Days & { visits: number }>(
      `SELECT toString(toDate(min(start))) AS first, toString(toDate(max(start))) AS last, count() AS visits
       FROM silver.sessions_by_visitor WHERE site = {site:String} AND startsWith(visitor_id, {prefix:String})`,
      { site, prefix: sumsPrefix },
    )
    const days = row && row.visits > 0 ? { first: row.first, last: row.last } : undefined
    known.set(site, days ?? none)
    return days
  }
}

const sentences: Record<Beyond, string> = {
  together: 'how what is asked here goes together is estimated, as if neither depended on the other',
  hours: 'the hours of those days are not known',
}

/** What is to be said of an answer; undefined where all of it is as it was. `from` and `to` are as an answer's meta has them. */
export const warningOf = (
  beyond: Beyond,
  days: Days | undefined,
  { from, to }: { from: string; to: string },
): string | undefined => {
  if (!days || from.slice(0, 10) > days.last || to <= days.first) return undefined
  return `${days.first} to ${days.last} was imported as sums by day: ${sentences[beyond]}.`
}
