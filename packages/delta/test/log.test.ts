import { parquetMetadata } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import { column, DeltaTable, struct } from '../src/index.ts'
import { localPlaces } from './places.ts'
import { create, file, pathsOf } from './table-contract.ts'

const places = localPlaces()
const logPath = (version: number, suffix = 'json'): string =>
  `_delta_log/${String(version).padStart(20, '0')}.${suffix}`
const lines = (...actions: object[]): Uint8Array =>
  new TextEncoder().encode(actions.map((action) => `${JSON.stringify(action)}\n`).join(''))
const plain = struct(column('id', 'long'))
const metaData = (configuration = {}, schema: object = plain) => ({
  metaData: {
    id: 'x',
    format: { provider: 'parquet', options: {} },
    schemaString: JSON.stringify(schema),
    partitionColumns: [],
    configuration,
  },
})

describe('a damaged log', () => {
  it('with a commit missing is refused, and not read as if it were whole', async () => {
    const storage = places('gap')
    const table = await create(storage)
    for (let index = 0; index < 4; index++) await table.append([await file(storage, '2026-01-01')])
    await storage.delete([logPath(2)])
    await expect(DeltaTable.open(storage)).rejects.toMatchObject({ code: 'corrupt_log' })
  })

  it('with a line that is no JSON says which', async () => {
    const storage = places('line')
    await create(storage)
    await storage.put(logPath(1), new TextEncoder().encode('{"commitInfo":{}}\n{"add":'))
    await expect(DeltaTable.open(storage)).rejects.toThrow(`line 2 of ${logPath(1)} is no JSON`)
  })

  it('whose newest checkpoint, or the pointer to it, is damaged is read from what else says the same', async () => {
    const storage = places('checkpoint')
    const table = await create(storage)
    for (let index = 0; index < 11; index++) await table.append([await file(storage, '2026-01-01')])
    const expected = pathsOf((await table.latest()).files())
    await storage.put('_delta_log/_last_checkpoint', new TextEncoder().encode('{"version":'))
    expect(pathsOf((await (await DeltaTable.open(storage)).latest()).files())).toEqual(expected)
    await storage.put('_delta_log/_last_checkpoint', new TextEncoder().encode('{"version":10,"size":3}'))
    await storage.put(logPath(10, 'checkpoint.parquet'), new TextEncoder().encode('no Parquet, though long enough'))
    expect(pathsOf((await (await DeltaTable.open(storage)).latest()).files())).toEqual(expected)
    await storage.delete([logPath(10, 'checkpoint.parquet')])
    expect(pathsOf((await (await DeltaTable.open(storage)).latest()).files())).toEqual(expected)
  })
})

describe('the log', () => {
  it('lets go of commits older than its retention once a checkpoint stands for them', async () => {
    const storage = places('clean')
    let nowMs = Date.now()
    const table = await DeltaTable.create(storage, { schema: plain }, { nowMs: () => nowMs })
    const append = (from: number) => table.append([{ path: `${from}.parquet`, sizeBytes: 1 }])
    for (let index = 1; index <= 15; index++) await append(index)
    nowMs += 31 * 86_400_000
    for (let index = 16; index <= 20; index++) await append(index)
    expect(await storage.stat(logPath(9))).toBeUndefined()
    expect(await storage.stat(logPath(10, 'checkpoint.parquet'))).toBeUndefined()
    expect(await storage.stat(logPath(20, 'checkpoint.parquet'))).toBeDefined()
    const opened = await DeltaTable.open(storage)
    expect((await opened.latest()).files()).toHaveLength(20)
    await expect(opened.at(5)).rejects.toMatchObject({ code: 'no_such_version' })
  })

  it('is followed by who had the table open while it was tidied', async () => {
    const storage = places('follow')
    const table = await DeltaTable.create(storage, { schema: plain })
    const other = await DeltaTable.open(storage)
    for (let index = 1; index <= 12; index++) await table.append([{ path: `${index}.parquet`, sizeBytes: 1 }])
    await storage.delete(Array.from({ length: 10 }, (_, version) => logPath(version)))
    expect((await other.latest()).files()).toHaveLength(12)
    expect(await other.append([{ path: '13.parquet', sizeBytes: 1 }])).toMatchObject({ version: 13 })
  })

  it('forgets what was removed when nobody can need it any more', async () => {
    const storage = places('tombstones')
    let nowMs = Date.now()
    const table = await DeltaTable.create(storage, { schema: plain }, { nowMs: () => nowMs })
    await table.append([{ path: 'a.parquet', sizeBytes: 1 }])
    await table.remove(() => true)
    const kept = async () => {
      const version = await table.checkpoint()
      const bytes = await storage.read(logPath(version, 'checkpoint.parquet'))
      return Number(parquetMetadata((bytes as Buffer).buffer.slice(0) as ArrayBuffer).num_rows)
    }
    expect(await kept()).toBe(3)
    nowMs += 8 * 86_400_000
    await table.setProperties({ 'some.property': 'x' })
    expect(await kept()).toBe(2)
  })
})

