import type { VisitRules } from '../metadata/sites.ts'
import type { StreamRecord } from '../stream/stream.ts'
import { eventKey, History } from './history.ts'
import {
  longerRow,
  type Origin,
  type OriginAt,
  originOf,
  originOfRow,
  type SessionFact,
  type SessionRow,
  sessionRow,
  unknownOrigins,
} from './session.ts'
import { type Before, inOrder, sessionize } from './sessionize.ts'
import type { Fact, Visit } from './visit.ts'

/** An event that is stored, and the visit it is stored with. */
export type KnownFact = SessionFact & { sessionId: string }

/** What is remembered of a visitor: exactly what the store has, as far back as `sinceMs`. */
export type KnownVisitor = {
  /** Every visit that ended then or later is known. */
  sinceMs: number
  /** How many visits are not among `sessions`; all of them ended earlier. */
  earlier: number
  /** In the order in which they began. */
  sessions: ReadonlyMap<string, SessionRow>
  /** The events of those visits. */
  facts: History<KnownFact>
}

export const nobody: KnownVisitor = {
  sinceMs: Number.NEGATIVE_INFINITY,
  earlier: 0,
  sessions: new Map(),
  facts: History.of([]),
}

/** A visitor of whom some visits and their events are stored. */
export const knownVisitor = (
  sinceMs: number,
  earlier: number,
  sessions: ReadonlyMap<string, SessionRow>,
  facts: readonly KnownFact[],
): KnownVisitor => {
  const ordered = facts.toSorted(inOrder)
  const began = new Map<string, SessionRow>()
  for (const id of new Set([...ordered.map(({ sessionId }) => sessionId), ...sessions.keys()])) {
    const row = sessions.get(id)
    if (row) began.set(id, row)
  }
  return { sinceMs, earlier, sessions: began, facts: History.of(ordered) }
}

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
  /** Stored events that lead a visit now and led none before, and of whose own origin nothing is known: it is that of the visit before. */
  unknown: KnownFact[]
}

/** What was this long ago can come again, or be told to be over, and is still remembered (metrics.md, Duplicates). */
export const rememberedMs = 24 * 3_600_000
/** Visits beyond that are forgotten once so much more has gathered, so that forgetting costs little. */
const forgottenAfterMs = 2 * rememberedMs

type Pending = KnownFact & { arrived?: Arrived }

