import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open } from 'lmdb'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openPositions, openPositionsReader } from './positions.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clickwatch-positions-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('how far the pipeline has come', () => {
  it('is counted on from stream to stream, and each stream goes on where it was left', async () => {
    const embedded = openPositions(folder)
    await embedded.finish(0, { nextOffset: 10, place: { offset: 10, seen: {} } })
    await embedded.close()
    const kafka = openPositions(folder, 'kafka/webtraffic')
    expect(kafka.next(0)).toBe(10)
    expect(kafka.place(0)).toEqual({ offset: 0, seen: {} })
    await kafka.finish(0, { nextOffset: 13, place: { offset: 40, seen: { run: 7 } } })
    await kafka.close()
    const back = openPositions(folder)
    expect(back.next(0)).toBe(13)
    expect(back.place(0).offset).toBe(10)
    await back.close()
    const again = openPositions(folder, 'kafka/webtraffic')
    expect(again.place(0)).toEqual({ offset: 40, seen: { run: 7 } })
    await again.close()
  })

  it('of an embedded stream from before there were others is where its count had come to', async () => {
    const before = open<unknown, string>({ path: folder })
    await before.put('next-0', 25)
    await before.put('begun-1', { nextOffset: 4, inserts: [] })
    await before.close()
    const kafka = openPositions(folder, 'kafka/webtraffic')
    await kafka.finish(0, { nextOffset: 26, place: { offset: 1, seen: {} } })
    // A batch that was under way was one of the embedded stream.
    await kafka.finish(1, kafka.begun(1) ?? { nextOffset: 0, place: { offset: 0, seen: {} } })
    expect(kafka.place(1).offset).toBe(0)
    await kafka.close()
    const reader = openPositionsReader(folder)
    expect([reader.offset(0), reader.offset(1)]).toEqual([25, 4])
    await reader.close()
  })
})
