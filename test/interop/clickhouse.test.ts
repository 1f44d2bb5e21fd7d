import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { rebuild } from '../../packages/server/src/pipeline/rebuild.ts'
import { tidyBeside } from '../../packages/server/src/store/beside.ts'
import { isMigrated, migrate } from '../../packages/server/src/store/migrate.ts'
import { openStore } from '../../packages/server/src/store/open.ts'
import { rules } from '../../packages/server/src/store/shards.ts'
import { spread } from '../../packages/server/src/store/spread.ts'
import type { Store } from '../../packages/server/src/store/store.ts'
import { type ClickHouse, ofReplicas, startClickHouse } from '../fixtures/clickhouse.ts'
import { emptyNode } from '../fixtures/store.ts'

let clickhouse: ClickHouse
beforeAll(async () => {
  clickhouse = await startClickHouse(3)
})
afterAll(() => clickhouse.dispose())
beforeEach(async () => {
  await Promise.all(clickhouse.nodes.map(({ url }) => emptyNode(url)))
})

/** The store over some of the nodes, in the order in which they are named. */
const openOver = (...nodes: number[]): Promise<Store> => {
  const [first = '', ...others] = nodes.map((node) => clickhouse.nodes[node]?.url ?? '')
  return openStore({ urls: [first, ...others], cluster: clickhouse.clusterOf(nodes.length) }, '')
}
const nothingToRebuild = async () => expect.fail('there is nothing to rebuild')

const visitors = Array.from({ length: 60 }, (_, index) => `visitor ${index}`)
const time = Date.UTC(2026, 5, 1, 12)

const lines = (rows: readonly object[]): Buffer => Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'))
const events = (number: number, of: readonly string[] = visitors) =>
  lines(
    of.map((visitor) => ({
      site: 'shop',
      event_id: `${number}`,
      visitor_id: visitor,
      session_id: `visit of ${visitor}`,
      type: 'page_view',
      path: `/${number}`,
      time: time + number * 1000,
      received_at: time + number * 1000,
      sign: 1,
      version: 1,
    })),
  )
const visits = lines(
  visitors.map((visitor) => ({
    site: 'shop',
    visitor_id: visitor,
    session_id: `visit of ${visitor}`,
    start: time,
    end: time + 1000,
    pageviews: 2,
    sign: 1,
    version: 1,
  })),
)

const fill = async (store: Store): Promise<void> => {
  await store.insert('silver.events', events(1), 'first')
  await store.insert('silver.events', events(2), 'second')
  await store.insert('silver.sessions', visits, 'visits')
  const ledger = { site: 'shop', bucket: time / 1000, kind: 'arrived', reason: '', records: 1, events: 2 }
  await store.insert(
    'silver.ledger',
    lines(Array.from({ length: 4 }, (_, partition) => ({ ...ledger, stream_partition: partition }))),
    'ledger',
  )
}

const sql = `SELECT (SELECT count() FROM silver.events FINAL) AS events, (SELECT uniqExact(visitor_id) FROM silver.events_by_visitor) AS visitors,
  (SELECT count() FROM silver.sessions FINAL WHERE visitor_id IN (SELECT visitor_id FROM silver.events FINAL WHERE path = '/2')) AS visits,
  (SELECT sum(pageviews) FROM gold.traffic WHERE dimension = '') AS pageviews,
  (SELECT uniqCombinedMerge(15)(visitors) FROM gold.traffic_spans WHERE dimension = '' AND span = 672) AS visitors_by_span,
  (SELECT sum(visits) FROM gold.stays) AS gold_visits, (SELECT sum(records) FROM silver.ledger) AS records`

/** The same, whichever node is asked. */
const numbers = async (store: Store): Promise<object | undefined> => {
  const answers: object[] = []
  for (const _ of store.nodes()) answers.push(...(await store.query<object>(sql)))
  for (const answer of answers) expect(answer).toEqual(answers[0])
  return answers[0]
}
const whole = {
  events: 120,
  visitors: 60,
  visits: 60,
  pageviews: 120,
  visitors_by_span: 60,
  gold_visits: 60,
  records: 4,
}

/** How many visitors each node has, and how many are on more than one. */
const shares = async (store: Store): Promise<{ visitors: number[]; divided: number }> => {
  const found = await Promise.all(
    store
      .nodes()
      .map((node) => node.query<{ visitor: string }>('SELECT DISTINCT visitor_id AS visitor FROM silver.events')),
  )
  const all = found.flat().map(({ visitor }) => visitor)
  return { visitors: found.map((rows) => rows.length), divided: all.length - new Set(all).size }
}

