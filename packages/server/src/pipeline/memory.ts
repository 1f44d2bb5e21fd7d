import { LRUCache } from 'lru-cache'
import type { Store } from '../store/store.ts'
import type { SessionRow } from './session.ts'

/** A session as it is stored, and the ids of its events, by which a second arrival of one is known. */
export type KnownSession = { row: SessionRow; seen: Set<string> }

export type SessionKey = { site: string; visitorId: string; sessionId: string }

const separator = '\u0000'
export const sessionKeyText = ({ site, visitorId, sessionId }: SessionKey): string =>
  [site, visitorId, sessionId].join(separator)
export const visitorKeyText = (site: string, visitorId: string): string => [site, visitorId].join(separator)

/** About 200 bytes each. */
const maxSeenEvents = 1_000_000
const maxVisitors = 500_000

/**
 * What the pipeline remembers of sessions and visitors. It is a cache of the store and nothing more: what it does not hold, it
 * reads from there, so after a restart it knows what it knew.
 */
export class Memory {
  readonly #store: Store
  readonly #sessions = new LRUCache<string, KnownSession>({
    maxSize: maxSeenEvents,
    sizeCalculation: ({ seen }) => seen.size + 1,
  })
  /** How many sessions a visitor has had. */
  readonly #visits = new LRUCache<string, number>({ max: maxVisitors })

  constructor(store: Store) {
    this.#store = store
  }

  /** Brings what the store knows of these sessions and their visitors into memory. */
  async load(keys: Iterable<SessionKey>): Promise<void> {
    const missing = new Map<string, SessionKey>()
    for (const key of keys) {
      const text = sessionKeyText(key)
      if (!this.#sessions.has(text)) missing.set(text, key)
    }
    if (missing.size === 0) return
    await Promise.all([this.#loadSessions([...missing.values()]), this.#loadVisits([...missing.values()])])
  }

  async #loadSessions(keys: SessionKey[]): Promise<void> {
    const sites = [...new Set(keys.map(({ site }) => site))]
    const rows = await this.#store.query<SessionRow>(
      `SELECT * EXCEPT (sign) REPLACE (
         toUnixTimestamp64Milli(start) AS start, toUnixTimestamp64Milli(end) AS end, toUnixTimestamp64Milli(exit_at) AS exit_at)
       FROM silver.sessions
       WHERE site IN {sites:Array(String)} AND session_id IN {sessions:Array(String)} AND sign = 1
       ORDER BY version`,
      { sites, sessions: keys.map(({ sessionId }) => sessionId) },
    )
    if (rows.length === 0) return
    // The rows of one session come by version; the last is the one that holds.
    const latest = new Map<string, SessionRow>()
    for (const row of rows) {
      latest.set(sessionKeyText({ site: row.site, visitorId: row.visitor_id, sessionId: row.session_id }), row)
    }
    const ids = await this.#store.query<{ site: string; visitor_id: string; session_id: string; ids: string[] }>(
      `SELECT site, visitor_id, session_id, groupArray(event_id) AS ids
       FROM silver.events
       WHERE site IN {sites:Array(String)} AND session_id IN {sessions:Array(String)}
       GROUP BY site, visitor_id, session_id`,
      { sites, sessions: [...new Set(rows.map(({ session_id }) => session_id))] },
    )
    for (const { site, visitor_id, session_id, ids: seen } of ids) {
      const key = sessionKeyText({ site, visitorId: visitor_id, sessionId: session_id })
      const row = latest.get(key)
      if (row) this.#sessions.set(key, { row, seen: new Set(seen) })
    }
  }

  async #loadVisits(keys: SessionKey[]): Promise<void> {
    const unknown = keys.filter(({ site, visitorId }) => !this.#visits.has(visitorKeyText(site, visitorId)))
    if (unknown.length === 0) return
    const rows = await this.#store.query<{ site: string; visitor_id: string; visits: number }>(
      `SELECT site, visitor_id, uniqExact(session_id) AS visits
       FROM silver.sessions
       WHERE site IN {sites:Array(String)} AND visitor_id IN {visitors:Array(String)}
       GROUP BY site, visitor_id`,
      {
        sites: [...new Set(unknown.map(({ site }) => site))],
        visitors: [...new Set(unknown.map(({ visitorId }) => visitorId))],
      },
    )
    for (const { site, visitorId } of unknown) this.#visits.set(visitorKeyText(site, visitorId), 0)
    for (const { site, visitor_id, visits } of rows) this.#visits.set(visitorKeyText(site, visitor_id), visits)
  }

  session(key: string): KnownSession | undefined {
    return this.#sessions.get(key)
  }

  visits(key: string): number {
    return this.#visits.get(key) ?? 0
  }

  rememberSession(key: string, session: KnownSession): void {
    this.#sessions.set(key, session)
  }

  rememberVisits(key: string, visits: number): void {
    this.#visits.set(key, visits)
  }
}
