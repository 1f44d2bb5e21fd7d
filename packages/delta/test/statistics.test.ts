import fc from 'fast-check'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, it } from 'vitest'
import { column, describeDataFile, partitionFolder, struct } from '../src/index.ts'
import { decodePath, encodePath } from '../src/path-encoding.ts'
import { indexedColumns, lowerText, upperText, writeStatistics } from '../src/statistics.ts'
import { byBytes } from '../src/storage/paths.ts'
import { localPlaces } from './places.ts'

const places = localPlaces()

describe('statistics of a file', () => {
  const schema = struct(
    column('site', 'string'),
    column('id', 'long'),
    column('certain', 'integer'),
    column('name', 'string'),
    column('value', 'double'),
    column('at', 'timestamp'),
    column('none', 'string'),
    column('later', 'string'),
  )

  it('are what its footer tells, over all its row groups', async () => {
    const storage = places('footer')
    const number = (index: number): bigint => 9_007_199_254_740_993n + BigInt(index % 5)
    const indexes = Array.from({ length: 20 }, (_, index) => index)
    const bytes = parquetWriteBuffer({
      rowGroupSize: 6,
      statisticsTruncateLength: Number.POSITIVE_INFINITY,
      columnData: [
        { name: 'id', data: indexes.map(number), type: 'INT64' },
        { name: 'certain', data: indexes, type: 'INT32', nullable: false, statistics: false },
        { name: 'name', data: indexes.map((index) => (index % 4 ? `n${index}` : null)), type: 'STRING' },
        { name: 'value', data: indexes.map((index) => index / 2 - 3), type: 'DOUBLE' },
        { name: 'at', data: indexes.map((index) => new Date(1_700_000_000_123 + index)), type: 'TIMESTAMP' },
        { name: 'none', data: indexes.map(() => null), type: 'STRING' },
      ],
    })
    await storage.put('a.parquet', new Uint8Array(bytes))
    const partitionColumns = ['site']
    const described = await describeDataFile(storage, 'a.parquet', {
      schema,
      partitionColumns,
      partitionValues: { site: 's' },
    })
    expect(described).toMatchObject({ path: 'a.parquet', sizeBytes: bytes.byteLength, partitionValues: { site: 's' } })
    expect(described.statistics).toEqual({
      numRecords: 20,
      // A NaN would be greater than the greatest that Parquet tells, so none is told.
      minValues: { id: number(0), name: 'n1', value: -3, at: '2023-11-14T22:13:20.123Z' },
      maxValues: { id: number(4), name: 'n9', at: '2023-11-14T22:13:20.142Z' },
      nullCount: { id: 0, certain: 0, name: 5, value: 0, at: 0, none: 20, later: 20 },
    })
    if (described.statistics === undefined) throw new Error('there are none')
    expect(writeStatistics(described.statistics)).toContain('"maxValues":{"id":9007199254740997,')
  })

  it('cut long texts so that they bound what was cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        const upper = upperText(text)
        expect(byBytes(lowerText(text), text)).toBeLessThanOrEqual(0)
        expect(upper === undefined || byBytes(upper, text) >= 0).toBe(true)
        expect([...(upper ?? '')].length).toBeLessThanOrEqual(33)
      }),
    )
    expect(upperText(`${'a'.repeat(32)}\u{10ffff}b`)).toBeUndefined()
  })

  it('are of the first columns, with the fields of structs, and of no partition', () => {
    const nested = struct(
      column('day', 'date'),
      column('a', struct(column('b', 'long'), column('c', 'string'))),
      column('d', 'long'),
    )
    expect(indexedColumns(nested, ['day'], 2)).toEqual([
      ['a', 'b'],
      ['a', 'c'],
    ])
    expect(indexedColumns(nested, ['day'], -1)).toHaveLength(3)
  })
})

describe('a path', () => {
  it('comes back from the log as it went in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodePath(encodePath(`x${text}`))).toBe(`x${text}`)
        expect(encodePath(text)).not.toMatch(/[ %?#](?![0-9A-F]{2})/)
      }),
    )
  })

  it('names the folder of a partition so that every file system takes it', () => {
    expect(partitionFolder(['site', 'day'], { site: 'a b/ü%', day: null })).toBe(
      'site=a%20b%2Fü%25/day=__HIVE_DEFAULT_PARTITION__',
    )
    expect(encodePath('site=a%20b/x.parquet')).toBe('site=a%2520b/x.parquet')
    expect(decodePath('s3://bucket/a%20b')).toBe('s3://bucket/a%20b')
    expect(() => decodePath('a%zz')).toThrow('not encoded')
  })
})
