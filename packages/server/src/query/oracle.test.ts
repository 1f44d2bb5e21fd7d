import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Goal, NewGoal, NewSegment, Query, QueryAnswer, Segment } from '@clickwatch/contract'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { temporaryFolder } from '../../../../test/fixtures/clickwatch.ts'
import { clockOf } from '../../../../test/fixtures/oracle/clock.ts'
import { asAnswer, differences, isNothing } from '../../../../test/fixtures/oracle/compare.ts'
import { type Answer, type Asked, evaluate } from '../../../../test/fixtures/oracle/evaluate.ts'
import { eventRows, makeHistory, sessionRows, type VisitRow } from '../../../../test/fixtures/oracle/history.ts'
import {
  makeRequest,
  goals as newGoals,
  segments as newSegments,
  zones,
} from '../../../../test/fixtures/oracle/requests.ts'
import { openTestStore } from '../../../../test/fixtures/store.ts'
import { addQueryRoutes } from '../api/query.ts'
import { createRandom } from '../demo/random.ts'
import { createServer } from '../http/server.ts'
import { type Metadata, openMetadataInMemory } from '../metadata/database.ts'
import { keptOf } from '../metadata/kept.ts'
import { siteViewsOf } from '../metadata/site-views.ts'
import { migrate } from '../store/migrate.ts'
import type { Store } from '../store/store.ts'
import { contextsOf } from './context.ts'
import { runQuery } from './run.ts'

const site = 'oracle'
const events = 200_000
const requests = 300
const weekStart = 7
const currency = 'EUR'
const seed = Number(process.env.CLICKWATCH_ORACLE_SEED ?? 20_250_330)

const folder = temporaryFolder()
const clocks = new Map(zones.map((zone) => [zone, clockOf(zone)]))
const visits: VisitRow[] = makeHistory(createRandom(seed), events)
let store: Store
let metadata: Metadata
let server: FastifyInstance
let goals: Goal[]
let segments: Segment[]
let contextOf: ReturnType<typeof contextsOf>

beforeAll(async () => {
  store = await openTestStore(join(folder, 'store'))
  await migrate(store, async () => undefined)
  await store.insert('silver.sessions', sessionRows(site, visits), 'sessions')
  await store.insert('silver.events', eventRows(site, visits), 'events')
  metadata = await openMetadataInMemory()
  const siteViews = siteViewsOf(metadata, 'UTC')
  await siteViews.change(site, { week_start: weekStart, currency })
  const keptGoals = keptOf<NewGoal>(metadata, 'goals', 'goal')
  for (const goal of newGoals) await keptGoals.add(site, goal)
  const keptSegments = keptOf<NewSegment>(metadata, 'segments', 'segment')
  for (const segment of newSegments) await keptSegments.add(site, segment)
  goals = await keptGoals.list(site)
  segments = await keptSegments.list(site)
  contextOf = contextsOf(store, metadata, siteViews)
  server = createServer(pino({ level: 'silent' }))
  addQueryRoutes(server, {
    store,
    contextOf,
    queryLimits: { seconds: 30, memoryBytes: 1_500_000_000, rows: 1_000_000_000 },
  })
}, 600_000)
afterAll(async () => {
  await server?.close()
  await Promise.all([store?.close(), metadata?.destroy()])
  rmSync(folder, { recursive: true, force: true })
})

const momentsOf = ([from, to]: [string, string], zone: string): { fromMs: number; toMs: number } => {
  if (from.includes('T')) return { fromMs: Date.parse(from), toMs: Date.parse(to) }
  const clock = clocks.get(zone) ?? clockOf(zone)
  const after = new Date(Date.parse(`${to}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
  return { fromMs: clock.beginningOf(from), toMs: clock.beginningOf(after) }
}

const expectedOf = (query: Query, range: [string, string]): Answer => {
  const zone = query.timezone ?? 'UTC'
  const clock = clocks.get(zone) ?? clockOf(zone)
  const asked: Asked = { query, ...momentsOf(range, zone), clock, weekStart, currency, goals, segments }
  return evaluate(asked, visits)
}

const ask = async (query: Query): Promise<QueryAnswer> => {
  const answer = await server.inject({ method: 'POST', url: '/api/v2/query', payload: query })
  if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${answer.body} ${JSON.stringify(query)}`)
  return answer.json()
}

it(`answers ${requests} random requests as a slow reading of the same rows does`, async () => {
  const random = createRandom(seed + 1)
  const wrong: object[] = []
  let told = 0
  for (let index = 0; index < requests; index++) {
    const query = makeRequest(random, site, segments[0]?.id ?? '')
    // The store works beside this thread.
    const answering = ask(query)
    const wanted = expectedOf(query, query.date_range as [string, string])
    const { results } = await answering
    const found = differences(query.metrics, asAnswer(results), wanted)
    if (index % 5 === 0) {
      // What gold answers, silver does.
      const silver = await runQuery(store, query, await contextOf(query, Date.now()), ['silver'])
      found.push(...differences(query.metrics, asAnswer(silver.results), wanted).map((text) => `silver ${text}`))
    }
    const comparing = query.include?.comparisons
    if (comparing?.date_range) {
      const before = expectedOf(query, comparing.date_range)
      // A bucket that the other range does not have stands beside nothing.
      const compared = results.flatMap(({ comparison }) => comparison ?? [])
      const stands = new Map(
        compared.map(({ dimensions }) => JSON.stringify(dimensions)).map((key) => [key, before.get(key) ?? []]),
      )
      found.push(...differences(query.metrics, asAnswer(compared), stands).map((text) => `compared ${text}`))
    }
    told += [...wanted.values()].filter((values) => !isNothing(values)).length
    if (found.length > 0) wrong.push({ query, found: found.slice(0, 3) })
  }
  expect(wrong).toEqual([])
  expect(told).toBeGreaterThan(requests)
}, 600_000)
