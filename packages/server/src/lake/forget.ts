import type { DataFile, TableFile } from '@clickwatch/delta'
import { partitionFolder } from '@clickwatch/delta'
import { dropErasure, type NotedErasure, readErasures } from '../store/changes.ts'
import { type Ground, isOf, type OpenTable, tableOf, valuesOf } from './ground.ts'
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
  const { table, delta } = open
  const added: DataFile[] = []
  const where = { sql: `NOT (${table.ofVisitor})`, parameters: { visitor } }
  for (const file of files) {
    const left = await writeAgain(ground, table, valuesOf(file), [file.path], { where, tags: file.tags })
    if (left) added.push(left)
  }
  const transaction = await delta.begin()
  transaction.remove(files.map(({ path }) => path))
  transaction.add(added)
  await delta.commit(transaction, 'DELETE', { predicate: '[]' })
}

/** Takes a visitor, or a site, out of a table, and then its old files off the disk. Done twice, it finds nothing to do. */
const forget = async (ground: Ground, open: OpenTable, { site, visitor }: NotedErasure): Promise<void> => {
  const { table, delta } = open
  const ofSite = (await delta.latest()).files(isOf({ site }))
  if (visitor === '') {
    if (ofSite.length > 0) await delta.remove(isOf({ site }))
  } else if (table.ofVisitor) {
    const files = await holdingVisitor(ground, table, ofSite, visitor)
    if (files.length > 0) await removeVisitor(ground, open, files, visitor)
  } else {
    return
  }
  const folder = partitionFolder(['site'], { site })
  await delta.vacuum({ retentionMs: everythingUnusedMs, allowShort: true, folder })
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
    const { delta } = tableOf(ground, table)
    const isOver = (file: Pick<TableFile, 'partitionValues'>): boolean =>
      isExpired(ground.retention(), table, valuesOf(file), ground.nowMs())
    const files = (await delta.latest()).files()
    if (files.some(isOver)) await delta.remove((partitionValues) => isOver({ partitionValues }))
  }
}

/** Removes the files that no version within the tables' retention has. @returns how many */
export const vacuum = async (ground: Ground): Promise<number> => {
  let removed = 0
  for (const table of lakeTables) removed += (await tableOf(ground, table).delta.vacuum()).length
  return removed
}
