import type { ReportAnswer } from '@clickwatch/contract'
import { useCallback, useMemo } from 'react'
import { useTranslations } from 'use-intl'
import { Card } from '../../components/card.tsx'
import { Chart } from '../../components/chart.tsx'
import type { ChartOption } from '../../components/echart.tsx'
import { Nothing } from '../../components/states.tsx'
import { formatExact, formatShare } from '../../format.ts'
import { useShown } from './use-shown.ts'

const height = 300
const slices = [
  '#6366f1',
  '#0ea5e9',
  '#14b8a6',
  '#f59e0b',
  '#ef4444',
  '#a855f7',
  '#ec4899',
  '#84cc16',
  '#64748b',
  '#f97316',
  '#06b6d4',
]

type Count = { name: string; value: number }

const sum = (counts: Count[]): number => counts.reduce((total, { value }) => total + value, 0)

const said = (counts: Count[]): string => counts.map(({ name, value }) => `${name} ${formatExact(value)}`).join(', ')

const tooltip = (color: (name: string) => string) => ({
  backgroundColor: color('card'),
  borderColor: color('line'),
  textStyle: { color: color('ink') },
})

/** More slices than this are too thin to tell apart: the rest are one. */
const maxSlices = slices.length

const asSlices = (counts: Count[], more: (count: number) => string): Count[] => {
  if (counts.length <= maxSlices) return counts
  const rest = counts.slice(maxSlices - 1)
  return [...counts.slice(0, maxSlices - 1), { name: more(rest.length), value: sum(rest) }]
}

const Pie = ({ counts, title }: { counts: Count[]; title: string }) => {
  const t = useTranslations('report')
  const drawn = useMemo(() => asSlices(counts, (count) => t('moreSlices', { count })), [counts, t])
  const total = sum(drawn)
  const option = useCallback(
    (color: (name: string) => string): ChartOption => ({
      color: slices,
      tooltip: { trigger: 'item', ...tooltip(color) },
      series: [
        {
          type: 'pie',
          name: 'visitor_count',
          radius: '94%',
          data: drawn,
          itemStyle: { borderColor: color('card'), borderWidth: 2 },
          label: { show: false },
        },
      ],
    }),
    [drawn],
  )
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-4">
      <div className="min-w-56 flex-1">
        <Chart height={height} option={option} label={t('chart', { title, counts: said(drawn) })} />
      </div>
      <ul aria-hidden className="grid min-w-44 flex-1 content-center gap-y-1.5 text-sm">
        {drawn.map(({ name, value }, index) => (
          <li key={name} className="flex items-center gap-2">
            <span className="size-2.5 shrink-0 rounded-sm" style={{ background: slices[index] }} />
            <span className="min-w-0 flex-1 truncate" title={name}>
              {name}
            </span>
            <b>{formatExact(value)}</b>
            <span className="w-12 text-right text-soft">{formatShare(value / total)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

const Area = ({ counts, title }: { counts: Count[]; title: string }) => {
  const t = useTranslations('report')
  const option = useCallback(
    (color: (name: string) => string): ChartOption => ({
      grid: { left: 8, right: 24, top: 28, bottom: 4, containLabel: true },
      tooltip: { trigger: 'axis', ...tooltip(color) },
      xAxis: {
        type: 'category',
        boundaryGap: false,
        data: counts.map(({ name }) => name),
        axisLine: { lineStyle: { color: color('line') } },
        axisTick: { show: false },
        axisLabel: { color: color('soft'), interval: 0, hideOverlap: true },
      },
      yAxis: {
        type: 'value',
        minInterval: 1,
        axisLabel: { color: color('soft') },
        splitLine: { lineStyle: { color: color('line') } },
      },
      series: [
        {
          type: 'line',
          name: 'visitor_count',
          data: counts.map(({ value }) => value),
          label: { show: true, color: color('ink'), formatter: ({ value }) => formatExact(Number(value)) },
          lineStyle: { width: 2.5, color: color('accent') },
          itemStyle: { color: color('accent') },
          areaStyle: { color: color('accent'), opacity: 0.18 },
        },
      ],
    }),
    [counts],
  )
  return <Chart height={height} option={option} label={t('chart', { title, counts: said(counts) })} />
}

/** The reference's two charts. */
export const ReportCharts = ({ report }: { report: ReportAnswer }) => {
  const t = useTranslations('report')
  const shown = useShown()
  const byPlatform = report.by_platform.map(({ Platform, visitor_count }) => ({
    name: shown(Platform),
    value: visitor_count,
  }))
  const byOs = report.by_os.map(({ os, visitor_count }) => ({ name: shown(os), value: visitor_count }))
  const none = <Nothing>{t('nothing')}</Nothing>
  const [platformTitle, osTitle] = [
    t('by', { measure: 'visitor_count', column: 'Platform' }),
    t('by', { measure: 'visitor_count', column: 'os' }),
  ]
  return (
    <div className="grid gap-4 md:grid-cols-2 print:block print:space-y-4">
      <Card label={platformTitle} className="p-5">
        <h2 className="mb-2 text-base font-bold">{platformTitle}</h2>
        {byPlatform.length > 0 ? <Pie counts={byPlatform} title={platformTitle} /> : none}
      </Card>
      <Card label={osTitle} className="p-5">
        <h2 className="mb-2 text-base font-bold">{osTitle}</h2>
        {byOs.length > 0 ? <Area counts={byOs} title={osTitle} /> : none}
      </Card>
    </div>
  )
}
