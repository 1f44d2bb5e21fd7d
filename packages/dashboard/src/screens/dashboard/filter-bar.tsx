import type { Dimension } from '@clickwatch/contract'
import { X } from 'lucide-react'
import { dimensionNames, type View } from '../../view.ts'
import { nameOfValue } from './breakdown.tsx'

const operatorNames = { is: 'is', is_not: 'is not', contains: 'contains' } as const

/** What the dashboard is narrowed to; each can be taken away. */
export const FilterBar = (props: { view: View; onRemove: (dimension: Dimension) => void; onClear: () => void }) => {
  const { filters } = props.view
  if (filters.length === 0) return null
  return (
    <ul aria-label="Filters" className="flex flex-wrap items-center gap-2">
      {filters.map(([operator, dimension, values]) => {
        const text = `${dimensionNames[dimension]} ${operatorNames[operator]} ${values.map((value) => nameOfValue(dimension, value)).join(' or ')}`
        return (
          <li
            key={dimension}
            className="flex max-w-full items-center gap-1 rounded-full bg-accent-soft py-1 pr-1.5 pl-3 font-medium"
          >
            <span className="truncate">{text}</span>
            <button
              type="button"
              aria-label={`Remove the filter ${text}`}
              onClick={() => props.onRemove(dimension)}
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
            Clear all
          </button>
        </li>
      )}
    </ul>
  )
}
