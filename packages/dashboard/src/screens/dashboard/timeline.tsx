import { fittingTime, type Metric, type QueryRow } from '@clickwatch/contract'
import { useCallback } from 'react'
import { useStats } from '../../api/queries.ts'
import { Chart } from '../../components/chart.tsx'
import type { ChartOption } from '../../components/echart.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import { formatBucket, formatMetric } from '../../format.ts'
import { useNames } from '../../names.ts'
import type { View } from '../../view.ts'

const chartHeight = 280

const optionOf = (
  rows: QueryRow[],
  metric: Metric,
  name: string,
  bucket: string,
  color: (name: string) => string,
): ChartOption => {
  const accent = color('accent')
  return {
    grid: { left: 8, right: 12, top: 16, bottom: 4, containLabel: true },
    tooltip: {
      trigger: 'axis',
      backgroundColor: color('card'),
      borderColor: color('line'),
      textStyle: { color: color('ink') },
      valueFormatter: (value) => formatMetric(metric, typeof value === 'number' ? value : null),
    },
    xAxis: {
      type: 'category',
      boundaryGap: false,
      data: rows.map(({ dimensions }) => formatBucket(dimensions[0] ?? '', bucket)),
      axisLine: { lineStyle: { color: color('line') } },
      axisTick: { show: false },
      axisLabel: { color: color('soft'), hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      splitNumber: 4,
      minInterval: metric.endsWith('_rate') ? 0 : 1,
      axisLabel: { color: color('soft'), formatter: (value: number) => formatMetric(metric, value) },
      splitLine: { lineStyle: { color: color('line') } },
    },
    series: [
      {
        name,
        type: 'line',
        data: rows.map(({ metrics }) => metrics[0] ?? null),
        connectNulls: true,
        smooth: 0.25,
        smoothMonotone: 'x',
        showSymbol: rows.length === 1,
        lineStyle: { width: 2.5, color: accent },
        itemStyle: { color: accent },
        areaStyle: { color: accent, opacity: 0.12 },
      },
    ],
  }
}

/** The plotted metric over time. */
export const Timeline = ({ view }: { view: View }) => {
  const name = useNames().metric(view.metric)
  const { data, error, refetch } = useStats({
    site_id: view.site,
    metrics: [view.metric],
    date_range: view.range,
    dimensions: [fittingTime],
    filters: view.filters,
  })
  // What is drawn belongs to its answer: until the next one is here, its metric and step hold.
  const rows = data?.results
  const metric = data?.query.metrics[0] ?? view.metric
  const step = data?.query.dimensions?.[0] ?? fittingTime
  const option = useCallback(
    (color: (name: string) => string) => optionOf(rows ?? [], metric, name, step, color),
    [rows, metric, name, step],
  )
  if (error) return <Failure error={error} onRetry={() => void refetch()} />
  if (!rows)
    return (
      <div style={{ height: chartHeight }}>
        <Skeleton lines={6} label={`Loading ${name} over time`} />
      </div>
    )
  return (
    <figure>
      <Chart height={chartHeight} option={option} label={`${name} over time; the table that follows has the numbers`} />
      <figcaption className="mt-1 text-right text-xs text-soft">Times in {data.meta.timezone}</figcaption>
      <div className="sr-only">
        <table>
          <caption>{name} over time</caption>
          <tbody>
            {rows.slice(-60).map(({ dimensions, metrics }) => (
              <tr key={dimensions[0]}>
                <th scope="row">{dimensions[0]}</th>
                <td>{formatMetric(metric, metrics[0] ?? null)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  )
}
