import { ClickWatchError } from '../errors.ts'
import { dropBeside, openBeside, takePlace } from '../store/beside.ts'
import type { Store } from '../store/store.ts'
import type { StreamRecord } from '../stream/stream.ts'
import { recordText } from './bronze.ts'
import { Memory } from './memory.ts'
import { prepare, rememberOutcome } from './prepare.ts'
import type { VisitRulesOf } from './read.ts'
import { dropReplayed } from './replay.ts'
import { carryUnchanged, dropChanged, isCarried, wanted } from './unchanged.ts'

/** How far a rebuild is; `records` of `total` are processed. */
export type Progress = { records: number; total: number; etaS: number | undefined }

const batchRecords = 10_000

type BronzeRow = { offset: number; enqueued: number; value: string }

/** Which of bronze a rebuild reads. */
type Wanted = { records: string; letters: string; fromMs: number }
const everything: Wanted = { records: 'true', letters: 'true', fromMs: 0 }

/** What a partition holds up to an offset. */
type Stored = { partition: number; records: number; last: number }

/** What of a partition arrived after `after`, in order: the good and the refused. */
const readBronze = async (store: Store, stored: Stored, after: number, of: Wanted): Promise<StreamRecord[]> => {
  const { partition, last } = stored
  const rows = await store.query<BronzeRow>(
    `SELECT Offset AS offset, toUnixTimestamp64Milli(EventEnqueuedUtcTime) AS enqueued, value FROM (
       SELECT Offset, EventEnqueuedUtcTime,
         ${recordText} AS value
       FROM bronze.web_cookies
       WHERE PartitionId = {partition:UInt16} AND Offset > {after:Int64} AND Offset <= {last:Int64} AND ${of.records}
       ORDER BY Offset LIMIT {limit:UInt32}
       UNION ALL
       SELECT Offset, EventEnqueuedUtcTime,
         if(reason = 'unreadable', document, toJSONString(map('kind', 'refused', 'site', toString(site), 'field', '', 'reason', detail, 'document', document)))
       FROM bronze.dead_letters
       WHERE PartitionId = {partition:UInt16} AND Offset > {after:Int64} AND Offset <= {last:Int64} AND ${of.letters}
       ORDER BY Offset LIMIT {limit:UInt32}
     )
     ORDER BY offset LIMIT {limit:UInt32}`,
    { partition, after, last, limit: batchRecords, from: of.fromMs },
  )
  return rows.map(({ offset, enqueued, value }) => ({
    partition,
    offset,
    enqueuedAtMs: enqueued,
    value: Buffer.from(value),
  }))
}

/**
 * How far each partition is stored. Nothing may be stored meanwhile: a batch goes to one table and node after another, so that of one
 * under way later offsets may be there before earlier ones, and whoever reads up to them passes over the others.
 */
const whatIsStored = (store: Store, of: Wanted): Promise<Stored[]> =>
  store.query<Stored>(
    `SELECT PartitionId AS partition, count() AS records, max(Offset) AS last
     FROM (SELECT PartitionId, Offset FROM bronze.web_cookies WHERE ${of.records}
           UNION ALL SELECT PartitionId, Offset FROM bronze.dead_letters WHERE ${of.letters})
     GROUP BY partition ORDER BY partition`,
    { from: of.fromMs },
  )

/** What was erased is in bronze no more, and stays accounted for. */
const carryErased = (store: Store, fromMs: number): Promise<void> =>
  store.execute(
    `INSERT INTO silver_next.ledger (site, bucket, kind, reason, stream_partition, records, events)
     SELECT site, bucket, kind, '', stream_partition, sum(records), sum(events)
     FROM silver.ledger ARRAY JOIN ['arrived', 'erased'] AS kind
     WHERE silver.ledger.kind = 'erased' AND bucket >= fromUnixTimestamp64Milli({from:Int64})
     GROUP BY site, bucket, kind, stream_partition`,
    { from: fromMs },
  )

