import type { Dimension, Metric, Query, QueryRow } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { useStats } from '../../api/queries.ts'
import { Failure, Nothing, Skeleton } from '../../components/states.tsx'
import { Value } from '../../components/value.tsx'
import { formatMetric } from '../../format.ts'
import { useNames } from '../../names.ts'
import type { View } from '../../view.ts'
import { MadeUp } from './made-up.tsx'
import type { PanelTab } from './panels.ts'

export const shownRows = 9

/** What a tab asks for. */
export const queryOf = (view: View, tab: PanelTab, limit: number): Query & { site_id: string } => ({
  site_id: view.site,
  metrics: tab.metrics,
  date_range: view.range,
  dimensions: [tab.dimension],
  filters: tab.only ? [...view.filters, tab.only] : view.filters,
  pagination: { limit },
})

/** Rows of a dimension, the first metric as a bar behind the name; a click narrows the view to one. */
export const BreakdownTable = (props: {
  dimension: Dimension
  metrics: readonly Metric[]
  rows: readonly QueryRow[]
  onPick: (dimension: Dimension, value: string) => void
}) => {
  const { dimension, metrics, rows, onPick } = props
  const t = useTranslations('dashboard')
  const names = useNames()
  const most = Math.max(...rows.map((row) => row.metrics[0] ?? 0))
  const [first] = metrics
  return (
    <table className="w-full table-fixed">
      <caption className="sr-only">
        {t('panelBy', { dimension: names.dimension(dimension), metric: first ? names.metric(first) : '' })}
      </caption>
      <thead>
        <tr className="text-xs text-soft">
          <th scope="col" className="pb-2 text-left font-medium">
            {names.dimension(dimension)}
          </th>
          {metrics.map((metric) => (
            <th
              key={metric}
              scope="col"
              className="w-20 pb-2 text-right font-medium print:w-16"
              title={names.metric(metric)}
            >
              {metric === 'group_conversion_rate' || metric === 'conversion_rate' ? (
                <abbr title={names.metric(metric)} className="no-underline">
                  {t('conversionShort')}
                </abbr>
              ) : (
                <span className="block truncate">{names.metric(metric)}</span>
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ dimensions, metrics: values }) => {
          const value = dimensions[0] ?? ''
          const name = names.value(dimension, value)
          return (
            <tr key={value} data-row={value} className="group">
              <td className="py-[3px] pr-2">
                <button
                  type="button"
                  onClick={() => onPick(dimension, value)}
                  title={t('showOnly', { name })}
                  className="relative block w-full overflow-hidden rounded-md px-2 py-1 text-left group-hover:bg-raised"
                >
                  <span
                    aria-hidden
                    className="absolute inset-y-0 left-0 rounded-md bg-accent-soft transition-[width] duration-300"
                    style={{ width: `${most > 0 ? (100 * (values[0] ?? 0)) / most : 0}%` }}
                  />
                  <span className="relative block truncate print:wrap-anywhere print:whitespace-normal">{name}</span>
                </button>
              </td>
              {metrics.map((metric, index) => (
                <td key={metric} className={index === 0 ? 'text-right font-semibold' : 'text-right text-soft'}>
                  <Value text={formatMetric(metric, values[index] ?? null)} exact={values[index] ?? null} />
                </td>
              ))}
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

/** The values of one dimension that most had. */
export const Breakdown = (props: {
  view: View
  tab: PanelTab
  onPick: (dimension: Dimension, value: string) => void
}) => {
  const { view, tab, onPick } = props
  const t = useTranslations('dashboard')
  const names = useNames()
  const { data, error, refetch } = useStats(queryOf(view, tab, shownRows))
  if (error) return <Failure error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton lines={shownRows} label={t('loadingPanel', { name: names.dimension(tab.dimension) })} />
  if (data.results.length === 0) return <Nothing>{t('nothingYet')}</Nothing>
  return (
    <>
      <BreakdownTable dimension={tab.dimension} metrics={tab.metrics} rows={data.results} onPick={onPick} />
      <MadeUp meta={data.meta} />
    </>
  )
}
