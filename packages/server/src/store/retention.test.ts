import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestStore } from '../../../../test/fixtures/store.ts'
import { readRetention, retentionIn } from '../metadata/sites.ts'
import { migrate } from './migrate.ts'
import { keepRetention } from './retention.ts'
import type { Store } from './store.ts'

let folder: string
let store: Store
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clickwatch-store-'))
  store = await openTestStore(join(folder, 'store'))
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('retention', () => {
  it('removes what is older than a site keeps it, also once it says something else, and nothing of the others', async () => {
    await migrate(store, async () => undefined)
    const day = 86_400_000
    const excluded = ['short', 'long', 'other'].flatMap((site) =>
      [5, 50, 500].map((age) => ({ site, time: Date.now() - age * day, reason: 'bot', path: '/', events: 1 })),
    )
    await store.insert(
      'silver.excluded',
      Buffer.from(excluded.map((row) => JSON.stringify(row)).join('\n')),
      'excluded',
    )
    const left = async () => {
      await store.execute('ALTER TABLE silver.excluded MATERIALIZE TTL SETTINGS mutations_sync = 1')
      await store.execute('OPTIMIZE TABLE silver.excluded FINAL')
      return store.query('SELECT site, count() AS rows FROM silver.excluded GROUP BY site ORDER BY site')
    }
    const path = join(folder, 'sites.json')
    const settings = {
      '*': { keep_days: { silver: 100 } },
      short: { keep_days: { silver: 10 } },
      long: { keep_days: { silver: 1000 } },
    }
    writeFileSync(path, JSON.stringify(settings))
    let said = readRetention(path)
    const job = await keepRetention(
      store,
      () => said,
      () => undefined,
    )
    expect(await left()).toEqual([
      { site: 'long', rows: 3 },
      { site: 'other', rows: 2 },
      { site: 'short', rows: 1 },
    ])
    writeFileSync(path, JSON.stringify({ ...settings, long: { keep_days: { silver: 100 } } }))
    said = readRetention(path)
    await job.look()
    expect(job.current()).toBe(said)
    expect(await left()).toEqual([
      { site: 'long', rows: 2 },
      { site: 'other', rows: 2 },
      { site: 'short', rows: 1 },
    ])
    said = readRetention(undefined)
    await job.look()
    job.stop()
    const [table] = await store.query<{ sql: string }>(
      "SELECT create_table_query AS sql FROM system.tables WHERE database = 'silver' AND name = 'excluded'",
    )
    expect(table?.sql).not.toContain('TTL')
  })

  it('is told by one process at a time, and at the next look by whoever was kept from it', async () => {
    await migrate(store, async () => undefined)
    const expires = async (): Promise<boolean> => {
      const [table] = await store.query<{ sql: string }>(
        "SELECT create_table_query AS sql FROM system.tables WHERE database = 'silver' AND name = 'excluded'",
      )
      return table?.sql.includes('toIntervalDay(30)') === true
    }
    let isFree = false
    const job = await keepRetention(
      store,
      () => retentionIn({ '*': { keep_days: { silver: 30 } } }),
      () => undefined,
      async (work) => {
        if (isFree) await work()
        return isFree
      },
    )
    expect(await expires()).toBe(false)
    isFree = true
    await job.look()
    job.stop()
    expect(await expires()).toBe(true)
  })
  it('knows what went by what another process has told the tables, also while that one tells them to keep more', async () => {
    await migrate(store, async () => undefined)
    const nowMs = Date.now()
    const keeping = async (days: number, isFree: boolean) => {
      const job = await keepRetention(
        store,
        () => retentionIn({ '*': { keep_days: { silver: days } } }),
        () => undefined,
        async (work) => {
          if (isFree) await work()
          return isFree
        },
      )
      job.stop()
      return job.wholeFromMs('silver', 'shop', nowMs) ?? 0
    }
    const monthAgo = nowMs - 30 * 86_400_000
    expect(await keeping(30, true)).toBeGreaterThan(monthAgo)
    expect(await keeping(1000, false)).toBeGreaterThan(monthAgo)
    expect(await keeping(1000, true)).toBeGreaterThan(monthAgo)
  })
})
