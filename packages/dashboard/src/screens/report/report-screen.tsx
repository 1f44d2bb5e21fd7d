import { slicers } from '@clickwatch/contract'
import { useNavigate } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { useLive } from '../../api/live.ts'
import { useReport } from '../../api/queries.ts'
import { Card } from '../../components/card.tsx'
import { Header } from '../../components/header.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import { Value } from '../../components/value.tsx'
import { formatExact } from '../../format.ts'
import { LivePill } from '../dashboard/live-pill.tsx'
import { Downloads } from './downloads.tsx'
import { ReportCharts } from './report-charts.tsx'
import { ReportTable } from './report-table.tsx'
import { type ReportSearch, withOption, withoutSlicer } from './report-view.ts'
import { Slicer } from './slicer.tsx'

/** The reference's report page: slicers, table, card, pie and area over final_cookies and visit_count. */
const ReportScreen = ({ search }: { search: ReportSearch }) => {
  const { site = 'default', ...selection } = search
  const t = useTranslations('report')
  const navigate = useNavigate()
  const show = (next: ReportSearch) => void navigate({ to: '/report', search: next, resetScroll: false })
  const connection = useLive(site)
  const { data: report, error, refetch } = useReport(site, selection)

  return (
    <>
      <title>{`${t('title')} · ${site}`}</title>
      <Header site={site} connection={connection} onSite={(next) => show(next === 'default' ? {} : { site: next })}>
        <LivePill site={site} connection={connection} />
      </Header>
      <main id="main" className="mx-auto max-w-7xl space-y-4 px-4 pb-12 sm:px-6">
        <h1 className="text-2xl font-bold tracking-tight">{t('title')}</h1>
        <div className="grid grid-cols-2 gap-3 lg:grid-cols-4 print:grid-cols-4">
          {slicers.map((slicer) => (
            <Slicer
              key={slicer}
              name={slicer}
              options={report?.slicers[slicer] ?? []}
              selected={selection[slicer] ?? []}
              onToggle={(option) => show(withOption(search, slicer, option))}
              onClear={() => show(withoutSlicer(search, slicer))}
            />
          ))}
        </div>
        {error ? (
          <Card className="p-5">
            <Failure error={error} onRetry={() => void refetch()} />
          </Card>
        ) : !report ? (
          <Card className="p-5">
            <Skeleton lines={10} label={t('loading')} />
          </Card>
        ) : (
          // On paper the table, which is long, comes last.
          <div className="flex flex-col gap-4">
            <div className="grid gap-4 lg:grid-cols-[1fr_16rem] print:contents">
              <Card label={t('table')} className="p-2 print:order-last print:break-inside-auto">
                <ReportTable report={report} />
              </Card>
              <Card
                label={t('totalVisitors')}
                className="flex flex-col justify-center p-6 text-center max-lg:order-first"
              >
                <p className="text-5xl font-bold tracking-tight" data-testid="total-visitors-count">
                  <Value text={formatExact(report.total_visitors_count)} exact={report.total_visitors_count} />
                </p>
                <h2 className="mt-1 text-soft">{t('totalVisitors')}</h2>
                <p className="mt-4 text-xs text-soft">
                  {t('rowsOf', { rows: formatExact(report.final_cookies_rows), table: 'final_cookies' })}
                  <br />
                  {t('userIds', { count: formatExact(report.user_ids) })}
                </p>
              </Card>
            </div>
            <ReportCharts report={report} />
            <Downloads site={site} />
          </div>
        )}
      </main>
    </>
  )
}
export default ReportScreen
