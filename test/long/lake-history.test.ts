import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NewGoal, NewSegment, Query, QueryAnswer, Segment } from '@clickwatch/contract'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addBehaviourRoutes } from '../../packages/server/src/api/behaviour.ts'
import { undescribed } from '../../packages/server/src/api/described.ts'
import { addQueryRoutes } from '../../packages/server/src/api/query.ts'
import { createRandom } from '../../packages/server/src/demo/random.ts'
import { createServer } from '../../packages/server/src/http/server.ts'
import { LakeHistory } from '../../packages/server/src/lake/history.ts'
import type { WholeFromMs } from '../../packages/server/src/lake/keeping.ts'
import { Lake } from '../../packages/server/src/lake/lake.ts'
import { type Metadata, openMetadataInMemory } from '../../packages/server/src/metadata/database.ts'
import { keptOf } from '../../packages/server/src/metadata/kept.ts'
import { siteViewsOf } from '../../packages/server/src/metadata/site-views.ts'
import { type Retention, retentionIn } from '../../packages/server/src/metadata/sites.ts'
import { contextsOf } from '../../packages/server/src/query/context.ts'
import { runQuery } from '../../packages/server/src/query/run.ts'
import type { Context } from '../../packages/server/src/query/scope.ts'
import { noteEverything } from '../../packages/server/src/store/changes.ts'
import { openEmbeddedStore } from '../../packages/server/src/store/embedded.ts'
import { type Kept, keptAfter, wholeFromMs } from '../../packages/server/src/store/kept.ts'
import { migrate } from '../../packages/server/src/store/migrate.ts'
import { applyRetention } from '../../packages/server/src/store/retention.ts'
import type { Store } from '../../packages/server/src/store/store.ts'
import { temporaryFolder } from '../fixtures/clickwatch.ts'
import { asAnswer, differences } from '../fixtures/oracle/compare.ts'
import { day, eventRows, makeHistory, sessionRows } from '../fixtures/oracle/history.ts'
import { makeRequest, goals as newGoals, segments as newSegments } from '../fixtures/oracle/requests.ts'

// A store that has let go of old days, and its lake, answer together as the store did when it had all of them.

const site = 'shop'
const requests = 75
const seed = Number(process.env.CLICKWATCH_ORACLE_SEED ?? 20_251_020)
/** In the middle of the later of the two months that the made-up visits are of. */
const edge = Date.UTC(2025, 9, 20)
const keptDays = Math.floor((Date.now() - edge) / day)
const limits = { seconds: 60, memoryBytes: 1_500_000_000, rows: 1_000_000_000 }

const folder = temporaryFolder()
const root = join(folder, 'lake')
let store: Store
let metadata: Metadata
let history: LakeHistory
let retention: Retention
let kept: readonly Kept[] = []
let segments: Segment[]
let before: FastifyInstance
let after: FastifyInstance
let contextOf: ReturnType<typeof contextsOf>
let queries: Query[]
let baseline: QueryAnswer[]

const wholeFrom: WholeFromMs = (layer, of, nowMs) => wholeFromMs(retention, kept, layer, of, nowMs)

const openLake = (target = root) =>
  Lake.open({
    config: {
      target: { kind: 'folder', path: target },
      ...{ everyMs: 1000, everyRecords: 1000, rewriteEveryMs: 1000, fileRetentionHours: 0 },
    },
    store: openEmbeddedStore(join(folder, 'store')),
    // All rows that are stored here are of the stream's first record.
    reached: async () => [1],
    retention: () => retentionIn({ '*': { keep_days: { lake: 100_000 } } }),
    wholeFromMs: wholeFrom,
    logger: pino({ level: 'silent' }),
    kill: async () => undefined,
  })
const withLake = async <Result>(work: (lake: Lake) => Promise<Result>, target?: string): Promise<Result> => {
  const lake = await openLake(target)
  try {
    return await work(lake)
  } finally {
    await lake.stop()
  }
}

/** Two in three go over the day from which on the store has everything. */
const spanning = (query: Query, index: number): Query => {
  if (index % 3 === 0) return query
  const text = (timeMs: number) => new Date(timeMs).toISOString().slice(0, 10)
  return { ...query, date_range: [text(edge - (1 + (index % 6)) * day), text(edge + (index % 4) * day)] }
}

