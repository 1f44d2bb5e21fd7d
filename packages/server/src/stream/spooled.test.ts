import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeDocument } from './document.ts'
import type { Spooled } from './spool.ts'
import { openSpooledWriter, type Producer, TooLarge } from './spooled.ts'
import type { StreamWriter } from './stream.ts'

let folder: string
let writer: StreamWriter
let arrived: Spooled[]
let send: (records: readonly Spooled[]) => void
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clickwatch-spool-'))
  arrived = []
  send = (records) => void arrived.push(...records)
})
afterEach(async () => {
  await writer.close()
  rmSync(folder, { recursive: true, force: true })
})

const open = async (limitBytes = 1e6): Promise<void> => {
  const producer: Producer = { send: async (records) => send(records), close: async () => undefined }
  writer = await openSpooledWriter({
    folder,
    limitBytes,
    connect: async () => producer,
    logger: pino({ level: 'silent' }),
  })
}
const append = (...texts: string[]) => Promise.all(texts.map((text) => writer.append('visitor', Buffer.from(text))))
const texts = () => arrived.map(({ value }) => value.toString())
const untilSent = async () => {
  while (writer.waitingBytes > 0) await sleep(5)
}
const away = () => {
  throw new Error('away')
}

describe('what waits for a stream that is elsewhere', () => {
  it('goes on in order, each with a number that rises', async () => {
    await open()
    await append('a', 'b')
    await append('c')
    await untilSent()
    expect(texts()).toEqual(['a', 'b', 'c'])
    expect(arrived.map(({ number }) => number)).toEqual([0, 1, 2])
  })

  it('is sent in order once the stream is back, and is taken in until there is no more room', async () => {
    await open(100)
    const back = send
    send = away
    await append('a'.repeat(40), 'b'.repeat(40))
    expect(writer.roomBytes).toBe(20)
    await sleep(50)
    send = back
    await untilSent()
    expect(texts()).toEqual(['a'.repeat(40), 'b'.repeat(40)])
    expect(writer.roomBytes).toBe(100)
  })

  it('is sent after a restart under its old numbers, and what comes then under another name', async () => {
    await open()
    send = (records) => {
      arrived.push(...records)
      // Nobody heard that it had arrived.
      away()
    }
    await append('a')
    while (arrived.length === 0) await sleep(5)
    await writer.close()
    const [first] = arrived
    arrived = []
    send = (records) => void arrived.push(...records)
    await open()
    await append('b')
    await untilSent()
    expect(texts()).toEqual(['a', 'b'])
    expect(arrived[0]).toEqual(first)
    expect(arrived[1]?.from).not.toBe(first?.from)
    expect(arrived[1]?.number).toBe(1)
  })

  it('never gives a number twice, not even when nothing was left', async () => {
    await open()
    await append('a', 'b')
    await untilSent()
    await writer.close()
    await open()
    await append('c')
    await untilSent()
    expect(arrived.map(({ number }) => number)).toEqual([0, 1, 2])
  })

  it('that the stream will never take is sent as a refusal with its beginning, and the others as they are', async () => {
    await open()
    send = (records) => {
      if (records.some(({ value }) => value.length > 15_000)) throw new TooLarge({})
      arrived.push(...records)
    }
    const document = (id: string) =>
      encodeDocument({
        kind: 'refused',
        site: 'shop',
        received_at: 1,
        field: '',
        reason: '',
        document: id.repeat(id === 'large' ? 20_000 : 1),
      })
    await Promise.all(['one', 'large', 'two'].map((id) => writer.append('shop', document(id))))
    await untilSent()
    const read = arrived.map(({ value }) => JSON.parse(value.toString()) as { document: string; reason: string })
    expect(read.map(({ document }) => document.slice(0, 7))).toEqual(['one', '"largel', 'two'])
    expect(read[1]?.reason).toContain('is larger than the stream takes')
    expect(read[1]?.document).toHaveLength(10_000)
  })
})
