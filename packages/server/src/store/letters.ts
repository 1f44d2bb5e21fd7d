import type { DeadLettersAnswer } from '@clickwatch/contract'
import type { Store } from './store.ts'

const maxLatest = 100

/** What was refused and is kept: how many by site and reason, and the latest. */
export const listDeadLetters = async (store: Store): Promise<DeadLettersAnswer> => {
  const [reasons, latest] = await Promise.all([
    store.query<DeadLettersAnswer['reasons'][number]>(
      'SELECT site, reason, count() AS letters FROM bronze.dead_letters GROUP BY site, reason ORDER BY letters DESC, site, reason',
    ),
    store.query<DeadLettersAnswer['latest'][number]>(
      `SELECT site, reason, detail, document, replaceOne(toString(EventEnqueuedUtcTime), ' ', 'T') || 'Z' AS arrived_at
       FROM bronze.dead_letters ORDER BY EventEnqueuedUtcTime DESC LIMIT {limit:UInt32}`,
      { limit: maxLatest },
    ),
  ])
  return { reasons, latest }
}
