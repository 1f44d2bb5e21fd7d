import { randomUUID } from 'node:crypto'
import { DeltaTable, type Snapshot, type TableFile, type Transaction } from '@clickwatch/delta'
import { ClickWatchError } from '../errors.ts'
import type { Retention } from '../metadata/sites.ts'
import type { Store } from '../store/store.ts'
import type { WholeFromMs } from './keeping.ts'
import type { Place } from './place.ts'
import { type LakeTable, lakeTables, nameOf, type Values } from './tables.ts'
import { type Writer, WriterLost } from './writer.ts'

/** What all that is done to a lake stands on. */
export type Ground = {
  /** Apart from the one that everybody else asks: what takes long here keeps nobody waiting. */
  store: Store
  place: Place
  writer: Writer
  /** Of each partition of the stream, the offset of the first record that is not yet stored. */
  reached(): Promise<readonly number[]>
  retention(): Retention
  wholeFromMs: WholeFromMs
  fileRetentionHours: number
  nowMs(): number
  tables: Map<LakeTable, OpenTable>
}

export type OpenTable = {
  table: LakeTable
  delta: DeltaTable
  /** How far it was looked through for rows to add, by partition of the stream: what has none is not committed. */
  looked: Map<number, number>
}

/** In a table's properties, who has written it. */
export const storeProperty = 'clickwatch.store'
/** And in which epoch, where several processes could: whoever takes the lake over writes it into every table before anything else. */
const writerProperty = 'clickwatch.writer'

/** Who the store is; undefined until it keeps a lake. */
export const knownStoreId = async (store: Store): Promise<string | undefined> => {
  const [known] = await store.query<{ id: string }>('SELECT toString(id) AS id FROM clickwatch.lake_store')
  return known?.id
}

/** Who the store is. */
export const storeIdOf = async (store: Store): Promise<string> => {
  const known = await knownStoreId(store)
  if (known !== undefined) return known
  const id = randomUUID()
  await keepStoreId(store, id)
  return id
}

export const keepStoreId = (store: Store, id: string): Promise<void> =>
  store.insert('clickwatch.lake_store', Buffer.from(JSON.stringify({ id })), id)

const openOrUndefined = async (ground: Pick<Ground, 'place'>, table: LakeTable): Promise<DeltaTable | undefined> => {
  try {
    return await DeltaTable.open(ground.place.storage(table.folder), { engineInfo: 'ClickWatch' })
  } catch (error) {
    if ((error as { code?: unknown }).code === 'no_table') return undefined
    throw error
  }
}

export const storeOfTable = async (delta: DeltaTable): Promise<string | undefined> =>
  (await delta.latest()).properties[storeProperty]

/** A table as it is there. @throws {ClickWatchError} 404 where there is none */
export const openExisting = async (ground: Pick<Ground, 'place'>, table: LakeTable): Promise<DeltaTable> => {
  const delta = await openOrUndefined(ground, table)
  if (delta) return delta
  throw new ClickWatchError('no_lake', 404, `There is no table ${nameOf(table)} in ${ground.place.name}.`)
}

const propertiesOf = ({ fileRetentionHours, writer }: Ground, id: string): Record<string, string> => {
  const epoch = writer.epoch()
  return {
    [storeProperty]: id,
    'delta.deletedFileRetentionDuration': `interval ${fileRetentionHours} hours`,
    ...(epoch !== undefined && { [writerProperty]: String(epoch) }),
  }
}

/** @throws {WriterLost} where another process may write by now */
export const checkWriter = ({ writer }: Pick<Ground, 'writer'>): void => {
  if (!writer.isMine()) throw new WriterLost()
}

/**
 * Begins a transaction as the one that writes. One that was paused and is it no more comes to nothing, whenever it wakes: whoever took its
 * place has changed the table's properties, which is in the way of all that was begun before, and is seen by all that is begun after.
 * @throws {WriterLost} where another process has taken its place
 */
export const beginWriting = async (
  ground: Pick<Ground, 'writer'>,
  { delta }: Pick<OpenTable, 'delta'>,
): Promise<Transaction> => {
  checkWriter(ground)
  const transaction = await delta.begin()
  const epoch = ground.writer.epoch()
  if (epoch !== undefined && transaction.snapshot.properties[writerProperty] !== String(epoch)) throw new WriterLost()
  return transaction
}

const epochIn = ({ properties }: Snapshot): number => Number(properties[writerProperty] ?? 0)