beforeAll(async () => {
  store = openEmbeddedStore(join(folder, 'store'))
  await migrate(store, async () => undefined)
  const visits = makeHistory(createRandom(seed), 60_000)
  for (const [name, rows] of [
    [site, visits],
    ['another', makeHistory(createRandom(seed + 1), 10_000)],
  ] as const) {
    await store.insert('silver.sessions', sessionRows(name, rows), `sessions of ${name}`)
    await store.insert('silver.events', eventRows(name, rows), `events of ${name}`)
  }
  metadata = await openMetadataInMemory()
  const siteViews = siteViewsOf(metadata, 'UTC')
  await siteViews.change(site, { week_start: 7, currency: 'EUR' })
  for (const goal of newGoals) await keptOf<NewGoal>(metadata, 'goals', 'goal').add(site, goal)
  for (const segment of newSegments) await keptOf<NewSegment>(metadata, 'segments', 'segment').add(site, segment)
  segments = await keptOf<NewSegment>(metadata, 'segments', 'segment').list(site)
  retention = retentionIn({})
  await withLake((lake) => lake.catchUp())
  history = await LakeHistory.open({ kind: 'folder', path: root }, store, wholeFrom)
  const serverOf = (asked: ReturnType<typeof contextsOf>) => {
    const server = createServer(pino({ level: 'silent' }))
    addQueryRoutes(server, { store, contextOf: asked, queryLimits: limits })
    addBehaviourRoutes(server, { store, metadata, contextOf: asked, queryLimits: limits })
    return server
  }
  before = serverOf(contextsOf(store, metadata, siteViews))
  contextOf = contextsOf(store, metadata, siteViews, history)
  after = serverOf(contextOf)
  const random = createRandom(seed + 2)
  queries = Array.from({ length: requests }, (_, index) =>
    spanning(makeRequest(random, site, segments[0]?.id ?? ''), index),
  )
  const plain: Context = { ...(await contextOf({ site_id: site, date_range: 'day' }, Date.now())), history: undefined }
  baseline = []
  for (const query of queries) baseline.push(await runQuery(store, query, plain, ['silver']))
}, 600_000)
afterAll(async () => {
  await Promise.all([before?.close(), after?.close()])
  history?.close()
  await Promise.all([store?.close(), metadata?.destroy()])
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
})

/** Has the store let go of what it is not to keep, for good. */
const letGo = async (kept: { silver?: number; gold?: number }): Promise<void> => {
  retention = retentionIn({ '*': { keep_days: kept } })
  await applyRetention(store, retention)
  const tables = await store.query<{ name: string }>(
    "SELECT database || '.' || name AS name FROM system.tables WHERE database IN ('silver', 'gold') AND match(create_table_query, '\\\\bTTL\\\\b')",
  )
  for (const { name } of tables) {
    await store.execute(`ALTER TABLE ${name} MATERIALIZE TTL SETTINGS mutations_sync = 1`)
    await store.execute(`OPTIMIZE TABLE ${name} FINAL`)
  }
}
const oldEvents = async (): Promise<number> => {
  const [row] = await store.query<{ rows: number }>(
    "SELECT count() AS rows FROM silver.events WHERE time < toDateTime64('2025-10-18', 3, 'UTC')",
  )
  return row?.rows ?? Number.NaN
}

/** What is answered otherwise than by the store when it had everything, and how many answers had days of the lake. */
const compared = async () => {
  const wrong: object[] = []
  let ofLake = 0
  for (const [index, query] of queries.entries()) {
    const wanted = baseline[index]
    const got = await runQuery(store, query, await contextOf(query, Date.now()))
    if (got.meta.lake) ofLake++
    const found = differences(query.metrics, asAnswer(got.results), asAnswer(wanted?.results ?? []))
    const ofRange = ({ results }: Pick<QueryAnswer, 'results'>) =>
      asAnswer(results.flatMap(({ comparison }) => comparison ?? []))
    found.push(
      ...differences(query.metrics, ofRange(got), ofRange(wanted ?? { results: [] })).map((text) => `compared ${text}`),
    )
    if (found.length > 0) wrong.push({ query, found: found.slice(0, 3) })
  }
  return { wrong, ofLake }
}

