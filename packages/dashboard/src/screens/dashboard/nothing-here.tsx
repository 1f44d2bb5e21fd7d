import { CalendarSearch } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useStats } from '../../api/queries.ts'
import { formatDay } from '../../format.ts'
import type { View } from '../../view.ts'

/** Shown where a site has data but none in this view: where it is, and one step there unless the period is fixed. */
export const NothingHere = (props: {
  view: View
  latestDay: string
  isPeriodFixed: boolean
  onView: (view: View) => void
}) => {
  const { view, latestDay, isPeriodFixed, onView } = props
  const t = useTranslations('dashboard')
  const { data } = useStats({
    site_id: view.site,
    metrics: ['events'],
    date_range: view.range,
    filters: view.filters,
  })
  const events = data?.results[0]?.metrics[0]
  if (events !== 0) return null
  const isFiltered = view.filters.length > 0
  return (
    <div role="status" className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-xl bg-accent-soft px-5 py-3">
      <CalendarSearch size={18} aria-hidden className="text-accent" />
      <p className="min-w-0 flex-1 basis-60">
        {isFiltered ? t('nothingMatches') : t('nothingInRange', { day: formatDay(latestDay) })}
      </p>
      {(isFiltered || !isPeriodFixed) && (
        <button
          type="button"
          onClick={() => onView(isFiltered ? { ...view, filters: [] } : { ...view, range: 'all' })}
          className="rounded-lg bg-accent px-3 py-1.5 font-medium text-on-accent"
        >
          {isFiltered ? t('clearFilters') : t('showAllTime')}
        </button>
      )}
    </div>
  )
}
