import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Storage } from '../../packages/delta/src/index.ts'
import { itIsAStorage } from '../../packages/delta/test/storage-contract.ts'
import { itIsATable } from '../../packages/delta/test/table-contract.ts'
import { temporaryFolder } from '../fixtures/clickwatch.ts'
import { serveAzure } from '../fixtures/delta/azure.ts'
import { openClickHouse } from '../fixtures/delta/clickhouse.ts'
import { clickHouseRows, History, type Row, schema } from '../fixtures/delta/history.ts'
import type { Lake } from '../fixtures/delta/lake.ts'
import { installReaders } from '../fixtures/delta/python.ts'
import { serveS3 } from '../fixtures/delta/s3.ts'

// The same as on a disk (packages/delta/test/local.test.ts), and the same readers, where the table lies behind a real server of each protocol.

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

type Served = { place(prefix: string): Storage; lake(prefix: string): Lake; close(): Promise<void> }

describe.each([
  ['S3', serveS3],
  ['Azure Blob', serveAzure],
])('%s', (name, serve: (folder: string) => Promise<Served>) => {
  let served: Served
  // Its server may have to be built first.
  beforeAll(async () => {
    served = await serve(join(folder, name))
  }, 900_000)
  afterAll(() => served?.close())

  itIsAStorage((place) => served.place(`storage/${place}`), 1100)
  itIsATable((place) => served.place(`tables/${place}`))

  it('has a table that its readers read with equal rows and schema at each version', async () => {
    const lake = served.lake('history')
    const history = await History.begin(lake, clickhouse)
    await history.write(0, 40)
    const vacuumed = history.version
    await history.table.vacuum({ retentionMs: 0, allowShort: true })
    await history.write(40, 100)
    const versions = [vacuumed, vacuumed + 6, 80, history.version]
    const { uri, options } = lake
    const deltaRs = await ask<{ version: number; schema: unknown; rows: Record<string, Row[]> }>('read_delta_rs.py', {
      uri,
      options,
      versions,
      ids: [0, 0],
    })
    expect(deltaRs.version).toBe(history.version)
    expect(deltaRs.schema).toEqual(schema)
    for (const version of versions) {
      const expected = history.rows(version)
      expect(deltaRs.rows[version]).toEqual(expected)
      expect(await clickHouseRows(clickhouse, lake, version)).toEqual(expected)
    }
  })
})
