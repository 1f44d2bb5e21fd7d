import type { Dimension, Filter, Metric, Query } from '@clickwatch/contract'
import clsx from 'clsx'
import { ArrowDown, ArrowUp, Download, Search } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import { download } from '../../api/download.ts'
import { useStats } from '../../api/queries.ts'
import { button, field, quietButton } from '../../components/controls.ts'
import { Scrolling } from '../../components/scrolling.tsx'
import { Sheet } from '../../components/sheet.tsx'
import { Failure, Nothing, Skeleton } from '../../components/states.tsx'
import { formatExact, formatMetric, messageOf } from '../../format.ts'
import { useNames } from '../../names.ts'
import type { View } from '../../view.ts'
import type { PanelTab } from './panels.ts'

const pageRows = 50
const settleMs = 250
const formats = ['csv', 'json', 'parquet'] as const

/** What is typed, once it rests. */
const useSettled = (text: string): string => {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), settleMs)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}

type Order = { by: Metric; direction: 'asc' | 'desc' }

const Heading = ({ metric, order, onOrder }: { metric: Metric; order: Order; onOrder: (order: Order) => void }) => {
  const names = useNames()
  const isSorted = order.by === metric
  const Arrow = isSorted && order.direction === 'asc' ? ArrowUp : ArrowDown
  const next = isSorted && order.direction === 'desc' ? 'asc' : 'desc'
  return (
    <th
      scope="col"
      aria-sort={isSorted ? (order.direction === 'asc' ? 'ascending' : 'descending') : 'none'}
      className="px-2 py-2 text-right font-medium whitespace-nowrap"
    >
      <button
        type="button"
        onClick={() => onOrder({ by: metric, direction: next })}
        className="inline-flex items-center gap-1 rounded hover:text-ink"
      >
        <Arrow size={13} aria-hidden className={isSorted ? '' : 'invisible'} />
        {names.metric(metric)}
      </button>
    </th>
  )
}

const Exports = ({ query, name }: { query: Query; name: string }) => {
  const t = useTranslations('dashboard.detail')
  const [said, setSaid] = useState('')
  const start = (format: string) => {
    setSaid(t('fetching', { format: format.toUpperCase() }))
    download(`/api/v2/export?${new URLSearchParams({ format, name })}`, { body: query }).then(
      () => setSaid(''),
      (error: unknown) => setSaid(messageOf(error)),
    )
  }
  return (
    <div className="flex items-center gap-1 print:hidden">
      <Download size={15} aria-hidden className="text-soft" />
      {formats.map((format) => (
        <button
          key={format}
          type="button"
          aria-label={t('export', { format: format.toUpperCase() })}
          onClick={() => start(format)}
          className={clsx(quietButton, 'uppercase')}
        >
          {format}
        </button>
      ))}
      <span role="status" className="text-xs text-soft">
        {said}
      </span>
    </div>
  )
}