describe('a table that asks for more than this package does', () => {
  const open = async (...actions: object[]) => {
    const storage = places(`asks-${Math.random()}`)
    await storage.put(logPath(0), lines(...actions))
    return DeltaTable.open(storage)
  }
  const reader = (...readerFeatures: string[]) => ({
    protocol: { minReaderVersion: 3, minWriterVersion: 7, readerFeatures, writerFeatures: readerFeatures },
  })
  const writer = (...writerFeatures: string[]) => ({
    protocol: { minReaderVersion: 1, minWriterVersion: 7, writerFeatures },
  })
  const legacy = (minWriterVersion: number) => ({ protocol: { minReaderVersion: 1, minWriterVersion } })

  it.each([
    ['deletion vectors', 'deletionVectors', [reader('deletionVectors'), metaData()]],
    ['two unknown features', 'features one, other', [reader('one', 'other'), metaData()]],
    ['checkpoints V2', 'v2Checkpoint', [reader('v2Checkpoint'), metaData()]],
    [
      'mapped columns',
      'columnMapping',
      [{ protocol: { minReaderVersion: 2, minWriterVersion: 5 } }, metaData({ 'delta.columnMapping.mode': 'name' })],
    ],
    [
      'readers to come',
      'readers of version 4',
      [{ protocol: { minReaderVersion: 4, minWriterVersion: 7 } }, metaData()],
    ],
    [
      'a file with a deletion vector',
      'deletion vector',
      [
        legacy(2),
        metaData(),
        { add: { path: 'a', partitionValues: {}, size: 1, modificationTime: 1, dataChange: true, deletionVector: {} } },
      ],
    ],
  ])('is not opened: %s', async (_what, named, actions) => {
    const error = expect.objectContaining({ code: 'unsupported_feature', message: expect.stringContaining(named) })
    await expect(open(...actions)).rejects.toEqual(error)
  })

  const withMetadata = (metadata: object) => struct({ ...column('id', 'long'), metadata: { ...metadata } })
  it.each([
    ['a writer’s feature', 'domainMetadata', [writer('appendOnly', 'domainMetadata'), metaData()]],
    ['writers to come', 'writers of version 8', [legacy(8), metaData()]],
    [
      'the feed of changes',
      'delta.enableChangeDataFeed',
      [legacy(4), metaData({ 'delta.enableChangeDataFeed': 'true' })],
    ],
    ['constraints', 'delta.constraints.age', [legacy(3), metaData({ 'delta.constraints.age': 'id > 1' })]],
    ['invariants', 'delta.invariants', [legacy(2), metaData({}, withMetadata({ 'delta.invariants': '{}' }))]],
    ['generated columns', 'generated', [legacy(4), metaData({}, withMetadata({ 'delta.generationExpression': '1' }))]],
    ['identity columns', 'identity', [legacy(6), metaData({}, withMetadata({ 'delta.identity.start': 1 }))]],
  ])('is read and not written to: %s', async (_what, named, actions) => {
    const table = await open(...actions)
    expect((await table.latest()).files()).toEqual([])
    const error = expect.objectContaining({ code: 'unsupported_feature', message: expect.stringContaining(named) })
    await expect(table.append([{ path: 'a.parquet', sizeBytes: 1 }])).rejects.toEqual(error)
    await expect(table.checkpoint()).rejects.toEqual(error)
    await expect(table.vacuum()).rejects.toEqual(error)
  })

  it('is written to where what it asks for is idle', async () => {
    const features = ['appendOnly', 'checkConstraints', 'changeDataFeed', 'generatedColumns', 'timestampNtz']
    for (const protocol of [legacy(6), writer(...features), reader('timestampNtz', 'columnMapping')]) {
      const table = await open(protocol, metaData({ 'delta.columnMapping.mode': 'none' }))
      expect(await table.append([{ path: 'a.parquet', sizeBytes: 1 }])).toMatchObject({ version: 1 })
    }
  })
})
