import type { OpenedLink } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { useSharedIdeaReport } from '../../api/ideas.ts'
import { Card } from '../../components/card.tsx'
import { Header } from '../../components/header.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import { IdeasMain } from '../ideas/ideas-frame.tsx'
import { Hypothesis } from '../ideas/report/hypothesis.tsx'
import { IdeaReport } from '../ideas/report/idea-report.tsx'
import { PrintButton, ReportHeading } from '../ideas/report/report-heading.tsx'

const nowhere = () => undefined

/** The report of the one idea that a link shows: to read and to print. */
const SharedIdea = ({ link, idea }: { link: OpenedLink; idea: string }) => {
  const t = useTranslations('ideaReport')
  const { site } = link
  const { data: report, error, refetch } = useSharedIdeaReport(site, idea)
  return (
    <>
      <title>{`${report?.idea.name ?? link.name} · ClickWatch`}</title>
      <div className="print:hidden">
        <Header site={site} connection="live" onSite={nowhere} />
      </div>
      <IdeasMain>
        {error && (
          <Card className="p-5">
            <Failure error={error} onRetry={() => void refetch()} />
          </Card>
        )}
        {report ? (
          <>
            <ReportHeading site={site} idea={report.idea} asOf={report.as_of} actions={<PrintButton />} />
            {report.idea.locked_at === null ? (
              <>
                <Card className="p-5">
                  <p className="text-soft">{t('waiting.shared')}</p>
                </Card>
                <Hypothesis site={site} report={report} />
              </>
            ) : (
              <IdeaReport site={site} report={report} reader="guest" />
            )}
          </>
        ) : (
          !error && (
            <Card className="p-5">
              <Skeleton lines={9} label={t('loading')} />
            </Card>
          )
        )}
      </IdeasMain>
    </>
  )
}
export default SharedIdea
