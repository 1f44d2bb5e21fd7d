import { type Database, open, type RootDatabase } from 'lmdb'
import { partitionOf } from './partition.ts'
import type { StreamMessage, StreamReader, StreamWriter } from './stream.ts'

// A record is eight bytes of enqueued time, then the value. Keys are offsets.
const headerBytes = 8
const trimChunk = 1000

// Without overlapping syncs a commit is on disk before it is seen, so a reader never stores an offset that a power cut takes
// back. Group commits keep it as fast: writers that wait together share one fsync.
const openFolder = (folder: string, readOnly: boolean): RootDatabase<number, string> =>
  open({ path: folder, overlappingSync: false, readOnly, maxDbs: 80 })

const openPartition = (root: RootDatabase<number, string>, partition: number): Database<Buffer, number> =>
  root.openDB<Buffer, number>({ name: `partition-${partition}`, encoding: 'binary' })

const lastOffset = (database: Database<Buffer, number>): number => {
  for (const offset of database.getKeys({ reverse: true, limit: 1 })) return offset
  return -1
}

/** Opens the embedded stream for writing; one process may. `partitions` counts for a new stream only. */
export const openEmbeddedWriter = async (folder: string, partitions: number): Promise<StreamWriter> => {
  const root = openFolder(folder, false)
  const count = root.get('partitions') ?? partitions
  await root.put('partitions', count)
  const databases = Array.from({ length: count }, (_, partition) => openPartition(root, partition))
  // A trimmed partition may be empty, so the next offset is kept beside it too.
  const nextOffsets = databases.map((database, partition) =>
    Math.max(lastOffset(database) + 1, root.get(`trimmed-${partition}`) ?? 0),
  )
  let pendingBytes = 0

  return {
    get pendingBytes() {
      return pendingBytes
    },
    waitingBytes: 0,
    roomBytes: Number.POSITIVE_INFINITY,
    async append(key, value) {
      const partition = partitionOf(key, count)
      const database = databases[partition]
      const offset = nextOffsets[partition]
      if (!database || offset === undefined) throw new Error(`the stream has no partition ${partition}`)
      nextOffsets[partition] = offset + 1
      const record = Buffer.allocUnsafe(headerBytes + value.length)
      record.writeDoubleBE(Date.now())
      value.copy(record, headerBytes)
      pendingBytes += record.length
      try {
        await database.put(offset, record)
      } finally {
        pendingBytes -= record.length
      }
    },
    async trim(partition, offset, olderThanMs) {
      const database = databases[partition]
      if (!database) return 0
      let removed = 0
      for (;;) {
        const old: number[] = []
        for (const { key, value } of database.getRange({ end: offset, limit: trimChunk })) {
          if (value.readDoubleBE() >= olderThanMs) break
          old.push(key)
        }
        const last = old.at(-1)
        if (last === undefined) return removed
        await root.transaction(() => {
          for (const key of old) database.remove(key)
          root.put(`trimmed-${partition}`, last + 1)
        })
        removed += old.length
      }
    },
    close: () => root.close(),
  }
}

/**
 * Removes records that were processed, beside the process that writes: LMDB lets one write at a time. The process may not have the
 * stream open otherwise.
 * @param next of each partition, the offset of the first that was not
 */
export const eraseFromStream = async (
  folder: string,
  next: readonly number[],
  isToGo: (text: string) => boolean,
): Promise<void> => {
  const root = openFolder(folder, false)
  for (const [partition, end] of next.entries()) {
    const database = openPartition(root, partition)
    const keys: number[] = []
    for (const { key, value } of database.getRange({ end })) {
      if (isToGo(value.subarray(headerBytes).toString('utf8'))) keys.push(key)
    }
    await root.transaction(() => {
      for (const key of keys) database.remove(key)
    })
  }
  await root.close()
}

/** Makes a new stream that goes on where another one was: with `next` of each partition. */
export const beginEmbeddedStream = async (folder: string, next: readonly number[]): Promise<void> => {
  const root = openFolder(folder, false)
  await root.put('partitions', next.length)
  for (const [partition, offset] of next.entries()) await root.put(`trimmed-${partition}`, offset)
  await root.close()
}

/**
 * Opens the embedded stream for reading, beside the process that writes it.
 * @throws when no writer has made the stream yet
 */
export const openEmbeddedReader = (folder: string): StreamReader => {
  const root = openFolder(folder, true)
  const partitions = root.get('partitions')
  if (partitions === undefined) throw new Error(`there is no stream in ${folder} yet`)
  const databases = Array.from({ length: partitions }, (_, partition) => openPartition(root, partition))

  return {
    partitions,
    end(partition) {
      const database = databases[partition]
      if (!database) return 0
      root.resetReadTxn()
      // A trimmed partition may be empty.
      return Math.max(lastOffset(database) + 1, root.get(`trimmed-${partition}`) ?? 0)
    },
    unreadable: 0,
    read(partition, offset, maxMessages, maxBytes) {
      const database = databases[partition]
      if (!database) return []
      // The cached read transaction is of the last turn; what other processes wrote since is behind a new one.
      root.resetReadTxn()
      const messages: StreamMessage[] = []
      let bytes = 0
      for (const { key, value } of database.getRange({ start: offset, limit: maxMessages })) {
        messages.push({
          partition,
          offset: key,
          enqueuedAtMs: value.readDoubleBE(),
          value: value.subarray(headerBytes),
          sender: { kind: 'collector' },
        })
        bytes += value.length - headerBytes
        if (bytes >= maxBytes) break
      }
      return messages
    },
    leave: () => undefined,
    close: () => root.close(),
  }
}
