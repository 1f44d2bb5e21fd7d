import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { partitionOf } from './partition.ts'
import type { StreamMessage, StreamReader, StreamWriter } from './stream.ts'

/** How many partitions a form makes for the contract. */
export const contractPartitions = 3

/** A new stream for each test, and how it is opened: its ends are in different processes in life, and opened apart here. */
export type StreamForm = {
  openWriter(): Promise<StreamWriter>
  openReader(): Promise<StreamReader>
  dispose(): Promise<void>
}

const limitMs = 20_000

/** What every form of the stream has to do. */
export const describeStream = (name: string, make: () => Promise<StreamForm>): void => {
  let form: StreamForm
  let writer: StreamWriter
  let reader: StreamReader
  beforeEach(async () => {
    form = await make()
    writer = await form.openWriter()
    reader = await form.openReader()
  })
  afterEach(async () => {
    await Promise.all([writer.close(), reader.close()])
    await form.dispose()
  })

  const append = (key: string, ...texts: string[]) =>
    Promise.all(texts.map((text) => writer.append(key, Buffer.from(text))))

  /** Reads a partition on from `offset` until so many have come, as the pipeline does. */
  const follow = async (partition: number, offset: number, count: number): Promise<StreamMessage[]> => {
    const until = Date.now() + limitMs
    const messages: StreamMessage[] = []
    let next = offset
    while (messages.length < count) {
      const read = reader.read(partition, next, 100, 1e6)
      messages.push(...read)
      next = (read.at(-1)?.offset ?? next - 1) + 1
      if (Date.now() > until) throw new Error(`${messages.length} of ${count} messages came in ${limitMs} ms`)
      if (read.length === 0) await sleep(10)
    }
    return messages
  }
  const texts = (messages: readonly StreamMessage[]) => messages.map(({ value }) => value.toString())
  const home = partitionOf('visitor', contractPartitions)

  describe(name, () => {
    it('has the partitions that were asked for', () => {
      expect(reader.partitions).toBe(contractPartitions)
    })

    it('gives back what was appended, in order, with rising offsets and the time it was taken', async () => {
      const before = Date.now()
      await append('visitor', 'a', 'b', 'c')
      await append('visitor', 'd')
      const messages = await follow(home, 0, 4)
      expect(texts(messages)).toEqual(['a', 'b', 'c', 'd'])
      for (const [index, { offset, enqueuedAtMs, partition, sender }] of messages.entries()) {
        expect(offset).toBeGreaterThan(messages[index - 1]?.offset ?? -1)
        expect(enqueuedAtMs).toBeGreaterThanOrEqual(before)
        expect(enqueuedAtMs).toBeLessThanOrEqual(Date.now() + 1000)
        expect(partition).toBe(home)
        expect(sender.kind).toBe('collector')
      }
    })

    it('keeps one key in one partition', async () => {
      const keys = ['visitor', 'another', 'a third', 'a fourth']
      for (const text of ['1', '2', '3']) await Promise.all(keys.map((key) => append(key, `${key} ${text}`)))
      for (const key of keys) {
        const partition = partitionOf(key, contractPartitions)
        const together = keys.filter((other) => partitionOf(other, contractPartitions) === partition)
        const messages = await follow(partition, 0, 3 * together.length)
        const of = texts(messages).filter((text) => text.startsWith(`${key} `))
        expect(of).toEqual([`${key} 1`, `${key} 2`, `${key} 3`])
      }
    })

    it('reads on from any offset, as often as it is asked, at most so many messages or bytes', async () => {
      await append('visitor', 'aaaa', 'bbbb', 'cccc', 'dddd')
      const [, second, , fourth] = await follow(home, 0, 4)
      const from = second?.offset ?? 0
      expect(texts(await follow(home, from, 3))).toEqual(['bbbb', 'cccc', 'dddd'])
      await follow(home, from, 3)
      reader.read(home, from, 1, 1e6)
      expect(texts(reader.read(home, from, 2, 1e6))).toEqual(['bbbb', 'cccc'])
      expect(texts(reader.read(home, from, 100, 6))).toEqual(['bbbb', 'cccc'])
      expect(reader.read(home, (fourth?.offset ?? 0) + 1, 100, 1e6)).toEqual([])
    })

    it('is taken over by another reader in the midst of what was sent at once', async () => {
      const sent = Array.from({ length: 50 }, (_, index) => `message ${index}`)
      await append('visitor', ...sent)
      const middle = (await follow(home, 0, 50))[20]?.offset ?? 0
      await reader.close()
      reader = await form.openReader()
      expect(texts(await follow(home, middle, 30))).toEqual(sent.slice(20))
    })

    it('sees what is appended after everything was read, and how far that goes', async () => {
      await append('visitor', 'early')
      const [early] = await follow(home, 0, 1)
      const next = (early?.offset ?? 0) + 1
      expect(reader.read(home, next, 100, 1e6)).toEqual([])
      await append('visitor', 'late')
      const [late] = await follow(home, next, 1)
      expect(late?.value.toString()).toBe('late')
      expect(reader.end(home)).toBe((late?.offset ?? 0) + 1)
    })

    it('goes on after a restart where it was, and gives no offset twice', async () => {
      await append('visitor', 'a', 'b')
      const before = await follow(home, 0, 2)
      await Promise.all([writer.close(), reader.close()])
      writer = await form.openWriter()
      reader = await form.openReader()
      await append('visitor', 'c')
      const last = before.at(-1)?.offset ?? 0
      const [after] = await follow(home, last + 1, 1)
      expect(after?.value.toString()).toBe('c')
      expect(after?.offset).toBeGreaterThan(last)
      expect(texts(await follow(home, 0, 3))).toEqual(['a', 'b', 'c'])
    })

    it('takes what comes all at once, and counts what waits for the disk', async () => {
      const value = Buffer.alloc(1000, 'x')
      const appended = Array.from({ length: 3000 }, (_, index) => writer.append(`visitor ${index}`, value))
      expect(writer.pendingBytes).toBeGreaterThanOrEqual(1000 * 3000)
      await Promise.all(appended)
      expect(writer.pendingBytes).toBe(0)
      const each = Array.from({ length: contractPartitions }, (_, partition) => partition)
      const expected = each.map(
        (partition) => appended.filter((_, index) => partitionOf(`visitor ${index}`, each.length) === partition).length,
      )
      for (const [partition, count] of expected.entries()) await follow(partition, 0, count)
    })
  })
}
