import { rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../../test/fixtures/clickwatch.ts'
import { openTestStore } from '../../../../test/fixtures/store.ts'
import { createServer } from '../http/server.ts'
import { type Metadata, openMetadataInMemory } from '../metadata/database.ts'
import { siteViewsOf } from '../metadata/site-views.ts'
import { contextsOf } from '../query/context.ts'
import { bounded } from '../query/limits.ts'
import { migrate } from '../store/migrate.ts'
import type { Store } from '../store/store.ts'
import { undescribed } from './described.ts'
import { addQueryRoutes } from './query.ts'

const folder = temporaryFolder()
const limits = { seconds: 20, memoryBytes: 50_000_000, rows: 2 ** 50 }
let store: Store
let metadata: Metadata
let server: FastifyInstance

beforeAll(async () => {
  store = await openTestStore(join(folder, 'store'))
  await migrate(store, async () => undefined)
  const time = new Date(Date.now() - 3_600_000).toISOString().replace('T', ' ').slice(0, 23)
  const seen = { site: 'default', event_id: 'e', visitor_id: 'v', session_id: 's', type: 'page_view', path: '/' }
  await store.insert('silver.events', Buffer.from(JSON.stringify({ ...seen, time, sign: 1, version: 1 })), 'seen')
  metadata = await openMetadataInMemory()
  const contextOf = contextsOf(store, metadata, siteViewsOf(metadata, 'UTC'))
  server = createServer(pino({ level: 'silent' }))
  addQueryRoutes(server, { store, contextOf, queryLimits: limits })
})
afterAll(async () => {
  await server?.close()
  await Promise.all([store?.close(), metadata?.destroy()])
  rmSync(folder, { recursive: true, force: true })
})

const endless = 'SELECT count() AS n FROM numbers(100000000000000) WHERE sipHash64(number) = 1'
const never = new AbortController().signal

describe('a question that costs too much', () => {
  it('of time is ended and said so', async () => {
    const ask = bounded(store, { ...limits, seconds: 1 }, never).query(endless)
    await expect(ask).rejects.toMatchObject({ code: 'query_too_costly', status: 422 })
  })

  it('of memory or rows, too', async () => {
    const all = bounded(store, limits, never).query('SELECT groupArray(number) AS all FROM numbers(100000000)')
    await expect(all).rejects.toMatchObject({ code: 'query_too_costly', message: expect.stringContaining('50 MB') })
    const many = bounded(store, { ...limits, rows: 1000 }, never).query(
      'SELECT count() AS n FROM numbers(100000) WHERE number % 2',
    )
    await expect(many).rejects.toMatchObject({
      code: 'query_too_costly',
      message: expect.stringContaining('1000 rows'),
    })
  })
})

describe('a question whose asker leaves', () => {
  it('is ended, and the next is answered', async () => {
    // More of them than the store answers at a time: those that wait are not begun.
    const askers = Array.from({ length: 8 }, () => new AbortController())
    const answers = askers.map(({ signal }) => bounded(store, limits, signal).query(endless))
    const isRunning = async (): Promise<number> => {
      const [row] = await store.query<{ n: number }>(
        "SELECT count() AS n FROM system.processes WHERE query LIKE '%100000000000000%' AND query NOT LIKE '%system.processes%'",
      )
      return row?.n ?? 0
    }
    setTimeout(() => {
      for (const asker of askers) asker.abort()
    }, 300)
    const ended = await Promise.allSettled(answers)
    expect(ended.map(({ status }) => status)).not.toContain('fulfilled')
    for (const each of ended) expect(each).toMatchObject({ reason: { code: 'asker_left' } })
    expect(await isRunning()).toBe(0)
    expect(await bounded(store, limits, never).query('SELECT 1 AS one')).toEqual([{ one: 1 }])
  })
})

describe('a connection that closes before its answer', () => {
  it('gives the signal that ends the question', async () => {
    const listening = createServer(pino({ level: 'silent' }))
    const { askerLeaves } = await import('../http/asker.ts')
    const left = new Promise<string>((resolve) => {
      listening.get('/slow', async (_request, reply) => {
        askerLeaves(reply).addEventListener('abort', () => resolve('left'))
        return new Promise(() => undefined)
      })
    })
    await listening.listen({ port: 0, host: '127.0.0.1' })
    const { port } = listening.server.address() as AddressInfo
    const asker = new AbortController()
    const asked = fetch(`http://127.0.0.1:${port}/slow`, { signal: asker.signal })
    setTimeout(() => asker.abort(), 50)
    await expect(asked).rejects.toThrow()
    expect(await left).toBe('left')
    await listening.close()
  })
})

it('an answer is as the description of the API says', async () => {
  const payload = {
    metrics: ['visitors', 'bounce_rate'],
    dimensions: ['time:hour'],
    date_range: '24h',
    include: { comparisons: { mode: 'previous_period' }, total_rows: true, time_labels: true },
    filters: [['or', [['is', 'event:page', ['/']]]]],
  }
  const answer = await server.inject({ method: 'POST', url: '/api/v2/query', payload })
  expect(answer.json().meta.total_rows).toBeGreaterThan(0)
  expect(undescribed('post /api/v2/query', answer.json())).toEqual([])
  expect(undescribed('post /api/v2/query', { ...(answer.json() as object), more: 1 })).toEqual([
    ' must NOT have additional properties',
  ])
})

describe('a request that makes no sense is answered with the field', () => {
  const scope = { metrics: ['visitors'], date_range: '7d' }
  it.each([
    [{ ...scope, metrics: ['clicks'] }, 'metrics/0'],
    [{ ...scope, metrics: ['visitors', 'visitors'] }, 'metrics/1'],
    [{ ...scope, date_range: ['2026-02-30', '2026-03-01'] }, 'date_range/0'],
    [{ ...scope, date_range: 'fortnight' }, 'date_range'],
    [{ ...scope, timezone: 'Mars/Base' }, 'timezone'],
    [{ ...scope, filters: [['is', 'visit:colour', ['red']]] }, 'filters/0/1'],
    [{ ...scope, filters: [['like', 'visit:source', ['x']]] }, 'filters/0/0'],
    [{ ...scope, filters: [['and', [['is', 'visit:source', []]]]] }, 'filters/0/1/0/2'],
    [{ ...scope, filters: [['is', 'event:goal', ['None']]] }, 'filters/0/2/0'],
    [{ ...scope, filters: [['is', 'segment', ['none']]] }, 'filters/0/2/0'],
    [{ ...scope, filters: [['matches', 'event:page', ['/a', '(']]] }, 'filters/0/2/1'],
    [{ ...scope, filters: [['has_done', ['or', [['matches_not', 'visit:source', ['[']]]]]] }, 'filters/0/1/1/0/2/0'],
    [{ ...scope, filters: [['matches', 'event:page', ['(?=lookahead)']]] }, 'filters/0/2/0'],
    [{ ...scope, filters: [['matches', 'event:goal', ['(']]] }, 'filters/0/2/0'],
    [{ ...scope, dimensions: ['event:type'], metrics: ['bounce_rate'] }, 'metrics/0'],
    [{ ...scope, order_by: [['pageviews', 'asc']] }, 'order_by/0/0'],
    [{ ...scope, pagination: { limit: 0 } }, 'pagination/limit'],
    [{ ...scope, include: { comparisons: { mode: 'custom' } } }, 'include/comparisons/date_range'],
    [{ ...scope, colour: 'red' }, 'colour'],
  ])('%j', async (payload, field) => {
    const answer = await server.inject({ method: 'POST', url: '/api/v2/query', payload })
    expect(answer.json()).toMatchObject({ error: { code: 'invalid_field', field } })
    expect(answer.statusCode).toBe(400)
  })

  it('when filters are nested too deep', async () => {
    let filter: unknown = ['is', 'visit:source', ['x']]
    for (let depth = 0; depth < 20; depth++) filter = ['not', filter]
    const answer = await server.inject({
      method: 'POST',
      url: '/api/v2/query',
      payload: { ...scope, filters: [filter] },
    })
    expect(answer.json().error).toMatchObject({ code: 'invalid_field', message: expect.stringContaining('deep') })
  })
})
