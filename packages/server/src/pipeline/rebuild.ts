import { ClickWatchError } from '../errors.ts'
import { dropBeside, openBeside, takePlace } from '../store/beside.ts'
import type { Store } from '../store/store.ts'
import type { StreamRecord } from '../stream/stream.ts'
import { Memory } from './memory.ts'
import { prepare, rememberOutcome } from './prepare.ts'
import type { VisitRulesOf } from './read.ts'
import { dropReplayed } from './replay.ts'

/** How far a rebuild is; `records` of `total` are processed. */
export type Progress = { records: number; total: number; etaS: number | undefined }

const batchRecords = 10_000

type BronzeRow = { offset: number; enqueued: number; value: string }

/** What of a partition arrived after `after`, in order: the good and the refused. */
const readBronze = async (store: Store, partition: number, after: number): Promise<StreamRecord[]> => {
  const rows = await store.query<BronzeRow>(
    `SELECT Offset AS offset, toUnixTimestamp64Milli(EventEnqueuedUtcTime) AS enqueued, value FROM (
       SELECT Offset, EventEnqueuedUtcTime,
         '{"kind":' || toJSONString(toString(kind)) || ',"site":' || toJSONString(toString(site)) || ',"document":' || document
           || if(context = '{}', '', ',' || substring(context, 2, length(context) - 2)) || '}' AS value
       FROM bronze.web_cookies
       WHERE PartitionId = {partition:UInt16} AND Offset > {after:Int64}
       ORDER BY Offset LIMIT {limit:UInt32}
       UNION ALL
       SELECT Offset, EventEnqueuedUtcTime,
         if(reason = 'unreadable', document, toJSONString(map('kind', 'refused', 'site', toString(site), 'field', '', 'reason', detail, 'document', document)))
       FROM bronze.dead_letters
       WHERE PartitionId = {partition:UInt16} AND Offset > {after:Int64}
       ORDER BY Offset LIMIT {limit:UInt32}
     )
     ORDER BY offset LIMIT {limit:UInt32}`,
    { partition, after, limit: batchRecords },
  )
  return rows.map(({ offset, enqueued, value }) => ({
    partition,
    offset,
    enqueuedAtMs: enqueued,
    value: Buffer.from(value),
  }))
}

const partitionsOf = (store: Store) =>
  store.query<{ partition: number; records: number }>(
    `SELECT PartitionId AS partition, count() AS records
     FROM (SELECT PartitionId FROM bronze.web_cookies UNION ALL SELECT PartitionId FROM bronze.dead_letters)
     GROUP BY partition ORDER BY partition`,
  )

/** What was erased is in bronze no more, and stays accounted for. */
const carryErased = (store: Store): Promise<void> =>
  store.execute(
    `INSERT INTO silver_next.ledger (site, bucket, kind, reason, stream_partition, records, events)
     SELECT site, bucket, kind, '', stream_partition, sum(records), sum(events)
     FROM silver.ledger ARRAY JOIN ['arrived', 'erased'] AS kind
     WHERE silver.ledger.kind = 'erased' GROUP BY site, bucket, kind, stream_partition`,
  )

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
 * @param between runs the last part while nothing is stored, see `Pipeline.between`
 */
export const rebuild = async (options: {
  store: Store
  rulesOf: VisitRulesOf
  between: (work: () => Promise<void>) => Promise<void>
  onProgress: (progress: Progress) => void
}): Promise<void> => {
  const { store, rulesOf, between, onProgress } = options
  const beside = await openBeside(store)
  const memory = new Memory(beside)
  const done = new Map<number, number>()
  const startedAt = performance.now()
  let records = 0

  const catchUp = async (): Promise<void> => {
    const partitions = await partitionsOf(store)
    const total = partitions.reduce((sum, partition) => sum + partition.records, 0)
    for (const { partition } of partitions) {
      for (;;) {
        const after = done.get(partition) ?? -1
        const batch = await readBronze(store, partition, after)
        const last = batch.at(-1)
        if (!last) break
        const { outcome, inserts } = await prepare(batch, `rebuild:${partition}:${after}`, {
          store: beside,
          memory,
          rulesOf,
        })
        for (const { table, token, rows } of inserts) {
          // Bronze is what it is made of, and stays.
          if (!table.startsWith('bronze.')) await beside.insert(table, rows, token)
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
  // Most of it while all goes on, and what came meanwhile again, so that little is left for the end.
  await catchUp()
  await catchUp()
  await between(async () => {
    await catchUp()
    await carryErased(store)
    await refuseWorse(store, beside)
    await takePlace(store)
  })
}
