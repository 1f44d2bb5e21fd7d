import type { DataFile, TableFile } from '@clickwatch/delta'
import { type Change, dropChanges, type NotedChange, readChanges } from '../store/changes.ts'
import { beginWriting, cursorsOf, type Ground, isOf, type OpenTable, tableOf, valuesOf } from './ground.ts'
import { isWhole } from './keeping.ts'
import { covers, type Ranges, rangesOf, tagsOf, withinRanges } from './ranges.ts'
import { type LakeTable, lakeTables, nameOf, type Values } from './tables.ts'
import { type Rows, writeRows } from './write.ts'

const batchesAtOnce = 10_000
const partitionsACommit = 50

/** What is no longer as it was in a table: whole partitions, and of others the files of some rows. */
type Stale = { whole: Values[]; files: Map<Values, TableFile[]> }

const keyOf = (values: Values): string => JSON.stringify(Object.entries(values).sort())

const unique = (all: readonly Values[]): Values[] => [...new Map(all.map((values) => [keyOf(values), values])).values()]

/** The partition that a change of a day is in. */
const partitionOf = ({ partitionColumns }: LakeTable, { site, date }: Change): Values => {
  if (partitionColumns.includes('month')) return { site, month: `${date.slice(0, 7)}-01` }
  return partitionColumns.includes('date') ? { site, date } : { site }
}

const staleOf = (table: LakeTable, files: readonly TableFile[], changes: readonly Change[]): Stale => {
  const filesOf = Map.groupBy(files, (file) => keyOf(valuesOf(file)))
  const whole = new Map<string, Values>()
  const some = new Map<string, { values: Values; files: Set<TableFile> }>()
  for (const change of changes) {
    const values = partitionOf(table, change)
    const key = keyOf(values)
    if (whole.has(key)) continue
    const holding = holdingRow(filesOf.get(key) ?? [], change.slice)
    if (!holding) {
      whole.set(key, values)
      some.delete(key)
      continue
    }
    const found = some.get(key) ?? { values, files: new Set() }
    found.files.add(holding)
    some.set(key, found)
  }
  return {
    whole: [...whole.values()],
    files: new Map([...some.values()].map((each) => [each.values, [...each.files]])),
  }
}

/** The file that a row of the stream is in; undefined where that is not known. */
const holdingRow = (files: readonly TableFile[], slice: string): TableFile | undefined => {
  const [partition, offset] = slice.split(':').map(Number)
  if (partition === undefined || offset === undefined) return undefined
  return files.find((file) => covers(rangesOf(file) ?? new Map(), partition, offset))
}

const rowsWithin = (table: LakeTable, ranges: Ranges | undefined): Rows => {
  if (!table.stream || !ranges) return { sql: table.ofPartition, parameters: {} }
  const { sql, parameters } = withinRanges(table.stream, ranges)
  return { sql: `${table.ofPartition} AND ${sql}`, parameters }
}

const put = async (
  ground: Ground,
  open: OpenTable,
  removed: readonly string[],
  added: readonly DataFile[],
): Promise<void> => {
  if (removed.length === 0 && added.length === 0) return
  const transaction = await beginWriting(ground, open)
  transaction.remove(removed)
  transaction.add(added)
  await open.delta.commit(transaction, 'WRITE', { mode: 'Overwrite' })
}

/**
 * Writes partitions anew from the store as it is now, each in the place of all that the lake has of it.
 * @returns whether it has come to the end
 */
const rewriteWhole = async (
  ground: Ground,
  open: OpenTable,
  partitions: readonly Values[],
  goesOn: () => boolean,
): Promise<boolean> => {
  const { table, delta } = open
  // What is not yet added will be: of the rest of the day this is all.
  const covered: Ranges | undefined =
    table.stream &&
    new Map([...(await cursorsOf(open))].map(([partition, cursor]) => [partition, [0, cursor] as const]))
  for (let from = 0; from < partitions.length; from += partitionsACommit) {
    const removed: string[] = []
    const added: DataFile[] = []
    let isCutOff = false
    for (const values of partitions.slice(from, from + partitionsACommit)) {
      isCutOff = !goesOn()
      if (isCutOff) break
      removed.push(...(await delta.latest()).files(isOf(values)).map(({ path }) => path))
      const file = await writeRows(ground, table, values, rowsWithin(table, covered), covered && tagsOf(covered))
      if (file) added.push(file)
    }
    await put(ground, open, removed, added)
    if (isCutOff) return false
  }
  return true
}

const rewriteFiles = async (ground: Ground, open: OpenTable, files: Stale['files']): Promise<void> => {
  const { table } = open
  const removed: string[] = []
  const added: DataFile[] = []
  for (const [values, ofPartition] of files) {
    for (const { path, tags } of ofPartition) {
      const ranges = rangesOf({ ...(tags && { tags }) })
      removed.push(path)
      const file = await writeRows(ground, table, values, rowsWithin(table, ranges), tags)
      if (file) added.push(file)
    }
  }
  await put(ground, open, removed, added)
}

/** Every partition that the store has, or the lake. */
const allPartitions = async (ground: Ground, { table, delta }: OpenTable): Promise<Values[]> => {
  const stored = await ground.store.query<Values>(table.partitions)
  const there = (await delta.latest()).files().map(valuesOf)
  return unique([...stored, ...there])
}

/** @returns whether it has come to the end */
const rewriteTable = async (
  ground: Ground,
  table: LakeTable,
  changes: readonly Change[],
  isEverything: boolean,
  goesOn: () => boolean,
): Promise<boolean> => {
  const open = tableOf(ground, table)
  const files = (await open.delta.latest()).files()
  const stale = isEverything
    ? { whole: await allPartitions(ground, open), files: new Map() }
    : staleOf(table, files, changes)
  const isHere = (values: Values): boolean => isWhole(ground.wholeFromMs, table, values, ground.nowMs())
  if (table.stream) {
    // Rows may have come in where there were none.
    if (stale.whole.length > 0) open.looked.clear()
    if ((await cursorsOf(open)).size === 0) return true
  }
  if (!(await rewriteWhole(ground, open, stale.whole.filter(isHere), goesOn))) return false
  await rewriteFiles(ground, open, new Map([...stale.files].filter(([values]) => isHere(values))))
  return true
}

/**
 * Writes anew whatever is no longer as it was written. A change is forgotten once it is written: cut off before, it is written twice,
 * which comes to the same.
 * @param goesOn is asked before each file; what is cut off by it is done anew
 * @returns whether anything had changed
 */
export const rewrite = async (ground: Ground, goesOn: () => boolean): Promise<boolean> => {
  const everything = await readChanges(ground.store, ['*'], batchesAtOnce)
  if (everything.length > 0) {
    for (const table of lakeTables) {
      if (!(await rewriteTable(ground, table, [], true, goesOn))) return true
    }
    await dropChanges(ground.store, ['*'], batchesOf(everything))
  }
  let isChanged = everything.length > 0
  for (const table of lakeTables) {
    const changes = await readChanges(ground.store, [nameOf(table)], batchesAtOnce)
    if (changes.length === 0) continue
    isChanged = true
    if (!(await rewriteTable(ground, table, changes, false, goesOn))) return true
    await dropChanges(ground.store, [nameOf(table)], batchesOf(changes))
  }
  return isChanged
}

const batchesOf = (changes: readonly NotedChange[]): string[] => [...new Set(changes.map(({ batch }) => batch))]
