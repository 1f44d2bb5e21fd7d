import type { Interval } from '@clickwatch/contract'
import clsx from 'clsx'
import type { CSSProperties } from 'react'

const at = (rate: number, most: number): string => `${(100 * Math.min(1, Math.max(0, rate / most))).toFixed(2)}%`

/** The end of a scale that shows these rates, a round one. */
export const scaleEnd = (rates: readonly number[]): number => {
  const most = Math.max(0.001, ...rates) * 1.05
  const power = 10 ** Math.floor(Math.log10(most))
  const round = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((each) => each * power).find((each) => each >= most)
  return Math.min(1, Number((round ?? 10 * power).toPrecision(12)))
}

export type Tone = 'good' | 'bad' | 'accent' | 'soft'
const fills: Record<Tone, string> = { good: 'bg-good', bad: 'bg-bad', accent: 'bg-accent', soft: 'bg-soft' }

/** A rate with how sure it is, on a scale from 0 to `most`: the wide band holds at every look, the narrow at this one; the line is the bar. */
export const IntervalBar = (props: {
  rate: number | null
  credible: Interval
  alwaysValid?: Interval | undefined
  bar?: number | undefined
  most: number
  tone: Tone
  className?: string
}) => {
  const { rate, credible, alwaysValid, bar, most, tone } = props
  const span = ({ low, high }: Interval): CSSProperties => ({
    left: at(low, most),
    width: `calc(${at(high, most)} - ${at(low, most)})`,
  })
  return (
    <div
      aria-hidden
      className={clsx('relative h-6 print:[print-color-adjust:exact]', props.className)}
      data-interval={rate ?? ''}
    >
      <div className="absolute inset-x-0 top-1/2 h-px bg-line" />
      {rate !== null && (
        <>
          {alwaysValid && (
            <div
              className={clsx('absolute top-1/2 h-2 -translate-y-1/2 rounded-full opacity-25', fills[tone])}
              style={span(alwaysValid)}
            />
          )}
          <div
            className={clsx('absolute top-1/2 h-2 -translate-y-1/2 rounded-full opacity-60', fills[tone])}
            style={span(credible)}
          />
          <div
            className={clsx(
              'absolute top-1/2 size-3.5 -translate-x-1/2 -translate-y-1/2 rounded-full border-2 border-card',
              fills[tone],
            )}
            style={{ left: at(rate, most) }}
          />
        </>
      )}
      {bar !== undefined && (
        <div className="absolute inset-y-0 -ml-px w-0.5 rounded bg-ink" style={{ left: at(bar, most) }} />
      )}
    </div>
  )
}
