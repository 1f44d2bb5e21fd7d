import { LRUCache } from 'lru-cache'
import type { Store } from '../store/store.ts'
import type { SessionRow } from './session.ts'
import { type KnownFact, type KnownVisitor, knownVisitor, nobody, rememberedMs } from './visitor.ts'

export type VisitorKey = { site: string; visitorId: string }
export const visitorKeyText = ({ site, visitorId }: VisitorKey): string => `${site}\u0000${visitorId}`

/** What has to be known of a visitor before what arrived of them can be placed. */
export type Need = VisitorKey & {
  /** When the earliest of it happened, milliseconds since 1970. */
  fromMs: number
  /** The visits that it names. */
  namedSessions: ReadonlySet<string>
}

/** An event takes about 300 bytes, a visitor without any about as much. */
const maxRemembered = 400_000

type StoredFact = {
  site: string
  visitor_id: string
  event_id: string
  time: number
  seq: number
  type: string
  path: string
  user_id: string
  session_id: string
  is_named: boolean
  campaign: string
  is_interaction: boolean
  is_conversion: boolean
  engaged_ms: number
  scroll_depth: number
  stream_partition: number
  stream_offset: number
}

const factOf = (row: StoredFact): KnownFact => ({
  eventId: row.event_id,
  timeMs: row.time,
  seq: row.seq,
  type: row.type,
  namedSession: row.is_named ? row.session_id : '',
  campaign: row.campaign,
  path: row.path,
  userId: row.user_id,
  isInteraction: row.is_interaction,
  isConversion: row.is_conversion,
  engagedMs: row.engaged_ms,
  scrollDepth: row.scroll_depth,
  partition: row.stream_partition,
  offset: row.stream_offset,
  sessionId: row.session_id,
})

const hasAll = (known: KnownVisitor | undefined, { fromMs, namedSessions }: Need): boolean => {
  if (!known || fromMs - rememberedMs < known.sinceMs) return false
  // A visit that is named and not known may be one of the earlier ones.
  return known.earlier === 0 || [...namedSessions].every((id) => known.sessions.has(id))
}

const parametersOf = (needs: readonly Need[], sinceMs: number) => ({
  sites: [...new Set(needs.map(({ site }) => site))],
  visitors: [...new Set(needs.map(({ visitorId }) => visitorId))],
  sessions: [...new Set(needs.flatMap(({ namedSessions }) => [...namedSessions]))],
  since: sinceMs,
})
const isWanted = 'site IN {sites:Array(String)} AND visitor_id IN {visitors:Array(String)}'
const matters =
  '(toUnixTimestamp64Milli(sessions_by_visitor.end) >= {since:Int64} OR session_id IN {sessions:Array(String)})'

/**
 * What the pipeline remembers of visitors. It is a cache of the store and nothing more: what it does not hold, it reads from there,
 * so after a restart it knows what it knew.
 */