const range: [string, string] = ['2025-10-12', '2025-10-27']
const asks: [path: string, body: object][] = [
  [
    'funnel',
    {
      steps: [{ filter: ['is', 'event:type', ['page_view']] }, { filter: ['is', 'event:name', ['signup']] }],
    },
  ],
  ['journeys', { steps: 3 }],
  ['retention', { period: 'week' }],
  ['elements', {}],
  ['properties', {}],
  ['sessions', { limit: 20 }],
]
const behaviourOf = (server: FastifyInstance): Promise<unknown[]> =>
  Promise.all(
    asks.map(async ([path, body]) => {
      const payload = { site_id: site, date_range: range, ...body }
      const answer = await server.inject({ method: 'POST', url: `/api/v2/${path}`, payload })
      return [path, answer.statusCode, answer.json()]
    }),
  )

describe('a store and its lake', () => {
  let behaviour: unknown[]

  it('count what both have once', async () => {
    behaviour = await behaviourOf(before)
    for (const asked of behaviour as [string, number, unknown][]) expect(asked).toMatchObject([asked[0], 200, {}])
    // It is to go, and is there still: nothing was merged yet.
    retention = retentionIn({ '*': { keep_days: { silver: keptDays, gold: keptDays } } })
    expect(await oldEvents()).toBeGreaterThan(10_000)
    const { wrong, ofLake } = await compared()
    expect(wrong).toEqual([])
    expect(ofLake).toBeGreaterThan(requests / 2)
  }, 600_000)

  it('answer what gold does not know from the lake once silver has let go', async () => {
    await letGo({ silver: keptDays })
    expect(await oldEvents()).toBe(0)
    const { wrong, ofLake } = await compared()
    expect(wrong).toEqual([])
    expect(ofLake).toBeGreaterThan(0)
    expect(ofLake).toBeLessThan(requests / 2)
  }, 600_000)

  it('answer as before once gold has let go, too, and say which days are of the lake', async () => {
    await letGo({ silver: keptDays, gold: keptDays })
    const { wrong, ofLake } = await compared()
    expect(wrong).toEqual([])
    expect(ofLake).toBeGreaterThan(requests / 2)
    const payload = { site_id: site, date_range: range, metrics: ['visitors', 'visits'] }
    const answer = await after.inject({ method: 'POST', url: '/api/v2/query', payload })
    expect(answer.json().meta.lake.from).toBe(range[0])
    const short = { ...payload, date_range: ['2025-10-25', '2025-10-27'] }
    const stored = await after.inject({ method: 'POST', url: '/api/v2/query', payload: short })
    expect(stored.json().meta).not.toHaveProperty('lake')
  }, 600_000)

  it('know that what has gone does not come back when days are kept for longer, and leave the lake its own', async () => {
    const query: Query = { site_id: site, date_range: range, metrics: ['events', 'visits'] }
    const answered = async () => (await runQuery(store, query, await contextOf(query, Date.now()))).results
    const wanted = await answered()
    const before = retention
    retention = retentionIn({})
    kept = keptAfter(keptAfter([], before, Date.now()), retention, Date.now())
    // Everything is to be written anew that the store has whole.
    await noteEverything(store)
    await withLake((lake) => lake.catchUp())
    expect(await answered()).toEqual(wanted)
    ;[retention, kept] = [before, []]
    expect(await answered()).toEqual(wanted)
  })

  it('tell what people did as before, and show a visit that only the lake has', async () => {
    const now = await behaviourOf(after)
    for (const [path, , answer] of now as [string, number, object][]) {
      expect([path, answer]).toMatchObject([path, { lake: { from: range[0] } }])
      expect([path, undescribed(`post /api/v2/${path}`, answer)]).toEqual([path, []])
    }
    expect(JSON.parse(JSON.stringify(now).replaceAll(/,"lake":\{[^}]*\}/g, ''))).toEqual(behaviour)
    const old = { site_id: site, date_range: ['2025-03-05', '2025-03-06'], limit: 1 }
    const listed = await after.inject({ method: 'POST', url: '/api/v2/sessions', payload: old })
    const [visit] = listed.json().sessions
    const url = `/api/v2/sessions/${visit.session}?visitor=${visit.visitor}&site=${site}`
    const shown = await after.inject({ method: 'GET', url })
    expect(shown.json()).toMatchObject({ session: { session: visit.session, start: visit.start } })
    expect(shown.json().events).toHaveLength(visit.events)
    expect((await before.inject({ method: 'GET', url })).statusCode).toBe(404)
  })

  it('begin all of time with the first day of the lake', async () => {
    const payload = { site_id: site, date_range: 'all', metrics: ['pageviews'] }
    const answer = await after.inject({ method: 'POST', url: '/api/v2/query', payload })
    expect(answer.json().meta).toMatchObject({ from: '2025-03-01 00:00:00', lake: { from: '2025-03-01' } })
    const ofLake = {
      files: join(root, 'silver/events', `site=${site}`, '*/*.parquet'),
      until: wholeFrom('silver', site, Date.now()) ?? 0,
    }
    const views = 'count() AS views FROM'
    const isBefore = "type = 'page_view' AND time < fromUnixTimestamp64Milli({until:Int64}, 'UTC')"
    const [old] = await store.query<{ views: number }>(
      `SELECT ${views} file({files:String}, 'Parquet') WHERE ${isBefore} SETTINGS use_hive_partitioning = 0`,
      ofLake,
    )
    const [kept] = await store.query<{ views: number }>(
      `SELECT ${views} silver.events FINAL WHERE site = 'shop' AND type = 'page_view' AND NOT (${isBefore})`,
      ofLake,
    )
    expect(answer.json().results[0].metrics).toEqual([(old?.views ?? 0) + (kept?.views ?? 0)])
  })

  it('answer with what there is where files were written anew meanwhile', async () => {
    const query: Query = { site_id: site, date_range: range, metrics: ['events', 'visits'] }
    const wanted = await runQuery(store, query, await contextOf(query, Date.now()))
    const [{ visitor } = { visitor: '' }] = await store.query<{ visitor: string }>(
      "SELECT visitor_id AS visitor FROM file({file:String}, 'Parquet') LIMIT 1 SETTINGS use_hive_partitioning = 0",
      { file: join(root, 'silver/events', `site=${site}`, 'date=2025-10-14/*.parquet') },
    )
    let meanwhile = 0
    const reader: Pick<Store, 'query'> = {
      async query(sql, parameters, bounds) {
        // An erasure writes all files of its visitor anew, and removes the old ones at once.
        if (meanwhile++ === 0) {
          await store.execute(
            "INSERT INTO clickwatch.lake_erasures (id, site, visitor) VALUES ('x', 'shop', {visitor:String})",
            { visitor },
          )
          await withLake((lake) => lake.forgetErased())
        }
        return store.query(sql, parameters, bounds)
      },
    }
    const got = await runQuery(reader, query, await contextOf(query, Date.now()))
    const again = await runQuery(store, query, await contextOf(query, Date.now()))
    expect(got.results).toEqual(again.results)
    expect(got.results).not.toEqual(wanted.results)
    expect(meanwhile).toBe(2)
  })

  it('do not answer from a lake of another store, or one that is away', async () => {
    const query: Query = { site_id: site, date_range: range, metrics: ['events'] }
    const lakeOf = async (path: string) => {
      const other = await LakeHistory.open({ kind: 'folder', path }, store, wholeFrom)
      const context: Context = { ...(await contextOf(query, Date.now())), history: other }
      return runQuery(store, query, context).finally(() => other.close())
    }
    await expect(lakeOf(join(folder, 'none'))).rejects.toMatchObject({ code: 'lake_away', status: 503 })
    await expect(lakeOf(root)).resolves.toHaveProperty('meta.lake')
    renameSync(root, `${root}-hidden`)
    writeFileSync(root, 'no folder')
    await expect(lakeOf(root)).rejects.toMatchObject({ code: 'lake_away', status: 503 })
    rmSync(root)
    renameSync(`${root}-hidden`, root)
    const [{ id } = { id: '' }] = await store.query<{ id: string }>('SELECT id FROM clickwatch.lake_store')
    await store.execute('TRUNCATE TABLE clickwatch.lake_store')
    await expect(lakeOf(root)).resolves.not.toHaveProperty('meta.lake')
    await store.insert('clickwatch.lake_store', Buffer.from(JSON.stringify({ id })), 'back')
  })
})
