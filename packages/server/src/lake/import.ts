import { randomUUID } from 'node:crypto'
import { ClickWatchError } from '../errors.ts'
import { rules } from '../store/shards.ts'
import type { Store } from '../store/store.ts'
import { cursorsOf, keepStoreId, openExisting, storeOfTable, valuesOf } from './ground.ts'
import { openPlace } from './place.ts'
import { fileColumns, webCookies } from './tables.ts'
import type { LakeTarget } from './target.ts'
import { insertFrom } from './write.ts'

/** How far the stream was, of which the lake's bronze table is what is left. */
export type Imported = {
  records: number
  /** Of each partition, the offset after the last record. */
  next: number[]
  /** Of each partition, what the stream calls the message after the last one by. */
  nextMessages: number[]
}

/**
 * Puts the lake's bronze table into an empty store: bronze alone; silver and gold are to be made of it. The lake goes on from there.
 * @throws {ClickWatchError} 404 where there is no lake
 */
export const importBronze = async (options: {
  store: Store
  target: LakeTarget
  /** How many the stream has that goes on from it, where that is said already. */
  partitions?: number
  onProgress: (records: number, total: number) => void
}): Promise<Imported> => {
  const { store, target, partitions = Number.POSITIVE_INFINITY, onProgress } = options
  const place = await openPlace(target)
  try {
    const delta = await openExisting({ place }, webCookies)
    const files = (await delta.latest()).files()
    const total = files.reduce((sum, { statistics }) => sum + (statistics?.numRecords ?? 0), 0)
    const columns = fileColumns(webCookies).map(({ name }) => name)
    let records = 0
    const cursors = await cursorsOf({ delta })
    const next = Array.from(
      { length: Math.max(0, ...cursors.keys()) + 1 },
      (_, partition) => cursors.get(partition) ?? 0,
    )
    if (next.length > partitions) {
      throw new ClickWatchError(
        'too_few_partitions',
        409,
        `The lake is of a stream of ${next.length} partitions, and CLICKWATCH_STREAM has ${partitions}.`,
      )
    }
    const nodes = [...store.nodes().entries()]
    for (const file of files) {
      for (const [at, node] of nodes) {
        await insertFrom(
          { store: node, place },
          webCookies,
          [file.path],
          (rows) =>
            `INSERT INTO bronze.web_cookies (site, ${columns.join(', ')}) SELECT {site:String}, ${columns.join(', ')} FROM ${rows}
             WHERE (${rules['bronze.web_cookies']?.sql}) % {places:UInt16} = {place:UInt16}`,
          { site: valuesOf(file).site ?? '', place: at, places: nodes.length },
        )
      }
      records += file.statistics?.numRecords ?? 0
      onProgress(records, total)
    }
    const id = await storeOfTable(delta)
    if (id) {
      await store.execute('TRUNCATE TABLE clickwatch.lake_store')
      await keepStoreId(store, id)
    }
    const found = await store.query<{ partition: number; records: number; message: number }>(
      'SELECT PartitionId AS partition, count() AS records, max(MessageOffset) + 1 AS message FROM bronze.web_cookies GROUP BY partition',
    )
    const of = new Map(found.map((each) => [each.partition, each]))
    await accountForOthers(
      store,
      next.map((offset, partition) => offset - (of.get(partition)?.records ?? 0)),
    )
    return { records, next, nextMessages: next.map((_, partition) => of.get(partition)?.message ?? 0) }
  } finally {
    place.close()
  }
}

const quarterMs = 15 * 60_000

/** What the stream held beside, refused or erased, is not in the lake: that it was there stays accounted for. */
const accountForOthers = async (store: Store, missing: readonly number[]): Promise<void> => {
  const bucket = Math.floor(Date.now() / quarterMs) * (quarterMs / 1000)
  const rows = missing.flatMap((records, stream_partition) =>
    records > 0 ? [{ site: '', bucket, kind: 'erased', reason: '', stream_partition, records, events: 0 }] : [],
  )
  if (rows.length === 0) return
  await store.insert('silver.ledger', Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n')), randomUUID())
}
