import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importBronze } from '../../packages/server/src/lake/import.ts'
import { events, lakeTables, sessions, webCookies } from '../../packages/server/src/lake/tables.ts'
import { soleWriter, type Writer } from '../../packages/server/src/lake/writer.ts'
import { erase } from '../../packages/server/src/pipeline/erase.ts'
import { delivery, openLakeFixture, pageView, session } from '../fixtures/lake.ts'
import { storedRows } from '../fixtures/lake-rows.ts'

const dayMs = 86_400_000
const noon = Date.UTC(2026, 5, 1, 12)
let lakes: Awaited<ReturnType<typeof openLakeFixture>>
beforeAll(async () => {
  lakes = await openLakeFixture()
  await lakes.storeBatch(0, delivery('shop', 'anna', 's1', [pageView(noon), pageView(noon + 1000)]))
  await lakes.storeBatch(1, delivery('shop', 'ben', 's2', [pageView(noon + dayMs)]))
  await lakes.storeBatch(1, delivery('blog', 'carl', 's3', [pageView(noon)]))
  await lakes.storeBatch(0, delivery('shop', 'emil', '', [pageView(noon + 3_000_000)]))
})
afterAll(() => lakes.close())

const sample = JSON.parse(
  readFileSync(new URL('../fixtures/sample-sessions.json', import.meta.url), 'utf8'),
) as object[]

/** How many rows of the lake are of a visitor. */
const holding = async (visitor: string): Promise<number> => {
  const rows = await Promise.all(lakeTables.map((table) => lakes.lakeRows(table)))
  return rows.flat().filter((row) => row.includes(visitor)).length
}

const bytesOfLake = (): string =>
  readdirSync(lakes.root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)).toString('latin1'))
    .join('\n')

