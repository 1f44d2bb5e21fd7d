import type { TableFile } from '@clickwatch/delta'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inOrder, worthJoining } from './compact.ts'
import { tagsOf } from './ranges.ts'

let made = 0
const file = (sizeBytes: number, from: number, to: number): TableFile => ({
  path: `site=shop/date=2026-01-01/${made++}.parquet`,
  sizeBytes,
  modifiedMs: 0,
  partitionValues: {},
  tags: tagsOf(new Map([[0, [from, to]]])),
})

describe('joining files', () => {
  it('joins files that lie one after another, and no others', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 200_000_000 }), { maxLength: 40 })
    fc.assert(
      fc.property(sizes, fc.integer({ min: 2, max: 8 }), (given, least) => {
        const files = given.map((size, index) => file(size, index, index + 1))
        const joined = worthJoining(files, least)
        const from = files.indexOf(joined[0] ?? file(0, 0, 0))
        expect(joined).toEqual(joined.length === 0 ? [] : files.slice(from, from + joined.length))
        expect(joined.length === 1).toBe(false)
      }),
    )
  })

  it('writes a row again a few times only, however many files come', () => {
    const rowBytes = 1_000_000
    let files: TableFile[] = []
    let writtenBytes = 0
    const turns = 500
    for (let turn = 0; turn < turns; turn++) {
      files.push(file(rowBytes, turn, turn + 1))
      const joined = worthJoining(files, 8)
      if (joined.length === 0) continue
      const bytes = joined.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
      writtenBytes += bytes
      const at = files.indexOf(joined[0] ?? file(0, 0, 0))
      files = [...files.slice(0, at), file(bytes, at, at + 1), ...files.slice(at + joined.length)]
    }
    expect(files.length).toBeLessThan(40)
    expect(writtenBytes / (turns * rowBytes)).toBeLessThan(6)
  })

  it('takes files in the order of the stream, and none where somebody else has joined some', () => {
    const [one, two, three] = [file(1, 0, 5), file(1, 5, 7), file(1, 7, 9)]
    expect(inOrder([three, one, two])).toEqual([one, two, three])
    const { tags: _tags, ...unknown } = file(1, 9, 10)
    expect(inOrder([one, unknown])).toEqual([])
  })
})
