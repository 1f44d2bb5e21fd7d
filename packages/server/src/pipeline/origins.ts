import type { Store } from '../store/store.ts'
import { recordText } from './bronze.ts'
import { readRecords, type VisitRulesOf } from './read.ts'
import { type Origin, type OriginAt, originOf, type Place } from './session.ts'

const keyOf = ({ partition, offset }: Place): string => `${partition}:${offset}`

/** Reads what stored records say, from bronze; of one that is not kept there any more it is not known. */
export const readOrigins = async (
  store: Store,
  records: readonly Place[],
  rulesOf: VisitRulesOf,
): Promise<OriginAt> => {
  const rows = await store.query<{ partition: number; offset: number; value: string }>(
    `SELECT PartitionId AS partition, Offset AS offset, ${recordText} AS value FROM bronze.web_cookies
     WHERE PartitionId IN (SELECT toUInt16(arrayJoin({partitions:Array(String)})))
       AND Offset IN (SELECT toUInt64(arrayJoin({offsets:Array(String)})))`,
    {
      partitions: [...new Set(records.map(({ partition }) => String(partition)))],
      offsets: [...new Set(records.map(({ offset }) => String(offset)))],
    },
  )
  const stored = rows.map(({ value, ...record }) => ({ ...record, enqueuedAtMs: 0, value: Buffer.from(value) }))
  const origins = new Map<string, Origin>()
  for (const read of readRecords(stored, rulesOf)) {
    if ('visit' in read) origins.set(keyOf(read.record), originOf(read.visit))
  }
  return (record) => origins.get(keyOf(record))
}
