import type { DataFile, TableFile } from '@clickwatch/delta'
import { type DeltaTable, partitionFolder } from '@clickwatch/delta'
import { dropErasure, type NotedErasure, readErasures } from '../store/changes.ts'
import { beginWriting, checkWriter, type Ground, isOf, type OpenTable, tableOf, valuesOf } from './ground.ts'
import { isExpired } from './keeping.ts'
import { type LakeTable, lakeTables } from './tables.ts'
import { askFiles, filesAtOnce, writeAgain } from './write.ts'

// What is to go from the lake: a site or a visitor that is erased, days whose time is over, and files that no version has any more.

/** Clocks of other machines may be behind, and no file of ours is on its way meanwhile. */
const everythingUnusedMs = -3_600_000

const chunksOf = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / filesAtOnce) }, (_, index) =>
    all.slice(index * filesAtOnce, (index + 1) * filesAtOnce),
  )

/** Of some files, those that hold rows of a visitor. */
const holdingVisitor = async (
  ground: Ground,
  table: LakeTable,
  files: readonly TableFile[],
  visitor: string,
): Promise<TableFile[]> => {
  const names = new Set<string>()
  for (const [first, ...others] of chunksOf(files.map(({ path }) => path))) {
    if (first === undefined) continue
    const found = await askFiles<{ name: string }>(
      ground,
      table,
      [first, ...others],
      (all) => `SELECT DISTINCT _file AS name FROM ${all} WHERE ${table.ofVisitor}`,
      { visitor },
    )
    for (const { name } of found) names.add(name)
  }
  return files.filter(({ path }) => names.has(path.split('/').at(-1) ?? ''))
}

const removeVisitor = async (ground: Ground, open: OpenTable, files: readonly TableFile[], visitor: string) => {
  const { table } = open
  const added: DataFile[] = []
  const where = { sql: `NOT (${table.ofVisitor})`, parameters: { visitor } }
  for (const file of files) {
    const left = await writeAgain(ground, table, valuesOf(file), [file.path], { where, tags: file.tags })
    if (left) added.push(left)
  }
  await remove(ground, open, files, added)
}

/** Takes files out of a table, and puts what is left of them in. */
const remove = async (
  ground: Ground,
  open: OpenTable,
  files: readonly TableFile[],
  added: readonly DataFile[] = [],
): Promise<void> => {
  if (files.length === 0) return
  const transaction = await beginWriting(ground, open)
  transaction.remove(files.map(({ path }) => path))
  transaction.add(added)
  await open.delta.commit(transaction, 'DELETE', { predicate: '[]' })
}

/** Removes files that no version has. What was listed before it was sure that nobody else writes is nothing that another is about to commit. */
const removeUnused = async (
  ground: Ground,
  { delta }: OpenTable,
  which: Parameters<DeltaTable['vacuum']>[0] = {},
): Promise<number> => {
  const unused = await delta.vacuum({ ...which, dryRun: true })
  checkWriter(ground)
  await delta.storage.delete(unused)
  return unused.length
}

/** Takes a visitor, or a site, out of a table, and then its old files off the disk. Done twice, it finds nothing to do. */
const forget = async (ground: Ground, open: OpenTable, { site, visitor }: NotedErasure): Promise<void> => {
  const { table, delta } = open
  const ofSite = (await delta.latest()).files(isOf({ site }))
  if (visitor === '') {
    await remove(ground, open, ofSite)
  } else if (table.ofVisitor) {
    const files = await holdingVisitor(ground, table, ofSite, visitor)
    if (files.length > 0) await removeVisitor(ground, open, files, visitor)
  } else {
    return
  }
  const folder = partitionFolder(['site'], { site })
  await removeUnused(ground, open, { retentionMs: everythingUnusedMs, allowShort: true, folder })
}

/** Does every erasure that the lake has not yet done. @returns how many there were */
export const forgetErased = async (ground: Ground): Promise<number> => {
  const erasures = await readErasures(ground.store)
  for (const erasure of erasures) {
    for (const table of lakeTables) await forget(ground, tableOf(ground, table), erasure)
    await dropErasure(ground.store, erasure)
  }
  return erasures.length
}

/** Removes the partitions whose time is over. */
export const expire = async (ground: Ground): Promise<void> => {
  for (const table of lakeTables) {
    const open = tableOf(ground, table)
    const isOver = (file: Pick<TableFile, 'partitionValues'>): boolean =>
      isExpired(ground.retention(), table, valuesOf(file), ground.nowMs())
    await remove(ground, open, (await open.delta.latest()).files().filter(isOver))
  }
}

/** Removes the files that no version within the tables' retention has. @returns how many */
export const vacuum = async (ground: Ground): Promise<number> => {
  let removed = 0
  for (const table of lakeTables) removed += await removeUnused(ground, tableOf(ground, table))
  return removed
}
