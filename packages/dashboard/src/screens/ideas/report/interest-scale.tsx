import type { Interval } from '@clickwatch/contract'
import clsx from 'clsx'
import { useTranslations } from 'use-intl'
import { niceTicks } from '../../../components/line-shape.ts'
import { scaleEnd, type Tone } from '../interval-bar.tsx'
import { formatRate } from '../rates.ts'

const fills: Record<Tone, string> = { good: 'bg-good', bad: 'bg-bad', accent: 'bg-accent', soft: 'bg-soft' }
/** How near the scale's ends a label may come before it is written towards the middle. */
const edge = 8

/** The interest of an idea, large: how sure it is at this look and at all looks, and where the bar is. */
export const InterestScale = (props: {
  rate: number | null
  credible: Interval
  alwaysValid: Interval
  bar: number
  tone: Tone
}) => {
  const { rate, credible, alwaysValid, bar, tone } = props
  const t = useTranslations('ideaReport')
  // While little is known the always-valid band reaches far: what there is of interest is not pressed into a corner by it.
  const end = scaleEnd([bar * 1.6, rate ?? 0, Math.min(credible.high, Math.max(bar, rate ?? 0) * 4)])
  const ticks = niceTicks(end, 4, false).filter((tick) => tick <= end + 1e-9)
  const at = (value: number): number => 100 * Math.min(1, Math.max(0, value / end))
  const span = ({ low, high }: Interval) => ({ left: `${at(low)}%`, width: `${at(high) - at(low)}%` })
  const barAt = at(bar)
  return (
    <div aria-hidden className="select-none print:[print-color-adjust:exact]">
      <div className="relative h-24">
        {ticks.map((tick) => (
          <div key={tick} className="absolute top-7 bottom-0 w-px bg-line" style={{ left: `${at(tick)}%` }} />
        ))}
        <div className="absolute inset-x-0 bottom-0 h-px bg-line" />
        {rate !== null && (
          <>
            <div
              className={clsx('absolute top-[3.1rem] h-5 rounded-full opacity-20', fills[tone])}
              style={span(alwaysValid)}
            />
            <div
              className={clsx('absolute top-[3.1rem] h-5 rounded-full opacity-50', fills[tone])}
              style={span(credible)}
            />
            <div
              className={clsx(
                'absolute top-[2.85rem] size-7 -translate-x-1/2 rounded-full border-4 border-card shadow',
                fills[tone],
              )}
              style={{ left: `${at(rate)}%` }}
            />
          </>
        )}
        <div className="absolute top-6 bottom-0 -ml-px w-0.5 bg-ink" style={{ left: `${barAt}%` }} />
        <span
          className={clsx(
            'absolute top-0 rounded-md bg-ink px-1.5 py-0.5 text-xs font-semibold whitespace-nowrap text-card',
            barAt > 100 - edge ? '-translate-x-full' : barAt < edge ? '' : '-translate-x-1/2',
          )}
          style={{ left: `${barAt}%` }}
        >
          {t('barAt', { bar: formatRate(bar) })}
        </span>
      </div>
      <div className="relative mt-1 h-4 text-xs text-soft">
        {ticks.map((tick, place) => (
          <span
            key={tick}
            className={clsx(
              'absolute',
              place === 0 ? '' : at(tick) > 100 - edge / 2 ? '-translate-x-full' : '-translate-x-1/2',
            )}
            style={{ left: `${at(tick)}%` }}
          >
            {formatRate(tick)}
          </span>
        ))}
      </div>
    </div>
  )
}
