import { X } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useFilterText } from '../../filter-text.ts'
import type { View } from '../../view.ts'

/** What the dashboard is narrowed to; each can be taken away. */
export const FilterBar = (props: { view: View; onRemove: (place: number) => void; onClear: () => void }) => {
  const t = useTranslations('filter')
  const textOf = useFilterText()
  const { filters } = props.view
  if (filters.length === 0) return null
  return (
    <ul aria-label={t('filters')} className="flex flex-wrap items-center gap-2">
      {filters.map((filter, place) => {
        const text = textOf(filter)
        return (
          <li
            key={text}
            className="flex max-w-full items-center gap-1 rounded-full bg-accent-soft py-1 pr-1.5 pl-3 font-medium"
          >
            <span className="truncate">{text}</span>
            <button
              type="button"
              aria-label={t('remove', { filter: text })}
              onClick={() => props.onRemove(place)}
              className="rounded-full p-0.5 hover:bg-card"
            >
              <X size={14} aria-hidden />
            </button>
          </li>
        )
      })}
      {filters.length > 1 && (
        <li>
          <button type="button" onClick={props.onClear} className="px-2 font-medium text-soft hover:text-ink">
            {t('clearAll')}
          </button>
        </li>
      )}
    </ul>
  )
}
