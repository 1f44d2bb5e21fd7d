import type { VisitRules } from '../metadata/sites.ts'
import type { StreamRecord } from '../stream/stream.ts'
import { type Origin, originOf, originOfRow, type SessionFact, type SessionRow, sessionRow } from './session.ts'
import { inOrder, sessionize } from './sessionize.ts'
import type { Fact, Visit } from './visit.ts'

/** An event that is stored, and the visit it is stored with. */
export type KnownFact = SessionFact & { sessionId: string }

/** What is remembered of a visitor: exactly what the store has, as far back as `sinceMs`. */
export type KnownVisitor = {
  /** Every visit that ended then or later is known. */
  sinceMs: number
  /** How many visits are not among `sessions`; all of them ended earlier. */
  earlier: number
  sessions: ReadonlyMap<string, SessionRow>
  /** The events of those visits, in order. */
  facts: readonly KnownFact[]
}

export const nobody: KnownVisitor = { sinceMs: Number.NEGATIVE_INFINITY, earlier: 0, sessions: new Map(), facts: [] }

/** An event that has just arrived, and the record it came with. */
export type Arrived = { fact: Fact; visit: Visit; record: StreamRecord }

/** An event in the visit that it turned out to belong to. */
export type Placed = Arrived & { session: SessionRow; isFirstOfNewSession: boolean }

/** A stored event, by its time, and the visit that it belongs to now. */
export type Moved = { timeMs: number; session: SessionRow }

export type Advanced = {
  visitor: KnownVisitor
  /** The events that were not known, in the order of their arrival. */
  placed: Placed[]
  doubled: Arrived[]
  /** Rows of silver.sessions that no longer hold, and those that hold now. */
  before: SessionRow[]
  after: SessionRow[]
  /** Stored events whose visit, or what it says of them, is another now, by `eventKey`. */
  moved: Map<string, Moved>
}

/** Ids are unique within a visitor, or within a visit that their sender names. */
export const eventKey = (namedSession: string, eventId: string): string => `${namedSession}\u0000${eventId}`

/** What was this long ago can come again, or be told to be over, and is still remembered (metrics.md, Duplicates). */
export const rememberedMs = 24 * 3_600_000
/** Visits beyond that are forgotten once so much more has gathered, so that forgetting costs little. */
const forgottenAfterMs = 2 * rememberedMs

type Pending = SessionFact & { sessionId: string; arrived: Arrived | undefined }

const pendingOf = (arrived: Arrived): Pending => {
  const { fact, visit, record } = arrived
  return {
    eventId: fact.eventId,
    timeMs: fact.timeMs,
    seq: fact.seq,
    type: fact.type,
    namedSession: visit.sessionId,
    campaign: fact.campaign,
    path: fact.path,
    userId: visit.userId,
    isInteraction: fact.isInteraction,
    isConversion: fact.isConversion,
    engagedMs: fact.engagedMs,
    scrollDepth: fact.scrollDepth,
    partition: record.partition,
    offset: record.offset,
    sessionId: '',
    arrived,
  }
}

const sortOutDoubled = (known: KnownVisitor, arrivals: readonly Arrived[]) => {
  const seen = new Set(known.facts.map(({ namedSession, eventId }) => eventKey(namedSession, eventId)))
  const fresh: Arrived[] = []
  const doubled: Arrived[] = []
  for (const arrived of arrivals) {
    const key = eventKey(arrived.visit.sessionId, arrived.fact.eventId)
    if (seen.has(key)) doubled.push(arrived)
    else fresh.push(arrived)
    seen.add(key)
  }
  return { fresh, doubled }
}

/** What the producer of a session says of it itself, where it is one; the latest word holds. */
const reportedOf = (facts: readonly Pending[], known: KnownVisitor): string => {
  let latest: Arrived | undefined
  for (const { arrived } of facts) {
    if (arrived?.visit.reported && (!latest || arrived.record.offset >= latest.record.offset)) latest = arrived
  }
  if (latest) return JSON.stringify(latest.visit.reported)
  return facts.map(({ sessionId }) => known.sessions.get(sessionId)?.reported ?? '').find((text) => text !== '') ?? ''
}

/**
 * What the first page of a visit says of it, or its first event where it has no page; of a stored one that is known by the visit it
 * was stored with.
 */
