import type { NowAnswer, PresentVisitor, RecentEvent, SitesAnswer } from '@clickwatch/contract'
import type { Store } from '../store/store.ts'

const maxListed = 50
const maxLatest = 60

/** What was done on the site in the last 30 minutes, the latest first; events that only carry time are not. */
const latestEvents = (store: Store, site: string): Promise<RecentEvent[]> =>
  store.query<RecentEvent>(
    `SELECT
       substring(hex(sipHash64(event_id)), 1, 12) AS id,
       replaceOne(toString(time), ' ', 'T') || 'Z' AS time,
       type,
       path AS page,
       if(type = 'custom', name, element_id) AS element,
       is_conversion,
       source,
       country,
       browser,
       device
     FROM silver.events FINAL
     WHERE site = {site:String} AND events.time > now64(3) - INTERVAL 30 MINUTE
       AND events.time <= now64(3) + INTERVAL 1 MINUTE AND type NOT IN ('engagement', 'web_vital')
     ORDER BY events.time DESC
     LIMIT {limit:UInt32}`,
    { site, limit: maxLatest },
  )

/** Who did something on the site in the last five minutes, latest first, and what was done last. */
export const presentVisitors = async (store: Store, site: string): Promise<NowAnswer> => {
  const latest = latestEvents(store, site)
  const rows = await store.query<PresentVisitor & { current: number }>(
    `SELECT
       substring(hex(sipHash64(visitor_id)), 1, 6) AS visitor,
       argMax(path, time) AS page,
       any(source) AS source,
       any(country) AS country,
       any(browser) AS browser,
       any(os) AS os,
       any(device) AS device,
       argMax(type, time) AS last_event,
       argMax(if(type = 'custom', name, element_id), time) AS last_element,
       replaceOne(toString(max(time)), ' ', 'T') || 'Z' AS seen_at,
       count() OVER () AS current
     FROM silver.events FINAL
     WHERE site = {site:String} AND time > now64(3) - INTERVAL 5 MINUTE AND time <= now64(3) + INTERVAL 1 MINUTE
     GROUP BY visitor_id
     ORDER BY max(time) DESC
     LIMIT {limit:UInt32}`,
    { site, limit: maxListed },
  )
  return {
    current_visitors: rows[0]?.current ?? 0,
    visitors: rows.map(({ current: _current, ...visitor }) => visitor),
    latest: await latest,
  }
}

/** The sites that have sent anything, the busiest first. */
export const listSites = async (store: Store, timezone: string): Promise<Pick<SitesAnswer, 'sites' | 'timezone'>> => ({
  timezone,
  sites: await store.query(
    `SELECT site, sum(events) AS events, toString(toDate(max(bucket), {timezone:String})) AS latest_day
     FROM gold.traffic
     WHERE dimension = ''
     GROUP BY site
     ORDER BY events DESC, site
     LIMIT 1000`,
    { timezone },
  ),
})
