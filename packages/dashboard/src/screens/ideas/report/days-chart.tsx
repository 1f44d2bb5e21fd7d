import type { DayEvidence } from '@clickwatch/contract'
import { type KeyboardEvent, type PointerEvent, useState } from 'react'
import { useTranslations } from 'use-intl'
import { everyNth, niceTicks } from '../../../components/line-shape.ts'
import { Scrolling } from '../../../components/scrolling.tsx'
import { formatBucket, formatDay, formatExact } from '../../../format.ts'
import { useWidth } from '../../behaviour/use-width.ts'
import { formatInterval, formatRate } from '../rates.ts'
import { Section } from './section.tsx'

const margin = { top: 12, right: 62, bottom: 26, left: 48 }
const height = 240
const labelWidth = 62
/** How far above what there is the band may stretch the scale, while little is known. */
const mostAbove = 3

const Drawing = (props: { days: readonly DayEvidence[]; bar: number }) => {
  const { days, bar } = props
  const t = useTranslations('ideaReport.days')
  const [element, width] = useWidth<HTMLDivElement>()
  const [active, setActive] = useState<number>()
  const rates = days.flatMap(({ rate, running }) => [rate ?? 0, running.rate ?? 0])
  const most = Math.max(bar * 1.5, ...days.map(({ running }) => running.rate ?? 0), 0.001)
  const high = Math.max(...days.map(({ running }) => running.always_valid.high))
  const ticks = niceTicks(Math.min(1, Math.max(most, Math.min(high, most * mostAbove), Math.min(...rates))), 4, false)
  const top = Math.min(1, ticks.at(-1) || 1)
  const [room, rise] = [Math.max(0, width - margin.left - margin.right), height - margin.top - margin.bottom]
  const x = (place: number) => margin.left + (days.length > 1 ? (room * place) / (days.length - 1) : room / 2)
  const y = (rate: number) => margin.top + rise * (1 - Math.min(rate, top) / top)
  const points = (of: (day: DayEvidence) => number | null): string[] =>
    days.flatMap((day, place) => {
      const value = of(day)
      return value === null ? [] : [`${x(place).toFixed(1)},${y(value).toFixed(1)}`]
    })
  const band = [
    ...points(({ running }) => running.always_valid.high),
    ...points(({ running }) => running.always_valid.low).toReversed(),
  ]
  const nth = everyNth(days.length, room, labelWidth)
  const last = days.length - 1
  const current = active === undefined ? undefined : Math.min(active, last)
  const textOf = (place: number): string => {
    const day = days[place]
    return day
      ? t('says', {
          day: formatDay(day.day),
          rate: formatRate(day.running.rate),
          interval: formatInterval(day.running.always_valid),
          of: formatRate(day.rate),
          exposed: day.exposed,
        })
      : ''
  }
  const move = (event: KeyboardEvent) => {
    const from = current ?? last
    const next = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: last }[event.key]
    if (next === undefined) return
    event.preventDefault()
    setActive(Math.max(0, Math.min(last, next)))
  }
  const point = (event: PointerEvent<HTMLDivElement>) => {
    const at = event.clientX - event.currentTarget.getBoundingClientRect().left - margin.left
    setActive(Math.max(0, Math.min(last, Math.round((at / Math.max(1, room)) * last))))
  }
  const tipX = current === undefined ? 0 : x(current)
  return (
    <div
      ref={element}
      role="slider"
      tabIndex={0}
      aria-label={t('title')}
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={Math.max(0, last)}
      aria-valuenow={current ?? last}
      aria-valuetext={textOf(current ?? last)}
      onKeyDown={move}
      onFocus={(event) => event.currentTarget.matches(':focus-visible') && setActive(last)}
      onBlur={() => setActive(undefined)}
      onPointerMove={point}
      onPointerLeave={() => setActive(undefined)}
      className="relative"
      style={{ height }}
    >
      {width > 0 && (
        <svg width="100%" height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden className="block text-xs">
          {ticks
            .filter((tick) => tick <= top + 1e-9)
            .map((tick) => (
              <g key={tick}>
                <line x1={margin.left} x2={width - margin.right} y1={y(tick)} y2={y(tick)} className="stroke-line" />
                <text x={margin.left - 8} y={y(tick)} dy="0.35em" textAnchor="end" className="fill-soft">
                  {formatRate(tick)}
                </text>
              </g>
            ))}
          {days.map(
            ({ day }, place) =>
              place % nth === 0 && (
                <text
                  key={day}
                  x={x(place)}
                  y={height - 6}
                  textAnchor={days.length === 1 ? 'middle' : place === 0 ? 'start' : place === last ? 'end' : 'middle'}
                  className="fill-soft"
                >
                  {formatBucket(day, 'time:day')}
                </text>
              ),
          )}
          {days.length > 1 ? (
            <polygon points={band.join(' ')} className="fill-accent opacity-15" />
          ) : (
            days.map(({ day, running }) => (
              <line
                key={day}
                x1={x(0)}
                x2={x(0)}
                y1={y(running.always_valid.low)}
                y2={y(running.always_valid.high)}
                className="stroke-accent opacity-25"
                strokeWidth={14}
                strokeLinecap="round"
              />
            ))
          )}
          <polyline
            points={points(({ running }) => running.rate).join(' ')}
            className="fill-none stroke-accent"
            strokeWidth={2.5}
            strokeLinecap="round"
            strokeLinejoin="round"
          />
          {days.map(
            ({ day, rate }, place) =>
              rate !== null && (
                <circle
                  key={day}
                  cx={x(place)}
                  cy={y(rate)}
                  r={2.5}
                  className="fill-card stroke-soft"
                  strokeWidth={1.5}
                />
              ),
          )}
          <line
            x1={margin.left}
            x2={width - margin.right}
            y1={y(bar)}
            y2={y(bar)}
            className="stroke-ink"
            strokeWidth={1.5}
            strokeDasharray="6 4"
          />
          <text x={width - margin.right + 6} y={y(bar)} dy="0.35em" className="fill-ink font-semibold">
            {t('bar', { bar: formatRate(bar) })}
          </text>
          {current !== undefined && (
            <line x1={tipX} x2={tipX} y1={margin.top} y2={height - margin.bottom} className="stroke-soft opacity-40" />
          )}
          {current !== undefined && typeof days[current]?.running.rate === 'number' && (
            <circle
              cx={tipX}
              cy={y(days[current].running.rate)}
              r={4.5}
              className="fill-accent stroke-card"
              strokeWidth={2}
            />
          )}
        </svg>
      )}
      {current !== undefined && (
        <div
          aria-hidden
          className="pointer-events-none absolute top-2 z-10 max-w-64 rounded-lg border border-line bg-card px-3 py-2 text-xs shadow-lg"
          style={tipX > width / 2 ? { right: width - tipX + 12 } : { left: tipX + 12 }}
        >
          {textOf(current)}
        </div>
      )}
    </div>
  )
}

