import { LRUCache } from 'lru-cache'
import type { Store } from '../store/store.ts'
import type { SessionRow } from './session.ts'
import { inOrder } from './sessionize.ts'
import { type KnownFact, type KnownVisitor, nobody, rememberedMs } from './visitor.ts'

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

/**
 * What the pipeline remembers of visitors. It is a cache of the store and nothing more: what it does not hold, it reads from there,
 * so after a restart it knows what it knew.
 */
export class Memory {
  readonly #store: Store
  readonly #visitors = new LRUCache<string, KnownVisitor>({
    maxSize: maxRemembered,
    sizeCalculation: ({ facts }) => facts.length + 1,
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
    const rows = await this.#readSessions(needs, sinceMs)
    const bySession = new Map<string, Map<string, SessionRow>>()
    const earlier = new Map<string, number>()
    for (const row of rows) {
      const key = visitorKeyText({ site: row.site, visitorId: row.visitor_id })
      if ('visits' in row) earlier.set(key, row.visits)
      else bySession.set(key, (bySession.get(key) ?? new Map()).set(row.session_id, row))
    }
    const facts = await this.#readFacts(bySession)
    return new Map(
      needs.map((need) => {
        const key = visitorKeyText(need)
        const sessions = bySession.get(key)
        const visits = earlier.get(key) ?? 0
        if (!sessions && visits === 0) return [key, nobody]
        const known = { sinceMs, earlier: visits, sessions: sessions ?? new Map(), facts: facts.get(key) ?? [] }
        return [key, visits === 0 ? { ...known, sinceMs: nobody.sinceMs } : known]
      }),
    )
  }

  /** The visits that can matter, and of each visitor how many others there are. */
  async #readSessions(
    needs: readonly Need[],
    sinceMs: number,
  ): Promise<(SessionRow | { site: string; visitor_id: string; visits: number })[]> {
    const parameters = {
      sites: [...new Set(needs.map(({ site }) => site))],
      visitors: [...new Set(needs.map(({ visitorId }) => visitorId))],
      sessions: [...new Set(needs.flatMap(({ namedSessions }) => [...namedSessions]))],
      since: sinceMs,
    }
    const whose = 'site IN {sites:Array(String)} AND visitor_id IN {visitors:Array(String)}'
    const matters = '(toUnixTimestamp64Milli(end) >= {since:Int64} OR session_id IN {sessions:Array(String)})'
    const [rows, counts] = await Promise.all([
      this.#store.query<SessionRow & { sign: number }>(
        `SELECT * EXCEPT (sign) REPLACE (
           toUnixTimestamp64Milli(start) AS start, toUnixTimestamp64Milli(end) AS end, toUnixTimestamp64Milli(exit_at) AS exit_at)
         FROM silver.sessions_by_visitor FINAL
         WHERE ${whose} AND ${matters.replaceAll('end', 'sessions_by_visitor.end')}
         ORDER BY start, session_id`,
        parameters,
      ),
      this.#store.query<{ site: string; visitor_id: string; visits: number }>(
        `SELECT site, visitor_id, sum(sign) AS visits
         FROM silver.sessions_by_visitor
         WHERE ${whose} AND NOT ${matters}
         GROUP BY site, visitor_id
         HAVING visits > 0`,
        parameters,
      ),
    ])
    return [...rows, ...counts]
  }

  /** The events of some visits by visitor, in order. */
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
    for (const list of facts.values()) list.sort(inOrder)
    return facts
  }
}
