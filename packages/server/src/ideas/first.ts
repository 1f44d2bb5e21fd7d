import { Bound } from '../query/bound.ts'
import type { Reader } from '../query/run.ts'
import type { Counting } from './counting.ts'
import { exposuresSql, momentOf, type Shown } from './moments.ts'

/** When the idea was first shown to a visitor it is meant for; undefined is not yet. */
export const firstExposure = async (
  reader: Reader,
  idea: Shown,
  { site, fromMs, nowMs }: Pick<Counting, 'site' | 'fromMs' | 'nowMs'>,
): Promise<string | undefined> => {
  const bound = new Bound()
  const sql = `SELECT count() AS exposures, ${momentOf('min(place)')} AS first_ms FROM (${exposuresSql(idea, bound)}) WHERE is_meant`
  const [row] = await reader.query<{ exposures: number; first_ms: number }>(sql, {
    ...bound.parameters,
    site,
    from_ms: fromMs,
    to_ms: nowMs + 1,
  })
  return row && row.exposures > 0 ? new Date(row.first_ms).toISOString() : undefined
}