export class Memory {
  readonly #store: Store
  readonly #visitors = new LRUCache<string, KnownVisitor>({
    maxSize: maxRemembered,
    sizeCalculation: ({ facts }) => facts.all.length + 1,
  })

  constructor(store: Store) {
    this.#store = store
  }

  /** How many visitors are remembered, and how many of their events. */
  get size(): { visitors: number; events: number } {
    return { visitors: this.#visitors.size, events: this.#visitors.calculatedSize - this.#visitors.size }
  }

  /** What is known of each of these visitors, from the store where it is not remembered. */
  async recall(needs: ReadonlyMap<string, Need>): Promise<Map<string, KnownVisitor>> {
    const recalled = new Map<string, KnownVisitor>()
    const missing: Need[] = []
    for (const [key, need] of needs) {
      const known = this.#visitors.get(key)
      if (known && hasAll(known, need)) recalled.set(key, known)
      else missing.push(need)
    }
    if (missing.length > 0) for (const [key, visitor] of await this.#read(missing)) recalled.set(key, visitor)
    return recalled
  }

  remember(key: string, visitor: KnownVisitor): void {
    this.#visitors.set(key, visitor)
  }

  async #read(needs: readonly Need[]): Promise<Map<string, KnownVisitor>> {
    const sinceMs = Math.min(...needs.map(({ fromMs }) => fromMs)) - rememberedMs
    const counts = await this.#countSessions(needs, sinceMs)
    const bySession = await this.#readSessions(
      needs.filter((need) => counts.get(visitorKeyText(need))?.matter),
      sinceMs,
    )
    const facts = await this.#readFacts(bySession)
    return new Map(
      needs.map((need) => {
        const key = visitorKeyText(need)
        const sessions = bySession.get(key)
        const visits = counts.get(key)?.earlier ?? 0
        if (!sessions && visits === 0) return [key, nobody]
        const fromMs = visits === 0 ? nobody.sinceMs : sinceMs
        return [key, knownVisitor(fromMs, visits, sessions ?? new Map(), facts.get(key) ?? [])]
      }),
    )
  }

  /** Of each visitor who is known, whether any of their visits can matter, and how many others there are. */
  async #countSessions(
    needs: readonly Need[],
    sinceMs: number,
  ): Promise<Map<string, { matter: number; earlier: number }>> {
    const rows = await this.#store.query<{ site: string; visitor_id: string; matter: number; earlier: number }>(
      `SELECT site, visitor_id, sumIf(sign, ${matters}) AS matter, sumIf(sign, NOT ${matters}) AS earlier
       FROM silver.sessions_by_visitor
       WHERE ${isWanted}
       GROUP BY site, visitor_id`,
      parametersOf(needs, sinceMs),
    )
    return new Map(rows.map((row) => [visitorKeyText({ site: row.site, visitorId: row.visitor_id }), row]))
  }

  /** The visits that can matter, by visitor. Most who come back have none, so that only these are read whole. */
  async #readSessions(needs: readonly Need[], sinceMs: number): Promise<Map<string, Map<string, SessionRow>>> {
    const bySession = new Map<string, Map<string, SessionRow>>()
    if (needs.length === 0) return bySession
    const rows = await this.#store.query<SessionRow>(
      `SELECT * EXCEPT (sign) REPLACE (
         toUnixTimestamp64Milli(start) AS start, toUnixTimestamp64Milli(end) AS end, toUnixTimestamp64Milli(exit_at) AS exit_at)
       FROM silver.sessions_by_visitor FINAL
       WHERE ${isWanted} AND ${matters}`,
      parametersOf(needs, sinceMs),
    )
    for (const row of rows) {
      const key = visitorKeyText({ site: row.site, visitorId: row.visitor_id })
      bySession.set(key, (bySession.get(key) ?? new Map()).set(row.session_id, row))
    }
    return bySession
  }

  /** The events of some visits by visitor. */
  async #readFacts(bySession: ReadonlyMap<string, Map<string, SessionRow>>): Promise<Map<string, KnownFact[]>> {
    const facts = new Map<string, KnownFact[]>()
    const sessions = [...bySession.values()].flatMap((ofVisitor) => [...ofVisitor.values()])
    if (sessions.length === 0) return facts
    const rows = await this.#store.query<StoredFact>(
      `SELECT * EXCEPT (sign, version) REPLACE (toUnixTimestamp64Milli(time) AS time)
       FROM silver.events_by_visitor FINAL
       WHERE site IN {sites:Array(String)} AND visitor_id IN {visitors:Array(String)}
         AND session_id IN {sessions:Array(String)}`,
      {
        sites: [...new Set(sessions.map(({ site }) => site))],
        visitors: [...new Set(sessions.map(({ visitor_id }) => visitor_id))],
        sessions: [...new Set(sessions.map(({ session_id }) => session_id))],
      },
    )
    for (const row of rows) {
      const key = visitorKeyText({ site: row.site, visitorId: row.visitor_id })
      // Another visitor may have a visit of the same name.
      if (!bySession.get(key)?.has(row.session_id)) continue
      const list = facts.get(key)
      if (list) list.push(factOf(row))
      else facts.set(key, [factOf(row)])
    }
    return facts
  }
}
