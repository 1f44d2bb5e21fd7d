import type { TableFile } from '@clickwatch/delta'
import { beginWriting, type Ground, type OpenTable, tableOf, valuesOf } from './ground.ts'
import { isBefore, rangesOf, tagsOf, together } from './ranges.ts'
import { type LakeTable, lakeTables, type Values } from './tables.ts'
import { writeAgain } from './write.ts'

const largeBytes = 64_000_000
const mostBytes = 128_000_000
const fewFiles = 8

const bytesOf = (files: readonly TableFile[]): number => files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)

/**
 * Which of some files that lie one after another are worth becoming one: several, of which the largest is no more than half, so that a row
 * is written again a few times only until its file is large.
 * @param least how many there have to be
 */
export const worthJoining = (files: readonly TableFile[], least: number): TableFile[] => {
  if (files.length < Math.max(2, least)) return []
  const largest = files.reduce((most, file) => (file.sizeBytes > most.sizeBytes ? file : most))
  if (largest.sizeBytes < largeBytes && 2 * largest.sizeBytes <= bytesOf(files)) {
    let joined = files.length
    while (joined > 2 && bytesOf(files.slice(0, joined)) > mostBytes) joined--
    return files.slice(0, joined)
  }
  const at = files.indexOf(largest)
  const after = worthJoining(files.slice(at + 1), least)
  return after.length > 0 ? after : worthJoining(files.slice(0, at), least)
}

/** The files of a partition in the order of the stream; none where somebody else has made files of it whose rows are not known. */
export const inOrder = (files: readonly TableFile[]): TableFile[] => {
  const known = files.map((file) => ({ file, ranges: rangesOf(file) }))
  if (known.some(({ ranges }) => !ranges)) return []
  const order = known.toSorted((one, other) =>
    one.ranges && other.ranges && isBefore(one.ranges, other.ranges) ? -1 : 1,
  )
  return order.map(({ file }) => file)
}

const join = async (
  ground: Ground,
  open: OpenTable,
  values: Values,
  files: readonly [TableFile, ...TableFile[]],
): Promise<void> => {
  const paths = files.map(({ path }) => path) as [string, ...string[]]
  const tags = tagsOf(together(files.map((file) => rangesOf(file) ?? new Map())))
  const joined = await writeAgain(ground, open.table, values, paths, { tags })
  const rows = files.reduce((sum, { statistics }) => sum + (statistics?.numRecords ?? 0), 0)
  if (joined?.statistics?.numRecords !== rows) {
    throw new Error(`${paths.length} files of ${rows} rows became one of ${joined?.statistics?.numRecords ?? 0}`)
  }
  const transaction = await beginWriting(ground, open)
  transaction.rewritesOnly()
  transaction.remove(paths)
  transaction.add([joined])
  await open.delta.commit(transaction, 'OPTIMIZE', { predicate: '[]', zOrderBy: '[]' })
}

const isOver = ({ date }: Values, nowMs: number): boolean =>
  date !== undefined && Date.parse(date) < nowMs - 2 * 86_400_000

/**
 * Makes few files of many.
 * @param isAsked whether it was asked for: then whatever can be joined is
 * @returns how many files have become others
 */
export const compact = async (ground: Ground, goesOn: () => boolean, isAsked = false): Promise<number> => {
  let joined = 0
  // Others have one file a partition, which is written whole.
  for (const table of lakeTables.filter(({ stream }) => stream)) {
    joined += await compactTable(ground, table, goesOn, isAsked)
  }
  return joined
}

/** Joins one run of files of each partition; the rest of a large one waits for the next time. */
const compactTable = async (ground: Ground, table: LakeTable, goesOn: () => boolean, isAsked: boolean) => {
  const open = tableOf(ground, table)
  let count = 0
  const files = (await open.delta.latest()).files()
  for (const ofPartition of Map.groupBy(files, ({ partitionValues }) => JSON.stringify(partitionValues)).values()) {
    if (!goesOn()) break
    const values = valuesOf(ofPartition[0])
    const ordered = inOrder(ofPartition)
    const canBeOne = isAsked && ordered.length > 1 && bytesOf(ordered) <= mostBytes
    const least = isAsked || isOver(values, ground.nowMs()) ? 2 : fewFiles
    const [first, ...others] = canBeOne ? ordered : worthJoining(ordered, least)
    if (!first) continue
    await join(ground, open, values, [first, ...others])
    count += 1 + others.length
  }
  return count
}
