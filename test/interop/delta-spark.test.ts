import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { DeltaTable } from '@clickwatch/delta'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { temporaryFolder } from '../fixtures/clickwatch.ts'
import { openClickHouse } from '../fixtures/delta/clickhouse.ts'
import { clickHouseRows, History, type Row, schema } from '../fixtures/delta/history.ts'
import { localLake } from '../fixtures/delta/lake.ts'
import { installSpark } from '../fixtures/delta/python.ts'

// Delta's own implementation, Spark's: it reads what we write, and writes upon it what we read.

const folder = temporaryFolder()
const clickhouse = openClickHouse(folder)
let ask: ReturnType<typeof installSpark>
beforeAll(() => {
  ask = installSpark()
}, 900_000)
afterAll(() => {
  clickhouse.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
})

type Answer = { version: number; schema: unknown; rows: Record<string, Row[]>; newest: number; newestRows: Row[] }

it('Spark reads each version with equal rows and schema, and what it commits is read and gone on from', async () => {
  const lake = localLake(join(folder, 'table'))
  const history = await History.begin(lake, clickhouse)
  await history.write(0, 40)
  const vacuumed = history.version
  await history.table.vacuum({ retentionMs: 0, allowShort: true })
  await history.write(40, 100)
  const versions = [vacuumed, vacuumed + 5, 80, history.version]
  const answer = await ask<Answer>('read_spark.py', { uri: lake.uri, versions })
  for (const version of versions) expect(answer.rows[version]).toEqual(history.rows(version))
  expect([answer.version, answer.schema]).toEqual([history.version, schema])

  // Its checkpoint is among them: ten commits and more.
  const opened = await DeltaTable.open(lake.storage)
  const latest = await opened.latest()
  expect(latest.version).toBe(answer.newest)
  const records = latest.files().reduce((sum, { statistics }) => sum + (statistics?.numRecords ?? Number.NaN), 0)
  expect(records).toBe(answer.newestRows.length)
  expect(await clickHouseRows(clickhouse, lake, latest.version)).toEqual(answer.newestRows)
  expect((await opened.remove(({ day }) => day === '2026-01-01')).version).toBe(latest.version + 1)
  const left = answer.newestRows.filter(({ day }) => day !== '2026-01-01')
  expect(await clickHouseRows(clickhouse, lake, latest.version + 1)).toEqual(left)
}, 900_000)
