import type { DataFile } from '@clickwatch/delta'
import { ClickWatchError } from '../errors.ts'
import { applicationOf, beginWriting, cursorsIn, cursorsOf, type Ground, type OpenTable, storeIdOf } from './ground.ts'
import { type Ranges, tagsOf, withinRanges } from './ranges.ts'
import { nameOf, type Values } from './tables.ts'
import { writeRows } from './write.ts'

/** Of one partition of the stream, how many records are added in one commit. */
const maxRecords = 250_000

/** What is stored of the stream and not yet in a table, a step of it at a time; none is left where it is empty. */
const nextRanges = (
  ground: Ground,
  { looked, table }: OpenTable,
  reached: readonly number[],
  cursors: ReadonlyMap<number, number>,
): Ranges => {
  const ranges = new Map<number, [number, number]>()
  for (const [partition, until] of reached.entries()) {
    const cursor = cursors.get(partition) ?? 0
    if (cursor > until) {
      throw new ClickWatchError(
        'lake_ahead',
        409,
        `${nameOf(table)} in ${ground.place.name} holds more than this store: it is at ${cursor} of partition ${partition} of the stream, the store at ${until}. 'clickwatch import lake' makes a store of it; 'clickwatch lake rebuild' writes it anew from this one.`,
      )
    }
    const from = Math.max(cursor, looked.get(partition) ?? 0)
    if (from < until) ranges.set(partition, [from, Math.min(until, from + maxRecords)])
  }
  return ranges
}

/**
 * Adds the next step of what is stored to a table that only grows: one file a partition, and in the same commit how far it is, so that
 * what was cut off before it is done again, and what was cut off after it is not.
 * @returns how many rows were added, or undefined once nothing is left
 */
const appendStep = async (ground: Ground, open: OpenTable, reached: readonly number[]): Promise<number | undefined> => {
  const { table, delta, looked } = open
  if (!table.stream) return undefined
  const ranges = nextRanges(ground, open, reached, await cursorsOf(open))
  if (ranges.size === 0) return undefined
  const within = withinRanges(table.stream, ranges)
  const { from, time, count } = table.stream
  const groups = await ground.store.query<Values>(
    `SELECT site, toString(toDate32(${time})) AS date FROM ${from} WHERE ${within.sql}
     GROUP BY site, date HAVING ${count} > 0 ORDER BY site, date`,
    within.parameters,
  )
  const files: DataFile[] = []
  for (const values of groups) {
    const sql = `${table.ofPartition} AND ${within.sql}`
    const file = await writeRows(ground, table, values, { sql, parameters: within.parameters }, tagsOf(ranges))
    if (file) files.push(file)
  }
  if (files.length > 0) {
    const storeId = await storeIdOf(ground.store)
    const transaction = await beginWriting(ground, open)
    for (const [partition, [, to]] of ranges) {
      transaction.setApplication({ id: applicationOf(storeId, partition), version: to })
    }
    transaction.add(files)
    await delta.commit(transaction, 'WRITE', { mode: 'Append' })
  }
  for (const [partition, [, to]] of ranges) looked.set(partition, to)
  return files.reduce((sum, { statistics }) => sum + (statistics?.numRecords ?? 0), 0)
}

/**
 * Adds to a table whatever is stored and not yet in it.
 * @param reached up to which offset of each partition of the stream
 * @param goesOn is asked before each step
 */
export const append = async (
  ground: Ground,
  open: OpenTable,
  reached: readonly number[],
  goesOn: () => boolean,
  onRows: (rows: number) => void,
): Promise<void> => {
  while (goesOn()) {
    const rows = await appendStep(ground, open, reached)
    if (rows === undefined) return
    onRows(rows)
  }
}

/** Up to which offset of each partition of the stream a table has what is stored, as it was last seen. */
export const placesOf = ({ delta, looked }: OpenTable): Map<number, number> => {
  const cursors = cursorsIn(delta.known)
  return new Map(
    [...new Set([...cursors.keys(), ...looked.keys()])].map((partition) => [
      partition,
      Math.max(cursors.get(partition) ?? 0, looked.get(partition) ?? 0),
    ]),
  )
}
