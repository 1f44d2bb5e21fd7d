import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openEmbeddedReader, openEmbeddedWriter } from './embedded.ts'
import { partitionOf } from './partition.ts'
import type { StreamReader, StreamWriter } from './stream.ts'

let folder: string
let writer: StreamWriter
let reader: StreamReader
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clickwatch-stream-'))
  writer = await openEmbeddedWriter(folder, 3)
  reader = openEmbeddedReader(folder)
})
afterEach(async () => {
  await Promise.all([writer.close(), reader.close()])
  rmSync(folder, { recursive: true, force: true })
})

const append = (key: string, ...texts: string[]) =>
  Promise.all(texts.map((text) => writer.append(key, Buffer.from(text))))
const read = (key: string, offset = 0, maxRecords = 100, maxBytes = 1e6) =>
  reader.read(partitionOf(key, 3), offset, maxRecords, maxBytes)

describe('the embedded stream', () => {
  it('gives back what was appended, in order, with rising offsets and the time it was taken', async () => {
    const before = Date.now()
    await append('visitor', 'a', 'b', 'c')
    const records = read('visitor')
    expect(records.map(({ value }) => value.toString())).toEqual(['a', 'b', 'c'])
    expect(records.map(({ offset }) => offset)).toEqual([0, 1, 2])
    for (const { enqueuedAtMs } of records) expect(enqueuedAtMs).toBeGreaterThanOrEqual(before)
  })

  it('keeps one key in one partition', async () => {
    await append('one', 'a', 'b')
    await append('another', 'c')
    const all = [0, 1, 2].flatMap((partition) => reader.read(partition, 0, 100, 1e6))
    expect(all).toHaveLength(3)
    expect(read('one').map(({ value }) => value.toString())).toEqual(expect.arrayContaining(['a', 'b']))
  })

  it('reads from an offset, at most so many records or bytes', async () => {
    await append('visitor', 'aaaa', 'bbbb', 'cccc', 'dddd')
    expect(read('visitor', 1, 2).map(({ value }) => value.toString())).toEqual(['bbbb', 'cccc'])
    expect(read('visitor', 0, 100, 6)).toHaveLength(2)
    expect(read('visitor', 4)).toEqual([])
  })

  it('sees what is appended after it was opened', async () => {
    expect(read('visitor')).toEqual([])
    await append('visitor', 'late')
    expect(read('visitor')).toHaveLength(1)
  })

  it('never gives an offset twice, not even after trimming and a restart', async () => {
    await append('visitor', 'a', 'b')
    expect(await writer.trim(partitionOf('visitor', 3), 2, Date.now() + 1000)).toBe(2)
    expect(read('visitor')).toEqual([])
    await writer.close()
    writer = await openEmbeddedWriter(folder, 3)
    await append('visitor', 'c')
    expect(read('visitor').map(({ offset, value }) => [offset, value.toString()])).toEqual([[2, 'c']])
  })

  it('trims nothing that is younger than asked or not yet processed', async () => {
    await append('visitor', 'a', 'b')
    const partition = partitionOf('visitor', 3)
    expect(await writer.trim(partition, 2, Date.now() - 1000)).toBe(0)
    expect(await writer.trim(partition, 1, Date.now() + 1000)).toBe(1)
    expect(read('visitor').map(({ offset }) => offset)).toEqual([1])
  })

  it('keeps its number of partitions whatever a later start asks for', async () => {
    await writer.close()
    writer = await openEmbeddedWriter(folder, 7)
    expect(openEmbeddedReader(folder).partitions).toBe(3)
  })

  it('counts what waits for the disk', async () => {
    const appended = append('visitor', 'x'.repeat(1000))
    expect(writer.pendingBytes).toBeGreaterThanOrEqual(1000)
    await appended
    expect(writer.pendingBytes).toBe(0)
  })
})
