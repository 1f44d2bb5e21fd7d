import type { Query, QueryAnswer } from '@clickwatch/contract'
import { parquetReadObjects } from 'hyparquet'
import { expect, it } from 'vitest'
import { panelAs } from './panel.ts'

const query: Query = {
  site_id: 'shop',
  metrics: ['visitors', 'bounce_rate'],
  dimensions: ['event:page', 'event:props:a.b'],
  date_range: '7d',
}

/** Answers so many rows, a page at a time, and counts how often it was asked. */
const answering = (rows: number) => {
  const asked = { times: 0 }
  const ask = async (paged: Query): Promise<QueryAnswer> => {
    asked.times++
    const { limit = 0, offset = 0 } = paged.pagination ?? {}
    const places = Array.from({ length: Math.max(0, Math.min(limit, rows - offset)) }, (_, index) => offset + index)
    const results = places.map((place) => ({
      dimensions: [`/article-${place}`, place % 3 ? 'ü' : ''],
      metrics: [place, place % 2 ? null : place / 3],
    }))
    return { results, meta: {}, query: paged } as unknown as QueryAnswer
  }
  return { ask, asked }
}

it('Parquet of many rows is sent page by page, and is one file that holds them all', async () => {
  const rows = 120_001
  const { ask, asked } = answering(rows)
  const pieces: Uint8Array[] = []
  for await (const piece of panelAs(query, 'parquet', { ask, nowMs: 0 })) {
    pieces.push(piece as Uint8Array)
    // What was read before is gone: the pieces are its pages, none of which waits for another.
    expect(asked.times).toBeLessThanOrEqual(pieces.length)
  }
  expect(pieces).toHaveLength(14)
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(1_000_000)
  const found = await parquetReadObjects({ file: new Uint8Array(Buffer.concat(pieces)).buffer })
  expect(found).toHaveLength(rows)
  expect(found[7]).toEqual({ 'event:page': '/article-7', 'event:props:a.b': 'ü', visitors: 7, bounce_rate: null })
  expect(found.at(-1)).toEqual({
    'event:page': '/article-120000',
    'event:props:a.b': '',
    visitors: 120_000,
    bounce_rate: 40_000,
  })
})

it('Parquet of no rows has its columns all the same', async () => {
  const pieces: Uint8Array[] = []
  for await (const piece of panelAs(query, 'parquet', { ask: answering(0).ask, nowMs: 0 }))
    pieces.push(piece as Uint8Array)
  const file = new Uint8Array(Buffer.concat(pieces)).buffer
  expect(await parquetReadObjects({ file })).toEqual([])
  expect(new TextDecoder('latin1').decode(file)).toContain('event:props:a.b')
})
