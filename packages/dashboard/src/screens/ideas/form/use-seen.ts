import { useElements } from '../../../api/behaviour.ts'
import { viewOf } from '../../../view.ts'
import { useValues } from '../../behaviour/values.ts'
import type { Seen } from '../../settings/rule-fields.tsx'

const most = 100

/** Pages, elements and events that the last 30 days really had. */
export const useSeen = (site: string, page: string): Seen => {
  const view = viewOf({ site, period: '30d' })
  const pages = useValues(view, 'event:page')
  const events = useValues(view, 'event:name')
  const isKnown = pages.includes(page)
  const { data } = useElements({ site_id: site, date_range: '30d', limit: most, ...(isKnown ? { page } : {}) })
  const elements = (data?.elements ?? []).map(({ element }) => element).filter((element) => element !== '')
  return { pages, events, elements: [...new Set(elements)] }
}
