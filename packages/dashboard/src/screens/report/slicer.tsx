import type { Slicer as SlicerName } from '@clickwatch/contract'
import clsx from 'clsx'
import { ChevronDown } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useShown } from './use-shown.ts'

const searchFrom = 8

/** Narrows the report to some values of one column; several are any of them. */
export const Slicer = (props: {
  name: SlicerName
  options: string[]
  selected: string[]
  onToggle: (option: string) => void
  onClear: () => void
}) => {
  const { name, selected, onToggle, onClear } = props
  const t = useTranslations('report.slicer')
  const shown = useShown()
  const [part, setPart] = useState('')
  // What is selected stays in sight even where the other slicers leave nothing of it.
  const options = [...new Set([...selected, ...props.options])].sort((left, right) => left.localeCompare(right))
  const found = options.filter((option) => shown(option).toLowerCase().includes(part.toLowerCase()))
  const said =
    selected.length === 0
      ? t('all')
      : selected.length === 1
        ? shown(selected[0] ?? '')
        : t('selected', { count: selected.length })
  return (
    <Popover.Root>
      <Popover.Trigger
        className={clsx(
          'flex min-w-0 items-center justify-between gap-2 rounded-xl border bg-card px-4 py-2.5 text-left hover:bg-raised',
          selected.length > 0 ? 'border-accent' : 'border-line',
        )}
      >
        <span className="min-w-0">
          <span className="block text-xs text-soft">{name}</span>
          <span className="block truncate font-semibold">{said}</span>
        </span>
        <ChevronDown size={16} aria-hidden className="shrink-0 text-soft print:hidden" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={6}
          aria-label={name}
          className="z-10 w-64 rounded-xl border border-line bg-card p-2 shadow-xl"
        >
          {options.length > searchFrom && (
            <input
              type="search"
              aria-label={t('searchIn', { column: name })}
              placeholder={t('search')}
              value={part}
              onChange={(event) => setPart(event.target.value)}
              className="mb-2 w-full rounded-lg border border-line bg-paper px-3 py-1.5"
            />
          )}
          <ul className="max-h-64 overflow-y-auto">
            {found.map((option) => (
              <li key={option}>
                <label className="flex cursor-pointer items-center gap-2.5 rounded-md px-2 py-1.5 hover:bg-raised">
                  <input
                    type="checkbox"
                    checked={selected.includes(option)}
                    onChange={() => onToggle(option)}
                    className="size-4 accent-(--accent)"
                  />
                  <span className="truncate">{shown(option)}</span>
                </label>
              </li>
            ))}
            {found.length === 0 && <li className="px-2 py-1.5 text-soft">{t('nothingLike')}</li>}
          </ul>
          {selected.length > 0 && (
            <button
              type="button"
              onClick={onClear}
              className="mt-1 w-full rounded-md px-2 py-1.5 text-left font-medium text-accent hover:bg-raised"
            >
              {t('showAll')}
            </button>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
