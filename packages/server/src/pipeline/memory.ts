import { LRUCache } from 'lru-cache'
import type { Store } from '../store/store.ts'
import type { SessionRow } from './session.ts'

/** A session as it is stored, and the ids of its events, by which a second arrival of one is known. */
export type KnownSession = { row: SessionRow; seen: Set<string> }

/** How often a visitor has come, and their latest visit; times in milliseconds since 1970. */
export type KnownVisitor = { visits: number; latest?: { sessionId: string; start: number; end: number } }

export type VisitorKey = { site: string; visitorId: string }
/** `sessionId` is '' where the visitor's latest session is meant. */
export type SessionKey = VisitorKey & { sessionId: string }

const separator = '\u0000'
export const sessionKeyText = ({ site, visitorId, sessionId }: SessionKey): string =>
  [site, visitorId, sessionId].join(separator)
export const visitorKeyText = ({ site, visitorId }: VisitorKey): string => [site, visitorId].join(separator)

/** About 200 bytes each. */
const maxSeenEvents = 1_000_000
const maxVisitors = 500_000

const nobody: KnownVisitor = { visits: 0 }

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
  readonly #visitors = new LRUCache<string, KnownVisitor>({ max: maxVisitors })

  constructor(store: Store) {
    this.#store = store
  }

  /** Brings what the store knows of these sessions and their visitors into memory. */
  async load(keys: readonly SessionKey[]): Promise<void> {
    await this.#loadVisitors(keys.filter((key) => !this.#visitors.has(visitorKeyText(key))))
    const named = keys.flatMap((key) => {
      const sessionId = key.sessionId || this.visitor(visitorKeyText(key)).latest?.sessionId
      return sessionId ? [{ ...key, sessionId }] : []
    })
    await this.#loadSessions(named.filter((key) => !this.#sessions.has(sessionKeyText(key))))
  }

  async #loadSessions(keys: readonly SessionKey[]): Promise<void> {
    if (keys.length === 0) return
    const sites = [...new Set(keys.map(({ site }) => site))]
    const rows = await this.#store.query<SessionRow>(
      `SELECT * EXCEPT (sign) REPLACE (
         toUnixTimestamp64Milli(start) AS start, toUnixTimestamp64Milli(end) AS end, toUnixTimestamp64Milli(exit_at) AS exit_at)
       FROM silver.sessions
       WHERE site IN {sites:Array(String)} AND session_id IN {sessions:Array(String)} AND sign = 1
       ORDER BY version`,
      { sites, sessions: [...new Set(keys.map(({ sessionId }) => sessionId))] },
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

  async #loadVisitors(keys: readonly VisitorKey[]): Promise<void> {
    if (keys.length === 0) return
    const rows = await this.#store.query<{
      site: string
      visitor_id: string
      visits: number
      latest_id: string
      latest_start: number
      latest_end: number
    }>(
      `SELECT site, visitor_id, uniqExact(session_id) AS visits,
         argMax(session_id, (end, version)) AS latest_id,
         toUnixTimestamp64Milli(argMax(start, (end, version))) AS latest_start,
         toUnixTimestamp64Milli(max(end)) AS latest_end
       FROM silver.sessions
       WHERE site IN {sites:Array(String)} AND visitor_id IN {visitors:Array(String)} AND sign = 1
       GROUP BY site, visitor_id`,
      {
        sites: [...new Set(keys.map(({ site }) => site))],
        visitors: [...new Set(keys.map(({ visitorId }) => visitorId))],
      },
    )
    for (const key of keys) this.#visitors.set(visitorKeyText(key), nobody)
    for (const { site, visitor_id, visits, latest_id, latest_start, latest_end } of rows) {
      const latest = { sessionId: latest_id, start: latest_start, end: latest_end }
      this.#visitors.set(visitorKeyText({ site, visitorId: visitor_id }), { visits, latest })
    }
  }

  session(key: string): KnownSession | undefined {
    return this.#sessions.get(key)
  }

  visitor(key: string): KnownVisitor {
    return this.#visitors.get(key) ?? nobody
  }

  rememberSession(key: string, session: KnownSession): void {
    this.#sessions.set(key, session)
  }

  rememberVisitor(key: string, visitor: KnownVisitor): void {
    this.#visitors.set(key, visitor)
  }
}
