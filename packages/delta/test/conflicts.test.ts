import { describe, expect, it } from 'vitest'
import { column, type DataFile, DeltaTable, struct } from '../src/index.ts'
import { localPlaces } from './places.ts'
import { create, file, pathsOf, schema } from './table-contract.ts'

const places = localPlaces()
let count = 0

/** A table with a file of each of two days; and another who has it open and commits in between. */
const begin = async (properties: Record<string, string> = {}) => {
  const storage = places(`table-${count++}`)
  const table = await create(storage, properties)
  const first = await file(storage, '2026-01-01')
  const second = await file(storage, '2026-01-02')
  await table.append([first, second])
  const other = await DeltaTable.open(storage)
  const newFile = (date = '2026-01-01'): Promise<DataFile> => file(storage, date)
  return { storage, table, other, first, second, newFile }
}

const firstDay = ({ date }: Readonly<Record<string, string | null>>): boolean => date === '2026-01-01'
const conflict = (code: string) => expect.objectContaining({ code, isConflict: true })

describe('what another commits in between', () => {
  it('is in the way of a deletion if it adds what the deletion would have read', async () => {
    const { table, other, newFile, first } = await begin()
    const transaction = await table.begin()
    transaction.remove(pathsOf(transaction.read(firstDay)))
    await other.append([await newFile()])
    await expect(table.commit(transaction, 'DELETE')).rejects.toEqual(conflict('concurrent_append'))
    expect(pathsOf((await table.latest()).files())).toContain(first.path)
    expect((await table.latest()).version).toBe(2)
  })

  it('is not in the way if it adds to what was not read', async () => {
    const { table, other, newFile, first } = await begin()
    const transaction = await table.begin()
    transaction.remove(pathsOf(transaction.read(firstDay)))
    await other.append([await newFile('2026-01-02')])
    expect(await table.commit(transaction, 'DELETE')).toMatchObject({ version: 3 })
    expect(pathsOf((await table.latest()).files())).not.toContain(first.path)
  })

  it('may be a blind append where the table is WriteSerializable, and nothing that has read', async () => {
    const { table, other, newFile } = await begin({ 'delta.isolationLevel': 'WriteSerializable' })
    const deletion = await table.begin()
    deletion.remove(pathsOf(deletion.read(firstDay)))
    await other.append([await newFile()])
    expect(await table.commit(deletion, 'DELETE')).toMatchObject({ version: 3 })

    const second = await table.begin()
    second.remove(pathsOf(second.read(firstDay)))
    const reader = await other.begin()
    reader.read(firstDay)
    reader.add([await newFile()])
    await other.commit(reader, 'WRITE')
    await expect(table.commit(second, 'DELETE')).rejects.toEqual(conflict('concurrent_append'))
  })

  it('is in the way if it removes what was read', async () => {
    const { table, other, newFile } = await begin()
    const transaction = await table.begin()
    transaction.read(firstDay)
    transaction.add([await newFile('2026-01-02')])
    await other.remove(firstDay)
    await expect(table.commit(transaction, 'WRITE')).rejects.toEqual(conflict('concurrent_delete_read'))
  })

  it('is in the way if it removes what was to be removed', async () => {
    const { table, other, first, newFile } = await begin()
    const compaction = await table.begin()
    compaction.rewritesOnly()
    compaction.remove([first.path])
    compaction.add([await newFile()])
    await other.remove(firstDay)
    await expect(table.commit(compaction, 'OPTIMIZE')).rejects.toEqual(conflict('concurrent_delete_delete'))
  })

  it('may be an append to the partition that is compacted', async () => {
    const { table, other, first, second, newFile } = await begin()
    const compaction = await table.begin()
    compaction.rewritesOnly()
    compaction.remove([first.path])
    const [together, appended] = [await newFile(), await newFile()]
    compaction.add([together])
    await other.append([appended])
    await table.commit(compaction, 'OPTIMIZE')
    expect(pathsOf((await other.latest()).files())).toEqual(pathsOf([second, together, appended]))
  })

  it('is in the way of everybody if it changes schema, properties or protocol', async () => {
    const { storage, table, other, newFile } = await begin()
    const append = await table.begin()
    append.add([await newFile()])
    await other.addColumns([column('more', 'string')])
    await expect(table.commit(append, 'WRITE')).rejects.toEqual(conflict('concurrent_metadata_change'))

    const again = await table.begin()
    again.add([await newFile()])
    const protocol = new TextEncoder().encode('{"protocol":{"minReaderVersion":1,"minWriterVersion":3}}\n')
    await storage.putIfAbsent('_delta_log/00000000000000000003.json', protocol)
    await expect(table.commit(again, 'WRITE')).rejects.toEqual(conflict('concurrent_protocol_change'))
    expect((await table.latest()).protocol.minWriterVersion).toBe(3)
    expect(await table.append([await newFile()])).toMatchObject({ version: 4 })
  })

  it('is in the way if it is by the same application', async () => {
    const { table, other, newFile } = await begin()
    const append = await table.begin()
    append.setApplication({ id: 'stream', version: 2 })
    append.add([await newFile()])
    await other.append([await newFile()], { application: { id: 'stream', version: 1 } })
    await expect(table.commit(append, 'WRITE')).rejects.toEqual(conflict('concurrent_transaction'))
    await other.append([await newFile()], { application: { id: 'another', version: 1 } })
    expect(await table.append([await newFile()], { application: { id: 'stream', version: 2 } })).toMatchObject({
      outcome: 'committed',
    })
  })
})

