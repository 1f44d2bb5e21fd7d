import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { messageOf } from '../errors.ts'
import { encodeDocument, type StreamDocument } from './document.ts'
import { openSpool, type Spool, type Spooled } from './spool.ts'
import type { StreamWriter } from './stream.ts'

/** Puts records into a stream that is elsewhere. */
export interface Producer {
  /**
   * Resolves when all are in the stream, those of a partition in the order given.
   * @throws {TooLarge} when the stream will never take them together
   * @throws when it cannot be known that all are; then some may be there, of each partition the first
   */
  send(records: readonly Spooled[]): Promise<void>
  close(): Promise<void>
}

/** The stream does not take messages, or requests, of that size. */
export class TooLarge extends Error {
  constructor(options: ErrorOptions) {
    super('larger than the stream takes', options)
  }
}

/** What of a record that is too large is sent in its place, so that it is seen and stops nothing. */
const keptCharacters = 10_000
const refused = ({ value, ...record }: Spooled): Spooled => {
  const document = JSON.parse(value.toString()) as StreamDocument
  return {
    ...record,
    value: encodeDocument({
      kind: 'refused',
      site: document.site,
      received_at: document.received_at,
      field: '',
      reason: `is larger than the stream takes (${value.length} bytes); this is its beginning`,
      document: JSON.stringify(document.document).slice(0, keptCharacters),
    }),
  }
}

/** Sends records in parts that are small enough; what the stream never takes goes to the dead letters. */
export const sendInParts = async (to: Producer, records: readonly Spooled[], logger: Logger): Promise<void> => {
  try {
    await to.send(records)
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error
    const [first] = records
    const half = Math.ceil(records.length / 2)
    if (!first) return
    if (records.length === 1) {
      logger.error({ err: error }, 'a record is larger than the stream takes; its beginning goes to the dead letters')
      await to.send([refused(first)])
    } else {
      await sendInParts(to, records.slice(0, half), logger)
      await sendInParts(to, records.slice(half), logger)
    }
  }
}

const batchRecords = 2000
const batchBytes = 512 * 1024
const firstRetryMs = 100
const lastRetryMs = 5000
/** How long what waits is still sent when the collector stops; the rest is sent at the next start. */
const drainMs = 3000

/** Sends what the spool holds, batch after batch, as long as it takes. */
const forward = (spool: Spool, connect: () => Promise<Producer>, logger: Logger) => {
  const stopping = new AbortController()
  let producer: Producer | undefined
  let retryMs = 0

  const disconnect = async (): Promise<void> => {
    const left = producer
    producer = undefined
    await left?.close().catch((error: unknown) => logger.debug({ err: error }, 'a connection that had failed'))
  }

  const sendOnce = async (): Promise<void> => {
    const records = spool.head(batchRecords, batchBytes)
    if (records.length === 0) return
    producer ??= await connect()
    await sendInParts(producer, records, logger)
    await spool.remove(records)
    if (retryMs > 0) logger.warn('the stream is back; what waited for it is being sent')
    retryMs = 0
  }

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await spool.waitForSome(stopping.signal)
      if (stopping.signal.aborted) return
      try {
        await sendOnce()
      } catch (error) {
        await disconnect()
        retryMs = Math.min(Math.max(firstRetryMs, retryMs * 2), lastRetryMs)
        logger.error(
          { err: error },
          `the stream takes nothing (${messageOf(error)}); ${spool.bytes} bytes wait for it, trying again in ${retryMs} ms`,
        )
        await sleep(retryMs, undefined, { signal: stopping.signal }).catch(() => undefined)
      }
    }
  }
  const running = run()

  return {
    async stop(): Promise<void> {
      const until = performance.now() + drainMs
      while (spool.bytes > 0 && retryMs === 0 && performance.now() < until) await sleep(10)
      stopping.abort()
      // A send under way may wait for a stream that is away; to close its connection ends it.
      await disconnect()
      await running
      await disconnect()
    },
  }
}

/**
 * The collector's end of a stream that is elsewhere: what is appended is on this machine's disk, and goes on from there in order, now
 * or when the stream is back.
 * @param limitBytes what may wait
 */
export const openSpooledWriter = async (options: {
  folder: string
  limitBytes: number
  connect: () => Promise<Producer>
  logger: Logger
}): Promise<StreamWriter> => {
  const { folder, limitBytes, connect, logger } = options
  const spool = await openSpool(folder)
  const forwarding = forward(spool, connect, logger)
  return {
    get pendingBytes() {
      return spool.pendingBytes
    },
    get waitingBytes() {
      return spool.bytes
    },
    get roomBytes() {
      return limitBytes - spool.bytes
    },
    append: (key, value) => spool.append(key, value),
    // How long what was processed is kept is the stream's own affair.
    trim: async () => 0,
    async close() {
      await forwarding.stop()
      await spool.close()
    },
  }
}