describe('several ClickHouse nodes', () => {
  it('have a share of the visitors each, and answer as one', async () => {
    const store = await openOver(0, 1)
    await migrate(store, nothingToRebuild)
    expect(await isMigrated(store)).toBe(true)
    await fill(store)
    expect(await numbers(store)).toEqual(whole)
    const { visitors: each, divided } = await shares(store)
    expect(divided).toBe(0)
    for (const share of each) expect(share).toBeGreaterThan(15)
    await store.close()
  })

  it('have each row where the same rule in SQL says', async () => {
    const store = await openOver(0, 1, 2)
    await migrate(store, nothingToRebuild)
    const names = ['', 'ada', 'Ünïcödé', '🦊', "it's\\", '\u0000', 'a'.repeat(3000), ...visitors]
    const row = (name: string, index: number) => ({
      site: 'shop',
      visitor_id: name,
      user_id: name,
      session_id: `${index}`,
      event_id: `${index}`,
      PartitionId: index % 7,
      stream_partition: index % 7,
      Offset: index * 1_000_003,
      stream_offset: index * 1_000_003,
      records: 1,
      events: 1,
      time,
      start: time,
      timestamp: time,
      sign: 1,
      version: 1,
    })
    for (const [table, { sql }] of Object.entries(rules)) {
      const rows = names.map(row)
      const columns = await store.query<{ name: string }>(
        "SELECT name FROM system.columns WHERE database || '.' || table = {table:String} AND default_kind != 'ALIAS'",
        { table },
      )
      const known = new Set(columns.map(({ name }) => name))
      const ofTable = rows.map((each) => Object.fromEntries(Object.entries(each).filter(([name]) => known.has(name))))
      await store.insert(table, lines(ofTable), 'rows')
      let found = 0
      for (const [place, node] of store.nodes().entries()) {
        const [counted] = await node.query<{ rows: number; strangers: number }>(
          `SELECT count() AS rows, countIf((${sql}) % 3 != {place:UInt8}) AS strangers FROM ${table}`,
          { place },
        )
        expect(counted?.strangers, `${table} at place ${place}`).toBe(0)
        found += counted?.rows ?? 0
      }
      expect(found, table).toBe(table === 'silver.ledger' ? 7 : names.length)
    }
    await store.close()
  })

  it('answer that part of the data cannot be reached when one of them is down, and take each batch once when it is back', async () => {
    const store = await openOver(0, 1)
    await migrate(store, nothingToRebuild)
    await store.insert('silver.events', events(1), 'first')
    const down = clickhouse.nodes[1]
    await down?.kill()
    const sentence = expect.stringContaining(new URL(down?.url ?? '').origin)
    // Whichever is asked: the one that is there, or the one that is not.
    for (let times = 0; times < 4; times++) {
      await expect(numbers(store)).rejects.toMatchObject({ code: 'store_away', status: 503, message: sentence })
    }
    await expect(store.insert('silver.events', events(2), 'second')).rejects.toMatchObject({
      code: 'store_away',
      message: sentence,
    })
    await expect(openOver(0, 1)).rejects.toMatchObject({ name: 'StartError', message: sentence })
    await down?.start()
    await store.insert('silver.events', events(2), 'second')
    await store.insert('silver.events', events(2), 'second')
    expect(await numbers(store)).toMatchObject({ events: 120, visitors: 60, pageviews: 120, visitors_by_span: 60 })
    await store.close()
  })

  it('take no rows by another number of nodes than what is stored is spread over', async () => {
    const store = await openOver(0, 1)
    await migrate(store, nothingToRebuild)
    await store.close()
    await expect(openOver(0)).rejects.toThrow('does not name the node that stands at place 2')
    await expect(
      openStore({ urls: [clickhouse.nodes[0]?.url ?? ''], cluster: clickhouse.clusterOf(2) }, ''),
    ).rejects.toThrow('knows 2 nodes, which are not the 1')
    const [first = '', ...others] = clickhouse.nodes.map(({ url }) => url)
    await expect(openStore({ urls: [first, ...others], cluster: ofReplicas }, '')).rejects.toThrow(
      'knows a shard of 3 replicas',
    )
    const other = await openOver(1, 0)
    await fill(other)
    await other.close()
    const again = await openOver(0, 1)
    await again.insert('silver.events', events(1), 'first')
    expect(await numbers(again)).toEqual(whole)
    await again.close()
  })
})

