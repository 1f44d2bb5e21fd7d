import { fittingTime } from '@clickwatch/contract'
import { Flag } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useStats } from '../../api/queries.ts'
import { useRights } from '../../api/rights.ts'
import { quietButton } from '../../components/controls.ts'
import { type ChartPoint, LineChart } from '../../components/line-chart.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import { formatBucket, formatMetric } from '../../format.ts'
import { useNames } from '../../names.ts'
import { comparingOf, localText } from '../../period.ts'
import type { Step, View } from '../../view.ts'
import { stepsOf } from './chart-steps.ts'
import { MadeUp } from './made-up.tsx'
import { NoteForm, NoteList, notesByBucket, useNotes } from './notes.tsx'

const chartHeight = 280
const wholeMetrics = ['visitors', 'visits', 'pageviews', 'events', 'conversions', 'returning_visitors']

/** The plotted metric over time, with what it was before, and the notes on it. */
export const Timeline = (props: {
  view: View
  today: string
  weekStart: number
  onStep: (step: Step | null) => void
}) => {
  const { view, today, weekStart, onStep } = props
  const t = useTranslations('dashboard')
  const periodT = useTranslations('period')
  const stepNames = useTranslations('names.steps')
  const names = useNames()
  const notes = useNotes(view.site)
  const { mayWrite } = useRights(view.site)
  const [noteDay, setNoteDay] = useState<string>()
  const allowed = stepsOf(view.range, today, weekStart)
  const asked = view.step !== null && allowed.includes(view.step) ? view.step : null
  const comparisons = comparingOf(view)
  const { data, error, refetch } = useStats({
    site_id: view.site,
    metrics: [view.metric],
    date_range: view.range,
    dimensions: [asked ?? fittingTime],
    filters: view.filters,
    ...(comparisons ? { include: { comparisons } } : {}),
  })
  // What is drawn belongs to its answer: until the next one is here, its metric and step hold.
  const metric = data?.query.metrics[0] ?? view.metric
  const name = names.metric(metric)
  if (error) return <Failure error={error} onRetry={() => void refetch()} />
  if (!data)
    return (
      <div style={{ height: chartHeight + 34 }}>
        <Skeleton lines={8} label={t('loadingOverTime', { metric: name })} />
      </div>
    )
  const { results: rows, meta } = data
  const step = data.query.dimensions?.[0] ?? fittingTime
  const labels = rows.map(({ dimensions }) => dimensions[0] ?? '')
  const isUnfinished = meta.to > localText(Date.now(), meta.timezone)
  const format = (value: number | null) => formatMetric(metric, value)
  const bucket = (label: string | undefined) => (label ? formatBucket(label, step) : '')
  const points = rows.map(
    ({ metrics, comparison }, index): ChartPoint => ({
      label: bucket(labels[index]),
      value: metrics[0] ?? null,
      // A bucket that the other range has none for.
      ...(comparison ? { before: comparison.dimensions[0] === '' ? null : (comparison.metrics[0] ?? null) } : {}),
    }),
  )
  const byBucket = notesByBucket(notes, labels, meta.to)
  const marks = new Map([...byBucket].map(([index, found]) => [index, found.map(({ text }) => text).join(' · ')]))
  const valueAt = (index: number) => format(points[index]?.value ?? null)
  const beforeAt = (index: number): string | undefined => {
    const comparison = rows[index]?.comparison
    return comparison?.dimensions[0]
      ? `${bucket(comparison.dimensions[0])}: ${format(comparison.metrics[0] ?? null)}`
      : undefined
  }
  const openNote = (index: number) => setNoteDay(labels[index]?.slice(0, 10))
  return (
    <figure>
      <div className="mb-1 flex flex-wrap items-center gap-x-4 gap-y-1 pl-11 text-xs text-soft">
        <span className="flex items-center gap-1.5">
          <svg width="18" height="6" aria-hidden>
            <line x1="1" x2="17" y1="3" y2="3" className="stroke-accent" strokeWidth="2.5" strokeLinecap="round" />
          </svg>
          {name}
        </span>
        {meta.comparison && (
          <span className="flex items-center gap-1.5">
            <svg width="18" height="6" aria-hidden>
              <line x1="0" x2="18" y1="3" y2="3" className="stroke-soft" strokeWidth="1.5" strokeDasharray="4 4" />
            </svg>
            {periodT(`modes.${view.compare?.mode ?? 'off'}`)}
          </span>
        )}
        <span className="ml-auto flex items-center gap-1 print:hidden">
          {mayWrite && (
            <button
              type="button"
              onClick={() => openNote(labels.length - 1)}
              className={`${quietButton} flex items-center gap-1`}
            >
              <Flag size={12} aria-hidden /> {t('chart.addNote')}
            </button>
          )}
          <select
            aria-label={periodT('step')}
            value={asked ?? ''}
            onChange={({ target }) => onStep(allowed.find((each) => each === target.value) ?? null)}
            className="rounded-md bg-transparent px-1 py-1 font-medium hover:bg-raised hover:text-ink"
          >
            <option value="">{periodT('fitting')}</option>
            {allowed.map((each) => (
              <option key={each} value={each}>
                {stepNames(each)}
              </option>
            ))}
          </select>
        </span>
      </div>
      <LineChart
        label={`${t('overTimeSeen', { metric: name })}. ${t('chart.move')}`}
        points={points}
        height={chartHeight}
        isWhole={wholeMetrics.includes(metric)}
        isUnfinished={isUnfinished && points.length > 1}
        format={format}
        marks={marks}
        {...(mayWrite ? { onPick: openNote } : {})}
        textOf={(index) =>
          [`${bucket(labels[index])}: ${valueAt(index)}`, beforeAt(index), marks.get(index)].filter(Boolean).join('; ')
        }
        tipOf={(index) => (
          <>
            <p className="text-soft">
              {bucket(labels[index])}
              {isUnfinished && index === points.length - 1 && ` · ${t('chart.unfinished')}`}
            </p>
            <p className="text-sm font-bold">
              {valueAt(index)} <span className="text-xs font-normal text-soft">{name}</span>
            </p>
            {beforeAt(index) && <p className="text-soft">{beforeAt(index)}</p>}
            {marks.has(index) && <p className="mt-1 font-medium text-accent">{marks.get(index)}</p>}
          </>
        )}
      />
      <figcaption className="mt-1 text-right text-xs text-soft">{t('timesIn', { timezone: meta.timezone })}</figcaption>
      <MadeUp meta={meta} />
      <NoteList site={view.site} notes={[...byBucket.values()].flat()} />
      <NoteForm site={view.site} day={noteDay} onClose={() => setNoteDay(undefined)} />
      <div className="sr-only">
        <table>
          <caption>{t('overTime', { metric: name })}</caption>
          <tbody>
            {points.slice(-60).map(({ value, before }, index) => {
              const label = labels[index + Math.max(0, points.length - 60)]
              return (
                <tr key={label}>
                  <th scope="row">{label}</th>
                  <td>{format(value)}</td>
                  {before !== undefined && <td>{format(before)}</td>}
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </figure>
  )
}
