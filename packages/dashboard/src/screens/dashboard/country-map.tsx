import type { Dimension } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { useStats } from '../../api/queries.ts'
import { Failure, Nothing, Skeleton } from '../../components/states.tsx'
import { WorldMap } from '../../map/world-map.tsx'
import type { View } from '../../view.ts'
import { BreakdownTable } from './breakdown.tsx'

const listed = 5

/** Visitors by country on a map, and the countries that most come from beside it. */
const CountryMap = ({ view, onPick }: { view: View; onPick: (dimension: Dimension, value: string) => void }) => {
  const t = useTranslations('dashboard')
  const { data, error, refetch } = useStats({
    site_id: view.site,
    metrics: ['visitors'],
    date_range: view.range,
    dimensions: ['visit:country'],
    filters: view.filters,
    pagination: { limit: 300 },
  })
  if (error) return <Failure error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton lines={8} label={t('loadingPanel', { name: t('tabs.map') })} />
  if (data.results.length === 0) return <Nothing>{t('nothingYet')}</Nothing>
  const counts = new Map(data.results.map(({ dimensions, metrics }) => [dimensions[0] ?? '', metrics[0] ?? 0]))
  return (
    <div className="space-y-3">
      <WorldMap counts={counts} onPick={(country) => onPick('visit:country', country)} />
      <BreakdownTable
        dimension="visit:country"
        metrics={['visitors']}
        rows={data.results.slice(0, listed)}
        onPick={onPick}
      />
    </div>
  )
}
export default CountryMap
