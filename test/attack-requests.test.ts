import { dimensions } from '@clickwatch/contract'
import type { InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestApi, type TestApi } from './fixtures/api.ts'
import { openTestCollector, type TestCollector } from './fixtures/collector.ts'

// Requests as somebody makes them who wants more than is theirs.

const injections = [
  "' OR 1=1 --",
  "\\' OR 1=1 --",
  "'); DROP TABLE silver.events; --",
  '") UNION ALL SELECT * FROM silver.events --',
  '{site:String}',
  "%' OR '%' = '",
  "' || (SELECT currentUser()) || '",
  '` FROM system.tables --',
]

let api: TestApi
let collector: TestCollector
beforeAll(async () => {
  ;[api, collector] = await Promise.all([openTestApi(), openTestCollector()])
  const viewed = (site: string, index: number) => ({
    site,
    event_id: `${site}-${index}`,
    time: '2026-03-01 12:00:00',
    received_at: '2026-03-01 12:00:00',
    visitor_id: `${site}-visitor-${index}`,
    session_id: `${site}-session-${index}`,
    type: 'page_view',
    path: `/${site}`,
    sign: 1,
    version: 1,
  })
  const rows = [viewed('shop', 1), viewed('shop', 2), viewed('other', 1), viewed('other', 2), viewed('other', 3)]
  await api.store.insert('silver.events', Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n')), 'rows')
})
afterAll(() => Promise.all([api.close(), collector.close()]))

const owner = { authorization: 'Bearer owner' }
const post = (url: string, payload: object) => api.server.inject({ method: 'POST', url, payload, headers: owner })
const whole = { site_id: 'shop', metrics: ['visitors'], date_range: ['2026-01-01', '2026-12-31'] }
const visitors = async (changes: object): Promise<number | undefined> => {
  const answer = await post('/api/v2/query', { ...whole, ...changes })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json<{ results: { metrics: number[] }[] }>().results[0]?.metrics[0]
}

describe('SQL in a value', () => {
  it('is a value like any other, whatever is held against it', async () => {
    const all = [
      ...dimensions.filter((each) => each !== 'event:goal'),
      ...injections.map((each) => `event:props:${each}`),
      'event:props:a`b',
    ]
    // One that would hold for somebody would hold for all of them together.
    const found = all.flatMap((dimension) => [
      ...['is', 'contains'].map((operator) => [operator, dimension, injections]),
      ['matches', dimension, ["' OR 1=1 --", '\\) OR 1=1']],
    ])
    const groups = Array.from({ length: Math.ceil(found.length / 40) }, (_, index) => [
      'or',
      found.slice(index * 40, index * 40 + 40),
    ])
    expect(groups.length).toBeLessThanOrEqual(4)
    expect(await visitors({ filters: [['or', groups]] })).toBe(0)
    expect(await visitors({ filters: [['not', ['or', groups]]] })).toBe(2)
    expect(await visitors({ filters: [['has_done', groups[0]]] })).toBe(0)
  })

  it.each(injections)('%s is refused where a name is expected, with the field', async (injection) => {
    for (const changes of [
      { dimensions: [injection] },
      { metrics: [injection] },
      { site_id: injection },
      { date_range: injection },
      { date_range: [injection, injection] },
      { timezone: injection },
      { order_by: [[injection, 'desc']] },
      { order_by: [['visitors', injection]] },
      { filters: [[injection, 'event:page', ['/']]] },
      { filters: [['is', injection, ['/']]] },
      { filters: [['is', 'segment', [injection]]] },
      { filters: [['is', 'event:goal', [injection]]] },
      { pagination: { limit: injection } },
    ]) {
      const { statusCode, body } = await post('/api/v2/query', { ...whole, ...changes })
      // A goal or segment that nobody has is none: the question is refused or finds nobody.
      if (statusCode === 200) expect(JSON.parse(body)).toMatchObject({ results: [{ metrics: [0] }] })
      else expect([JSON.stringify(changes), statusCode]).toEqual([JSON.stringify(changes), 400])
    }
    for (const url of [
      `/api/now?site=${encodeURIComponent(injection)}`,
      `/api/ledger?site=${encodeURIComponent(injection)}`,
      `/api/tables/${encodeURIComponent(injection)}`,
      `/api/tables/final_cookies?format=${encodeURIComponent(injection)}`,
      `/api/export/events?site=shop&from=${encodeURIComponent(injection)}&to=2026-01-01`,
      `/api/visitors/export?site=${encodeURIComponent(injection)}&visitor=a`,
    ]) {
      const { statusCode } = await api.server.inject({ url, headers: owner })
      expect([url, statusCode]).toEqual([url, url.startsWith('/api/tables/f') ? 400 : statusCode])
      expect([400, 404]).toContain(statusCode)
    }
  })

  it('of a visitor’s id exports nobody', async () => {
    for (const visitor of injections) {
      const url = `/api/visitors/export?site=shop&visitor=${encodeURIComponent(visitor)}`
      const { tables } = (await api.server.inject({ url, headers: owner })).json<{
        tables: Record<string, unknown[]>
      }>()
      expect(Object.values(tables).flat()).toEqual([])
    }
  })

  it('has left the tables as they were', async () => {
    expect(
      await api.store.query('SELECT site, count() AS rows FROM silver.events GROUP BY site ORDER BY site'),
    ).toEqual([
      { site: 'other', rows: 3 },
      { site: 'shop', rows: 2 },
    ])
  })
})

describe('what is of another site', () => {
  it('is not found by an id of one that is known', async () => {
    const made = await api.server.inject({
      method: 'POST',
      url: '/api/sites/shop/goals',
      payload: { name: 'Bought', rule: { type: 'page', path: '/thanks' } },
      headers: owner,
    })
    expect(made.statusCode, made.body).toBe(201)
    const { id } = made.json<{ id: string }>()
    for (const [method, url] of [
      ['PUT', `/api/sites/other/goals/${id}`],
      ['DELETE', `/api/sites/other/goals/${id}`],
    ] as const) {
      const payload = { name: 'Mine', rule: { type: 'page', path: '/' } }
      const { statusCode } = await api.server.inject({ method, url, payload, headers: owner })
      expect([method, statusCode]).toEqual([method, 404])
    }
    const { goals } = (await api.server.inject({ url: '/api/sites/shop/goals', headers: owner })).json<{
      goals: { name: string }[]
    }>()
    expect(goals.map(({ name }) => name)).toEqual(['Bought'])
  })

  it('is told to nobody who listens to one', async () => {
    const heard: string[] = []
    const stop = api.hub.listen('shop', ({ site }) => heard.push(site))
    api.hub.publish(new Map([['other', 2]]))
    api.hub.publish(new Map([['shop', 1]]))
    stop()
    expect(new Set(heard)).toEqual(new Set(['shop']))
  })
})

describe('a path', () => {
  it.each([
    '/../../../../etc/passwd',
    '/..%2f..%2f..%2f..%2fetc%2fpasswd',
    '/assets/..%2f..%2f..%2fserver%2fpackage.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/assets/..%5c..%5cpackage.json',
    '/demo/..%2f..%2f..%2fpackage.json',
    '/demo/%2e%2e%2f%2e%2e%2fconfig.ts',
    '/demo/....//....//config.ts',
    '/share/..%2f..%2fpackage.json',
    '/api/docs/static/..%2f..%2f..%2fpackage.json',
    '/api/tables/..%2f..%2fsecrets',
    '/demo/%00',
    '/%c0%ae%c0%ae/etc/passwd',
  ])('%s leads out of no folder', async (url) => {
    for (const { server } of [api, collector]) {
      const { statusCode, body, headers } = await server.inject({ url, headers: owner })
      const isScreen = statusCode === 200 && String(headers['content-type']).includes('text/html')
      if (!isScreen) expect([400, 403, 404]).toContain(statusCode)
      expect(body).not.toMatch(/root:|"dependencies"|readConfig/)
    }
  })
})

describe('a line break in what comes back in a header', () => {
  const lineBreak = '%0d%0aset-cookie:%20a=b%0d%0a%0d%0a<script>'

  it.each<[string, InjectOptions]>([
    ['the name of an export', { method: 'POST', url: `/api/v2/export?name=${lineBreak}`, payload: whole }],
    ['the address that leads to the demo', { url: `/demo?a=${lineBreak}` }],
    ['a site', { url: `/api/sites/${lineBreak}` }],
    ['a screen that may be framed', { url: `/share/${lineBreak}?embed=1` }],
    ['the method', { url: '/api/v2/query', headers: { 'x-http-method-override': 'DELETE\r\na: b' } }],
  ])('of %s begins no header of its own', async (_where, request) => {
    const answer = await api.server.inject({ ...request, headers: { ...owner } })
    expect(answer.headers['set-cookie']).toBeUndefined()
    for (const value of Object.values(answer.headers)) expect(String(value)).not.toMatch(/[\r\n]/)
  })

  it('of an address given back is encoded', async () => {
    const { headers } = await api.server.inject({ url: `/demo?a=${lineBreak}` })
    expect(headers.location).toBe(`/demo/?a=${lineBreak.replace('<script>', '%3Cscript%3E')}`)
  })
})

describe('a body', () => {
  const raw = (url: string, payload: string | Buffer, server: TestApi['server']) =>
    server.inject({ method: 'POST', url, payload, headers: { ...owner, 'content-type': 'application/json' } })

  it.each([
    ['deep', `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`],
    ['deep and never closed', '{"a":'.repeat(100_000)],
    ['of as many keys as fit', `{${Array.from({ length: 40_000 }, (_, index) => `"${index}":1`).join()}}`],
    ['of a number that is none', `{"metrics":${'9'.repeat(90_000)}}`],
    ['that changes what objects are', '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"a":1}}}'],
    ['that is no text', Buffer.from([0xff, 0xfe, 0x00, 0x7b])],
  ])('%s is refused, and the next is answered', async (_what, payload) => {
    for (const [url, { server }] of [
      ['/api/v2/query', api],
      ['/e', collector],
      ['/api/event', collector],
      ['/api/send', collector],
      ['/i/v0/e/', collector],
    ] as const) {
      const { statusCode } = await raw(url, payload, server)
      expect([url, statusCode]).toEqual([url, statusCode === 413 ? 413 : 400])
    }
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
    expect(await visitors({})).toBe(2)
  })

  it('that names its site twice is of one of them, and of the one that is allowed', async () => {
    const twice = `{"site_id":"other","metrics":["visitors"],"date_range":["2026-01-01","2026-12-31"],"site_id":"shop"}`
    const answer = await raw('/api/v2/query', twice, api.server)
    expect(answer.json<{ results: { metrics: number[] }[] }>().results[0]?.metrics).toEqual([2])
    const made = await post('/api/sites/shop/links', { name: 'All' })
    expect(made.statusCode, made.body).toBe(201)
    const token = made.json<{ path: string }>().path.split('/').at(-1) ?? ''
    const byLink = (payload: string) =>
      api.server.inject({
        method: 'POST',
        url: '/api/v2/query',
        payload,
        headers: { 'content-type': 'application/json', 'x-clickwatch-link': token },
      })
    expect((await byLink(twice)).json<{ results: { metrics: number[] }[] }>().results[0]?.metrics).toEqual([2])
    const other = twice.replace('"other"', '"x"').replace('"shop"', '"other"')
    expect((await byLink(other)).statusCode).toBe(403)
  })

  it('that is larger than a route takes is refused before it is read', async () => {
    const { statusCode } = await raw('/e', Buffer.alloc(200_000, 0x20), collector.server)
    expect(statusCode).toBe(413)
  })
})
