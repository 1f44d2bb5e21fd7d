import type { ExcludedAnswer } from '@clickwatch/contract'
import type { Store } from '../store/store.ts'

/** What arrived for a site in the last 30 days and stays out of its numbers, by reason. */
export const excludedTraffic = async (store: Store, site: string): Promise<ExcludedAnswer> => ({
  excluded: await store.query(
    `SELECT reason, sum(events) AS events
     FROM silver.excluded
     WHERE site = {site:String} AND time > now64(3) - INTERVAL 30 DAY
     GROUP BY reason
     ORDER BY events DESC, reason`,
    { site },
  ),
})
