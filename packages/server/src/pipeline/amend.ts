import type { Store } from '../store/store.ts'
import type { Amendment } from './batch.ts'
import { eventKey } from './history.ts'
import { visitorKeyText } from './memory.ts'
import { type Row, visitColumns } from './rows.ts'

type StoredEvent = Row & {
  site: string
  visitor_id: string
  session_id: string
  event_id: string
  is_named: boolean
  version: number
}

/**
 * The rows that mend stored events of which a late one has changed the visit: each as it is stored with sign -1, and as it is now.
 * Sums over sign are then right at once, in gold too.
 */
export const amendmentRows = async (store: Store, amendments: readonly Amendment[]): Promise<Row[]> => {
  if (amendments.length === 0) return []
  const moved = new Map(amendments.map((amendment) => [visitorKeyText(amendment), amendment.moved]))
  const times = amendments.flatMap((amendment) => [...amendment.moved.values()].map(({ timeMs }) => timeMs))
  const stored = await store.query<StoredEvent>(
    `SELECT *
     FROM silver.events FINAL
     WHERE site IN {sites:Array(String)}
       AND time >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND time <= fromUnixTimestamp64Milli({to:Int64}, 'UTC')
       AND visitor_id IN {visitors:Array(String)}`,
    {
      sites: [...new Set(amendments.map(({ site }) => site))],
      visitors: [...new Set(amendments.map(({ visitorId }) => visitorId))],
      from: times.reduce((least, time) => Math.min(least, time)),
      to: times.reduce((most, time) => Math.max(most, time)),
    },
  )
  return stored.flatMap((event) => {
    const ofVisitor = moved.get(visitorKeyText({ site: event.site, visitorId: event.visitor_id }))
    const now = ofVisitor?.get(eventKey(event.is_named ? event.session_id : '', event.event_id))
    if (!now) return []
    return [
      { ...event, sign: -1 },
      { ...event, ...visitColumns(now.session), sign: 1, version: event.version + 1 },
    ]
  })
}
