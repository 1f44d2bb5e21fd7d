import type { ReportAnswer } from '@clickwatch/contract'
import { useCallback } from 'react'
import { Card } from '../../components/card.tsx'
import { Chart } from '../../components/chart.tsx'
import type { ChartOption } from '../../components/echart.tsx'
import { Nothing } from '../../components/states.tsx'
import { formatExact, formatShare } from '../../format.ts'
import { shown } from './report-view.ts'

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

const asSlices = (counts: Count[]): Count[] => {
  if (counts.length <= maxSlices) return counts
  const rest = counts.slice(maxSlices - 1)
  return [...counts.slice(0, maxSlices - 1), { name: `${rest.length} more`, value: sum(rest) }]
}

const Pie = ({ counts }: { counts: Count[] }) => {
  const drawn = asSlices(counts)
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
          data: asSlices(counts),
          itemStyle: { borderColor: color('card'), borderWidth: 2 },
          label: { show: false },
        },
      ],
    }),
    [counts],
  )
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-4">
      <div className="min-w-56 flex-1">
        <Chart height={height} option={option} label={`visitor_count by Platform: ${said(drawn)}`} />
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

const Area = ({ counts }: { counts: Count[] }) => {
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
  return <Chart height={height} option={option} label={`visitor_count by os: ${said(counts)}`} />
}

/** The reference's two charts. */
export const ReportCharts = ({ report }: { report: ReportAnswer }) => {
  const byPlatform = report.by_platform.map(({ Platform, visitor_count }) => ({
    name: shown(Platform),
    value: visitor_count,
  }))
  const byOs = report.by_os.map(({ os, visitor_count }) => ({ name: shown(os), value: visitor_count }))
  const none = <Nothing>No rows for this selection</Nothing>
  return (
    <div className="grid gap-4 md:grid-cols-2">
      <Card label="visitor_count by Platform" className="p-5">
        <h2 className="mb-2 text-base font-bold">visitor_count by Platform</h2>
        {byPlatform.length > 0 ? <Pie counts={byPlatform} /> : none}
      </Card>
      <Card label="visitor_count by os" className="p-5">
        <h2 className="mb-2 text-base font-bold">visitor_count by os</h2>
        {byOs.length > 0 ? <Area counts={byOs} /> : none}
      </Card>
    </div>
  )
}