describe('a node that is added', () => {
  it('holds nothing until what is stored is spread, and answers are the same before and after', async () => {
    const two = await openOver(0, 1)
    await migrate(two, nothingToRebuild)
    await fill(two)
    await two.close()
    // Its address may stand anywhere.
    const store = await openOver(2, 0, 1)
    await migrate(store, nothingToRebuild)
    expect(await numbers(store)).toEqual(whole)
    await store.insert('silver.events', events(2), 'second')
    expect((await shares(store)).visitors.toSorted()[0]).toBe(0)
    expect(await numbers(store)).toEqual(whole)

    const said: { done: number; total: number }[] = []
    const result = await spread({ store, between: (work) => work(), onProgress: (progress) => said.push(progress) })
    expect(result).toEqual({ before: 2, now: 3 })
    expect(said.at(-1)).toEqual({ done: 15, total: 15 })
    expect(await numbers(store)).toEqual(whole)
    const { visitors: each, divided } = await shares(store)
    expect(divided).toBe(0)
    for (const share of each) expect(share).toBeGreaterThan(5)

    await store.insert('silver.events', events(3, visitors.slice(0, 30)), 'third')
    expect((await shares(store)).divided).toBe(0)
    expect(await numbers(store)).toMatchObject({ events: 150, visitors: 60, pageviews: 150 })
    const nothing = spread({ store, between: (work) => work(), onProgress: () => undefined })
    await expect(nothing).rejects.toMatchObject({ code: 'nothing_to_spread', status: 409 })
    await store.close()
    const reopened = await openOver(1, 2, 0)
    expect(await numbers(reopened)).toMatchObject({ events: 150 })
    await reopened.close()
  })

  it('has its share or has none, wherever spreading is cut off', async () => {
    const two = await openOver(0, 1)
    await migrate(two, nothingToRebuild)
    await fill(two)
    await two.close()
    for (let statements = 0, isWhole = false; !isWhole; statements += 7) {
      const store = await openOver(0, 1, 2)
      await migrate(store, nothingToRebuild)
      let left = statements
      const cut = <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) => {
        return async (...args: Args): Promise<Result> => {
          if (left-- <= 0) throw new Error('cut off')
          return work(...args)
        }
      }
      const cutting: Store = {
        ...store,
        execute: cut(store.execute),
        nodes: () => store.nodes().map((node) => ({ ...node, execute: cut(node.execute) })),
      }
      const { now } = await spread({ store: cutting, between: (work) => work(), onProgress: () => undefined }).catch(
        (error: Error) => {
          expect(error.message).toBe('cut off')
          return { now: 0 }
        },
      )
      isWhole = now === 3
      await store.close()
      const next = await openOver(0, 1, 2)
      await tidyBeside(next)
      expect(await numbers(next), `cut off after ${statements} statements`).toEqual(whole)
      expect((await shares(next)).divided).toBe(0)
      await next.insert('silver.events', events(2), 'second')
      expect((await shares(next)).divided).toBe(0)
      isWhole ||= (await shares(next)).visitors.every((share) => share > 0)
      await next.close()
    }
  })
})

describe('a rebuild over several nodes', () => {
  it('makes silver and gold anew from bronze, whichever node has its records', async () => {
    const store = await openOver(0, 1, 2)
    await migrate(store, nothingToRebuild)
    const record = (offset: number) => ({
      site: 'shop',
      kind: 'session',
      document: JSON.stringify({
        session_id: `session ${offset}`,
        user_id: `visitor ${offset % 20}`,
        timestamp: new Date(time + offset * 60_000).toISOString(),
        events: [{ event_type: 'page_view' }],
      }),
      context: JSON.stringify({
        received_at: time,
        agent: { browser: '', browser_version: '', os: '', os_version: '', device: '' },
        acquisition: { referrer: '', source: '', channel: '', utm_source: '', utm_medium: '', utm_campaign: '' },
        ignored_fields: 0,
      }),
      PartitionId: offset % 2,
      Offset: offset,
      EventEnqueuedUtcTime: time,
      EventProcessedUtcTime: time,
    })
    await store.insert('bronze.web_cookies', lines(Array.from({ length: 90 }, (_, offset) => record(offset))), 'bronze')
    const rulesOf = () => ({ inactivityMs: 1_800_000, campaignBegins: false, trustsTracker: true })
    const remake = () => rebuild({ store, rulesOf, between: (work) => work(), onProgress: () => undefined })
    await remake()
    const made = await numbers(store)
    expect(made).toMatchObject({ visitors: 20, gold_visits: 90, records: 90 })
    expect((await shares(store)).divided).toBe(0)
    await remake()
    expect(await numbers(store)).toEqual(made)
    await store.close()
  })
})
