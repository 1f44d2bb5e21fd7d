import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LakeAnswer, Query } from '@clickwatch/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LakeHistory } from '../../packages/server/src/lake/history.ts'
import { readLakeTarget } from '../../packages/server/src/lake/target.ts'
import { runQuery } from '../../packages/server/src/query/run.ts'
import type { Context } from '../../packages/server/src/query/scope.ts'
import { openStore } from '../../packages/server/src/store/open.ts'
import type { Store } from '../../packages/server/src/store/store.ts'
import type { StoreTarget } from '../../packages/server/src/store/target.ts'
import { startClickHouse } from '../fixtures/clickhouse.ts'
import { type ClickWatch, eventually, runCommand, startClickWatch, temporaryFolder } from '../fixtures/clickwatch.ts'
import { serveAzure } from '../fixtures/delta/azure.ts'
import { serveEntra } from '../fixtures/delta/entra.ts'
import { localLake } from '../fixtures/delta/lake.ts'
import { installReaders } from '../fixtures/delta/python.ts'
import { serveS3 } from '../fixtures/delta/s3.ts'
import { batch, event } from '../fixtures/events.ts'
import { comparable, inStore, storedRows } from '../fixtures/lake-rows.ts'

// The whole product, writing to each kind of place, and read by those whom it is written for.

const folder = temporaryFolder()
let ask: ReturnType<typeof installReaders>
beforeAll(() => {
  ask = installReaders()
}, 600_000)
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }))

const quick = { CLICKWATCH_LAKE_SECONDS: '1', CLICKWATCH_LAKE_REWRITE_SECONDS: '1' }
const dayMs = 86_400_000
const now = Date.now()