/** The first of some records and those after it, as long as all of them arrived before a time, or all of them since. */
const ofOneSide = (records: StreamRecord[], fromMs: number): StreamRecord[] => {
  const isBefore = ({ enqueuedAtMs }: StreamRecord): boolean => enqueuedAtMs < fromMs
  const other = records.findIndex((record, _, [first]) => first && isBefore(record) !== isBefore(first))
  return other === -1 ? records : records.slice(0, other)
}

const countEvents = async (store: Store): Promise<number> => {
  const [row] = await store.query<{ events: number }>('SELECT sum(sign) AS events FROM silver.events')
  return row?.events ?? 0
}

/** What was rebuilt may hold more than what is read, never less: bronze may have been cut, or damaged. */
const refuseWorse = async (store: Store, beside: Store): Promise<void> => {
  const [live, rebuilt] = await Promise.all([countEvents(store), countEvents(beside)])
  if (rebuilt >= live) return
  await dropBeside(store)
  throw new ClickWatchError(
    'rebuild_worse',
    409,
    `From bronze come ${rebuilt} events, and ${live} are there now: nothing was changed. Bronze may have been kept for a shorter time than silver.`,
  )
}

/**
 * Makes silver and gold anew from bronze, beside those that are read, and puts them in their place.
 * @throws {ClickWatchError} 409 rebuild_worse when less would come of it than is there; then nothing is changed
 * @param from makes only those visitors anew who came at this time or later, milliseconds since 1970 on a quarter of an hour; the others
 * are carried over as they are, and are right as long as they were
 * @param between does work while nothing is stored, see `Pipeline.between`
 */
export const rebuild = async (options: {
  store: Store
  rulesOf: VisitRulesOf
  between: <Result>(work: () => Promise<Result>) => Promise<Result>
  onProgress: (progress: Progress) => void
  from?: number | undefined
}): Promise<void> => {
  const { store, rulesOf, between, onProgress, from } = options
  const of: Wanted = from === undefined ? everything : { ...wanted, fromMs: from }
  const beside = await openBeside(store)
  const memory = new Memory(beside)
  const done = new Map<number, number>()
  const startedAt = performance.now()
  let records = 0

  const catchUp = async (stored: readonly Stored[]): Promise<void> => {
    const total = stored.reduce((sum, partition) => sum + partition.records, 0)
    for (const each of stored) {
      const { partition } = each
      for (;;) {
        const after = done.get(partition) ?? -1
        const batch = ofOneSide(await readBronze(store, each, after, of), of.fromMs)
        const [first, last] = [batch[0], batch.at(-1)]
        if (!first || !last) break
        const isNew = first.enqueuedAtMs >= of.fromMs
        const { outcome, inserts } = await prepare(batch, `rebuild:${partition}:${after}`, {
          store: beside,
          memory,
          rulesOf,
        })
        for (const { table, token, rows } of inserts) {
          // Bronze is what it is made of, and stays.
          if (!table.startsWith('bronze.') && (isNew || !isCarried(table))) await beside.insert(table, rows, token)
        }
        rememberOutcome(memory, outcome)
        done.set(partition, last.offset)
        records += batch.length
        const seconds = (performance.now() - startedAt) / 1000
        const etaS = Math.round((seconds / records) * Math.max(0, total - records))
        onProgress({ records, total: Math.max(total, records), etaS })
      }
    }
  }

  await dropReplayed(store)
  if (from !== undefined) await between(() => carryUnchanged(store, from))
  // Most of it while all goes on, and what came meanwhile again, so that little is left for the end.
  for (let round = 0; round < 2; round++) await catchUp(await between(() => whatIsStored(store, of)))
  await between(async () => {
    await catchUp(await whatIsStored(store, of))
    await carryErased(store, of.fromMs)
    await refuseWorse(store, beside)
    await takePlace(store)
  })
  await dropChanged(store)
}
