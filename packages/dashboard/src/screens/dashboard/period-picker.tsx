import type { NamedRange } from '@clickwatch/contract'
import clsx from 'clsx'
import { CalendarDays, ChevronDown, ChevronLeft, ChevronRight } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Calendar } from '../../components/calendar.tsx'
import { button, floating } from '../../components/controls.ts'
import { formatDays } from '../../format.ts'
import { datesOf, namedRange, shiftRange } from '../../period.ts'
import type { View } from '../../view.ts'
import { useSiteClock } from './use-site-clock.ts'

const groups: NamedRange[][] = [
  ['realtime', 'day', 'yesterday', '24h'],
  ['7d', '28d', '30d', '90d'],
  ['week', 'month', 'last_month', 'year'],
  ['6mo', '12mo', 'all'],
]

const useRangeText = (): ((range: View['range']) => string) => {
  const named = useTranslations('names.ranges')
  return (range) => (Array.isArray(range) ? formatDays(range) : named(range))
}

/** A period that is told and cannot be changed. */
export const Period = ({ range }: { range: View['range'] }) => {
  const t = useTranslations('period')
  const textOf = useRangeText()
  return (
    <p data-period={String(range)} className="flex items-center gap-2 px-1 py-1.5 font-medium">
      <CalendarDays size={16} aria-hidden className="text-soft" />
      <span className="sr-only">{t('period')}: </span>
      {textOf(range)}
    </p>
  )
}

/** A named range, or two dates; and the ones before and after. */
export const PeriodPicker = (props: {
  view: Pick<View, 'site' | 'range'>
  onRange: (range: View['range']) => void
}) => {
  const { onRange } = props
  const { site, range } = props.view
  const { today, weekStart } = useSiteClock(site)
  const t = useTranslations('period')
  const named = useTranslations('names.ranges')
  const textOf = useRangeText()
  const [isOpen, setIsOpen] = useState(false)
  const pick = (next: View['range']) => {
    setIsOpen(false)
    onRange(next)
  }
  const arrow = (direction: -1 | 1) => {
    const next = shiftRange(range, direction, today, weekStart)
    const Icon = direction < 0 ? ChevronLeft : ChevronRight
    return (
      <button
        type="button"
        aria-label={direction < 0 ? t('earlier') : t('later')}
        disabled={next === undefined}
        onClick={() => next !== undefined && onRange(next)}
        className={clsx(button, 'px-1.5 print:hidden')}
      >
        <Icon size={18} aria-hidden />
      </button>
    )
  }
  return (
    <div className="flex items-center gap-1">
      {arrow(-1)}
      <Popover.Root open={isOpen} onOpenChange={setIsOpen}>
        <Popover.Trigger data-period={String(range)} className={clsx(button, 'flex items-center gap-2')}>
          <CalendarDays size={16} aria-hidden className="text-soft" />
          <span className="sr-only">{t('period')}: </span>
          {textOf(range)}
          <ChevronDown size={14} aria-hidden className="text-soft print:hidden" />
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content
            align="end"
            sideOffset={6}
            collisionPadding={8}
            aria-label={t('period')}
            className={clsx(
              floating,
              'flex max-h-[80dvh] max-w-[calc(100vw-1rem)] flex-wrap gap-4 overflow-y-auto p-3',
            )}
          >
            <div className="grid flex-1 grid-cols-2 content-start gap-x-2 sm:grid-cols-1">
              {groups.map((group) => (
                <ul key={group[0]} className="border-line py-1 sm:not-first:border-t">
                  {group.map((each) => (
                    <li key={each}>
                      <button
                        type="button"
                        aria-pressed={each === range}
                        onClick={() => pick(each)}
                        className="w-full rounded-md px-2.5 py-1 text-left whitespace-nowrap hover:bg-raised aria-pressed:bg-accent-soft aria-pressed:font-semibold"
                      >
                        {named(each)}
                      </button>
                    </li>
                  ))}
                </ul>
              ))}
            </div>
            <section aria-label={t('custom')} className="mx-auto">
              <Calendar
                dates={datesOf(range, today, weekStart)}
                today={today}
                weekStart={weekStart}
                onDates={(dates) => pick(namedRange(dates, today, weekStart))}
              />
            </section>
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
      {arrow(1)}
    </div>
  )
}
