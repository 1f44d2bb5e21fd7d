import type { FunnelStepCount } from '@clickwatch/contract'
import { ArrowRight, Clock } from 'lucide-react'
import type { CSSProperties } from 'react'
import { useTranslations } from 'use-intl'
import { formatCount, formatDuration, formatExact, formatShare } from '../../format.ts'

/** The funnel as bars that stand side by side, or lie one under the other where it is narrow; what was lost is hatched. */
export const Bars = (props: { steps: FunnelStepCount[]; left: number | undefined; onLeft: (step: number) => void }) => {
  const t = useTranslations('funnels')
  const { steps } = props
  const first = steps[0]?.visitors ?? 0
  return (
    <ol className="grid gap-x-3 gap-y-5 md:auto-cols-fr md:grid-flow-col" data-funnel>
      {[...steps.entries()].map(([place, step]) => {
        const after = steps[place + 1]
        const before = steps[place - 1]?.visitors ?? step.visitors
        const share = first > 0 ? step.visitors / first : 0
        const lost = first > 0 ? (before - step.visitors) / first : 0
        const style = { '--share': `${100 * share}%`, '--lost': `${100 * lost}%` } as CSSProperties
        return (
          <li key={place} data-step={place} className="flex min-w-0 flex-col" style={style}>
            <p className="mb-2 flex min-w-0 items-center gap-2">
              <span
                aria-hidden
                className="grid size-6 shrink-0 place-items-center rounded-full bg-accent-soft text-xs font-bold text-accent"
              >
                {place + 1}
              </span>
              <span className="truncate font-semibold" title={step.name}>
                {step.name}
              </span>
            </p>
            <div
              aria-hidden
              className="flex h-4 overflow-hidden rounded-lg bg-raised/60 md:h-56 md:flex-col-reverse print:[print-color-adjust:exact]"
            >
              <div className="w-(--share) bg-accent md:h-(--share) md:w-full" />
              <div className="hatched w-(--lost) md:h-(--lost) md:w-full" />
            </div>
            <p className="mt-2 flex flex-wrap items-baseline gap-x-2">
              <span className="text-xl font-bold" data-value={step.visitors} title={formatExact(step.visitors)}>
                {formatCount(step.visitors)}
              </span>
              {place > 0 && step.total_rate !== null && (
                <span className="text-soft">{t('ofFirst', { share: formatShare(step.total_rate / 100) })}</span>
              )}
            </p>
            {place > 0 && step.step_rate !== null && (
              <p className="text-xs text-soft">{t('ofBefore', { share: formatShare(step.step_rate / 100) })}</p>
            )}
            {step.median_s !== null && (
              <p className="flex items-center gap-1 text-xs text-soft" data-median={step.median_s}>
                <Clock size={12} aria-hidden /> {t('took', { time: formatDuration(step.median_s) })}
              </p>
            )}
            {after && (
              <button
                type="button"
                aria-expanded={props.left === place}
                disabled={step.visitors === after.visitors}
                onClick={() => props.onLeft(place)}
                className="mt-2 flex items-center gap-1 self-start rounded-md bg-raised px-2 py-1 text-xs font-medium text-bad hover:bg-accent-soft disabled:text-soft disabled:hover:bg-raised aria-expanded:bg-accent-soft print:hidden"
              >
                <span data-dropped={after.dropped ?? 0}>{t('dropped', { count: after.dropped ?? 0 })}</span>
                <span className="sr-only"> {t('whoDropped')}</span>
                <ArrowRight size={12} aria-hidden />
              </button>
            )}
          </li>
        )
      })}
    </ol>
  )
}
