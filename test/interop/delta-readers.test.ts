import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../fixtures/clickwatch.ts'
import { openClickHouse } from '../fixtures/delta/clickhouse.ts'
import { clickHouseRows, History, type Row, schema } from '../fixtures/delta/history.ts'
import { localLake } from '../fixtures/delta/lake.ts'
import { installReaders } from '../fixtures/delta/python.ts'

// What we write has to be read alike by those whom it is written for: delta-rs, DuckDB (which reads by Delta's own kernel), and ClickHouse.

const folder = temporaryFolder()
const clickhouse = openClickHouse(folder)
let ask: ReturnType<typeof installReaders>
beforeAll(() => {
  ask = installReaders()
}, 600_000)
afterAll(() => {
  clickhouse.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
})

type Answer = { version: number; schema: unknown; ids: number[]; rows: Record<string, Row[]> }

describe('a table of appends, overwrites, compactions, checkpoints and a vacuum', () => {
  const lake = localLake(join(folder, 'table'))
  const { uri, options } = lake
  let history: History
  const agree = async (versions: readonly number[]): Promise<void> => {
    const ids = [1000, 1100] as const
    const deltaRs = await ask<Answer>('read_delta_rs.py', { uri, options, versions, ids })
    const duckdb = await ask<Answer>('read_duckdb.py', { uri, versions })
    for (const version of versions) {
      const expected = history.rows(version)
      expect(deltaRs.rows[version]).toEqual(expected)
      expect(duckdb.rows[version]).toEqual(expected)
      expect(await clickHouseRows(clickhouse, lake, version)).toEqual(expected)
    }
    expect(deltaRs.version).toBe(history.version)
    expect(deltaRs.schema).toEqual(schema)
    const present = history.rows(history.version).map(({ id }) => id)
    expect(deltaRs.ids).toEqual(present.filter((id) => id >= ids[0] && id < ids[1]))
  }

  it('is read with equal rows and schema at each version, until a vacuum', async () => {
    history = await History.begin(lake, clickhouse)
    await history.write(0, 60)
    await agree([0, 1, 9, 10, 11, 18, 23, 40, history.version])
  })

  it('tells of each file what ClickHouse wrote into its footer', async () => {
    const rows = history.rows(history.version)
    for (const { path, partitionValues, statistics } of (await history.table.latest()).files()) {
      const { numRecords, minValues = {}, maxValues = {}, nullCount = {} } = statistics ?? { numRecords: Number.NaN }
      const [from, to] = [Number(minValues.id), Number(maxValues.id)]
      const inside = rows.filter(
        ({ id, site, day }) => id >= from && id <= to && site === partitionValues.site && day === partitionValues.day,
      )
      const times = inside.map(({ at }) => at)
      expect([path, numRecords, nullCount.id, nullCount.name]).toEqual([
        path,
        inside.length,
        0,
        inside.filter(({ name }) => name === null).length,
      ])
      // Milliseconds around the microseconds that are there.
      expect(minValues.at).toBe(new Date(Math.floor(Math.min(...times) / 1000)).toISOString())
      expect(maxValues.at).toBe(new Date(Math.ceil(Math.max(...times) / 1000)).toISOString())
      expect(minValues.count).toBe(Math.min(...inside.map(({ count }) => count)))
      expect(minValues.name).toBe(inside.flatMap(({ name }) => (name === null ? [] : [name])).sort()[0])
    }
  })

  it('is read as well after a vacuum, and from there on', async () => {
    const vacuumed = history.version
    expect((await history.table.vacuum({ retentionMs: 0, allowShort: true })).length).toBeGreaterThan(10)
    await history.write(60, 110)
    await agree([vacuumed, vacuumed + 1, 80, 99, 100, history.version - 1, history.version])
  })
})
