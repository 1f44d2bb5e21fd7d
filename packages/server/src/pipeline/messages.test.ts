import { describe, expect, it } from 'vitest'
import { encodeDocument, type StreamDocument } from '../stream/document.ts'
import { partitionOf } from '../stream/partition.ts'
import type { StreamMessage } from '../stream/stream.ts'
import { asWritten, homeOfVisitors, takeMessages } from './messages.ts'

const message = (offset: number, from: string, number: number): StreamMessage => ({
  partition: 2,
  offset,
  enqueuedAtMs: offset,
  value: Buffer.from(`${from}${number}`),
  sender: { kind: 'collector', from, number },
})
const beginning = { offset: 0, seen: {} }

describe('messages of a stream', () => {
  it('become records that are counted on without a gap, and say what they came in', async () => {
    const messages = [message(10, 'a', 0), message(14, 'a', 1)]
    const { records, place } = await takeMessages(messages, beginning, 7, async ({ value }) => [value, value])
    expect(records.map(({ offset }) => offset)).toEqual([7, 8, 9, 10])
    expect(records.map(({ messageOffset }) => messageOffset)).toEqual([10, 10, 14, 14])
    expect(place).toEqual({ offset: 15, seen: { a: 1 } })
  })

  it('that were sent again are left out, within a batch and after it', async () => {
    const first = await takeMessages(
      [message(0, 'a', 0), message(1, 'b', 5), message(2, 'a', 0)],
      beginning,
      0,
      asWritten,
    )
    expect(first.records.map(({ value }) => value.toString())).toEqual(['a0', 'b5'])
    const again = [message(3, 'a', 0), message(4, 'b', 4), message(5, 'b', 6), message(6, 'a', 1)]
    const second = await takeMessages(again, first.place, 2, asWritten)
    expect(second.records.map(({ value }) => value.toString())).toEqual(['b6', 'a1'])
    expect(second.place).toEqual({ offset: 7, seen: { b: 6, a: 1 } })
  })

  it('of anyone are never left out', async () => {
    const anyone: StreamMessage = { ...message(0, 'a', 0), sender: { kind: 'anyone' } }
    const { records, place } = await takeMessages([anyone, { ...anyone, offset: 1 }], beginning, 0, asWritten)
    expect(records).toHaveLength(2)
    expect(place.seen).toEqual({})
  })

  it('are known of as many senders as there may be, those who came last', async () => {
    const messages = Array.from({ length: 600 }, (_, index) => message(index, `sender-${index}`, 0))
    const { place } = await takeMessages(messages, beginning, 0, asWritten)
    expect(Object.keys(place.seen)).toHaveLength(500)
    expect(place.seen).toHaveProperty('sender-599')
    expect(place.seen).not.toHaveProperty('sender-99')
  })

  describe('where several pipelines share the stream', () => {
    const partitions = 3
    const home = homeOfVisitors(partitions)
    const documentOf = (visitor: string): StreamDocument => ({
      kind: 'session',
      site: 'shop',
      received_at: 1,
      agent: { browser: '', browser_version: '', os: '', os_version: '', device: '' },
      acquisition: { referrer: '', source: '', channel: '', utm_source: '', utm_medium: '', utm_campaign: '' },
      ignored_fields: 0,
      document: { user_id: visitor, session_id: 'one', events: [] } as unknown as Extract<
        StreamDocument,
        { kind: 'session' }
      >['document'],
    })
    const fromAnyone = (offset: number, ...visitors: string[]): StreamMessage => ({
      partition: 2,
      offset,
      enqueuedAtMs: 1000 + offset,
      value: Buffer.from(JSON.stringify(visitors)),
      sender: { kind: 'anyone' },
    })
    const understand = async ({ value }: StreamMessage) =>
      (JSON.parse(value.toString()) as string[]).map((visitor) => encodeDocument(documentOf(visitor)))
    const visitors = Array.from({ length: 30 }, (_, index) => `visitor ${index}`)
    const [here, elsewhere] = [
      visitors.filter((visitor) => partitionOf(`shop/${visitor}`, partitions) === 2),
      visitors.filter((visitor) => partitionOf(`shop/${visitor}`, partitions) !== 2),
    ]

    it('what anyone sent goes to the partition of its visitor, number by number, with the time it was first taken', async () => {
      const first = await takeMessages([fromAnyone(5, ...visitors)], beginning, 0, understand, home)
      expect(first.records).toHaveLength(here.length)
      expect(first.handed.map(({ key, number }) => [key, number])).toEqual(
        elsewhere.map((visitor, number) => [`shop/${visitor}`, number]),
      )
      expect(first.handed[0]).toMatchObject({ from: 'partition-2', enqueuedAtMs: 1005 })
      const second = await takeMessages([fromAnyone(6, ...elsewhere)], first.place, 0, understand, home)
      expect(second.handed.map(({ number }) => number)).toEqual(elsewhere.map((_, index) => elsewhere.length + index))
      expect(second.place).toEqual({ offset: 7, seen: {}, handed: 2 * elsewhere.length })
    })

    it('what was handed over is a message as any other, taken once, at the time it was first taken', async () => {
      const { handed } = await takeMessages([fromAnyone(5, ...elsewhere)], beginning, 0, understand, home)
      const messages = [...handed, ...handed].map(({ from, number, enqueuedAtMs, value }, offset): StreamMessage => {
        const sender = { kind: 'collector', from, number, enqueuedAtMs } as const
        return { partition: 0, offset, enqueuedAtMs: 9999, value, sender }
      })
      const { records, handed: again } = await takeMessages(messages, beginning, 0, asWritten, home)
      expect(records.map(({ enqueuedAtMs }) => enqueuedAtMs)).toEqual(elsewhere.map(() => 1005))
      expect(again).toEqual([])
    })
  })
})
