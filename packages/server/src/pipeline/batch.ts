import { messageOf } from '../errors.ts'
import type { StreamDocument } from '../stream/document.ts'
import type { StreamRecord } from '../stream/stream.ts'
import {
  type KnownSession,
  type KnownVisitor,
  type Memory,
  type SessionKey,
  sessionKeyText,
  visitorKeyText,
} from './memory.ts'
import {
  bronzeRow,
  deadLetterRow,
  eventRow,
  excludedRow,
  finalCookiesOfDocument,
  finalCookiesOfVisit,
  type Row,
} from './rows.ts'
import { advance, type SessionRow } from './session.ts'
import { type Fact, type Visit, visitOf } from './visit.ts'

/**
 * The tables a batch writes, in the order in which they are written: what arrived first, what was made of it after. Events come
 * last, so that one that is counted is in every other number too.
 */
export const batchTables = [
  'bronze.web_cookies',
  'bronze.dead_letters',
  'silver.excluded',
  'silver.final_cookies',
  'silver.sessions',
  'silver.events',
] as const
export type BatchTable = (typeof batchTables)[number]

/** A record of the stream, read: what it says, or why it says nothing. */
export type Read =
  | { record: StreamRecord; stream: Exclude<StreamDocument, { kind: 'refused' }>; visit: Visit }
  | { record: StreamRecord; letter: { site: string; reason: string; detail: string; document: string } }

/** What a batch comes to. */
export type Outcome = {
  rows: Record<BatchTable, Row[]>
  /** Sessions and visitors as they are once the rows are stored. */
  sessions: Map<string, KnownSession>
  visitors: Map<string, KnownVisitor>
  /** New events by site, for those who watch. */
  newEvents: Map<string, number>
}

/** Reads records; one that cannot be read becomes a dead letter and stops nothing. */
export const readRecords = (records: readonly StreamRecord[]): Read[] =>
  records.map((record) => {
    const text = record.value.toString('utf8')
    try {
      const stream = JSON.parse(text) as StreamDocument
      if (stream.kind === 'refused') {
        const detail = [stream.field, stream.reason].filter((part) => part !== '').join(' ')
        return { record, letter: { site: stream.site, reason: 'invalid_field', detail, document: stream.document } }
      }
      return { record, stream, visit: visitOf(stream) }
    } catch (error) {
      return { record, letter: { site: '', reason: 'unreadable', detail: messageOf(error), document: text } }
    }
  })

/** The sessions that a batch touches. */
export const sessionsOf = (batch: readonly Read[]): SessionKey[] =>
  batch.flatMap((read) => ('visit' in read ? [read.visit] : []))

/** Sessions under change: the memory's where the batch has not touched them, the batch's own after. The memory stays as it is. */
class Draft {
  readonly #memory: Memory
  readonly stored = new Map<string, SessionRow | undefined>()
  readonly sessions = new Map<string, KnownSession>()
  readonly visitors = new Map<string, KnownVisitor>()

  constructor(memory: Memory) {
    this.#memory = memory
  }

  session(key: string): KnownSession | undefined {
    return this.sessions.get(key) ?? this.#memory.session(key)
  }

  visitor(key: string): KnownVisitor {
    return this.visitors.get(key) ?? this.#memory.visitor(key)
  }

  put(key: string, row: SessionRow, facts: readonly Fact[]): void {
    const before = this.sessions.get(key)
    const known = this.#memory.session(key)
    if (!this.stored.has(key)) this.stored.set(key, known?.row)
    const seen = before?.seen ?? new Set(known?.seen)
    for (const { eventId } of facts) seen.add(eventId)
    this.sessions.set(key, { row, seen })
  }
}

/** A visit ends after this long in which nothing happened. */
const inactivityMs = 30 * 60_000
const longestStayMs = 24 * 3_600_000