const pendingOf = (arrived: Arrived): KnownFact & { arrived: Arrived } => {
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
  const isKnown = known.facts.knower()
  const seen = new Set<string>()
  const fresh: Arrived[] = []
  const doubled: Arrived[] = []
  for (const arrived of arrivals) {
    const key = eventKey(arrived.visit.sessionId, arrived.fact.eventId)
    if (seen.has(key) || isKnown(key)) doubled.push(arrived)
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

const isPageView = ({ type }: KnownFact): boolean => type === 'page_view'
/** The event that said of a stored visit where it came from: its first page, or the first of all where it has no page. */
const storedLead = (facts: readonly KnownFact[], ofSession: string): KnownFact | undefined =>
  facts.find((fact) => fact.sessionId === ofSession && isPageView(fact)) ??
  facts.find(({ sessionId }) => sessionId === ofSession)

const equals = (left: object, right: object, except: string): boolean => {
  const keys = Object.keys(left) as (keyof typeof left)[]
  return keys.every((key) => key === except || left[key] === right[key])
}

/** Forgets visits that nothing is expected of any more. */
const forget = (visitor: KnownVisitor): KnownVisitor => {
  const latestMs = [...visitor.sessions.values()].reduce((latest, { end }) => Math.max(latest, end), 0)
  if (latestMs - visitor.sinceMs < forgottenAfterMs) return visitor
  const sinceMs = latestMs - rememberedMs
  const sessions = new Map([...visitor.sessions].filter(([, { end }]) => end >= sinceMs))
  return {
    sinceMs,
    earlier: visitor.earlier + visitor.sessions.size - sessions.size,
    sessions,
    facts: History.of(visitor.facts.all.filter(({ sessionId }) => sessions.has(sessionId))),
  }
}

/** A visitor's events from the first that has just arrived on; what lies before stays as it is. */
type Tail = {
  /** How many lie before. */
  kept: number
  events: Pending[]
  /** The visits that had stored events in it. */
  touched: ReadonlySet<string>
  /** The events of a visit that lie before. */
  keptOf(sessionId: string): readonly KnownFact[]
}

const tailOf = ({ facts, sessions }: KnownVisitor, fresh: readonly Pending[]): Tail => {
  const first = fresh.reduce((least, each) => (inOrder(each, least) < 0 ? each : least))
  const kept = facts.before(first)
  const stored = facts.all.slice(kept)
  const gathered = new Map<string, KnownFact[]>(stored.map(({ sessionId }) => [sessionId, []]))
  const touched = new Set(gathered.keys())
  const gather = (): void => {
    for (let place = 0; place < kept; place++) {
      const fact = facts.all[place]
      if (fact) gathered.get(fact.sessionId)?.push(fact)
    }
  }
  // Visits that are all before it need no looking through.
  if (touched.size > 0) gather()
  return {
    kept,
    events: [...stored, ...fresh].sort(inOrder),
    touched,
    keptOf: (id) => {
      const of = gathered.get(id)
      if (of) return of
      return sessions.has(id) ? facts.all.slice(0, kept).filter(({ sessionId }) => sessionId === id) : []
    },
  }
}

const beforeOf = ({ facts, sessions }: KnownVisitor, { kept, touched, keptOf }: Tail, rules: VisitRules): Before => ({
  last: facts.all[kept - 1],
  has: (id) => (touched.has(id) ? keptOf(id).length > 0 : sessions.has(id)),
  campaignOf: (id) => {
    if (!rules.campaignBegins) return ''
    // The first event of a visit that began before is before the tail.
    return facts.all.find(({ sessionId }) => sessionId === id)?.campaign ?? ''
  },
})

const isSame = (left: KnownFact, right: KnownFact): boolean =>
  eventKey(left.namedSession, left.eventId) === eventKey(right.namedSession, right.eventId)

const hasAny = <Of>(list: readonly Of[]): list is readonly [Of, ...Of[]] => list.length > 0

/** Whether a visit's row says all that is to be known of it for events after its own to be added. */
const canGrow = (held: SessionRow, members: readonly Pending[]): boolean =>
  held.reported === '' &&
  members.every(({ arrived }) => arrived?.visit.reported === undefined) &&
  // The first page says where a visit came from.
  (held.pageviews > 0 || members.every(({ type }) => type !== 'page_view'))

/**
 * What some arrivals make of a visitor. Whatever their order, and however they are split, the same events come to the same visits.
 * @param known holds what can matter: every visit that ended `rememberedMs` before the earliest arrival or later, and those that
 * arrivals name
 * @param originAt what the records of stored events say of a visit that they lead
 */
export const advance = (
  whose: { site: string; visitorId: string },
  known: KnownVisitor,
  arrivals: readonly Arrived[],
  rules: VisitRules,
  originAt: OriginAt = unknownOrigins,
): Advanced => {
  const { fresh, doubled } = sortOutDoubled(known, arrivals)
  if (fresh.length === 0)
    return { visitor: known, placed: [], doubled, before: [], after: [], moved: new Map(), unknown: [] }

  const pending = fresh.map(pendingOf)
  const tail = tailOf(known, pending)
  const before = beforeOf(known, tail, rules)
  const groups = sessionize(tail.events, whose.visitorId, rules, before)
  const sessions = new Map<string, SessionRow>()
  const after: SessionRow[] = []
  const moved = new Map<string, Moved>()
  const unknown: KnownFact[] = []
  // Rises with every change, so that no two rows of a visit that ever held are of one version.
  const version = 1 + [...known.sessions.values()].reduce((most, row) => Math.max(most, row.version), 0)

  const move = (facts: readonly KnownFact[], session: SessionRow): void => {
    for (const { namedSession, eventId, timeMs } of facts)
      moved.set(eventKey(namedSession, eventId), { timeMs, session })
  }
  const originOfMembers = (members: readonly [Pending, ...Pending[]]): Origin => {
    const lead = members.find(isPageView) ?? members[0]
    if (lead.arrived) return originOf(lead.arrived.visit)
    const stored = known.sessions.get(lead.sessionId)
    const led = storedLead(known.facts.all, lead.sessionId)
    if (!stored || !led) throw new Error(`the visit ${lead.sessionId} of a stored event is not known`)
    if (isSame(led, lead)) return originOfRow(stored)
    const origin = originAt(lead)
    if (!origin) unknown.push(lead)
    return origin ?? originOfRow(stored)
  }
  const settle = (sessionId: string, visitNumber: number): void => {
    const held = known.sessions.get(sessionId)
    const members = groups.get(sessionId) ?? []
    if (held && members.length === 0 && !tail.touched.has(sessionId)) {
      sessions.set(sessionId, held)
      return
    }
    let row: SessionRow
    // Whether events that are stored with it say of it what it says now.
    let isSaid = true
    if (held && before.has(sessionId) && !tail.touched.has(sessionId) && canGrow(held, members)) {
      row = longerRow(held, members)
    } else {
      const all = (tail.keptOf(sessionId) as readonly Pending[]).concat(members)
      if (!hasAny(all)) throw new Error(`the visit ${sessionId} has no events`)
      const origin = originOfMembers(all)
      row = sessionRow({ ...whose, sessionId }, all, origin, visitNumber, reportedOf(all, known))
      isSaid = held !== undefined && held.is_returning === row.is_returning && equals(origin, held, '')
      if (!isSaid) move(tail.keptOf(sessionId), row)
    }
    move(
      members.filter((fact) => !fact.arrived && !(isSaid && fact.sessionId === sessionId)),
      row,
    )
    const isAsBefore = held !== undefined && equals(held, row, 'version')
    row.version = isAsBefore ? held.version : version
    sessions.set(sessionId, row)
    if (!isAsBefore) after.push(row)
  }
  // Visits that began before come first, as they were; those that begin in the tail follow, so they number themselves.
  let visitNumber = known.earlier
  for (const id of known.sessions.keys()) if (before.has(id)) settle(id, ++visitNumber)
  for (const id of groups.keys()) if (!before.has(id)) settle(id, ++visitNumber)

  const facts: KnownFact[] = []
  const placedAt = new Map<Arrived, SessionRow>()
  const added: KnownFact[] = []
  const sessionOf = new Map<Pending, string>()
  for (const [id, members] of groups) for (const member of members) sessionOf.set(member, id)
  for (const event of tail.events) {
    const { arrived, ...fact } = event
    const sessionId = sessionOf.get(event) ?? ''
    const session = sessions.get(sessionId)
    if (!session) throw new Error(`the event ${fact.eventId} found no visit`)
    const settled = arrived || fact.sessionId !== sessionId ? { ...fact, sessionId } : event
    facts.push(settled)
    if (!arrived) continue
    added.push(settled)
    placedAt.set(arrived, session)
  }
  const isChanged = (row: SessionRow): boolean => sessions.get(row.session_id)?.version !== row.version
  const newSessions = new Set([...sessions.keys()].filter((id) => !known.sessions.has(id)))
  const placed = fresh.map((arrived): Placed => {
    const session = placedAt.get(arrived)
    if (!session) throw new Error(`the event ${arrived.fact.eventId} found no visit`)
    return { ...arrived, session, isFirstOfNewSession: newSessions.delete(session.session_id) }
  })
  return {
    visitor: forget({ ...known, sessions, facts: known.facts.with(tail.kept, facts, added) }),
    placed,
    doubled,
    before: [...known.sessions.values()].filter(isChanged),
    after,
    moved,
    unknown,
  }
}
