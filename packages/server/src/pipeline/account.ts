import type { Store } from '../store/store.ts'
import type { Positions } from './positions.ts'

/** How many records of the stream, of all sites, are in no row of the ledger, or in more than one; 0 is as it should be. */
export const countUnaccounted = async (
  store: Store,
  positions: Pick<Positions, 'reached'>,
  partitions: number,
): Promise<number> => {
  const before = await positions.reached(partitions)
  const rows = await store.query<{ partition: number; records: number }>(
    "SELECT stream_partition AS partition, sum(records) AS records FROM silver.ledger WHERE kind = 'arrived' GROUP BY partition",
  )
  const accounted = new Map(rows.map(({ partition, records }) => [partition, records]))
  const after = await positions.reached(partitions)
  return before.reduce((sum, { next }, partition) => {
    const records = accounted.get(partition) ?? 0
    // A batch may have been stored since: what lies between is right.
    return sum + Math.max(0, next - records) + Math.max(0, records - (after[partition]?.nextBegun ?? 0))
  }, 0)
}