let visitors = 0
const siteOf = (visitor: number): string => (visitor % 2 === 1 ? 'shop' : 'blog.example')
/** Visits of some sites over some days, part of them with events that come late, and documents of the reference's kind. */
const send = async (clickWatch: ClickWatch, count: number): Promise<void> => {
  for (let index = 0; index < count; index++) {
    const site = siteOf(visitors)
    const visitor = `visitor-${visitors++}`
    const time = now - (visitors % 3) * (dayMs / 4) - visitors * 1000
    const url = `https://shop.example/page-${visitors % 7}?utm_source=news`
    const events = [
      event({ time, url }),
      event({ time: time + 5000, url, type: 'click', element: { id: 'buy' } } as never),
    ]
    const sent = async (body: object) => {
      const answer = await clickWatch.post('/e', { ...body, site })
      if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`)
    }
    await sent(batch(visitor, `${visitor}-s`, events))
    // Comes after what it was before.
    if (index % 3 === 0)
      await sent(batch(visitor, `${visitor}-s`, [event({ time: time - 60_000, url: 'https://shop.example/first' })]))
    await clickWatch.post('/v1/sessions', {
      session_id: `document-${visitors}`,
      user_id: `user-${visitors % 5}`,
      timestamp: new Date(time).toISOString(),
      page_url: '/pricing',
      visit_count: 2,
      utm_source: 'Facebook',
      events: [{ event_type: 'tryNow', timestamp: new Date(time).toISOString() }],
    })
  }
}

const catchUp = async (clickWatch: ClickWatch, env: Record<string, string>): Promise<void> => {
  const { exited, output } = runCommand(['lake', 'catch-up'], { CLICKWATCH_DATA: clickWatch.dataFolder, ...env })
  if ((await exited) !== 0) throw new Error(output())
}

/** Waits until all that was acknowledged is stored. */
const isStored = (clickWatch: ClickWatch): Promise<true> =>
  eventually('everything to be stored', async () => {
    const metrics = await (await fetch(`${clickWatch.baseUrl}/metrics`)).text()
    const lags = [...metrics.matchAll(/^clickwatch_stream_lag_records\{.*\} (\d+)$/gm)].map(([, lag]) => Number(lag))
    return lags.length > 0 && lags.every((lag) => lag === 0) ? true : undefined
  })

type Read = Record<
  string,
  { version: number; delta_rs: Record<string, unknown>[]; duckdb: Record<string, unknown>[] | null }
>

const withStore = async <Result>(
  nodes: StoreTarget | undefined,
  work: (store: Store) => Promise<Result>,
  dataFolder = '',
): Promise<Result> => {
  const store = await openStore(nodes, join(dataFolder, 'store'))
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

/** What a stopped server has stored, in its folder or on nodes, by table. */
const rowsOf = (dataFolder: string, nodes?: StoreTarget): Promise<Record<string, string[]>> =>
  withStore(
    nodes,
    async (store) => {
      const tables = Object.keys(inStore).map(async (table) => [table, await storedRows(store, table)] as const)
      return Object.fromEntries(await Promise.all(tables))
    },
    dataFolder,
  )

/** Of the tables whose rows are not the expected ones, some that are too many and some that are missing. */
const differing = (found: Record<string, string[]>, expected: Record<string, string[]>) =>
  Object.fromEntries(
    Object.entries(expected).flatMap(([table, rows]) => {
      const there = found[table] ?? []
      if (JSON.stringify(there) === JSON.stringify(rows)) return []
      const many = there.filter((row) => !rows.includes(row)).slice(0, 2)
      const missing = rows.filter((row) => !there.includes(row)).slice(0, 2)
      return [[table, { rows: there.length, expected: rows.length, many, missing }]]
    }),
  )

/** Holds what two programs read of a lake against what the stopped server has stored. */
const expectEqual = async (
  dataFolder: string,
  uriOf: (folder: string) => string,
  options: object,
  duckdb?: string[],
  nodes?: StoreTarget,
) => {
  const tables = Object.fromEntries(Object.keys(inStore).map((table) => [table, uriOf(table)]))
  const read = await ask<Read>('read_lake.py', { tables, options, duckdb, reads_duckdb: duckdb !== undefined })
  const expected = await rowsOf(dataFolder, nodes)
  const rowsBy = (reader: 'delta_rs' | 'duckdb') =>
    Object.fromEntries(Object.entries(read).map(([table, found]) => [table, comparable(found[reader] ?? [])]))
  for (const rows of Object.values(expected)) expect(rows.length).toBeGreaterThan(0)
  expect(differing(rowsBy('delta_rs'), expected)).toEqual({})
  if (duckdb) expect(differing(rowsBy('duckdb'), expected)).toEqual({})
}

/** Holds what is answered where the store holds nothing whole any more, all of it from the lake, against what the store answers by itself. */
const expectPast = async (env: Record<string, string>, dataFolder: string, nodes?: StoreTarget): Promise<void> => {
  const target = readLakeTarget(env)
  if (!target) throw new Error('there is no lake')
  const before = { ...process.env }
  Object.assign(process.env, env)
  try {
    await withStore(
      nodes,
      async (store) => {
        const tomorrow = (Math.floor(Date.now() / dayMs) + 1) * dayMs
        const history = await LakeHistory.open(target, store, () => tomorrow)
        const own = { timeZone: 'UTC', nowMs: Date.now(), weekStart: 1, currency: '', firstDate: undefined }
        const context: Context = { ...own, goals: [], segments: [] }
        const query: Query = {
          site_id: siteOf(1),
          date_range: '7d',
          metrics: ['visitors', 'visits', 'events', 'bounce_rate'],
          dimensions: ['event:page'],
          filters: [['has_done', ['is', 'event:type', ['click']]]],
        }
        const wanted = await runQuery(store, query, context, ['silver'])
        const got = await runQuery(store, query, { ...context, history })
        history.close()
        expect(wanted.results.length).toBeGreaterThan(3)
        expect(got.results).toEqual(wanted.results)
        expect(got.meta.lake).toBeDefined()
      },
      dataFolder,
    )
  } finally {
    process.env = before
  }
}

const texts = (root: string): string =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)).toString('latin1'))
    .join('\n')

describe('a lake in a folder', () => {
  const root = join(folder, 'lake')
  const env = { ...quick, CLICKWATCH_LAKE: root }
  const dataFolder = join(folder, 'data')
  const uriOf = (table: string) => localLake(join(root, table)).uri

  it('has every row that was acknowledged once, though the engine was killed again and again', async () => {
    const clickWatch = await startClickWatch({ dataFolder, env })
    for (let kill = 0; kill < 8; kill++) {
      const sending = send(clickWatch, 12)
      await sleep(300 + Math.random() * 1500)
      process.kill(clickWatch.pidOf('engine'), 'SIGKILL')
      await sending
      await eventually('the engine to be back', async () =>
        (await clickWatch.get<{ engine: string }>('/readyz')).engine === 'ready' ? true : undefined,
      )
    }
    await isStored(clickWatch)
    await catchUp(clickWatch, env)
    await clickWatch.interrupt()
    await expectEqual(dataFolder, uriOf, {}, [])
  })

  it('waits while its place is away, and keeps nobody else waiting', async () => {
    const clickWatch = await startClickWatch({ dataFolder, env })
    renameSync(root, `${root}-hidden`)
    writeFileSync(root, '')
    await send(clickWatch, 6)
    await isStored(clickWatch)
    const away = await eventually('the lake to be missed', async () => {
      const answer = await clickWatch.get<LakeAnswer>('/api/admin/lake')
      return answer.is_away ? answer : undefined
    })
    expect(away.reason).toContain('lake')
    const metrics = await (await fetch(`${clickWatch.baseUrl}/metrics`)).text()
    expect(metrics).toMatch(/clickwatch_lake_up\{[^}]*\} 0/)
    const erased = runCommand(['erase', '--site', siteOf(1), '--visitor', 'visitor-1'], {
      ...env,
      CLICKWATCH_DATA: dataFolder,
    })
    expect(await erased.exited).toBe(0)
    expect(erased.output()).toContain('from the lake as soon as it can be written to')
    // Over a restart, too.
    await clickWatch.interrupt()
    rmSync(root)
    renameSync(`${root}-hidden`, root)
    const again = await startClickWatch({ dataFolder, env })
    await catchUp(again, env)
    const status = runCommand(['lake', 'status'], { CLICKWATCH_DATA: dataFolder, ...env })
    expect(await status.exited).toBe(0)
    expect(status.output()).toContain('It has all that is stored.')
    await again.interrupt()
    expect(texts(root)).not.toMatch(/visitor-1\b/)
    await expectEqual(dataFolder, uriOf, {}, [])
  })

  it('makes a new installation with the same answers, of bronze alone', async () => {
    for (const table of Object.keys(inStore).filter((each) => each !== 'bronze/web_cookies')) {
      rmSync(join(root, table), { recursive: true })
    }
    // What final_cookies says of a visit is what was known when its batch was stored: here and there that is all at once.
    const rebuilt = runCommand(['rebuild'], { CLICKWATCH_DATA: dataFolder, CLICKWATCH_LAKE: '' })
    expect([await rebuilt.exited, rebuilt.output()]).toEqual([0, expect.stringContaining('made anew')])
    const expected = await rowsOf(dataFolder)
    const made = join(folder, 'made')
    const { exited, output } = runCommand(['import', 'lake'], { ...env, CLICKWATCH_DATA: made })
    expect([await exited, output()]).toEqual([0, expect.stringContaining('are imported')])
    const verified = runCommand(['verify'], { CLICKWATCH_DATA: made, CLICKWATCH_LAKE: '' })
    expect([await verified.exited, verified.output()]).toEqual([0, expect.stringContaining('Everything adds up.')])
    expect(differing(await rowsOf(made), expected)).toEqual({})
    // It goes on with the lake, whose other tables are written again.
    const clickWatch = await startClickWatch({ dataFolder: made, env })
    await send(clickWatch, 4)
    await isStored(clickWatch)
    await catchUp(clickWatch, env)
    await clickWatch.interrupt()
    await expectEqual(made, uriOf, {}, [])
  })
})

const keysOf = (options: Readonly<Record<string, string>>) => ({
  AWS_ACCESS_KEY_ID: options.AWS_ACCESS_KEY_ID ?? '',
  AWS_SECRET_ACCESS_KEY: options.AWS_SECRET_ACCESS_KEY ?? '',
  AWS_REGION: options.AWS_REGION ?? '',
  AWS_ENDPOINT_URL: options.AWS_ENDPOINT_URL ?? '',
})

describe('a lake on a server', () => {
  it('of the S3 protocol has every row of the store, through files that are joined, and tells nobody its keys', async () => {
    const served = await serveS3(join(folder, 's3'))
    try {
      const lake = served.lake('the/lake')
      const keys = keysOf(lake.options)
      const output = await roundTrip('s3-data', { ...quick, CLICKWATCH_LAKE: lake.uri, ...keys })
      expect(output).not.toContain(keys.AWS_SECRET_ACCESS_KEY)
      await expectPast({ ...keys, CLICKWATCH_LAKE: lake.uri }, join(folder, 's3-data'))
      await expectEqual(join(folder, 's3-data'), (table) => `${lake.uri}/${table}`, lake.options)
    } finally {
      await served.close()
    }
  })

  it('of the S3 protocol is written by several ClickHouse nodes, and has what all of them have', async () => {
    const clickhouse = await startClickHouse(2)
    const served = await serveS3(join(folder, 's3-of-nodes'))
    try {
      const lake = served.lake('the/lake')
      const env = {
        ...quick,
        ...keysOf(lake.options),
        CLICKWATCH_LAKE: lake.uri,
        CLICKWATCH_CLICKHOUSE: clickhouse.urls(),
        CLICKWATCH_CLICKHOUSE_CLUSTER: clickhouse.clusterOf(),
      }
      const output = await roundTrip('nodes-data', env)
      expect(output).not.toContain(env.AWS_SECRET_ACCESS_KEY)
      const [first = '', ...others] = clickhouse.nodes.map(({ url }) => url)
      const nodes = { urls: [first, ...others] as [string, ...string[]], cluster: clickhouse.clusterOf() }
      const shares = await Promise.all(
        nodes.urls.map((url) =>
          withStore({ urls: [url], cluster: undefined }, (store) => storedRows(store, 'silver/events')),
        ),
      )
      for (const share of shares) expect(share.length).toBeGreaterThan(0)
      await expectPast(env, '', nodes)
      await expectEqual(join(folder, 'nodes-data'), (table) => `${lake.uri}/${table}`, lake.options, undefined, nodes)
    } finally {
      await Promise.all([served.close(), clickhouse.dispose()])
    }
  })

  it('of Azure Blob has every row of the store, through files that are joined, and tells nobody its keys', async () => {
    const served = await serveAzure(join(folder, 'azure'))
    try {
      const lake = served.lake('the/lake')
      const {
        AZURE_STORAGE_ACCOUNT_NAME: account,
        AZURE_STORAGE_ACCOUNT_KEY: key = '',
        AZURE_STORAGE_ENDPOINT: endpoint,
      } = lake.options
      const connection = `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key};BlobEndpoint=${endpoint};Container=lake;Prefix=the/lake`
      const output = await roundTrip('azure-data', { ...quick, CLICKWATCH_LAKE: connection })
      expect(output).not.toContain(key)
      await expectPast({ CLICKWATCH_LAKE: connection }, join(folder, 'azure-data'))
      await expectEqual(join(folder, 'azure-data'), (table) => `${lake.uri}/${table}`, lake.options)
    } finally {
      await served.close()
    }
  })
})

describe('a lake that is written in the name of an application', () => {
  it('has every row of the store, by signatures for an hour that ClickHouse is given, and tells nobody any of them', async () => {
    const secret = 'secret-of-the-application'
    const served = await serveEntra(join(folder, 'entra'), secret)
    try {
      const lake = served.lake('the/lake')
      const address = `BlobEndpoint=${lake.options.AZURE_STORAGE_ENDPOINT};Container=lake;Prefix=the/lake`
      const output = await roundTrip('entra-data', { ...quick, ...served.env, CLICKWATCH_LAKE: address })
      expect(served.signedIn()).toBeGreaterThan(0)
      expect(output).not.toContain(secret)
      expect(output).not.toMatch(/sig=(?!\[hidden\])\w/)
      await expectEqual(join(folder, 'entra-data'), (table) => `${lake.uri}/${table}`, lake.options)
    } finally {
      await served.close()
    }
  })
})

/** Writes, joins, erases and tidies; answers all that the server and the commands have said. */
const roundTrip = async (name: string, env: Record<string, string>): Promise<string> => {
  const dataFolder = join(folder, name)
  const clickWatch = await startClickWatch({ dataFolder, env: { ...env, CLICKWATCH_LOG_LEVEL: 'debug' } })
  const said: string[] = []
  const run = async (...args: string[]) => {
    const { exited, output } = runCommand(args, { ...env, CLICKWATCH_DATA: dataFolder })
    const code = await exited
    said.push(output())
    expect([args, code, output()]).toEqual([args, 0, output()])
  }
  const before = visitors
  for (let turn = 0; turn < 3; turn++) {
    await send(clickWatch, 5)
    await isStored(clickWatch)
    await run('lake', 'catch-up')
  }
  await run('lake', 'compact')
  await run('erase', '--site', siteOf(before), '--visitor', `visitor-${before}`)
  await run('lake', 'catch-up')
  await run('lake', 'vacuum')
  await run('lake', 'status')
  await clickWatch.interrupt()
  // An endpoint where nobody answers.
  const broken = { ...env, AWS_ENDPOINT_URL: 'http://127.0.0.1:1', CLICKWATCH_LAKE: nowhere(env.CLICKWATCH_LAKE ?? '') }
  const away = runCommand(['lake', 'catch-up'], { ...broken, CLICKWATCH_DATA: dataFolder })
  expect(await away.exited).toBe(1)
  expect(away.output()).toContain('is away')
  said.push(away.output(), clickWatch.output())
  return said.join('\n')
}

const nowhere = (lake: string): string => lake.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1')