const Rows = (props: {
  view: View
  tab: PanelTab
  title: string
  onPick: (dimension: Dimension, value: string) => void
}) => {
  const { view, tab, onPick } = props
  const t = useTranslations('dashboard')
  const names = useNames()
  const metrics = [...tab.metrics, ...tab.details]
  const [typed, setTyped] = useState('')
  const part = useSettled(typed.trim())
  const [order, setOrder] = useState<Order>({ by: tab.metrics[0], direction: 'desc' })
  const [page, setPage] = useState(0)
  const search: Filter[] = part ? [['contains', tab.dimension, [part], { case_sensitive: false }]] : []
  const query: Query & { site_id: string } = {
    site_id: view.site,
    metrics,
    date_range: view.range,
    dimensions: [tab.dimension],
    filters: [...view.filters, ...(tab.only ? [tab.only] : []), ...search],
    order_by: [[order.by, order.direction]],
  }
  const { data, error, refetch, isPlaceholderData } = useStats({
    ...query,
    include: { total_rows: true },
    pagination: { limit: pageRows, offset: page * pageRows },
  })
  const total = data?.meta.total_rows ?? 0
  const first = page * pageRows
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <label className="relative min-w-0 flex-1 basis-48">
          <span className="sr-only">{t('detail.search')}</span>
          <Search size={15} aria-hidden className="absolute top-1/2 left-2.5 -translate-y-1/2 text-soft" />
          <input
            type="search"
            value={typed}
            placeholder={t('detail.search')}
            onChange={({ target }) => {
              setTyped(target.value)
              setPage(0)
            }}
            className={clsx(field, 'w-full max-w-80 pl-8')}
          />
        </label>
        <Exports query={query} name={props.title} />
      </div>
      {error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Skeleton lines={10} label={t('loadingPanel', { name: names.dimension(tab.dimension) })} />
      ) : data.results.length === 0 ? (
        <Nothing>{part ? t('detail.nothingLike', { text: part }) : t('nothingYet')}</Nothing>
      ) : (
        <Scrolling label={props.title} className="-mx-2 min-h-0 flex-1 px-2">
          <table className={clsx('w-full', isPlaceholderData && 'opacity-60')}>
            <thead className="sticky top-0 z-10 bg-card text-xs text-soft">
              <tr>
                <th scope="col" className="py-2 text-left font-medium">
                  {names.dimension(tab.dimension)}
                </th>
                {metrics.map((metric) => (
                  <Heading
                    key={metric}
                    metric={metric}
                    order={order}
                    onOrder={(next) => {
                      setOrder(next)
                      setPage(0)
                    }}
                  />
                ))}
              </tr>
            </thead>
            <tbody>
              {data.results.map(({ dimensions, metrics: values }) => {
                const value = dimensions[0] ?? ''
                const name = names.value(tab.dimension, value)
                return (
                  <tr key={value} data-row={value} className="border-t border-line hover:bg-raised/60">
                    <th scope="row" className="max-w-96 min-w-40 py-1.5 pr-3 text-left font-normal">
                      <button
                        type="button"
                        title={t('showOnly', { name })}
                        onClick={() => onPick(tab.dimension, value)}
                        className="block max-w-full truncate rounded text-left hover:text-accent hover:underline"
                      >
                        {name}
                      </button>
                    </th>
                    {metrics.map((metric, index) => (
                      <td
                        key={metric}
                        className={clsx('px-2 py-1.5 text-right', metric === order.by ? 'font-semibold' : 'text-soft')}
                        title={String(values[index] ?? '')}
                      >
                        {formatMetric(metric, values[index] ?? null)}
                      </td>
                    ))}
                  </tr>
                )
              })}
            </tbody>
          </table>
        </Scrolling>
      )}
      {total > 0 && (
        <div className="mt-3 flex items-center justify-between gap-3 text-sm text-soft">
          <p role="status">
            {t('detail.rows', {
              first: formatExact(first + 1),
              last: formatExact(Math.min(total, first + pageRows)),
              total: formatExact(total),
            })}
          </p>
          {total > pageRows && (
            <div className="flex gap-2 text-ink print:hidden">
              <button type="button" disabled={page === 0} onClick={() => setPage(page - 1)} className={button}>
                {t('detail.before')}
              </button>
              <button
                type="button"
                disabled={first + pageRows >= total}
                onClick={() => setPage(page + 1)}
                className={button}
              >
                {t('detail.after')}
              </button>
            </div>
          )}
        </div>
      )}
    </>
  )
}

/** All rows of a breakdown: searched, sorted by any column, page by page, and as a file. */
export const Details = (props: {
  view: View
  tab: PanelTab
  title: string
  onClose: () => void
  onPick: (dimension: Dimension, value: string) => void
}) => (
  <Sheet isOpen isWide onClose={props.onClose} title={props.title}>
    <Rows {...props} />
  </Sheet>
)