const originOfMembers = (members: readonly [Pending, ...Pending[]], known: KnownVisitor): Origin => {
  const lead = members.find(({ type }) => type === 'page_view') ?? members[0]
  if (lead.arrived) return originOf(lead.arrived.visit)
  const stored = known.sessions.get(lead.sessionId)
  if (!stored) throw new Error(`the visit ${lead.sessionId} of a stored event is not known`)
  return originOfRow(stored)
}

const equals = (left: object, right: object, except: string): boolean => {
  const keys = Object.keys(left) as (keyof typeof left)[]
  return keys.every((key) => key === except || left[key] === right[key])
}

/** Forgets visits that nothing is expected of any more. */
const forget = (visitor: KnownVisitor): KnownVisitor => {
  const latestMs = Math.max(...[...visitor.sessions.values()].map(({ end }) => end))
  if (latestMs - visitor.sinceMs < forgottenAfterMs) return visitor
  const sinceMs = latestMs - rememberedMs
  const sessions = new Map([...visitor.sessions].filter(([, { end }]) => end >= sinceMs))
  return {
    sinceMs,
    earlier: visitor.earlier + visitor.sessions.size - sessions.size,
    sessions,
    facts: visitor.facts.filter(({ sessionId }) => sessions.has(sessionId)),
  }
}

/**
 * What some arrivals make of a visitor. Whatever their order, and however they are split, the same events come to the same visits.
 * @param known holds what can matter: every visit that ended `rememberedMs` before the earliest arrival or later, and those that
 * arrivals name
 */
export const advance = (
  whose: { site: string; visitorId: string },
  known: KnownVisitor,
  arrivals: readonly Arrived[],
  rules: VisitRules,
): Advanced => {
  const { fresh, doubled } = sortOutDoubled(known, arrivals)
  if (fresh.length === 0) return { visitor: known, placed: [], doubled, before: [], after: [], moved: new Map() }

  const stored = known.facts.map((fact): Pending => ({ ...fact, arrived: undefined }))
  const pending = [...stored, ...fresh.map(pendingOf)].sort(inOrder)
  const sessions = new Map<string, SessionRow>()
  const facts: KnownFact[] = []
  const after: SessionRow[] = []
  const moved = new Map<string, Moved>()
  const placedAt = new Map<Arrived, SessionRow>()
  // Rises with every change, so that no two rows of a visit that ever held are of one version.
  const version = 1 + Math.max(0, ...[...known.sessions.values()].map((row) => row.version))
  // Sessions come in the order in which they began, so they number themselves.
  let visitNumber = known.earlier
  for (const [sessionId, members] of sessionize(pending, whose.visitorId, rules)) {
    const origin = originOfMembers(members, known)
    const row = sessionRow({ ...whose, sessionId }, members, origin, ++visitNumber, reportedOf(members, known))
    const held = known.sessions.get(sessionId)
    const isAsBefore = held !== undefined && equals(held, row, 'version')
    row.version = isAsBefore ? held.version : version
    sessions.set(sessionId, row)
    if (!isAsBefore) after.push(row)
    for (const { arrived, ...fact } of members) {
      if (arrived) placedAt.set(arrived, row)
      else if (fact.sessionId !== sessionId || !held || !equals(origin, held, '')) {
        moved.set(eventKey(fact.namedSession, fact.eventId), { timeMs: fact.timeMs, session: row })
      }
      facts.push({ ...fact, sessionId })
    }
  }
  const isChanged = (row: SessionRow): boolean => sessions.get(row.session_id)?.version !== row.version
  const newSessions = new Set([...sessions.keys()].filter((id) => !known.sessions.has(id)))
  const placed = fresh.map((arrived): Placed => {
    const session = placedAt.get(arrived)
    if (!session) throw new Error(`the event ${arrived.fact.eventId} found no visit`)
    return { ...arrived, session, isFirstOfNewSession: newSessions.delete(session.session_id) }
  })
  return {
    visitor: forget({ sinceMs: known.sinceMs, earlier: known.earlier, sessions, facts: facts.sort(inOrder) }),
    placed,
    doubled,
    before: [...known.sessions.values()].filter(isChanged),
    after,
    moved,
  }
}
