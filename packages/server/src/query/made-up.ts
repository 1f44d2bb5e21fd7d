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
  if (/^time:(day|week|month|year)$/.test(dimension)) return undefined
  return kinds.find(([pattern]) => pattern.test(dimension))?.[1] ?? dimension
}

/** Every dimension that filters speak of, however deep. */
const namesIn = (value: unknown): string[] => {
  if (typeof value === 'string') return /^(visit|event):/.test(value) ? [value] : []
  return Array.isArray(value) ? value.flatMap(namesIn) : []
}

/** Whether a question is about more than one of what sums tell apart, or about hours, which they do not have. */
export const combines = ({ dimensions = [], filters = [] }: Query, context: Context): boolean => {
  const named = [...dimensions, ...namesIn(plainFilters(filters, context.segments, context.goals))]
  const found = new Set(named.flatMap((dimension) => kindOf(dimension) ?? []))
  return found.size > 1 || found.has('hour')
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

/** What is to be said of an answer; undefined where all of it is as it was. `from` and `to` are as an answer's meta has them. */
export const warningOf = (days: Days | undefined, { from, to }: { from: string; to: string }): string | undefined => {
  if (!days || from.slice(0, 10) > days.last || to <= days.first) return undefined
  return `From ${days.first} to ${days.last} the site has imported sums by day: what is asked together here is as if one had nothing to do with the other.`
}