describe('a lake', () => {
  it('makes few files of many, of the same rows', async () => {
    for (let each = 0; each < 10; each++) {
      await lakes.storeBatch(each % 2, delivery('shop', `v${each}`, `c${each}`, [pageView(noon + 4000 + each)]))
      await lakes.withLake((lake) => lake.catchUp())
    }
    const many = await lakes.filesOf(webCookies)
    await lakes.withLake((lake) => lake.compact())
    const few = await lakes.filesOf(webCookies)
    const partitions = new Set(few.map(({ partitionValues }) => JSON.stringify(partitionValues)))
    expect([few.length, many.length > few.length]).toEqual([partitions.size, true])
    expect(await lakes.differing()).toEqual([])
  })

  it('finds an amended event in a joined file', async () => {
    await lakes.storeBatch(0, delivery('shop', 'emil', '', [pageView(noon + 2_300_000)], 'Bing'))
    await lakes.withLake((lake) => lake.catchUp())
    expect(await lakes.differing()).toEqual([])
  })

  it('takes in what was passed over before, where it has looked already', async () => {
    const letter = lakes.reached[0] ?? 0
    lakes.reached[0] = letter + 1
    await lakes.withLake(async (lake) => {
      await lake.catchUp()
      await lakes.storeAgain(0, letter, delivery('shop', 'late', 's9', [pageView(noon + 7000)]))
      await lake.catchUp()
      expect(await lakes.differing()).toEqual([])
      // And below what is there.
      const other = lakes.reached[1] ?? 0
      lakes.reached[1] = other + 1
      await lakes.storeBatch(1, delivery('shop', 'ben', 's2', [pageView(noon + dayMs + 9000)]))
      await lake.catchUp()
      await lakes.storeAgain(1, other, delivery('shop', 'later', 's8', [pageView(noon + dayMs + 8000)]))
      await lake.catchUp()
    })
    expect(await lakes.differing()).toEqual([])
  })

  it('is written anew when silver and gold are', async () => {
    await lakes.storeBatch(0, ...sample.map((document) => session('shop', document, noon)))
    await lakes.withLake((lake) => lake.catchUp())
    await lakes.remake()
    await lakes.withLake((lake) => lake.catchUp())
    expect(await lakes.differing()).toEqual([])
  })

  it('forgets a visitor, in every file that lies there', async () => {
    await lakes.storeBatch(0, delivery('shop', 'frieda-to-forget', 's5', [pageView(noon + 6000)]))
    await lakes.withLake((lake) => lake.catchUp())
    expect(await holding('frieda-to-forget')).toBeGreaterThan(3)
    const known = await lakes.withLake((lake) => lake.knownOf('shop', 'frieda-to-forget'))
    expect(known['silver.events']).toMatchObject([{ visitor_id: 'frieda-to-forget', session_id: 's5' }])
    expect(known['bronze.web_cookies']).toHaveLength(1)
    await erase(lakes.store, { site: 'shop', visitorId: 'frieda-to-forget' }, true)
    await lakes.withLake((lake) => lake.catchUp())
    expect(await holding('frieda-to-forget')).toBe(0)
    const left = await lakes.withLake((lake) => lake.knownOf('shop', 'frieda-to-forget'))
    expect(Object.values(left).flat()).toEqual([])
    expect(bytesOfLake()).not.toContain('frieda-to-forget')
    expect(await lakes.differing()).toEqual([])
  })

  it('forgets a visitor whom it copies while the tables are about to forget them', async () => {
    await lakes.storeBatch(0, delivery('shop', 'gone-meanwhile', 's30', [pageView(noon + 6500)]))
    await lakes.withLake((lake) => lake.catchUp())
    const { store } = lakes
    const execute: typeof store.execute = async (sql, parameters) => {
      // It is noted by now, and nothing is deleted yet.
      if (sql.startsWith('INSERT INTO clickwatch.erasures')) await lakes.withLake((lake) => lake.rebuild())
      await store.execute(sql, parameters)
    }
    await erase({ ...store, execute }, { site: 'shop', visitorId: 'gone-meanwhile' }, true)
    expect(await holding('gone-meanwhile')).toBeGreaterThan(3)
    await lakes.withLake((lake) => lake.forgetErased())
    expect(await holding('gone-meanwhile')).toBe(0)
    await lakes.withLake((lake) => lake.catchUp())
    expect(await lakes.differing()).toEqual([])
    expect(bytesOfLake()).not.toContain('gone-meanwhile')
  })

  it('forgets a site whole', async () => {
    await erase(lakes.store, { site: 'blog', visitorId: undefined }, true)
    await lakes.withLake((lake) => lake.forgetErased())
    const files = readdirSync(lakes.root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    expect(files.filter(({ parentPath }) => parentPath.includes('blog'))).toEqual([])
    await lakes.withLake((lake) => lake.catchUp())
    expect(await lakes.differing()).toEqual([])
  })

  it('waits for a place that is away, says so, and goes on when it is back', async () => {
    const { root } = lakes
    renameSync(root, `${root}-hidden`)
    writeFileSync(root, 'no folder')
    await erase(lakes.store, { site: 'shop', visitorId: 'anna' }, true)
    await lakes.withLake(async (lake) => {
      await expect(lake.forgetErased()).rejects.toMatchObject({ code: 'lake_away' })
      expect(await lake.status()).toMatchObject({ is_away: true, erasures: 1 })
      expect(lake.counts.failures).toBe(1)
      rmSync(root)
      renameSync(`${root}-hidden`, root)
      await lake.catchUp()
      expect(await lake.status()).toMatchObject({ is_away: false, erasures: 0, lag_records: 0 })
    })
    expect(await holding('anna')).toBe(0)
    expect(await lakes.differing()).toEqual([])
  })

  it('keeps days for as long as a site says, longer than the store too, and then lets them go', async () => {
    const sites = join(lakes.folder, 'sites.json')
    const days = Math.floor((Date.now() - Date.parse('2026-06-01T00:00Z')) / dayMs)
    const keep = (kept: object) => writeFileSync(sites, JSON.stringify({ shop: { keep_days: kept } }))
    const datesOf = async () => (await lakes.filesOf(sessions)).map(({ partitionValues }) => partitionValues.date)
    // The store has let the first day go.
    keep({ silver: days - 1, lake: 1000 })
    const before = await lakes.lakeRows(sessions)
    await lakes.store.execute(
      "ALTER TABLE silver.sessions DELETE WHERE start < toDateTime64('2026-06-02', 3, 'UTC') SETTINGS mutations_sync = 1",
    )
    await lakes.store.execute(
      "INSERT INTO clickwatch.lake_changes (batch, table, site, date, slice) VALUES ('x', 'silver.sessions', 'shop', '2026-06-01', '')",
    )
    await lakes.withLake((lake) => lake.catchUp(), { sites })
    expect(await lakes.lakeRows(sessions)).toEqual(before)
    expect(await datesOf()).toContain('2026-06-01')
    keep({ silver: days - 1 })
    await lakes.withLake((lake) => lake.vacuum(), { sites })
    expect(await datesOf()).not.toContain('2026-06-01')
    expect(await datesOf()).toContain('2026-06-02')
    expect((await lakes.filesOf(webCookies)).map(({ partitionValues }) => partitionValues.date)).toContain('2026-06-01')
  })

  it('is not written by a store that is another, until it is told to', async () => {
    await lakes.remake()
    const path = join(lakes.folder, 'other')
    await lakes.withLake((lake) => lake.catchUp(), { path })
    await lakes.store.execute('TRUNCATE TABLE clickwatch.lake_store')
    await lakes.withLake(
      async (lake) => {
        await expect(lake.catchUp()).rejects.toMatchObject({ code: 'lake_of_another' })
        await lake.rebuild()
      },
      { path },
    )
    expect(await lakes.differing(path)).toEqual([])
    expect((await lakes.filesOf(events, path)).length).toBeGreaterThan(0)
  })

  it('makes a store of its bronze table, with the same answers', async () => {
    const target = { kind: 'folder', path: join(lakes.folder, 'other') } as const
    const rows = () => Promise.all(lakeTables.map(({ folder }) => storedRows(lakes.store, folder)))
    const expected = await rows()
    await lakes.exchangeStore('made')
    const { next } = await importBronze({ store: lakes.store, target, onProgress: () => undefined })
    expect(next).toEqual(lakes.reached)
    await lakes.remake()
    expect(await rows()).toEqual(expected)
    // The lake is its own, and goes on with it.
    await lakes.storeBatch(0, delivery('shop', 'gerd', 's6', [pageView(noon + 8000)]))
    await lakes.withLake((lake) => lake.catchUp(), { path: target.path })
    expect(await lakes.differing(target.path)).toEqual([])
  })

  it('is written by the last of two who believe that they are the one, and nothing of the other comes into it', async () => {
    const path = join(lakes.folder, 'of-two')
    const believing = (epoch: number): Writer => ({ ...soleWriter, epoch: () => epoch })
    await lakes.withLake((lake) => lake.rebuild(), { path, writer: believing(1) })
    // Of a day that is new, so that no file is in the way.
    await lakes.storeBatch(0, delivery('shop', 'of-two', 's20', [pageView(noon + 9 * dayMs)]))
    let pauses = 0
    const onWritten = async (): Promise<void> => {
      // Is paused with a file that is not yet in the table, and wakes when another has taken its place.
      if (pauses++ === 0) await lakes.withLake((lake) => lake.catchUp(), { path, writer: believing(2) })
    }
    await lakes.withLake(
      async (lake) => {
        await expect(lake.catchUp()).rejects.toMatchObject({ code: 'lake_busy' })
        // Nor later: it has looked anew at who writes, and begins no file.
        await lakes.storeBatch(0, delivery('shop', 'of-two', 's21', [pageView(noon + 10 * dayMs)]))
        await expect(lake.catchUp()).rejects.toMatchObject({ code: 'lake_busy' })
        expect(lake.counts.rows).toBe(0)
      },
      { path, writer: believing(1), onWritten },
    )
    expect(pauses).toBe(1)
    await lakes.withLake((lake) => lake.catchUp(), { path, writer: believing(2) })
    expect(await lakes.differing(path)).toEqual([])
  })
})
