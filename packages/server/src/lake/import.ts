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
  onProgress: (records: number, total: number) => void
}): Promise<Imported> => {
  const { store, target, onProgress } = options
  const place = await openPlace(target)
  try {
    const delta = await openExisting({ place }, webCookies)
    const files = (await delta.latest()).files()
    const total = files.reduce((sum, { statistics }) => sum + (statistics?.numRecords ?? 0), 0)
    const columns = fileColumns(webCookies).map(({ name }) => name)
    let records = 0
    for (const file of files) {
      await insertFrom(
        { store, place },
        webCookies,
        [file.path],
        (rows) =>
          `INSERT INTO bronze.web_cookies (site, ${columns.join(', ')}) SELECT {site:String}, ${columns.join(', ')} FROM ${rows}`,
        { site: valuesOf(file).site ?? '' },
      )
      records += file.statistics?.numRecords ?? 0
      onProgress(records, total)
    }
    const cursors = await cursorsOf({ delta })
    const next = Array.from(
      { length: Math.max(0, ...cursors.keys()) + 1 },
      (_, partition) => cursors.get(partition) ?? 0,
    )
    const id = await storeOfTable(delta)
    if (id) await keepStoreId(store, id)
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

/** What the stream held beside, refused or erased, is not in the lake: that it was there stays accounted for. */
const accountForOthers = async (store: Store, missing: readonly number[]): Promise<void> => {
  for (const [partition, records] of missing.entries()) {
    if (records <= 0) continue
    await store.execute(
      `INSERT INTO silver.ledger (site, bucket, kind, reason, stream_partition, records, events)
       VALUES ('', toStartOfFifteenMinutes(now()), 'erased', '', {partition:UInt16}, {records:Int64}, 0)`,
      { partition, records },
    )
  }
}
