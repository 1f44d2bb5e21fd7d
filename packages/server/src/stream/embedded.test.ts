import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contractPartitions, describeStream } from './contract.ts'
import { openEmbeddedReader, openEmbeddedWriter } from './embedded.ts'
import { partitionOf } from './partition.ts'
import type { StreamReader, StreamWriter } from './stream.ts'

describeStream('the embedded stream, as any stream', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clickwatch-stream-'))
  return {
    openWriter: () => openEmbeddedWriter(folder, contractPartitions),
    openReader: async () => openEmbeddedReader(folder),
    dispose: async () => rmSync(folder, { recursive: true, force: true }),
  }
})

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
})
