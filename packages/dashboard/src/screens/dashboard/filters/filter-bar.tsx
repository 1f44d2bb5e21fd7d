import type { Segment } from '@clickwatch/contract'
import { ListFilter, X } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useTranslations } from 'use-intl'
import { useKept } from '../../../api/kept.ts'
import { button } from '../../../components/controls.ts'
import { useFilterText } from '../../../filter-text.ts'
import type { View } from '../../../view.ts'
import { Segments } from './segments.tsx'

const FilterForm = lazy(() => import('./filter-form.tsx'))

/** What the screen is narrowed to; each can be opened and taken away. */
export const FilterBar = (props: {
  view: View
  onView: (view: View) => void
  /** Whether the dialog in which filters are made is open. */
  isOpen: boolean
  onOpen: (isOpen: boolean) => void
}) => {
  const { view, onView, onOpen } = props
  const onEdit = () => onOpen(true)
  const t = useTranslations('filter')
  const textOf = useFilterText()
  const { data: kept = [] } = useKept<Segment>(view.site, 'segments')
  const segments = new Map(kept.map(({ id, name }) => [id, name]))
  const { filters } = view
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-2">
      <button type="button" onClick={onEdit} className={`${button} flex items-center gap-2 print:hidden`}>
        <ListFilter size={16} aria-hidden className="text-soft" /> {t('add')}
      </button>
      <Segments view={view} onView={onView} />
      {filters.length > 0 && (
        <ul aria-label={t('filters')} className="flex min-w-0 flex-wrap items-center gap-2">
          {filters.map((filter, place) => {
            const text = textOf(filter, segments)
            return (
              <li key={text} className="flex max-w-full items-center rounded-full bg-accent-soft font-medium">
                <button
                  type="button"
                  aria-label={t('edit', { filter: text })}
                  onClick={onEdit}
                  className="min-w-0 truncate rounded-full py-1 pl-3 hover:underline print:pr-3 print:text-left print:whitespace-normal"
                >
                  {text}
                </button>
                <button
                  type="button"
                  aria-label={t('remove', { filter: text })}
                  onClick={() => onView({ ...view, filters: filters.filter((_each, index) => index !== place) })}
                  className="mx-1 shrink-0 rounded-full p-0.5 hover:bg-card print:hidden"
                >
                  <X size={14} aria-hidden />
                </button>
              </li>
            )
          })}
          {filters.length > 1 && (
            <li>
              <button
                type="button"
                onClick={() => onView({ ...view, filters: [] })}
                className="px-2 font-medium text-soft hover:text-ink print:hidden"
              >
                {t('clearAll')}
              </button>
            </li>
          )}
        </ul>
      )}
      <Suspense fallback={null}>
        {props.isOpen && (
          <FilterForm
            view={view}
            segments={kept}
            onClose={() => onOpen(false)}
            onApply={(next) => {
              onOpen(false)
              onView({ ...view, filters: next })
            }}
          />
        )}
      </Suspense>
    </div>
  )
}
