import type { Metric } from '@clickwatch/contract'
import clsx from 'clsx'
import { useTranslations } from 'use-intl'
import { useStats } from '../../api/queries.ts'
import { Change } from '../../components/change.tsx'
import { Failure } from '../../components/states.tsx'
import { Value } from '../../components/value.tsx'
import { formatMetric } from '../../format.ts'
import { useNames } from '../../names.ts'
import { comparingOf } from '../../period.ts'
import { headline, type View } from '../../view.ts'

/** The numbers that come first, with what they were before; a click plots one over time. */
export const Headline = ({ view, onMetric }: { view: View; onMetric: (metric: Metric) => void }) => {
  const t = useTranslations('dashboard')
  const names = useNames()
  const comparisons = comparingOf(view)
  const { data, error, refetch } = useStats({
    site_id: view.site,
    metrics: [...headline],
    date_range: view.range,
    filters: view.filters,
    ...(comparisons ? { include: { comparisons } } : {}),
  })
  if (error)
    return (
      <div className="px-5">
        <Failure error={error} onRetry={() => void refetch()} />
      </div>
    )
  const row = data?.results[0]
  return (
    <div role="radiogroup" aria-label={t('metricToPlot')} className="grid grid-cols-2 sm:grid-cols-4 xl:grid-cols-8">
      {headline.map((metric, index) => {
        const value = row?.metrics[index] ?? null
        const before = row?.comparison?.metrics[index]
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
              'group border-b-2 px-4 py-3.5 text-left transition-colors',
              isPlotted ? 'border-accent' : 'border-transparent hover:bg-raised/60',
            )}
          >
            <span className={clsx('block truncate text-xs font-medium', isPlotted ? 'text-accent' : 'text-soft')}>
              {names.metric(metric)}
            </span>
            <span className="mt-0.5 block text-2xl font-bold tracking-tight">
              {data ? (
                <Value text={formatMetric(metric, value)} exact={value} metric={metric} />
              ) : (
                <span className="inline-block h-6 w-16 rounded bg-raised motion-safe:animate-pulse" />
              )}
            </span>
            {comparisons && (
              // Its room is kept while the comparison is fetched, so that nothing jumps.
              <span className="flex h-5 items-center gap-1.5 whitespace-nowrap">
                {before !== undefined && (
                  <>
                    <Change metric={metric} change={row?.comparison?.change[index] ?? null} />
                    <span className="truncate text-xs text-soft" data-before={before ?? ''}>
                      {t('change.was', { value: formatMetric(metric, before) })}
                    </span>
                  </>
                )}
              </span>
            )}
          </button>
        )
      })}
    </div>
  )
}
