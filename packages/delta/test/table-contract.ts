import { expect, it } from 'vitest'
import { arrayOf, column, type DataFile, DeltaTable, mapOf, type Storage, struct } from '../src/index.ts'
import type { Places } from './storage-contract.ts'

export const schema = struct(
  column('id', 'long', false),
  column('name', 'string'),
  column('tags', arrayOf('string')),
  column('props', mapOf('string', 'string')),
  column('date', 'date'),
)

let count = 0

/** A file that is there, with nothing in it that the log would look at. */
export const file = async (storage: Storage, date: string, numRecords = 1): Promise<DataFile> => {
  const path = `date=${date}/part-${count++}.parquet`
  await storage.put(path, new Uint8Array(numRecords))
  return { path, sizeBytes: numRecords, partitionValues: { date }, statistics: { numRecords } }
}

export const create = (storage: Storage, properties: Record<string, string> = {}) =>
  DeltaTable.create(storage, { schema, partitionColumns: ['date'], properties })

export const pathsOf = (files: readonly { path: string }[]): string[] => files.map(({ path }) => path).sort()

const code = (error: string) => expect.objectContaining({ code: error })

/** What a table does on every form of storage. */
export const itIsATable = (places: Places): void => {
  it('is made once, and opened with what it was made with', async () => {
    const storage = places('made')
    await expect(DeltaTable.open(storage)).rejects.toEqual(code('no_table'))
    await create(storage, { 'delta.appendOnly': 'false' })
    await expect(create(storage)).rejects.toEqual(code('table_exists'))
    const { version, schema: found, partitionColumns, properties } = await (await DeltaTable.open(storage)).latest()
    expect({ version, found, partitionColumns, properties }).toEqual({
      version: 0,
      found: schema,
      partitionColumns: ['date'],
      properties: { 'delta.appendOnly': 'false' },
    })
  })

  it('is made by one of several at once', async () => {
    const made = await Promise.allSettled(Array.from({ length: 6 }, () => create(places('made-at-once'))))
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of made) if (result.status === 'rejected') expect(result.reason).toEqual(code('table_exists'))
  })

  it('has the files of each version, also from behind a checkpoint', async () => {
    const storage = places('travel')
    const table = await create(storage)
    const expected: string[][] = [[]]
    for (let version = 1; version <= 25; version++) {
      const date = `2026-01-0${1 + (version % 3)}`
      const added = await file(storage, date)
      if (version % 7 === 0) await table.overwrite([added], { where: (values) => values.date === date })
      else if (version % 11 === 0) {
        const gone = (await table.latest()).files(({ date: each }) => each === date)
        await table.replace(pathsOf(gone), [added])
      } else await table.append([added])
      expected.push(pathsOf((await table.latest()).files()))
    }
    const opened = await DeltaTable.open(storage)
    expect(pathsOf((await opened.latest()).files())).toEqual(expected[25])
    for (const version of [0, 1, 6, 7, 9, 10, 11, 12, 19, 20, 21, 25]) {
      const snapshot = await opened.at(version)
      expect([snapshot.version, pathsOf(snapshot.files())]).toEqual([version, expected[version]])
    }
    await expect(opened.at(26)).rejects.toEqual(code('no_such_version'))
    expect((await opened.history(2)).map(({ version, operation }) => [version, operation])).toEqual([
      [25, 'WRITE'],
      [24, 'WRITE'],
    ])
    expect(await opened.versionAt(Date.now() + 60_000)).toBe(25)
  })

  it('keeps all that it knows of a file through a checkpoint', async () => {
    const storage = places('checkpointed')
    const table = await create(storage, { 'delta.checkpointInterval': '1000' })
    const awkward: DataFile = {
      path: 'date=2026-01-01/a b%20é.parquet',
      sizeBytes: 12,
      modifiedMs: 1_700_000_000_000,
      partitionValues: { date: null },
      statistics: { numRecords: 2, minValues: { id: 9_007_199_254_740_993n, name: 'ä"\\' }, nullCount: { id: 0 } },
      tags: { made: 'here' },
    }
    await table.append([awkward], { application: { id: 'stream-1', version: 41 } })
    const before = await table.latest()
    await table.checkpoint()
    // The commits are gone, as after the log's retention: what is read now is the checkpoint alone.
    await storage.delete([0, 1].map((version) => `_delta_log/${String(version).padStart(20, '0')}.json`))
    const after = await (await DeltaTable.open(storage)).latest()
    expect(after.files()).toEqual(before.files())
    expect([...after.state.files.values()].map(({ stats }) => stats)).toEqual([
      '{"numRecords":2,"minValues":{"id":9007199254740993,"name":"ä\\"\\\\"},"nullCount":{"id":0}}',
    ])
    expect(after.metadata).toEqual(before.metadata)
    expect(after.protocol).toEqual(before.protocol)
    expect(after.transactionVersion('stream-1')).toBe(41)
  })

  it('loses no append of writers at once', async () => {
    const storage = places('at-once')
    await create(storage)
    const writers = await Promise.all(Array.from({ length: 4 }, () => DeltaTable.open(places('at-once'))))
    const written = await Promise.all(
      writers.map(async (table) => {
        const mine = []
        for (let index = 0; index < 6; index++) {
          const added = await file(storage, '2026-01-01')
          mine.push({ ...(await table.append([added])), path: added.path })
        }
        return mine
      }),
    )
    const all = written.flat()
    expect(all.map(({ version }) => version).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 24 }, (_, at) => at + 1),
    )
    for (const table of [...writers, await DeltaTable.open(storage)]) {
      expect(pathsOf((await table.latest()).files())).toEqual(pathsOf(all))
    }
  })

  it('takes what an application wrote once, also from two processes', async () => {
    const storage = places('application')
    const one = await create(storage)
    const other = await DeltaTable.open(storage)
    const first = await file(storage, '2026-01-01')
    const again = await file(storage, '2026-01-01')
    expect(await one.append([first], { application: { id: 'a', version: 5 } })).toMatchObject({ outcome: 'committed' })
    for (const version of [5, 4]) {
      const told = await other.append([again], { application: { id: 'a', version } })
      expect(told).toEqual({ outcome: 'written-before', version: 1 })
    }
    expect(await other.overwrite([again], { application: { id: 'a', version: 5 } })).toMatchObject({ version: 1 })
    expect(pathsOf((await one.latest()).files())).toEqual([first.path])
  })

  it('removes with a vacuum what no version within the retention has', async () => {
    const storage = places('vacuum')
    let nowMs = Date.now()
    const table = await DeltaTable.create(storage, { schema, partitionColumns: ['date'] }, { nowMs: () => nowMs })
    const old = await file(storage, '2026-01-01')
    const kept = await file(storage, '2026-01-02')
    const strayed = await file(storage, '2026-01-02')
    await storage.put('_other/file', new Uint8Array(1))
    await table.append([old, kept])
    await table.remove(({ date }) => date === '2026-01-01')
    expect(await table.vacuum()).toEqual([])
    await expect(table.vacuum({ retentionMs: 0 })).rejects.toEqual(code('invalid_argument'))
    nowMs += 8 * 86_400_000
    const unused = [old.path, strayed.path].sort()
    expect((await table.vacuum({ dryRun: true })).sort()).toEqual(unused)
    expect((await table.vacuum()).sort()).toEqual(unused)
    expect(await storage.stat(old.path)).toBeUndefined()
    expect(await storage.stat(kept.path)).toBeDefined()
    expect(await storage.stat('_other/file')).toBeDefined()
    expect(pathsOf((await (await DeltaTable.open(storage)).latest()).files())).toEqual([kept.path])
  })
}