/** The visit that something belongs to when it does not say: the visitor's latest, while that lasts, else a new one. */
const sessionIdOf = (visit: Visit, { latest }: KnownVisitor): string => {
  if (visit.sessionId !== '') return visit.sessionId
  const timeMs = visit.facts[0]?.timeMs ?? visit.receivedAtMs
  // How long somebody stayed on a page is told when they leave it, however long that was.
  const isFarewell = visit.facts.every(({ type }) => type === 'engagement' || type === 'form_abandon')
  const silenceMs = isFarewell ? longestStayMs : inactivityMs
  const isGoingOn = latest && timeMs <= latest.end + silenceMs && timeMs >= latest.start - inactivityMs
  return isGoingOn ? latest.sessionId : `${visit.visitorId}.${timeMs.toString(36)}`
}

/** What of it neither its visit has seen, nor the one before. */
const unseen = (visit: Visit, known: KnownSession | undefined, before: KnownSession | undefined): Fact[] => {
  const ids = new Set<string>()
  return visit.facts.filter(({ eventId }) => {
    if (known?.seen.has(eventId) || before?.seen.has(eventId) || ids.has(eventId)) return false
    ids.add(eventId)
    return true
  })
}

/** What a batch comes to, given what is remembered (which must hold its sessions, see `Memory.load`). Changes nothing. */
export const processBatch = (batch: readonly Read[], memory: Memory, nowMs: number): Outcome => {
  const draft = new Draft(memory)
  const newEvents = new Map<string, number>()
  const rows: Record<BatchTable, Row[]> = {
    'bronze.web_cookies': [],
    'bronze.dead_letters': [],
    'silver.excluded': [],
    'silver.events': [],
    'silver.final_cookies': [],
    'silver.sessions': [],
  }

  for (const read of batch) {
    const { record } = read
    if ('letter' in read) {
      rows['bronze.dead_letters'].push(deadLetterRow(read.letter, record, nowMs))
      continue
    }
    const { stream, visit } = read
    rows['bronze.web_cookies'].push(bronzeRow(stream, record, nowMs))
    if (stream.kind === 'session') {
      rows['silver.final_cookies'].push(...finalCookiesOfDocument(stream.document, visit.site, record))
    }

    if (stream.kind === 'tracker' && stream.excluded !== '') {
      rows['silver.excluded'].push(excludedRow(visit, stream.excluded, record))
      continue
    }
    const visitorKey = visitorKeyText(visit)
    const visitor = draft.visitor(visitorKey)
    const sessionId = sessionIdOf(visit, visitor)
    const key = sessionKeyText({ ...visit, sessionId })
    const known = draft.session(key)
    // What does not say its visit may come again after that visit is over.
    const before =
      visit.sessionId === '' && visitor.latest
        ? draft.session(sessionKeyText({ ...visit, ...visitor.latest }))
        : undefined
    const [first, ...others] = unseen(visit, known, before)
    if (!first) continue
    const facts = [first, ...others] as const
    const session = advance(known?.row, visit, sessionId, facts, visitor.visits + 1, record)
    draft.put(key, session, facts)
    const { start, end } = session
    draft.visitors.set(visitorKey, {
      visits: known ? visitor.visits : visitor.visits + 1,
      latest: visitor.latest && visitor.latest.end > end ? visitor.latest : { sessionId, start, end },
    })

    for (const fact of facts) rows['silver.events'].push(eventRow(fact, visit, session, record))
    if (stream.kind === 'tracker') {
      rows['silver.final_cookies'].push(...finalCookiesOfVisit(facts, visit, session, !known, record))
    }
    newEvents.set(visit.site, (newEvents.get(visit.site) ?? 0) + facts.length)
  }

  for (const [key, { row }] of draft.sessions) {
    const before = draft.stored.get(key)
    if (before) rows['silver.sessions'].push({ ...before, sign: -1 })
    rows['silver.sessions'].push({ ...row, sign: 1 })
  }
  return { rows, sessions: draft.sessions, visitors: draft.visitors, newEvents }
}
