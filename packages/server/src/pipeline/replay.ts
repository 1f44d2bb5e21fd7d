import type { Store } from '../store/store.ts'
import { encodeDocument, type StreamDocument } from '../stream/document.ts'
import type { StreamRecord } from '../stream/stream.ts'
import { ledgerBucket } from './ledger.ts'
import type { Pipeline } from './pipeline.ts'
import { readRecords, type VisitRulesOf } from './read.ts'
import type { Row } from './rows.ts'

/** A letter of bronze.dead_letters. */
export type DeadLetter = {
  site: string
  reason: string
  document: string
  partition: number
  offset: number
  messageOffset: number
  /** Milliseconds since 1970. */
  enqueuedAtMs: number
}
/** What a letter says now that whatever kept it from being understood is mended; undefined where it still cannot be. */
export type ReadLetter = (letter: DeadLetter) => StreamDocument | undefined

const batchLetters = 1000

/** Those after a place of the stream that are not yet among the good: a replay that was cut off has put some there. */
const readLetters = (store: Store, partition: number, after: number): Promise<DeadLetter[]> =>
  store.query(
    `SELECT site, reason, document, PartitionId AS partition, Offset AS offset, MessageOffset AS messageOffset,
       toUnixTimestamp64Milli(EventEnqueuedUtcTime) AS enqueuedAtMs
     FROM bronze.dead_letters
     WHERE PartitionId = {partition:UInt16} AND Offset > {after:Int64}
       AND Offset NOT IN (SELECT Offset FROM bronze.web_cookies WHERE PartitionId = {partition:UInt16})
     ORDER BY Offset LIMIT {limit:UInt32}`,
    { partition, after, limit: batchLetters },
  )

/** Removes the letters that are among the good by now. */
export const dropReplayed = async (store: Store): Promise<void> => {
  const [row] = await store.query<{ replayed: number }>(
    `SELECT count() AS replayed FROM bronze.web_cookies
     WHERE (PartitionId, Offset) IN (SELECT PartitionId, Offset FROM bronze.dead_letters)`,
  )
  if (!row?.replayed) return
  await store.execute(
    `ALTER TABLE bronze.dead_letters DELETE
     WHERE (PartitionId, Offset) IN (SELECT PartitionId, Offset FROM ${store.whole('bronze.web_cookies')}) SETTINGS mutations_sync = 1`,
  )
}

/** Takes letters out of the ledger: as what they turn out to be they go in anew. */
const withdrawn = (letters: readonly DeadLetter[]): Row[] =>
  letters.flatMap(({ site, reason, partition, enqueuedAtMs }) => {
    const entry = { site, bucket: ledgerBucket(enqueuedAtMs), stream_partition: partition, records: -1, events: -1 }
    return [
      { ...entry, kind: 'arrived', reason: '' },
      { ...entry, kind: 'refused', reason },
    ]
  })

/**
 * Processes the dead letters that can be understood by now, each at its own place of the stream, and removes them from the dead
 * letters. Killed at any point, doing it again does the rest.
 */
export const replayLetters = async (options: {
  store: Store
  pipeline: Pick<Pipeline, 'storeAgain'>
  partitions: number
  read: ReadLetter
  rulesOf: VisitRulesOf
  onProgress: (progress: { letters: number; replayed: number }) => void
}): Promise<{ letters: number; replayed: number }> => {
  const { store, pipeline, partitions, read, rulesOf, onProgress } = options
  const progress = { letters: 0, replayed: 0 }
  for (let partition = 0; partition < partitions; partition++) {
    for (let after = -1; ; ) {
      const letters = await readLetters(store, partition, after)
      const last = letters.at(-1)
      if (!last) break
      after = last.offset
      const understood: { letter: DeadLetter; record: StreamRecord }[] = []
      for (const letter of letters) {
        const document = read(letter)
        if (!document) continue
        const { offset, messageOffset, enqueuedAtMs } = letter
        const record = { partition, offset, messageOffset, enqueuedAtMs, value: encodeDocument(document) }
        if (readRecords([record], rulesOf).some((each) => 'stream' in each)) understood.push({ letter, record })
      }
      if (understood.length > 0) {
        const records = understood.map(({ record }) => record)
        await pipeline.storeAgain(partition, records, withdrawn(understood.map(({ letter }) => letter)))
      }
      progress.letters += letters.length
      progress.replayed += understood.length
      onProgress(progress)
    }
  }
  await dropReplayed(store)
  return progress
}
