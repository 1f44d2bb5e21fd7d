import type { Dimension, Query } from '@clickwatch/contract'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useStats } from '../../api/queries.ts'
import { Failure, Nothing, Skeleton } from '../../components/states.tsx'
import { Value } from '../../components/value.tsx'
import { formatCount, formatMetric, formatShare } from '../../format.ts'
import { useNames } from '../../names.ts'
import type { Filter, View } from '../../view.ts'

const shortRows = 9
const longRows = 200

/** The values of one dimension that most visitors had. */
export const Breakdown = (props: {
  view: View
  dimension: Dimension
  /** Narrows what is counted beyond the view's own filters. */
  only?: Filter
  countName?: string
  onPick: (dimension: Dimension, value: string) => void
}) => {
  const { view, dimension, only, countName = 'Visitors', onPick } = props
  const t = useTranslations('dashboard')
  const names = useNames()
  const [isLong, setIsLong] = useState(false)
  const countsVisitors = countName === 'Visitors'
  const query: Query & { site_id: string } = {
    site_id: view.site,
    metrics: countsVisitors ? ['visitors', 'conversion_rate'] : ['events', 'visitors'],
    date_range: view.range,
    dimensions: [dimension],
    filters: only ? [...view.filters, only] : view.filters,
    // One more than is shown tells whether there is more.
    pagination: { limit: isLong ? longRows : shortRows + 1 },
  }
  const { data, error, refetch } = useStats(query)
  if (error) return <Failure error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton lines={shortRows} label={`Loading ${names.dimension(dimension)}`} />
  if (data.results.length === 0) return <Nothing>{t('nothingYet')}</Nothing>
  const rows = isLong ? data.results : data.results.slice(0, shortRows)
  const most = Math.max(...rows.map(({ metrics }) => metrics[0] ?? 0))
  const all = rows.reduce((sum, { metrics }) => sum + (metrics[0] ?? 0), 0)
  return (
    <>
      <div className={isLong ? 'max-h-96 overflow-y-auto' : ''}>
        <table className="w-full table-fixed">
          <caption className="sr-only">
            {names.dimension(dimension)} by {countName.toLowerCase()}
          </caption>
          <thead>
            <tr className="text-xs text-soft">
              <th scope="col" className="pb-2 text-left font-medium">
                {names.dimension(dimension)}
              </th>
              <th scope="col" className="w-16 pb-2 text-right font-medium">
                {countName}
              </th>
              {countsVisitors && (
                <th scope="col" className="w-16 pb-2 text-right font-medium" title="Visitors who converted">
                  <abbr title="Conversion rate" className="no-underline">
                    Conv.
                  </abbr>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ dimensions, metrics }) => {
              const value = dimensions[0] ?? ''
              const count = metrics[0] ?? 0
              const name = names.value(dimension, value)
              return (
                <tr key={value} data-row={value} className="group">
                  <td className="py-[3px] pr-2">
                    <button
                      type="button"
                      onClick={() => onPick(dimension, value)}
                      title={`${name}: show only this`}
                      className="relative block w-full overflow-hidden rounded-md px-2 py-1 text-left group-hover:bg-raised"
                    >
                      <span
                        aria-hidden
                        className="absolute inset-y-0 left-0 rounded-md bg-accent-soft transition-[width] duration-300"
                        style={{ width: `${most > 0 ? (100 * count) / most : 0}%` }}
                      />
                      <span className="relative block truncate">{name}</span>
                    </button>
                  </td>
                  <td
                    className="text-right font-semibold"
                    title={`${formatShare(count / Math.max(1, all))} of those listed`}
                  >
                    <Value text={formatCount(count)} exact={count} />
                  </td>
                  {countsVisitors && (
                    <td className="text-right text-soft">{formatMetric('conversion_rate', metrics[1] ?? null)}</td>
                  )}
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      {(isLong || data.results.length > shortRows) && (
        <button
          type="button"
          aria-expanded={isLong}
          onClick={() => setIsLong(!isLong)}
          className="mt-2 rounded-md px-2 py-1 text-xs font-medium text-accent hover:bg-raised"
        >
          {isLong ? t('showFewer') : t('showAll')}
        </button>
      )}
    </>
  )
}
