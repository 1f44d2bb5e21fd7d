import { describe, expect, it } from 'vitest'
import { Buffers } from './buffers.ts'
import type { StreamMessage } from './stream.ts'

const message = (offset: number, bytes = 10): StreamMessage => ({
  partition: 0,
  offset,
  enqueuedAtMs: 0,
  value: Buffer.alloc(bytes),
  sender: { kind: 'anyone' },
})
const offsets = (messages: readonly StreamMessage[]) => messages.map(({ offset }) => offset)
const take = (buffers: Buffers, offset: number, count = 100) => offsets(buffers.take(0, offset, count, 1e6))

describe('the buffers between a stream and the pipeline', () => {
  it('want nothing of a partition that nobody asked for, then what follows on what is there', () => {
    const buffers = new Buffers(1000)
    expect(buffers.wanted(0)).toBeUndefined()
    expect(take(buffers, 5)).toEqual([])
    expect(buffers.wanted(0)).toBe(5)
    buffers.add(0, 5, [message(5), message(7)], 8)
    expect(buffers.wanted(0)).toBe(8)
    expect(take(buffers, 5)).toEqual([5, 7])
    expect(take(buffers, 5, 1)).toEqual([5])
    expect(take(buffers, 6)).toEqual([7])
  })

  it('want no more while they hold enough', () => {
    const buffers = new Buffers(25)
    take(buffers, 0)
    buffers.add(0, 0, [message(0), message(1), message(2)], 3)
    expect(buffers.wanted(0)).toBeUndefined()
    take(buffers, 1)
    expect(buffers.wanted(0)).toBe(3)
  })

  it('leave out what is there already, and begin anew where something else is wanted', () => {
    const buffers = new Buffers(1000)
    take(buffers, 0)
    buffers.add(0, 0, [message(0), message(1)], 2)
    buffers.add(0, 2, [message(1), message(2)], 3)
    expect(take(buffers, 0)).toEqual([0, 1, 2])
    expect(take(buffers, 50)).toEqual([])
    // On its way since before.
    buffers.add(0, 3, [message(3)], 4)
    expect(buffers.wanted(0)).toBe(50)
    expect(take(buffers, 0)).toEqual([])
    buffers.add(0, 0, [message(0)], 1)
    expect(take(buffers, 0)).toEqual([0])
  })

  it('take what is wanted of a batch that begins before it', () => {
    const buffers = new Buffers(1000)
    take(buffers, 2)
    buffers.add(0, 2, [message(0), message(1), message(2), message(3)], 4)
    expect(take(buffers, 2)).toEqual([2, 3])
    expect(buffers.wanted(0)).toBe(4)
  })

  it('take nothing that would leave a gap', () => {
    const buffers = new Buffers(1000)
    take(buffers, 0)
    // Asked for before the pipeline went back.
    buffers.add(0, 5, [message(5)], 6)
    expect(take(buffers, 0)).toEqual([])
    expect(buffers.wanted(0)).toBe(0)
  })

  it('take a partition for read when what is left are no messages', () => {
    const buffers = new Buffers(1000)
    take(buffers, 0)
    buffers.add(0, 0, [message(0)], 3)
    buffers.setEnd(0, 3)
    expect(buffers.end(0)).toBe(3)
    expect(take(buffers, 1)).toEqual([])
    expect(buffers.end(0)).toBe(1)
  })
})
