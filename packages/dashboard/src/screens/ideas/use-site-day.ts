import { useSiteView } from '../../api/kept.ts'

/** The day of a moment, as the calendar of a time zone has it. */
export const formatDayIn = (iso: string, timeZone: string | undefined): string =>
  new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', ...(timeZone ? { timeZone } : {}) }).format(new Date(iso))

/** … as the site's has it. */
export const useSiteDay = (site: string): ((iso: string) => string) => {
  const { data } = useSiteView(site)
  return (iso) => formatDayIn(iso, data?.timezone)
}
