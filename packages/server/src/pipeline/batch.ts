import { ledgerOf } from './ledger.ts'
import { type Need, visitorKeyText } from './memory.ts'
import { isCounted, type Read, type VisitRulesOf } from './read.ts'
import {
  bronzeRow,
  deadLetterRow,
  eventRow,
  excludedRow,
  finalCookiesOfDocument,
  finalCookiesOfEvent,
  type Row,
} from './rows.ts'
import { type OriginAt, type Place, unknownOrigins } from './session.ts'
import { type Advanced, type Arrived, advance, type KnownVisitor, type Moved, nobody } from './visitor.ts'

/** The tables a batch writes: side by side, but for its events, which come after, so that one that is counted is in every other number too. */
export const batchTables = [
  'bronze.web_cookies',
  'bronze.dead_letters',
  'silver.excluded',
  'silver.ledger',
  'silver.final_cookies',
  'silver.sessions',
  'silver.events',
] as const
/** Whether rows of a table are stored beside those of others; what is not is stored after them, in order. */
export const isStoredBeside = (table: string): boolean =>
  table !== 'silver.events' && (batchTables as readonly string[]).includes(table)
export type BatchTable = (typeof batchTables)[number]
export type Rows = Record<BatchTable, Row[]>

/** Stored events of a visitor whose visit, or what it says of them, is another now, by `eventKey`. */
export type Amendment = { site: string; visitorId: string; moved: ReadonlyMap<string, Moved> }

/** What a batch comes to. */
export type Outcome = {
  rows: Rows
  /** Visitors as they are once the rows are stored, by `visitorKeyText`. */
  visitors: Map<string, KnownVisitor>
  amendments: Amendment[]
  /** New events by site, for those who watch. */
  newEvents: Map<string, number>
  /** How many events had come before. */
  doubled: number
  /** Stored events by whose own origin visits would be others, where it were known. */
  unknown: Place[]
}

/** What a batch has to know, by visitor. */
export const needsOf = (batch: readonly Read[]): Map<string, Need> => {
  const needs = new Map<string, Need & { namedSessions: Set<string> }>()
  for (const { visit } of batch.filter(isCounted)) {
    const key = visitorKeyText(visit)
    const need = needs.get(key) ?? {
      site: visit.site,
      visitorId: visit.visitorId,
      fromMs: Number.POSITIVE_INFINITY,
      namedSessions: new Set(),
    }
    need.fromMs = Math.min(need.fromMs, visit.facts[0]?.timeMs ?? visit.receivedAtMs)
    if (visit.sessionId !== '') need.namedSessions.add(visit.sessionId)
    needs.set(key, need)
  }
  return needs
}

const noRows = (): Rows => ({
  'bronze.web_cookies': [],
  'bronze.dead_letters': [],
  'silver.excluded': [],
  'silver.ledger': [],
  'silver.final_cookies': [],
  'silver.sessions': [],
  'silver.events': [],
})

const arrivalsOf = (batch: readonly Read[]): Map<string, [Arrived, ...Arrived[]]> => {
  const arrivals = new Map<string, [Arrived, ...Arrived[]]>()
  for (const { record, visit } of batch.filter(isCounted)) {
    const key = visitorKeyText(visit)
    for (const fact of visit.facts) {
      const arrived = { fact, visit, record }
      const ofVisitor = arrivals.get(key)
      if (ofVisitor) ofVisitor.push(arrived)
      else arrivals.set(key, [arrived])
    }
  }
  return arrivals
}

/**
 * What a batch comes to.
 * @param known the visitors that `needsOf` the batch names, as they are remembered; left as they are
 * @param originAt what the records of events stored before say of a visit that they lead
 */
export const processBatch = (
  batch: readonly Read[],
  known: ReadonlyMap<string, KnownVisitor>,
  rulesOf: VisitRulesOf,
  nowMs: number,
  originAt: OriginAt = unknownOrigins,
): Outcome => {
  const rows = noRows()
  const visitors = new Map<string, KnownVisitor>()
  const amendments: Amendment[] = []
  const newEvents = new Map<string, number>()
  const advances: Advanced[] = []

  for (const read of batch) {
    if ('letter' in read) {
      rows['bronze.dead_letters'].push(deadLetterRow(read.letter, read.record, nowMs))
      continue
    }
    rows['bronze.web_cookies'].push(bronzeRow(read.stream, read.record, nowMs))
    if (!('visit' in read)) continue
    const { stream, visit, record } = read
    if (stream.kind === 'session') {
      rows['silver.final_cookies'].push(...finalCookiesOfDocument(stream.document, visit.site, record))
    } else if (stream.excluded !== '') {
      rows['silver.excluded'].push(excludedRow(visit, stream.excluded, record))
    }
  }

  for (const [key, arrivals] of arrivalsOf(batch)) {
    const [{ visit }] = arrivals
    const { site, visitorId } = visit
    const advanced = advance({ site, visitorId }, known.get(key) ?? nobody, arrivals, rulesOf(site), originAt)
    advances.push(advanced)
    const { placed, before, after, moved } = advanced
    visitors.set(key, advanced.visitor)
    for (const row of before) rows['silver.sessions'].push({ ...row, sign: -1 })
    for (const row of after) rows['silver.sessions'].push({ ...row, sign: 1 })
    for (const each of placed) {
      rows['silver.events'].push(eventRow(each))
      // Those of finished sessions are rows of the document that they came with.
      if (!each.visit.isFinished) rows['silver.final_cookies'].push(finalCookiesOfEvent(each))
    }
    if (moved.size > 0) amendments.push({ site, visitorId, moved })
    if (placed.length > 0) newEvents.set(site, (newEvents.get(site) ?? 0) + placed.length)
  }
  rows['silver.ledger'].push(...ledgerOf(batch, advances, rulesOf))
  const doubled = advances.reduce((sum, advanced) => sum + advanced.doubled.length, 0)
  return { rows, visitors, amendments, newEvents, doubled, unknown: advances.flatMap(({ unknown }) => unknown) }
}
