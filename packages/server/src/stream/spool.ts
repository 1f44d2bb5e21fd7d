import { randomUUID } from 'node:crypto'
import { open } from 'lmdb'

/** A record that waits for a stream that is elsewhere. */
export type Spooled = {
  /** Rises from record to record, also over restarts. */
  number: number
  /** The run that took it in. A copy of a data folder goes on under another name, so that its numbers are not taken for ours. */
  from: string
  key: string
  value: Buffer
  /** When the stream first took it, where it is handed over from another partition. */
  enqueuedAtMs?: number
}

/** What was acknowledged and is not yet in the stream, on this machine's disk, in order. */
export interface Spool {
  /** Bytes that wait. */
  readonly bytes: number
  /** Bytes that are on their way to the disk. */
  readonly pendingBytes: number
  /** Resolves when the record is on disk. */
  append(key: string, value: Buffer): Promise<void>
  /** The first ones, at most so many and about so many bytes of them. */
  head(maxRecords: number, maxBytes: number): Spooled[]
  /** Removes what `head` gave: it is in the stream. */
  remove(records: readonly Spooled[]): Promise<void>
  /** Resolves when there may be something, or the signal is given. */
  waitForSome(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

const nextKey = 'next'

type Kept = { from: string; key: string; value: Buffer }

/** Opens the spool in a folder; one process may. */
export const openSpool = async (folder: string): Promise<Spool> => {
  // As in the embedded stream: on disk before it is seen.
  const root = open<number, string>({ path: folder, overlappingSync: false, maxDbs: 4 })
  const records = root.openDB<Kept, number>({ name: 'records' })
  const from = randomUUID().slice(0, 18)
  let last = -1
  let bytes = 0
  for (const { key, value } of records.getRange()) {
    last = key
    bytes += value.value.length
  }
  // What was sent is removed, so the count is kept beside it.
  let next = Math.max(last + 1, root.get(nextKey) ?? 0)
  let pendingBytes = 0
  let wake = (): void => undefined

  return {
    get bytes() {
      return bytes
    },
    get pendingBytes() {
      return pendingBytes
    },
    async append(key, value) {
      const number = next++
      bytes += value.length
      pendingBytes += value.length
      try {
        await records.put(number, { from, key, value })
        wake()
      } catch (error) {
        bytes -= value.length
        throw error
      } finally {
        pendingBytes -= value.length
      }
    },
    head(maxRecords, maxBytes) {
      root.resetReadTxn()
      const head: Spooled[] = []
      let size = 0
      for (const { key: number, value } of records.getRange({ limit: maxRecords })) {
        size += value.value.length
        if (head.length > 0 && size > maxBytes) break
        head.push({ number, ...value })
      }
      return head
    },
    async remove(sent) {
      const lastSent = sent.at(-1)
      if (!lastSent) return
      await root.transaction(() => {
        for (const { number } of sent) records.remove(number)
        root.put(nextKey, lastSent.number + 1)
      })
      bytes -= sent.reduce((sum, { value }) => sum + value.length, 0)
    },
    waitForSome(signal) {
      if (bytes > pendingBytes || signal.aborted) return Promise.resolve()
      return new Promise((resolve) => {
        wake = () => {
          signal.removeEventListener('abort', wake)
          wake = () => undefined
          resolve()
        }
        signal.addEventListener('abort', wake, { once: true })
      })
    },
    close: () => root.close(),
  }
}