describe('a commit', () => {
  it('whose answer was lost is known as one’s own, and not written twice', async () => {
    const { storage, newFile } = await begin()
    let lost = 0
    const putIfAbsent = storage.putIfAbsent.bind(storage)
    storage.putIfAbsent = async (path, bytes) => {
      await putIfAbsent(path, bytes)
      lost++
      // As a client tells it that wrote, heard nothing, and wrote again.
      return false
    }
    const table = await DeltaTable.open(storage)
    expect(await table.append([await newFile()])).toMatchObject({ version: 2 })
    expect(lost).toBe(1)
    expect((await (await DeltaTable.open(storage)).latest()).files()).toHaveLength(3)
  })

  it('gives up where others are always first, and has written nothing', async () => {
    const { storage, other, newFile } = await begin()
    const putIfAbsent = storage.putIfAbsent.bind(storage)
    storage.putIfAbsent = async (path, bytes) => {
      storage.putIfAbsent = putIfAbsent
      await other.append([await newFile()])
      return putIfAbsent(path, bytes)
    }
    const table = await DeltaTable.open(storage, { maxAttempts: 1 })
    await expect(table.append([await newFile()])).rejects.toMatchObject({
      code: 'too_many_attempts',
      isConflict: false,
    })
    expect((await table.latest()).version).toBe(2)
  })

  it('is made of a transaction once', async () => {
    const { table, newFile } = await begin()
    const transaction = await table.begin()
    transaction.add([await newFile()])
    await table.commit(transaction, 'WRITE')
    await expect(table.commit(transaction, 'WRITE')).rejects.toMatchObject({ code: 'invalid_argument' })
    expect((await table.latest()).version).toBe(2)
  })

  it('is as good when its checkpoint fails, and says that it did', async () => {
    const { storage } = await begin({ 'delta.checkpointInterval': '2' })
    storage.put = () => Promise.reject(new Error('the disk is full'))
    const table = await DeltaTable.open(storage)
    const path = 'date=2026-01-01/x.parquet'
    const written = await table.append([{ path, sizeBytes: 1, partitionValues: { date: '2026-01-01' } }])
    expect(written).toMatchObject({ outcome: 'committed', version: 2, checkpointError: new Error('the disk is full') })
  })

  it('holds what it is given against the table', async () => {
    const { table, first, newFile } = await begin({ 'delta.appendOnly': 'true' })
    const invalid = expect.objectContaining({ code: 'invalid_argument' })
    await expect(table.append([first])).rejects.toEqual(invalid)
    await expect(table.append([{ path: 'a.parquet', sizeBytes: 1 }])).rejects.toEqual(invalid)
    const partitionValues = { date: '2026-01-01' }
    for (const path of ['/a.parquet', 's3://a/b', '../a', 'a//b']) {
      await expect(table.append([{ path, sizeBytes: 1, partitionValues }])).rejects.toEqual(invalid)
    }
    await expect(table.overwrite([await newFile('2026-01-02')], { where: firstDay })).rejects.toEqual(invalid)
    await expect(table.addColumns([column('must', 'string', false)])).rejects.toEqual(invalid)
    await expect(table.remove(firstDay)).rejects.toMatchObject({ code: 'append_only' })
    expect(await table.replace([first.path], [await newFile()])).toMatchObject({ outcome: 'committed' })
    const tables = [
      struct(),
      struct(column('a', 'string'), column('A', 'long'), column('date', 'date')),
      struct(column('a b', 'string'), column('date', 'date')),
      struct(column('date', 'date')),
      { ...schema, fields: schema.fields.filter(({ name }) => name !== 'date') },
    ]
    for (const each of tables) {
      const asked = DeltaTable.create(places('invalid'), { schema: each, partitionColumns: ['date'] })
      await expect(asked).rejects.toEqual(invalid)
    }
  })
})
