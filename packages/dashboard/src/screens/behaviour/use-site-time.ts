import { useSiteView } from '../../api/kept.ts'
import { formatClock, formatMoment } from '../../format.ts'

/** Moments as the site's own clocks show them. */
export const useSiteTime = (site: string) => {
  const { data } = useSiteView(site)
  return {
    moment: (iso: string): string => formatMoment(iso, data?.timezone),
    clock: (iso: string): string => formatClock(iso, data?.timezone),
  }
}
