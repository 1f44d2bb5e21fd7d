import type { LedgerAnswer, LedgerDay } from '@clickwatch/contract'
import type { Store } from '../store/store.ts'
import type { Range } from './range.ts'

const whereArrived = `site = {site:String} AND bucket >= toDateTime({from:String}, {zone:String}) AND bucket < toDateTime({to:String}, {zone:String})`

/** What became of everything that arrived for a site, by the local day of its arrival. */
export const readLedger = async (
  store: Store,
  site: string,
  { from, to }: Range,
  zone: string,
): Promise<Pick<LedgerAnswer, 'days' | 'reasons'>> => {
  const parameters = { site, from, to, zone }
  const ofKind = (kind: string): string => `sumIf(events, kind = '${kind}') AS ${kind}`
  const [days, reasons] = await Promise.all([
    store.query<LedgerDay>(
      `SELECT toString(toDate(bucket, {zone:String})) AS date,
         ${['arrived', 'counted', 'doubled', 'excluded', 'refused', 'erased', 'withheld'].map(ofKind).join(', ')},
         sumIf(events, kind = 'counted' AND reason = 'late') AS late
       FROM silver.ledger WHERE ${whereArrived}
       GROUP BY date ORDER BY date DESC`,
      parameters,
    ),
    store.query<LedgerAnswer['reasons'][number]>(
      `SELECT kind, reason, sum(events) AS events
       FROM silver.ledger WHERE ${whereArrived} AND kind IN ('excluded', 'refused')
       GROUP BY kind, reason HAVING events != 0 ORDER BY kind, events DESC, reason`,
      parameters,
    ),
  ])
  return { days, reasons }
}
