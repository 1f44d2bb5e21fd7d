import { Link, useNavigate } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { usePortfolio } from '../../../api/ideas.ts'
import { useRights } from '../../../api/rights.ts'
import { Card } from '../../../components/card.tsx'
import { field } from '../../../components/controls.ts'
import { Failure, Skeleton } from '../../../components/states.tsx'
import { primary } from '../../settings/fields.tsx'
import { IdeasFrame, siteSearch } from '../ideas-frame.tsx'
import { type PortfolioSearch, sortings } from '../ideas-search.ts'
import { NoIdeas } from './no-ideas.tsx'
import { PortfolioTable } from './portfolio-table.tsx'
import { sorted } from './sort.ts'

/** All ideas of a site. */
const PortfolioScreen = ({ search }: { search: PortfolioSearch }) => {
  const t = useTranslations('ideas')
  const { site = 'default', sort = 'latest' } = search
  const navigate = useNavigate()
  const { data, error, refetch } = usePortfolio(site)
  const { mayWrite } = useRights(site)
  const hasIdeas = data !== undefined && data.ideas.length > 0
  return (
    <IdeasFrame site={site} title={t('title')}>
      <div className="flex flex-wrap items-end justify-between gap-3">
        <div className="min-w-0">
          <h1 className="text-2xl font-bold tracking-tight">{t('title')}</h1>
          <p className="max-w-2xl text-soft">{t('lead')}</p>
        </div>
        {hasIdeas && (
          <div className="flex flex-wrap items-center gap-2 print:hidden">
            <label className="flex items-center gap-2 text-soft">
              {t('sort')}
              <select
                value={sort}
                className={`${field} text-ink`}
                onChange={({ target }) => {
                  const next = sortings.find((each) => each === target.value)
                  void navigate({
                    to: '/ideas',
                    search: { ...siteSearch(site), ...(next && next !== 'latest' ? { sort: next } : {}) },
                    resetScroll: false,
                  })
                }}
              >
                {sortings.map((each) => (
                  <option key={each} value={each}>
                    {t(`sortings.${each}`)}
                  </option>
                ))}
              </select>
            </label>
            {mayWrite && (
              <Link to="/ideas/new" search={siteSearch(site)} className={primary}>
                <Plus size={16} aria-hidden className="-ml-1 mr-1 inline align-[-2px]" />
                {t('new')}
              </Link>
            )}
          </div>
        )}
      </div>
      {error && !data ? (
        <Card className="p-5">
          <Failure error={error} onRetry={() => void refetch()} />
        </Card>
      ) : !data ? (
        <Card className="p-5">
          <Skeleton lines={8} label={t('loading')} />
        </Card>
      ) : !hasIdeas ? (
        <NoIdeas site={site} />
      ) : (
        <Card className="p-5">
          <PortfolioTable site={site} answer={data} ideas={sorted(data.ideas, sort)} />
        </Card>
      )}
    </IdeasFrame>
  )
}
export default PortfolioScreen
