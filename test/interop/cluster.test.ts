import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LakeAnswer, QueryAnswer } from '@clickwatch/contract'
import { DeltaTable } from '@clickwatch/delta'
import { createParser } from 'eventsource-parser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, runCommand, temporaryFolder } from '../fixtures/clickwatch.ts'
import { type Backing, type Cluster, newInstallation, startBacking, startCluster } from '../fixtures/cluster.ts'
import { askCluster, clusterSettled, countInCluster, operateOn, runClusterChaos } from '../fixtures/cluster-chaos.ts'
import { serveS3 } from '../fixtures/delta/s3.ts'
import { batch, event } from '../fixtures/events.ts'
import { differingInLake, lakeEnvironment, namingInLake } from '../fixtures/lake-of-cluster.ts'
import { sessionDocuments } from '../fixtures/streamed.ts'

// Two collectors, two pipelines and two API processes over Kafka, PostgreSQL and ClickHouse servers: one product.

let backing: Backing
beforeAll(async () => {
  backing = await startBacking(3)
}, 300_000)
afterAll(() => backing?.dispose())

describe('a role that runs apart', () => {
  const without = async (role: string, env: Record<string, string>) => {
    const { exited, output } = runCommand([role, '--port', '0'], env)
    expect(await exited).toBe(1)
    return output()
  }

  it('does not start without what it shares with the others, and says what is missing', async () => {
    const all = await newInstallation(backing)
    const less = (name: string) => Object.fromEntries(Object.entries(all).filter(([each]) => each !== name))
    expect(await without('pipeline', less('CLICKWATCH_STREAM'))).toMatch(
      /^CLICKWATCH_STREAM is missing: clickwatch pipeline/,
    )
    expect(await without('collector', less('CLICKWATCH_DATABASE'))).toMatch(/^CLICKWATCH_DATABASE is missing/)
    expect(await without('api', less('CLICKWATCH_CLICKHOUSE'))).toMatch(/^CLICKWATCH_CLICKHOUSE is missing/)
  })
})

