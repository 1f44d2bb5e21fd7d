import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestApi, type TestApi } from '../../../../test/fixtures/api.ts'
import { undescribed } from './described.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
  const viewed = (site: string, title: string) => ({
    site,
    event_id: title,
    time: '2026-03-01 12:00:00',
    received_at: '2026-03-01 12:00:00',
    visitor_id: 'v',
    session_id: 's',
    type: 'page_view',
    title,
    sign: 1,
    version: 1,
  })
  const rows = [viewed('shop', '=1+1'), viewed('shop', 'b'), viewed('other', 'SECRET')]
  await api.store.insert('silver.events', Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n')), 'rows')
})
afterAll(() => api.close())

const ask = (payload: object, headers: Record<string, string> = { authorization: 'Bearer owner' }) =>
  api.server.inject({ method: 'POST', url: '/api/sql', payload, headers })

const sql = 'SELECT title, count() AS n, [1, 2] AS list FROM events GROUP BY title ORDER BY title'

describe('POST /api/sql', () => {
  it('answers rows of the site that is named, and what they cost', async () => {
    const answer = await ask({ site_id: 'shop', sql })
    expect(answer.json()).toMatchObject({
      columns: [
        { name: 'title', type: 'String' },
        { name: 'n', type: 'UInt64' },
        { name: 'list', type: 'Array(UInt8)' },
      ],
      rows: [
        ['=1+1', 1, [1, 2]],
        ['b', 1, [1, 2]],
      ],
    })
    expect(undescribed('post /api/sql', answer.json())).toEqual([])
  })

  it('makes files, whose text no spreadsheet runs', async () => {
    const csv = await ask({ site_id: 'shop', sql, format: 'csv' })
    expect(csv.body).toBe(`title,n,list\r\n'=1+1,1,"[1,2]"\r\nb,1,"[1,2]"\r\n`)
    expect(csv.headers['content-disposition']).toBe('attachment; filename="shop-sql.csv"')
    expect((await ask({ site_id: 'shop', sql, format: 'ndjson' })).body.trim().split('\n')).toHaveLength(2)
    expect((await ask({ site_id: 'shop', sql, format: 'parquet' })).rawPayload.subarray(0, 4).toString()).toBe('PAR1')
  })

  it('says what is wrong, in words', async () => {
    const answer = await ask({ site_id: 'shop', sql: 'SELECT * FROM silver.events' })
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({
      error: { code: 'invalid_field', field: 'sql', message: expect.stringContaining('silver.events') },
    })
    expect((await ask({ site_id: "x' OR 1", sql })).statusCode).toBe(400)
  })

  it('is for nobody without access', async () => {
    expect((await ask({ site_id: 'shop', sql }, {})).statusCode).toBe(401)
  })
})

it('GET /api/sql/tables tells the tables, as it is described', async () => {
  const answer = await api.server.inject({ url: '/api/sql/tables', headers: { authorization: 'Bearer owner' } })
  expect(undescribed('get /api/sql/tables', answer.json())).toEqual([])
  expect(answer.json<{ tables: { name: string }[] }>().tables.map(({ name }) => name)).toContain('events')
})