/** Interest as the days went by, with the band that holds at every look, and the bar. */
export const Days = ({ days, bar }: { days: readonly DayEvidence[]; bar: number }) => {
  const t = useTranslations('ideaReport.days')
  const cell = 'py-1.5 pl-3 text-right whitespace-nowrap'
  return (
    <Section title={t('title')} about={t('about')}>
      {days.length === 0 ? (
        <p className="text-soft">{t('none')}</p>
      ) : (
        <>
          <Drawing days={days} bar={bar} />
          <details className="mt-3 print:hidden">
            <summary className="cursor-pointer text-sm font-medium text-accent">{t('table')}</summary>
            <Scrolling label={t('table')} className="mt-2">
              <table className="w-full min-w-xl">
                <caption className="sr-only">{t('table')}</caption>
                <thead className="text-xs text-soft">
                  <tr>
                    <th scope="col" className="py-1.5 text-left font-medium">
                      {t('day')}
                    </th>
                    {(['exposed', 'reached', 'rate', 'running', 'band'] as const).map((column) => (
                      <th key={column} scope="col" className={`${cell} font-medium`}>
                        {t(column)}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {days.map(({ day, exposed, reached, rate, running }) => (
                    <tr key={day} className="border-t border-line">
                      <th scope="row" className="py-1.5 text-left font-normal">
                        {formatDay(day)}
                      </th>
                      <td className={cell}>{formatExact(exposed)}</td>
                      <td className={cell}>{formatExact(reached)}</td>
                      <td className={cell}>{formatRate(rate)}</td>
                      <td className={`${cell} font-semibold`}>{formatRate(running.rate)}</td>
                      <td className={cell}>{formatInterval(running.always_valid)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Scrolling>
          </details>
        </>
      )}
    </Section>
  )
}
