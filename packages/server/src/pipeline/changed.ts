import type { Change } from '../store/changes.ts'
import type { Rows } from './batch.ts'
import { isAmended } from './event-version.ts'
import type { Row } from './rows.ts'

/** Rows of a batch have times in milliseconds, those that were read from the store as text; both are of UTC. */
const dayOf = (time: unknown): string =>
  typeof time === 'number' ? new Date(time).toISOString().slice(0, 10) : String(time).slice(0, 10)

const siteOf = ({ site }: Row): string => String(site)

const days = (table: string, rows: readonly Row[], time: string): Change[] =>
  rows.map((row) => ({ table, site: siteOf(row), date: dayOf(row[time]), slice: '' }))

/**
 * What a batch has made another of what was there: days of sums, visits, and the events that it has amended.
 * @param isAgain of records that were passed over before: of their days, all is another now
 */
export const changesOf = (rows: Rows, isAgain: boolean): (Change & Row)[] => {
  const { 'silver.events': events, 'silver.sessions': sessions, 'silver.final_cookies': cookies } = rows
  const amended = events.filter(({ version }) => isAmended(Number(version)))
  const all = [
    ...amended.map((row) => ({
      table: 'silver.events',
      site: siteOf(row),
      date: dayOf(row.time),
      slice: `${row.stream_partition}:${row.stream_offset}`,
    })),
    ...days('silver.sessions', sessions, 'start'),
    ...days('gold.daily_visits', sessions, 'start'),
    ...days('gold.daily_traffic', events, 'time'),
    ...cookies.map((row) => ({ table: 'silver.visit_count', site: siteOf(row), date: '', slice: '' })),
    ...(isAgain
      ? [
          ...days('bronze.web_cookies', rows['bronze.web_cookies'], 'EventEnqueuedUtcTime'),
          ...days('silver.events', events, 'time'),
          ...days('silver.final_cookies', cookies, 'timestamp'),
        ]
      : []),
  ]
  const keyOf = ({ table, site, date, slice }: Change): string => JSON.stringify([table, site, date, slice])
  return [...new Map(all.map((change) => [keyOf(change), change])).values()]
}
