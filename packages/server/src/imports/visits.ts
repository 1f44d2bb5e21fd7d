import { createHash } from 'node:crypto'
import type { SessionDocument } from '@clickwatch/contract'
import { importedPrefix } from '../store/theirs.ts'
import type { Hit } from './hit.ts'

const silenceMs = 30 * 60_000
/** What exports have out of order is within a day: they are made by days. */
const waitMs = 24 * 3_600_000
const mostOpen = 200_000
const mostEvents = 10_000

/** How whatever an import brings is known, so that it can be told apart, and taken back. */
export const visitorOfImport = (id: string): string => `${importedPrefix}${id}:`

type Open = { hits: Hit[]; lastMs: number }

const hashed = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22)

/** The visits of one visitor's hits, ended by the export's own word, or by silence. */
const splitVisits = (hits: readonly Hit[]): Hit[][] => {
  const visits: Hit[][] = []
  for (const hit of hits.toSorted((one, other) => one.timeMs - other.timeMs)) {
    const last = visits.at(-1)
    const before = last?.at(-1)
    const goesOn =
      last !== undefined &&
      before !== undefined &&
      last.length < mostEvents &&
      (hit.visit === '' ? hit.timeMs - before.timeMs <= silenceMs : hit.visit === before.visit)
    if (goesOn) last.push(hit)
    else visits.push([hit])
  }
  return visits
}

const textOf = (ms: number): string => new Date(ms).toISOString()
const part = (name: string, value: string | undefined, most: number): object =>
  value ? { [name]: value.slice(0, most) } : {}

const documentOf = (prefix: string, hits: readonly Hit[]): SessionDocument => {
  const [first] = hits
  if (!first) throw new Error('a visit has a hit')
  const { visitor, visit, timeMs, url, referrer, browser, os, device, country, language } = first
  // Where the export says of no campaign, the address may.
  const said = URL.parse(url)?.searchParams
  const campaignOf = (name: string, known: string | undefined): string => known || (said?.get(name) ?? '')
  return {
    user_id: prefix + hashed(visitor),
    session_id: prefix + hashed(`${visitor} ${visit || timeMs}`),
    timestamp: textOf(timeMs),
    ...part('page_url', url, 2048),
    ...part('referrer', referrer, 2048),
    ...part('browser', browser, 100),
    ...part('os', os, 100),
    ...part('device_type', device, 50),
    ...part('country', country, 2),
    ...part('language', language, 35),
    ...part('utm_source', campaignOf('utm_source', first.source), 200),
    ...part('utm_medium', campaignOf('utm_medium', first.medium), 200),
    ...part('utm_campaign', campaignOf('utm_campaign', first.campaign), 200),
    events: hits.map((hit) => ({
      event_type: hit.type.slice(0, 50),
      timestamp: textOf(hit.timeMs),
      ...part('page_url', hit.url, 2048),
      ...(hit.scrollDepth === undefined ? {} : { scroll_depth: hit.scrollDepth }),
    })),
  }
}

/**
 * Makes visits of hits, which may be out of order within a day; no more are kept in memory than a day has, or some hundred thousand.
 * The same hits make the same visits, whose events are known by their places: to send them twice changes nothing.
 */
export async function* visitsOf(id: string, hits: AsyncIterable<Hit>): AsyncIterable<SessionDocument> {
  const prefix = visitorOfImport(id)
  const open = new Map<string, Open>()
  let newestMs = 0
  let seenMs = 0
  const end = function* (isOver: (one: Open) => boolean): Iterable<SessionDocument> {
    for (const [visitor, one] of open) {
      if (!isOver(one)) continue
      open.delete(visitor)
      for (const visit of splitVisits(one.hits)) yield documentOf(prefix, visit)
    }
  }
  for await (const hit of hits) {
    const one = open.get(hit.visitor) ?? { hits: [], lastMs: 0 }
    one.hits.push(hit)
    one.lastMs = Math.max(one.lastMs, hit.timeMs)
    open.set(hit.visitor, one)
    newestMs = Math.max(newestMs, hit.timeMs)
    // Not at each: all that are open are looked at.
    if (newestMs - seenMs > waitMs / 4 || open.size > mostOpen) {
      seenMs = newestMs
      yield* end(({ lastMs }) => lastMs < newestMs - waitMs || open.size > mostOpen)
    }
  }
  yield* end(() => true)
}
