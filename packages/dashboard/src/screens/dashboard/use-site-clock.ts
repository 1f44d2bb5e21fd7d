import { useSiteView } from '../../api/kept.ts'
import { useSites } from '../../api/queries.ts'
import { localText } from '../../period.ts'

/** What today is to a site, and with which day its weeks begin (1 is Monday). */
export const useSiteClock = (site: string): { today: string; weekStart: number; timezone: string } => {
  const { data: view } = useSiteView(site)
  const { data: known } = useSites(site)
  const timezone = view?.timezone ?? known?.timezone ?? 'UTC'
  return { today: localText(Date.now(), timezone).slice(0, 10), weekStart: view?.week_start ?? 1, timezone }
}
