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

export const hashed = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22)

/** The visits of one visitor's hits: by the export's own word, or ended by silence. */
const splitVisits = (hits: readonly Hit[]): Hit[][] => {
  const visits: Hit[][] = []
  const named = new Map<string, Hit[]>()
  for (const hit of hits.toSorted((one, other) => one.timeMs - other.timeMs)) {
    const last = hit.visit === '' ? visits.at(-1) : named.get(hit.visit)
    const before = last?.at(-1)
    const isSilent = hit.visit === '' && before !== undefined && hit.timeMs - before.timeMs > silenceMs
    if (last && last.length < mostEvents && !isSilent) {
      last.push(hit)
      continue
    }
    const begun = [hit]
    visits.push(begun)
    if (hit.visit !== '') named.set(hit.visit, begun)
  }
  return visits
}

const textOf = (ms: number): string => new Date(ms).toISOString()
export const part = (name: string, value: string | undefined, most: number): object =>
  value ? { [name]: value.slice(0, most) } : {}

/** undefined of a visit that has seen no page: a document's page counts as one that was seen. */
const documentOf = (prefix: string, hits: readonly Hit[]): SessionDocument | undefined => {
  const entry = hits.find(({ type, url }) => type === 'page_view' && url !== '')
  const [first] = hits
  if (!entry || !first) return undefined
  const { visitor, visit, timeMs } = first
  const { url, referrer, browser, os, device, country, region, city, language, screen } = entry
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
    ...part('region', region, 100),
    ...part('city', city, 100),
    ...part('language', language, 35),
    ...part('screen', screen, 20),
    ...part('utm_source', campaignOf('utm_source', entry.source), 200),
    ...part('utm_medium', campaignOf('utm_medium', entry.medium), 200),
    ...part('utm_campaign', campaignOf('utm_campaign', entry.campaign), 200),
    events: hits.map((hit) => ({
      event_type: hit.type.slice(0, 50),
      timestamp: textOf(hit.timeMs),
      ...part('page_url', hit.url, 2048),
      ...part('title', hit.title, 500),
      ...(hit.scrollDepth === undefined ? {} : { scroll_depth: hit.scrollDepth }),
      ...(hit.revenue ? { revenue: hit.revenue } : {}),
    })),
  }
}

/**
 * Makes visits of hits, which may be out of order within a day; no more are kept in memory than a day has, or some hundred thousand.
 * The same hits make the same visits, whose events are known by their places: to send them twice changes nothing.
 * @param onPageless is told of each visit that has seen no page, which is left out
 */
export async function* visitsOf(
  id: string,
  hits: AsyncIterable<Hit>,
  onPageless: () => void,
): AsyncIterable<SessionDocument> {
  const prefix = visitorOfImport(id)
  const open = new Map<string, Open>()
  let newestMs = 0
  let seenMs = 0
  const end = function* (isOver: (one: Open) => boolean): Iterable<SessionDocument> {
    for (const [visitor, one] of open) {
      if (!isOver(one)) continue
      open.delete(visitor)
      for (const visit of splitVisits(one.hits)) {
        const document = documentOf(prefix, visit)
        if (document) yield document
        else onPageless()
      }
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
