import type { Read, VisitRulesOf } from './read.ts'
import type { Row } from './rows.ts'
import type { Advanced } from './visitor.ts'

const bucketSeconds = 900

/** The quarter of an hour in which something arrived, seconds since 1970. */
export const ledgerBucket = (enqueuedAtMs: number): number =>
  Math.floor(enqueuedAtMs / 1000 / bucketSeconds) * bucketSeconds

type Entry = { site: string; bucket: number; kind: string; reason: string; stream_partition: number }

/** Adds up, by everything else that a row says. */
class Ledger {
  readonly #rows = new Map<string, Entry & { records: number; events: number }>()

  add(entry: Entry, records: number, events: number): void {
    const key = Object.values(entry).join('\u0000')
    const row = this.#rows.get(key)
    if (row) {
      row.records += records
      row.events += events
    } else this.#rows.set(key, { ...entry, records, events })
  }

  rows(): Row[] {
    return [...this.#rows.values()]
  }
}

/**
 * What became of everything in a batch, as rows of silver.ledger. Of each kind of entry `arrived` has the sum: events arrived =
 * counted + doubled + excluded + refused (+ erased); records arrived = offsets of the stream.
 */
export const ledgerOf = (batch: readonly Read[], advances: readonly Advanced[], rulesOf: VisitRulesOf): Row[] => {
  const ledger = new Ledger()
  const entryOf = (site: string, record: Read['record'], kind: string, reason = ''): Entry => ({
    site,
    bucket: ledgerBucket(record.enqueuedAtMs),
    kind,
    reason,
    stream_partition: record.partition,
  })
  for (const read of batch) {
    const { record } = read
    if ('letter' in read) {
      const { site, reason } = read.letter
      ledger.add(entryOf(site, record, 'arrived'), 1, 1)
      ledger.add(entryOf(site, record, 'refused', reason), 1, 1)
      continue
    }
    if (!('visit' in read)) {
      const { site, document } = read.stream
      ledger.add(entryOf(site, record, 'arrived'), 1, 0)
      ledger.add(entryOf(site, record, 'withheld'), 0, document.withheld)
      continue
    }
    const { stream, visit } = read
    ledger.add(entryOf(visit.site, record, 'arrived'), 1, visit.facts.length)
    if (stream.kind === 'tracker' && stream.excluded !== '') {
      ledger.add(entryOf(visit.site, record, 'excluded', stream.excluded), 1, visit.facts.length)
    }
  }
  for (const { placed, doubled } of advances) {
    for (const { visit, record } of doubled) ledger.add(entryOf(visit.site, record, 'doubled'), 0, 1)
    for (const { fact, visit, record } of placed) {
      const isLate = visit.receivedAtMs - fact.timeMs > rulesOf(visit.site).inactivityMs
      ledger.add(entryOf(visit.site, record, 'counted', isLate ? 'late' : ''), 0, 1)
    }
  }
  return ledger.rows()
}
