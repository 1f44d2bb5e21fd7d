import type { RetentionAnswer } from '@clickwatch/contract'
import { useCallback, useMemo } from 'react'
import { useTranslations } from 'use-intl'
import { Chart } from '../../components/chart.tsx'
import type { ChartOption } from '../../components/echart.tsx'
import { formatShare } from '../../format.ts'
import type { Period } from './retention-search.ts'

const optionOf = (
  curve: RetentionAnswer['curve'],
  names: string[],
  name: string,
  color: (name: string) => string,
): ChartOption => ({
  grid: { left: 8, right: 12, top: 16, bottom: 4, containLabel: true },
  tooltip: {
    trigger: 'axis',
    backgroundColor: color('card'),
    borderColor: color('line'),
    textStyle: { color: color('ink') },
    valueFormatter: (value) => (typeof value === 'number' ? formatShare(value / 100) : '–'),
  },
  xAxis: {
    type: 'category',
    boundaryGap: false,
    data: names,
    axisLine: { lineStyle: { color: color('line') } },
    axisTick: { show: false },
    axisLabel: { color: color('soft'), hideOverlap: true },
  },
  yAxis: {
    type: 'value',
    splitNumber: 4,
    min: 0,
    axisLabel: { color: color('soft'), formatter: (value: number) => formatShare(value / 100) },
    splitLine: { lineStyle: { color: color('line') } },
  },
  series: [
    {
      name,
      type: 'line',
      data: curve,
      showSymbol: curve.length < 20,
      symbolSize: 6,
      lineStyle: { width: 2.5, color: color('accent') },
      itemStyle: { color: color('accent') },
      areaStyle: { color: color('accent'), opacity: 0.12 },
    },
  ],
})

/** How many of all cohorts are still there, the longer it is since they first came. */
export const Curve = ({ curve, period }: { curve: RetentionAnswer['curve']; period: Period }) => {
  const t = useTranslations('retention')
  // Everybody came in the period of their first visit: what tells is what follows.
  const later = useMemo(() => curve.slice(1), [curve])
  const option = useCallback(
    (color: (name: string) => string) =>
      optionOf(
        later,
        later.map((_, n) => t(`after.${period}`, { n: n + 1 })),
        t('average'),
        color,
      ),
    [later, period, t],
  )
  return <Chart height={220} label={t('curveLabel')} option={option} />
}
