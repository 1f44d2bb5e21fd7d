import type { Store } from '../store/store.ts'
import type { Positions } from './positions.ts'

/** How many records of the stream, of all sites, are in no row of the ledger, or in more than one; 0 is as it should be. */
export const countUnaccounted = async (
  store: Store,
  positions: Pick<Positions, 'next' | 'begun'>,
  partitions: number,
): Promise<number> => {
  const each = Array.from({ length: partitions }, (_, partition) => partition)
  const before = each.map((partition) => positions.next(partition))
  const rows = await store.query<{ partition: number; records: number }>(
    "SELECT stream_partition AS partition, sum(records) AS records FROM silver.ledger WHERE kind = 'arrived' GROUP BY partition",
  )
  const accounted = new Map(rows.map(({ partition, records }) => [partition, records]))
  return each.reduce((sum, partition) => {
    const records = accounted.get(partition) ?? 0
    // A batch may have been stored since: what lies between is right.
    const after = Math.max(positions.next(partition), positions.begun(partition)?.nextOffset ?? 0)
    return sum + Math.max(0, (before[partition] ?? 0) - records) + Math.max(0, records - after)
  }, 0)
}
