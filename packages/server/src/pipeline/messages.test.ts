import { describe, expect, it } from 'vitest'
import type { StreamMessage } from '../stream/stream.ts'
import { asWritten, takeMessages } from './messages.ts'

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
})