/** PostgreSQL may be another than it was, or an earlier one, and count from less than the tables say: whoever is the one goes on from there. */
const goBeyond = async ({ writer }: Ground, tables: readonly (DeltaTable | undefined)[]): Promise<void> => {
  const epoch = writer.epoch()
  const highest = Math.max(0, ...tables.map((delta) => (delta ? epochIn(delta.known) : 0)))
  if (epoch !== undefined && highest > epoch) await writer.raise(highest)
}

const isAsIn = (snapshot: Snapshot, properties: Readonly<Record<string, string>>): boolean =>
  Object.entries(properties).every(([name, value]) => snapshot.properties[name] === value)

const openOne = async (
  ground: Ground,
  table: LakeTable,
  there: DeltaTable | undefined,
  id: string,
  isTakenOver: boolean,
): Promise<DeltaTable> => {
  checkWriter(ground)
  const properties = propertiesOf(ground, id)
  if (there === undefined) {
    const { schema, partitionColumns } = table
    const described = { schema, partitionColumns, properties, name: nameOf(table) }
    return DeltaTable.create(ground.place.storage(table.folder), described, { engineInfo: 'ClickWatch' })
  }
  const transaction = await there.begin()
  const { snapshot } = transaction
  const isOurs = snapshot.properties[storeProperty] === id
  if (!isOurs && !isTakenOver) {
    throw new ClickWatchError(
      'lake_of_another',
      409,
      `${nameOf(table)} in ${ground.place.name} was written by another store. 'clickwatch lake rebuild' writes it anew from this one; 'clickwatch import lake' makes a store of it.`,
    )
  }
  if (epochIn(snapshot) > (ground.writer.epoch() ?? Number.POSITIVE_INFINITY)) throw new WriterLost()
  // Columns that came with a new version of ours.
  const missing = table.schema.fields.filter(({ name }) => !snapshot.schema.fields.some((each) => each.name === name))
  if (isOurs && missing.length === 0 && isAsIn(snapshot, properties)) return there
  transaction.setProperties(properties)
  if (missing.length > 0) {
    transaction.setSchema({ type: 'struct', fields: [...snapshot.schema.fields, ...missing] })
  }
  if (!isOurs) transaction.remove(transaction.read().map(({ path }) => path))
  checkWriter(ground)
  await there.commit(transaction, 'SET TBLPROPERTIES', { properties: JSON.stringify(properties) })
  return there
}

/**
 * Opens all tables, and makes those that are not there.
 * @param isTakenOver whether what another store has written is to make room
 * @throws {ClickWatchError} 409 lake_of_another where another store has written it
 */
export const openTables = async (ground: Ground, isTakenOver = false): Promise<void> => {
  const id = await storeIdOf(ground.store)
  const missing = lakeTables.filter((table) => !ground.tables.has(table))
  const found = await Promise.all(missing.map((table) => openOrUndefined(ground, table)))
  await goBeyond(ground, found)
  for (const [index, table] of missing.entries()) {
    const delta = await openOne(ground, table, found[index], id, isTakenOver)
    ground.tables.set(table, { table, delta, looked: new Map() })
  }
}

export const tableOf = (ground: Ground, table: LakeTable): OpenTable => {
  const open = ground.tables.get(table)
  if (!open) throw new Error(`${nameOf(table)} is not open`)
  return open
}

/** Under which a table's log says how far a partition of the stream is in it. */
export const applicationOf = (storeId: string, partition: number): string => `clickwatch/${storeId}/${partition}`

/** How far each partition of the stream is in a version of a table: only those that are. */
export const cursorsIn = (snapshot: Snapshot): Map<number, number> => {
  const begin = applicationOf(snapshot.properties[storeProperty] ?? '', 0).slice(0, -1)
  return new Map(
    [...snapshot.state.transactions]
      .filter(([id]) => id.startsWith(begin))
      .map(([id, { version }]) => [Number(id.slice(begin.length)), version]),
  )
}

export const cursorsOf = async ({ delta }: Pick<OpenTable, 'delta'>): Promise<Map<number, number>> =>
  cursorsIn(await delta.latest())

/** Whether a file is of a partition. */
export const isOf =
  (values: Values) =>
  (each: TableFile['partitionValues']): boolean =>
    Object.entries(values).every(([name, value]) => (each[name] ?? '') === value)

/** A file's partition, with '' for what has no value. */
export const valuesOf = (file: Pick<TableFile, 'partitionValues'> | undefined): Values =>
  Object.fromEntries(Object.entries(file?.partitionValues ?? {}).map(([name, value]) => [name, value ?? '']))
