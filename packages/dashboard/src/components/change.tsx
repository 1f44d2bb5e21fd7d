import type { Metric } from '@clickwatch/contract'
import clsx from 'clsx'
import { ArrowDownRight, ArrowRight, ArrowUpRight } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { formatChange } from '../format.ts'

/** Where less is better. */
const lessIsBetter: readonly Metric[] = ['bounce_rate', 'bounce_rate_ga', 'exit_rate']

/** What a change of a metric means to who reads it. */
export const meaningOf = (metric: Metric, change: number): 'good' | 'bad' | 'none' => {
  const rounded = Math.round(change)
  if (rounded === 0) return 'none'
  return rounded > 0 === !lessIsBetter.includes(metric) ? 'good' : 'bad'
}

/** A change in per cent, with its direction and whether that is good: by arrow, colour and word. */
export const Change = ({ metric, change }: { metric: Metric; change: number | null }) => {
  const t = useTranslations('dashboard.change')
  if (change === null) return null
  const meaning = meaningOf(metric, change)
  const Arrow = meaning === 'none' ? ArrowRight : change > 0 ? ArrowUpRight : ArrowDownRight
  return (
    <span
      data-meaning={meaning}
      className={clsx(
        'inline-flex items-center gap-0.5 text-xs font-semibold',
        { good: 'text-good', bad: 'text-bad', none: 'text-soft' }[meaning],
      )}
    >
      <Arrow size={13} aria-hidden />
      {formatChange(change)}
      {meaning !== 'none' && <span className="sr-only"> {t(meaning)}</span>}
    </span>
  )
}
