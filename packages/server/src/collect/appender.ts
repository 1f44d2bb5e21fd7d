import { ClickWatchError, overloaded, systemCodeOf } from '../errors.ts'
import type { StreamWriter } from '../stream/stream.ts'

/** One record for the stream; `key` (site and visitor) decides its partition. */
export type Appendix = { key: string; value: Buffer }

/**
 * Puts records on the stream and resolves when all are on disk.
 * @throws {ClickWatchError} 503 when too much waits already, the disk refuses, or the stream has been away for too long
 */
export type Appender = (records: Appendix[]) => Promise<void>

/**
 * An appender whose queue is bounded: past `limitBytes` waiting for the disk it refuses, whole requests only, instead of growing.
 * @param isNearlyFull whether the disk has too little room for anything more
 */
export const createAppender = (stream: StreamWriter, limitBytes: number, isNearlyFull: () => boolean): Appender => {
  return async (records) => {
    if (isNearlyFull()) {
      const sentence = 'The disk of the server is nearly full, so nothing more is taken in; send this again later.'
      throw new ClickWatchError('disk_full', 503, sentence, { retryAfterSeconds: 30 })
    }
    const bytes = records.reduce((sum, { value }) => sum + value.length, 0)
    if (bytes > stream.roomBytes) {
      const sentence = 'The stream is away and what is kept for it meanwhile has no more room; send this again later.'
      throw new ClickWatchError('stream_away', 503, sentence, { retryAfterSeconds: 30 })
    }
    if (stream.pendingBytes > 0 && stream.pendingBytes + bytes > limitBytes) {
      throw overloaded('More is arriving than the disk takes right now; send this again in a moment.')
    }
    try {
      await Promise.all(records.map(({ key, value }) => stream.append(key, value)))
    } catch (cause) {
      const full = systemCodeOf(cause) === 'ENOSPC' ? ' (the disk is full)' : ''
      throw new ClickWatchError('not_stored', 503, `This could not be written to disk${full}; send it again later.`, {
        retryAfterSeconds: 5,
        cause,
      })
    }
  }
}