describe('the distributed form', () => {
  let env: Record<string, string>
  let cluster: Cluster
  let served: Awaited<ReturnType<typeof serveS3>>
  const folder = temporaryFolder()
  const lake = 'the/lake'
  beforeAll(async () => {
    served = await serveS3(join(folder, 's3'))
    env = { ...(await newInstallation(backing)), ...lakeEnvironment(served, lake) }
    cluster = await startCluster(env)
  }, 300_000)
  afterAll(async () => {
    await cluster?.dispose()
    await served?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const lakeOf = async (table: string) => (await DeltaTable.open(served.place(`${lake}/${table}`))).known
  const urlOf = ({ port }: { port: number }) => `http://127.0.0.1:${port}`
  const send = (to: { port: number }, body: object, headers: Record<string, string> = {}) =>
    fetch(`${urlOf(to)}/e`, { method: 'POST', body: JSON.stringify(body), headers })
  const ask = async (api: { port: number }, query: object): Promise<(number | string)[]> => {
    const response = await fetch(`${urlOf(api)}/api/v2/query`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ date_range: 'all', ...query }),
    })
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
    return ((await response.json()) as QueryAnswer).results[0]?.metrics as (number | string)[]
  }
  const answered = (api: { port: number }, query: object, expected: number[]) =>
    eventually(
      `${JSON.stringify(query)} to be ${expected}`,
      async () => (JSON.stringify(await ask(api, query)) === JSON.stringify(expected) ? true : undefined),
      60_000,
    )
  const dayBefore = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)
  const [visits, visitors, events] = ['visits', 'visitors', 'events']

  it('answers alike wherever it is asked, whichever collector took what', async () => {
    for (let turn = 0; turn < 6; turn++) {
      for (let visitor = 0; visitor < 10; visitor++) {
        const collector = cluster.collectors[(turn + visitor) % 2]
        if (!collector) throw new Error('two collectors are expected')
        const sent = { ...batch(`visitor-${visitor}`, `visit-${visitor}`, [event()]), site: 'alike' }
        expect((await send(collector, sent)).status).toBe(202)
      }
    }
    for (const api of cluster.apis) {
      await answered(api, { site_id: 'alike', metrics: [visits, visitors, events] }, [10, 10, 60])
    }
  })

  it('knows visitors without ids of their own, whichever collector they come to', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.9', 'user-agent': 'Mozilla/5.0 (X11; Linux) Firefox/140.0' }
    for (const collector of [...cluster.collectors, ...cluster.collectors]) {
      const sent = { site: 'without-ids', sent_at: Date.now(), events: [event()] }
      expect((await send(collector, sent, headers)).status).toBe(202)
    }
    for (const api of cluster.apis) {
      await answered(api, { site_id: 'without-ids', metrics: [visits, visitors, events] }, [1, 1, 4])
    }
  })

  it('tells open dashboards of every API process what changed', async () => {
    const stopping = new AbortController()
    const hears = cluster.apis.map(async (api) => {
      const response = await fetch(`${urlOf(api)}/api/live?site=live`, { signal: stopping.signal })
      return new Promise<string>((resolve, reject) => {
        const parser = createParser({ onEvent: ({ event, data }) => event === 'change' && resolve(data) })
        const read = async () => {
          for await (const chunk of response.body ?? []) parser.feed(Buffer.from(chunk).toString())
        }
        read().catch(reject)
      })
    })
    await sleep(500)
    const [collector] = cluster.collectors
    if (!collector) throw new Error('a collector is expected')
    await send(collector, { ...batch('one', 'one', [event()]), site: 'live' })
    expect((await Promise.all(hears)).map((data) => JSON.parse(data))).toEqual([
      { site: 'live', events: 1 },
      { site: 'live', events: 1 },
    ])
    stopping.abort()
  })

  it('counts what anyone writes to the topic, with no key at all: a visitor in several partitions is one', async () => {
    const documents = sessionDocuments(300).map((document) => ({ ...document, user_id: `user ${document.user_id}` }))
    const topic = new URL(env.CLICKWATCH_STREAM ?? '').pathname.slice(1)
    await backing.kafka.produce(
      topic,
      documents.map((document) => JSON.stringify(document)),
    )
    const expected = documents.reduce((sum, document) => sum + (document.events?.length ?? 0), 0)
    const count = `SELECT count() AS rows, uniqExact(session_id) AS sessions, uniqExact(PartitionId) AS partitions
      FROM silver.final_cookies WHERE startsWith(user_id, 'user ')`
    await eventually(
      `${expected} rows`,
      async () => {
        const [row] = await askCluster<{ rows: number }>(env, count)
        return (row?.rows ?? 0) >= expected ? true : undefined
      },
      120_000,
    )
    const [row] = await askCluster<{ rows: number; sessions: number; partitions: number }>(env, count)
    const withEvents = documents.filter((document) => (document.events?.length ?? 0) > 0).length
    expect(row).toMatchObject({ rows: expected, sessions: withEvents })
    expect(row?.partitions).toBeGreaterThan(1)
    await clusterSettled(cluster)
    const partitionsOfVisitors = await askCluster(
      env,
      "SELECT visitor_id FROM silver.events WHERE startsWith(visitor_id, 'user ') GROUP BY visitor_id HAVING uniqExact(stream_partition) > 1",
    )
    expect(partitionsOfVisitors).toEqual([])
    expect(await operateOn(env, 'verify')).toContain('Everything adds up.')
  })

  it('is verified, rebuilt and has a site erased from the command line, wherever that is, while events come in', async () => {
    const stopping = new AbortController()
    let sent = 0
    const sending = (async () => {
      for (; !stopping.signal.aborted; sent++) {
        const collector = cluster.collectors[sent % 2]
        if (collector)
          await send(collector, { ...batch(`visitor-${sent % 7}`, `v-${sent % 7}`, [event()]), site: 'busy' })
        await sleep(20)
      }
    })()
    try {
      expect(await operateOn(env, 'rebuild')).toContain('Silver and gold are made anew')
      expect(await operateOn(env, 'erase', '--site', 'alike')).toContain('are erased')
    } finally {
      stopping.abort()
      await sending
    }
    await clusterSettled(cluster)
    for (const api of cluster.apis) {
      await answered(api, { site_id: 'busy', metrics: [visitors, events] }, [7, sent])
      await answered(api, { site_id: 'alike', metrics: [events] }, [0])
    }
    expect(await operateOn(env, 'verify')).toContain('Everything adds up.')
  })

  it('has a site emptied, and a visitor erased, by whichever API process is asked', async () => {
    const [api, other] = cluster.apis
    const [collector] = cluster.collectors
    if (!api || !other || !collector) throw new Error('two of each are expected')
    for (const visitor of ['stays', 'goes']) {
      await send(collector, { ...batch(visitor, `of ${visitor}`, [event()]), site: 'asked' })
    }
    await clusterSettled(cluster)
    await answered(other, { site_id: 'asked', metrics: [visitors] }, [2])
    const erased = await fetch(`${urlOf(api)}/api/visitors?site=asked&visitor=goes`, { method: 'DELETE' })
    expect([erased.status, await erased.json()]).toEqual([
      200,
      { sentence: expect.stringContaining('1 event of one visitor of asked are erased, from the lake, too') },
    ])
    await answered(other, { site_id: 'asked', metrics: [visitors] }, [1])
    const emptied = await fetch(`${urlOf(other)}/api/sites/asked/reset`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'asked' }),
    })
    expect(emptied.status).toBe(200)
    await answered(api, { site_id: 'asked', metrics: [visitors] }, [0])
    expect(await operateOn(env, 'verify')).toContain('Everything adds up.')
  })

  it('follows what people set of a site: collectors, the tables, and operations', async () => {
    const [api] = cluster.apis
    if (!api) throw new Error('two API processes are expected')
    const set = async (change: object) => {
      const { status } = await fetch(`${urlOf(api)}/api/sites/rules/settings`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(change),
      })
      expect(status).toBe(200)
    }
    const expires = async (): Promise<boolean> => {
      const sql = "SELECT create_table_query AS sql FROM system.tables WHERE database = 'silver' AND name = 'excluded'"
      const tables = await askCluster<{ sql: string }>(env, sql)
      return tables.some((table) => table.sql.includes('toIntervalDay(400)'))
    }
    const checksOf = async (): Promise<number> => (await operateOn(env, 'verify')).match(/^ok /gm)?.length ?? 0
    const all = await checksOf()
    await set({ origins: ['https://rules.example'], keep_days: { silver: 400 } })
    for (const collector of cluster.collectors) {
      await eventually('strangers to be refused', async () => {
        const body = { ...batch('one', 'one', [event()]), site: 'rules' }
        const { status } = await send(collector, body, { origin: 'https://elsewhere.example' })
        return status === 403 ? true : undefined
      })
    }
    await eventually('the tables to expire', async () => ((await expires()) ? true : undefined))
    await clusterSettled(cluster)
    // What compares a layer that expires with one that does not is left out.
    expect(await checksOf()).toBeLessThan(all)
    await set({ keep_days: null })
    await eventually('the tables to last', async () => ((await expires()) ? undefined : true))
    expect(await checksOf()).toBe(all)
  })

  it('keeps a lake, each row once, though pipelines are killed and paused while they write it, and two of them would', async () => {
    const [collector] = cluster.collectors
    if (!collector) throw new Error('a collector is expected')
    // For the tests after this one, too: who is to be forgotten, and a visit of long ago.
    await send(collector, { ...batch('to-forget', 'to-forget', [event()]), site: 'lake' })
    const timestamp = `${dayBefore(90)}T12:00:00Z`
    const old = await fetch(`${urlOf(collector)}/v1/sessions?site=past`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ session_id: 'past', user_id: 'past', page_url: '/then', timestamp },
        events: [{ event_type: 'tryNow', timestamp }],
      }),
    })
    expect(old.status).toBe(202)
    const stopping = new AbortController()
    const sending = (async () => {
      for (let turn = 0; !stopping.signal.aborted; turn++) {
        const to = cluster.collectors[turn % 2]
        const body = { ...batch(`of-lake-${turn % 30}`, `of-lake-${turn}`, [event(), event()]), site: 'lake' }
        if (to) await send(to, body)
        await sleep(20)
      }
    })()
    const [one, other] = cluster.pipelines
    if (!one || !other) throw new Error('two pipelines are expected')
    const epochs = async () => (await lakeOf('bronze/web_cookies')).properties['clickwatch.writer']
    const before = await epochs()
    try {
      // For longer than a lease: who is back by then takes over what the other had, who wakes and believes that it has it.
      other.signal('SIGSTOP')
      await Promise.all([one.kill().then(() => one.start()), sleep(8000)])
    } finally {
      other.signal('SIGCONT')
      await sleep(1000)
      stopping.abort()
      await sending
    }
    await clusterSettled(cluster)
    expect(await operateOn(env, 'lake', 'catch-up')).toContain('The lake has all that is stored.')
    expect(await differingInLake(env, served, lake)).toEqual([])
    expect(Number(await epochs())).toBeGreaterThan(Number(before))
    expect(cluster.output()).not.toContain(env.AWS_SECRET_ACCESS_KEY)
  })

  it('says how the lake is, joins and tidies its files, and forgets in it, wherever it is asked', async () => {
    const [api, another] = cluster.apis
    if (!api || !another) throw new Error('two API processes are expected')
    const whole = await eventually('the lake to have all that is stored', async () => {
      const answer = (await (await fetch(`${urlOf(another)}/api/admin/lake`)).json()) as LakeAnswer
      return answer.lag_records === 0 && answer.tables.length === 7 ? answer : undefined
    })
    expect(whole).toMatchObject({ is_away: false, place: env.CLICKWATCH_LAKE, erasures: 0 })
    const known = await fetch(`${urlOf(api)}/api/visitors/export?site=lake&visitor=to-forget`)
    const { lake: inLake } = (await known.json()) as { lake: Record<string, unknown[]> }
    expect(inLake['silver.events']).toHaveLength(1)
    expect(await operateOn(env, 'lake', 'compact')).toMatch(/^[1-9]\d* files have become fewer/m)
    // By a machine that is not told of the lake.
    const { CLICKWATCH_LAKE: _, ...without } = env
    expect(await namingInLake(env, served, lake, 'to-forget')).toBeGreaterThan(3)
    expect(await operateOn(without, 'erase', '--site', 'lake', '--visitor', 'to-forget')).toContain(
      'and from the lake as soon as',
    )
    expect(await operateOn(env, 'lake', 'catch-up')).toContain('The lake has all that is stored.')
    expect(await namingInLake(env, served, lake, 'to-forget')).toBe(0)
    expect(await differingInLake(env, served, lake)).toEqual([])
    const status = await operateOn(env, 'lake', 'status')
    expect(status).toContain(`The lake is ${env.CLICKWATCH_LAKE}.`)
    expect(status).toMatch(/silver\.events +version \d+, \d+ rows/)
  })

  it('is asked beyond what the tables keep, by any API process', async () => {
    const [api, another] = cluster.apis
    if (!api || !another) throw new Error('two API processes are expected')
    const set = await fetch(`${urlOf(api)}/api/sites/past/settings`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ keep_days: { bronze: 30, silver: 30, gold: 30, lake: 1000 } }),
    })
    expect(set.status).toBe(200)
    const query = {
      site_id: 'past',
      date_range: [dayBefore(100), dayBefore(80)],
      metrics: ['events'],
      dimensions: ['event:page'],
    }
    const answer = await eventually('the answer to be of the lake', async () => {
      const asked = await fetch(`${urlOf(another)}/api/v2/query`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(query),
      })
      const found = (await asked.json()) as QueryAnswer
      return found.meta?.lake ? found : undefined
    })
    expect(answer.results).toMatchObject([{ dimensions: ['/then'] }])
  })

  it('ends each process in order, and loses nothing by it', async () => {
    const acknowledged = new Set<string>()
    const stopping = new AbortController()
    const sending = (async () => {
      for (let turn = 0; !stopping.signal.aborted; turn++) {
        const one = event()
        const body = JSON.stringify({ ...batch(`visitor-${turn % 7}`, `v-${turn % 7}`, [one]), site: 'orderly' })
        const response = await fetch(`${cluster.baseUrl}/e`, { method: 'POST', body }).catch(() => undefined)
        if (response?.status === 202) acknowledged.add(one.id)
        await sleep(5)
      }
    })()
    try {
      for (const members of [cluster.collectors, cluster.pipelines, cluster.apis]) {
        for (const member of members) {
          expect(await member.stop()).toBe(0)
          await member.start()
        }
      }
    } finally {
      stopping.abort()
      await sending
    }
    await clusterSettled(cluster)
    expect(acknowledged.size).toBeGreaterThan(100)
    expect(await countInCluster(env, acknowledged)).toEqual({ lost: 0, doubled: 0 })
  })

  it('is made anew of its lake, on servers that are empty, and goes on with stream and lake', async () => {
    expect(await operateOn(env, 'lake', 'catch-up')).toContain('The lake has all that is stored.')
    expect(await operateOn(env, 'import', 'lake')).toMatch(/^\d pipelines run on CLICKWATCH_DATABASE. Stop them/)
    for (const members of [cluster.collectors, cluster.apis, cluster.pipelines]) {
      await Promise.all(members.map((member) => member.stop()))
    }
    expect(await operateOn(env, 'import', 'lake')).toContain('CLICKWATCH_CLICKHOUSE holds data already')
    const counted = 'SELECT site, count() AS records FROM bronze.web_cookies GROUP BY site ORDER BY site'
    const records = await askCluster(env, counted)
    const { CLICKWATCH_STREAM = '' } = env
    const made = { ...(await newInstallation(backing)), CLICKWATCH_STREAM, ...lakeEnvironment(served, lake) }
    expect(await operateOn(made, 'import', 'lake')).toContain('records are imported. Start the pipelines.')
    expect(await askCluster(made, counted)).toEqual(records)
    const again = await startCluster(made, { collectors: 0, pipelines: 1, apis: 0 })
    try {
      const [document] = sessionDocuments(1)
      const topic = new URL(CLICKWATCH_STREAM).pathname.slice(1)
      await backing.kafka.produce(topic, [JSON.stringify({ ...document, user_id: 'after' })])
      await eventually('what comes after to be stored', async () => {
        const after = "SELECT count() AS visits FROM silver.sessions FINAL WHERE visitor_id = 'after'"
        const [row] = await askCluster<{ visits: number }>(made, after)
        return row?.visits ? true : undefined
      })
      expect(await operateOn(made, 'verify')).toContain('Everything adds up.')
      expect(await operateOn(made, 'lake', 'catch-up')).toContain('The lake has all that is stored.')
      expect(await namingInLake(made, served, lake, 'after')).toBeGreaterThan(2)
      expect(await differingInLake(made, served, lake)).toEqual([])
    } finally {
      await again.dispose()
    }
  })
})

describe('in the distributed form, with processes, nodes, broker and database killed at random', () => {
  // The whole of it is npm run test:chaos -- --cluster.
  it('no acknowledged event is lost, and none counts twice', async () => {
    const result = await runClusterChaos(backing, { kills: 8, seed: 7 })
    expect(result).toMatchObject({ lost: 0, doubled: 0 })
    expect(result.acknowledged).toBeGreaterThan(200)
    expect(result.verified).toContain('Everything adds up.')
  }, 900_000)
})
