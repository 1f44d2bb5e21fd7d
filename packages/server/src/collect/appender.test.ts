import { describe, expect, it } from 'vitest'
import type { StreamWriter } from '../stream/stream.ts'
import { createAppender } from './appender.ts'

/** A stream whose disk is as slow as the test wants: appends wait until they are let go. */
const slowStream = () => {
  const waiting: (() => void)[] = []
  let pendingBytes = 0
  const stream: StreamWriter = {
    get pendingBytes() {
      return pendingBytes
    },
    waitingBytes: 0,
    roomBytes: Number.POSITIVE_INFINITY,
    append: (_key, value) => {
      pendingBytes += value.length
      return new Promise((resolve) =>
        waiting.push(() => {
          pendingBytes -= value.length
          resolve()
        }),
      )
    },
    trim: async () => 0,
    close: async () => undefined,
  }
  return { stream, letGo: () => waiting.splice(0).forEach((release) => void release()) }
}

describe('the queue before the disk', () => {
  it('is bounded: what does not fit is refused with 503 and a time to come again, and taken once there is room', async () => {
    const { stream, letGo } = slowStream()
    const append = createAppender(stream, 1000, () => false)
    const record = { key: 'visitor', value: Buffer.alloc(600) }
    const first = append([record])
    await expect(append([record])).rejects.toMatchObject({ code: 'overloaded', status: 503, retryAfterSeconds: 1 })
    letGo()
    await first
    const second = append([record])
    letGo()
    await second
  })

  it('takes or refuses a request whole', async () => {
    const { stream, letGo } = slowStream()
    const append = createAppender(stream, 1000, () => false)
    const small = { key: 'visitor', value: Buffer.alloc(400) }
    const first = append([small])
    await expect(append([small, small])).rejects.toMatchObject({ code: 'overloaded' })
    expect(stream.pendingBytes).toBe(400)
    letGo()
    await first
  })

  it('says so when the stream is away and there is no more room for what waits for it', async () => {
    const { stream } = slowStream()
    const append = createAppender({ ...stream, pendingBytes: 0, roomBytes: 500 }, 1000, () => false)
    await expect(append([{ key: 'visitor', value: Buffer.alloc(501) }])).rejects.toMatchObject({
      code: 'stream_away',
      status: 503,
      retryAfterSeconds: 30,
    })
  })

  it('says so when the disk refuses', async () => {
    const { stream } = slowStream()
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' })
    const append = createAppender(
      { ...stream, pendingBytes: 0, append: async () => Promise.reject(full) },
      1000,
      () => false,
    )
    await expect(append([{ key: 'visitor', value: Buffer.alloc(1) }])).rejects.toMatchObject({
      code: 'not_stored',
      status: 503,
      message: expect.stringContaining('the disk is full'),
    })
  })
})
