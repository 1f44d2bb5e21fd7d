import type { Dimension, Goal } from '@clickwatch/contract'
import { Link } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { useKept } from '../../api/kept.ts'
import { useStats } from '../../api/queries.ts'
import { useRights } from '../../api/rights.ts'
import { Card } from '../../components/card.tsx'
import { Scrolling } from '../../components/scrolling.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import type { View } from '../../view.ts'
import { BreakdownTable, shownRows } from './breakdown.tsx'

const metrics = ['visitors', 'events', 'conversion_rate'] as const

const Reached = ({ view, onPick }: { view: View; onPick: (dimension: Dimension, value: string) => void }) => {
  const t = useTranslations('dashboard')
  const { data, error, refetch } = useStats({
    site_id: view.site,
    metrics: [...metrics],
    date_range: view.range,
    dimensions: ['event:goal'],
    filters: view.filters,
    pagination: { limit: 100 },
  })
  if (error) return <Failure error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton lines={shownRows} label={t('loadingPanel', { name: t('panels.goals') })} />
  if (data.results.length === 0) return <p className="py-6 text-center text-soft">{t('goals.none')}</p>
  return (
    <Scrolling label={t('goals.list')} className="max-h-80">
      <BreakdownTable dimension="event:goal" metrics={metrics} rows={data.results} onPick={onPick} />
    </Scrolling>
  )
}

/** Which goals were reached, by how many, how often. */
export const Goals = ({ view, onPick }: { view: View; onPick: (dimension: Dimension, value: string) => void }) => {
  const t = useTranslations('dashboard')
  const { data, error, refetch } = useKept<Goal>(view.site, 'goals')
  const { mayWrite } = useRights(view.site)
  return (
    <Card label={t('panels.goals')} className="p-5">
      <h2 className="mb-3 text-base font-bold">{t('panels.goals')}</h2>
      <div className="sm:min-h-80 print:min-h-0">
        {error ? (
          <Failure error={error} onRetry={() => void refetch()} />
        ) : !data ? (
          <Skeleton lines={shownRows} label={t('loadingPanel', { name: t('panels.goals') })} />
        ) : data.length === 0 ? (
          <div className="py-6 text-center">
            <p className="text-soft">{t('goals.about')}</p>
            {mayWrite && (
              <Link
                to={'/settings' as string}
                search={view.site === 'default' ? {} : { site: view.site }}
                className="mt-3 inline-block rounded-lg border border-line px-3 py-1.5 font-medium hover:bg-raised print:hidden"
              >
                {t('goals.add')}
              </Link>
            )}
          </div>
        ) : (
          <Reached view={view} onPick={onPick} />
        )}
      </div>
    </Card>
  )
}
