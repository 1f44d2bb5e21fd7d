import type { StreamMessage } from './stream.ts'

type Buffered = {
  /** Of what lies from here to `next`, all there is in the stream is in `messages`. */
  start: number
  next: number
  messages: StreamMessage[]
  bytes: number
}

/** Messages that came over and are not yet taken, by partition: what a stream brings and what the pipeline takes meet here. */
export class Buffers {
  readonly #limitBytes: number
  readonly #partitions = new Map<number, Buffered>()
  readonly #ends = new Map<number, number>()

  /** @param limitBytes past which a partition takes no more until some are taken */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  /** From where on a partition is to be brought; undefined while it has enough, or nobody has asked for it yet. */
  wanted(partition: number): number | undefined {
    const buffer = this.#partitions.get(partition)
    return buffer && buffer.bytes < this.#limitBytes ? buffer.next : undefined
  }

  /**
   * Adds all messages there are from `from` up to `next`; those that are there already, or are not wanted any more, are left out. A
   * broker may send some from before `from` along: it keeps messages in batches, and sends whole ones.
   */
  add(partition: number, from: number, messages: readonly StreamMessage[], next: number): void {
    const buffer = this.#partitions.get(partition)
    // Brought for what was asked before: it does not follow on what is there.
    if (!buffer || from > buffer.next) return
    for (const message of messages) {
      if (message.offset < buffer.next) continue
      buffer.messages.push(message)
      buffer.bytes += message.value.length
      buffer.next = message.offset + 1
    }
    buffer.next = Math.max(buffer.next, next)
  }

  /** Throws away what is there of a partition, of which nothing is wanted until it is asked for again. */
  leave(partition: number): void {
    this.#partitions.delete(partition)
  }

  /** Where a partition ends, as the stream says. */
  setEnd(partition: number, end: number): void {
    this.#ends.set(partition, end)
  }

  end(partition: number): number {
    const buffer = this.#partitions.get(partition)
    const end = this.#ends.get(partition) ?? 0
    // What is left may be no messages, but marks of transactions.
    return buffer && buffer.messages.length === 0 && buffer.next >= end ? buffer.start : end
  }

  /** The messages from `offset` on that are there; those before it are done with. */
  take(partition: number, offset: number, maxMessages: number, maxBytes: number): StreamMessage[] {
    let buffer = this.#partitions.get(partition)
    if (!buffer || offset < buffer.start || offset > buffer.next) {
      buffer = { start: offset, next: offset, messages: [], bytes: 0 }
      this.#partitions.set(partition, buffer)
    }
    const kept = buffer.messages.findIndex((message) => message.offset >= offset)
    const done = buffer.messages.splice(0, kept === -1 ? buffer.messages.length : kept)
    buffer.bytes -= done.reduce((sum, { value }) => sum + value.length, 0)
    buffer.start = offset
    const taken: StreamMessage[] = []
    let bytes = 0
    for (const message of buffer.messages) {
      if (taken.length >= maxMessages || bytes >= maxBytes) break
      taken.push(message)
      bytes += message.value.length
    }
    return taken
  }
}
