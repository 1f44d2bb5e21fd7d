import clsx from 'clsx'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { formatDay } from '../format.ts'
import { addDays, monthGrid, monthOf, weekdayOf } from '../period.ts'

const monthName = new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric', timeZone: 'UTC' })
const weekdayName = new Intl.DateTimeFormat(undefined, { weekday: 'short', timeZone: 'UTC' })
const dateOf = (day: string): Date => new Date(`${day}T00:00:00Z`)

const steps: Record<string, (day: string, weekStart: number) => string> = {
  ArrowLeft: (day) => addDays(day, -1),
  ArrowRight: (day) => addDays(day, 1),
  ArrowUp: (day) => addDays(day, -7),
  ArrowDown: (day) => addDays(day, 7),
  PageUp: (day) => monthOf(day, -1),
  PageDown: (day) => monthOf(day, 1),
  Home: (day, weekStart) => addDays(day, -((weekdayOf(day) + 7 - weekStart) % 7)),
  End: (day, weekStart) => addDays(day, 6 - ((weekdayOf(day) + 7 - weekStart) % 7)),
}

/** A month of days, of which two are picked: the first and the last. Arrows move by day and week, Page Up and Down by month. */
export const Calendar = (props: {
  dates: [string, string] | undefined
  today: string
  /** 1 is Monday, 7 is Sunday. */
  weekStart: number
  onDates: (dates: [string, string]) => void
}) => {
  const { dates, today, weekStart, onDates } = props
  const t = useTranslations('period')
  const [focused, setFocused] = useState(dates?.[1] ?? today)
  const [first, setFirst] = useState<string>()
  const grid = useRef<HTMLTableElement>(null)
  const moved = useRef(false)
  const [from, until] = first === undefined ? (dates ?? []) : [first, first]

  useEffect(() => {
    if (moved.current) grid.current?.querySelector<HTMLElement>(`[data-day="${focused}"]`)?.focus()
    moved.current = false
  }, [focused])

  const move = (event: KeyboardEvent) => {
    const next = steps[event.key]?.(focused, weekStart)
    if (next === undefined) return
    event.preventDefault()
    moved.current = true
    setFocused(next > today ? today : next)
  }
  const pick = (day: string) => {
    setFocused(day)
    if (first === undefined) return setFirst(day)
    setFirst(undefined)
    onDates(first <= day ? [first, day] : [day, first])
  }
  const days = monthGrid(focused, weekStart)
  const month = focused.slice(0, 7)
  const arrow = 'rounded-md p-1.5 text-soft hover:bg-raised hover:text-ink disabled:opacity-30'
  return (
    <div className="w-64">
      <div className="mb-2 flex items-center justify-between">
        <button
          type="button"
          aria-label={t('monthBefore')}
          className={arrow}
          onClick={() => setFocused(monthOf(focused, -1))}
        >
          <ChevronLeft size={16} aria-hidden />
        </button>
        <span aria-live="polite" className="font-semibold">
          {monthName.format(dateOf(focused))}
        </span>
        <button
          type="button"
          aria-label={t('monthAfter')}
          className={arrow}
          disabled={monthOf(focused, 1) > today}
          onClick={() => setFocused(monthOf(focused, 1))}
        >
          <ChevronRight size={16} aria-hidden />
        </button>
      </div>
      <table ref={grid} className="w-full table-fixed text-center" onKeyDown={move}>
        <thead>
          <tr className="text-xs text-soft">
            {days.slice(0, 7).map((day) => (
              <th key={day} scope="col" className="pb-1 font-medium">
                {weekdayName.format(dateOf(day))}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: days.length / 7 }, (_, week) => days.slice(7 * week, 7 * week + 7)).map((week) => (
            <tr key={week[0]}>
              {week.map((day) => {
                const isEnd = day === from || day === until
                const isInside = from !== undefined && until !== undefined && day > from && day < until
                return (
                  <td key={day} className={clsx('p-0', (isInside || (isEnd && from !== until)) && 'bg-accent-soft')}>
                    <button
                      type="button"
                      data-day={day}
                      tabIndex={day === focused ? 0 : -1}
                      disabled={day > today}
                      aria-label={formatDay(day)}
                      aria-pressed={isEnd || isInside}
                      onClick={() => pick(day)}
                      className={clsx(
                        'h-8 w-full rounded-md text-sm disabled:opacity-30',
                        isEnd ? 'bg-accent font-semibold text-on-accent' : 'enabled:hover:bg-raised',
                        !day.startsWith(month) && !isEnd && 'text-soft',
                        day === today && !isEnd && 'font-bold text-accent',
                      )}
                    >
                      {Number(day.slice(8))}
                    </button>
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p role="status" className="mt-2 text-xs text-soft">
        {first === undefined ? t('pickFirst') : t('pickLast', { day: formatDay(first) })}
      </p>
    </div>
  )
}
