import type { Metric } from '@clickwatch/contract'
import clsx from 'clsx'
import { useTranslations } from 'use-intl'
import { useStats } from '../../api/queries.ts'
import { Failure } from '../../components/states.tsx'
import { Value } from '../../components/value.tsx'
import { formatMetric } from '../../format.ts'
import { useNames } from '../../names.ts'
import { headline, type View } from '../../view.ts'

/** The numbers that come first; a click plots one over time. */
export const Headline = ({ view, onMetric }: { view: View; onMetric: (metric: Metric) => void }) => {
  const t = useTranslations('dashboard')
  const names = useNames()
  const { data, error, refetch } = useStats({
    site_id: view.site,
    metrics: [...headline],
    date_range: view.range,
    filters: view.filters,
  })
  if (error)
    return (
      <div className="px-5">
        <Failure error={error} onRetry={() => void refetch()} />
      </div>
    )
  const values = data?.results[0]?.metrics
  return (
    <div role="radiogroup" aria-label={t('metricToPlot')} className="grid grid-cols-2 sm:grid-cols-4 lg:grid-cols-8">
      {headline.map((metric, index) => {
        const value = values?.[index] ?? null
        const isPlotted = metric === view.metric
        return (
          // biome-ignore lint/a11y/useSemanticElements: a card with a number on it, of which one is chosen
          <button
            key={metric}
            type="button"
            role="radio"
            aria-checked={isPlotted}
            onClick={() => onMetric(metric)}
            className={clsx(
              'group border-b-2 px-5 py-4 text-left transition-colors',
              isPlotted ? 'border-accent' : 'border-transparent hover:bg-raised/60',
            )}
          >
            <span className={clsx('block text-xs font-medium', isPlotted ? 'text-accent' : 'text-soft')}>
              {names.metric(metric)}
            </span>
            <span className="mt-0.5 block text-2xl font-bold tracking-tight">
              {values ? (
                <Value text={formatMetric(metric, value)} exact={value} metric={metric} />
              ) : (
                <span className="inline-block h-6 w-16 rounded bg-raised motion-safe:animate-pulse" />
              )}
            </span>
          </button>
        )
      })}
    </div>
  )
}
