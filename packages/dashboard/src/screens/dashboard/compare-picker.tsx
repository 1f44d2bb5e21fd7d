import type { Comparing } from '@clickwatch/contract'
import clsx from 'clsx'
import { ChevronDown } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Calendar } from '../../components/calendar.tsx'
import { button, floating } from '../../components/controls.ts'
import { formatDays } from '../../format.ts'

const modes = ['off', 'previous_period', 'year_over_year', 'custom'] as const

/** What the numbers are held against. */
export const ComparePicker = (props: {
  compare: Comparing | null
  today: string
  weekStart: number
  onCompare: (compare: Comparing | null) => void
}) => {
  const { compare, today, weekStart, onCompare } = props
  const t = useTranslations('period')
  const [isOpen, setIsOpen] = useState(false)
  const [isPicking, setIsPicking] = useState(false)
  const mode = compare?.mode ?? 'off'
  const dates = compare?.date_range
  const match = compare?.match_day_of_week ? { match_day_of_week: true } : {}
  const pick = (next: (typeof modes)[number]) => {
    setIsPicking(next === 'custom')
    if (next === 'custom') return
    onCompare(next === 'off' ? null : { mode: next, ...match })
    setIsOpen(false)
  }
  const said = dates ? formatDays([dates[0], dates[1]]) : t(`modes.${mode}`)
  return (
    <Popover.Root open={isOpen} onOpenChange={setIsOpen}>
      <Popover.Trigger className={clsx(button, 'flex items-center gap-2')}>
        <span className="sr-only">{t('compare')}: </span>
        {mode === 'off' ? said : t('compareWith', { what: said })}
        <ChevronDown size={14} aria-hidden className="text-soft print:hidden" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label={t('compare')}
          className={clsx(floating, 'max-h-[80dvh] overflow-y-auto p-3')}
        >
          <ul>
            {modes.map((each) => (
              <li key={each}>
                <button
                  type="button"
                  aria-pressed={each === mode}
                  onClick={() => pick(each)}
                  className="w-full rounded-md px-2.5 py-1 text-left hover:bg-raised aria-pressed:bg-accent-soft aria-pressed:font-semibold"
                >
                  {t(`modes.${each}`)}
                </button>
              </li>
            ))}
          </ul>
          {compare && mode !== 'custom' && (
            <label className="mt-2 flex items-center gap-2 border-t border-line px-2.5 pt-3" title={t('matchAbout')}>
              <input
                type="checkbox"
                checked={compare.match_day_of_week ?? false}
                onChange={({ target }) =>
                  onCompare({ mode: compare.mode, ...(target.checked ? { match_day_of_week: true } : {}) })
                }
                className="size-4 accent-(--accent)"
              />
              {t('matchWeekday')}
            </label>
          )}
          {(isPicking || mode === 'custom') && (
            <div className="mt-2 border-t border-line pt-3">
              <Calendar
                dates={dates ? [dates[0], dates[1]] : undefined}
                today={today}
                weekStart={weekStart}
                onDates={(date_range) => {
                  onCompare({ mode: 'custom', date_range })
                  setIsOpen(false)
                }}
              />
            </div>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
