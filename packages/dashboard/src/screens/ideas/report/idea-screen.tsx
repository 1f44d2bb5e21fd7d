import type { Decision, Idea } from '@clickwatch/contract'
import { Link, useNavigate } from '@tanstack/react-router'
import { History, Pencil } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useDecidedReport, useIdea, useIdeaReport } from '../../../api/ideas.ts'
import { useRights } from '../../../api/rights.ts'
import { Card } from '../../../components/card.tsx'
import { Failure, Skeleton } from '../../../components/states.tsx'
import { useSiteTime } from '../../behaviour/use-site-time.ts'
import { secondary } from '../../settings/fields.tsx'
import { IdeasFrame, siteSearch } from '../ideas-frame.tsx'
import type { IdeaSearch } from '../ideas-search.ts'
import { IdeaReport } from './idea-report.tsx'
import { RemoveIdea } from './remove-idea.tsx'
import { PrintButton, ReportHeading } from './report-heading.tsx'
import { Section } from './section.tsx'
import { SetUp } from './set-up.tsx'
import { ShareIdea } from './share-idea.tsx'
import { Waiting } from './waiting.tsx'

/** The way back to all ideas. */
const ToAll = ({ site }: { site: string }) => {
  const t = useTranslations('ideas')
  return (
    <p className="text-sm print:hidden">
      <Link to="/ideas" search={siteSearch(site)} className="font-medium text-accent hover:underline">
        {t('title')}
      </Link>
    </p>
  )
}

const Actions = ({ site, idea }: { site: string; idea: Idea }) => {
  const t = useTranslations('ideaReport')
  const navigate = useNavigate()
  const { mayWrite } = useRights(site)
  return (
    <>
      {mayWrite && (
        <>
          <Link to="/ideas/$id/edit" params={{ id: idea.id }} search={siteSearch(site)} className={secondary}>
            <Pencil size={15} aria-hidden className="-ml-0.5 mr-1.5 inline align-[-2px]" />
            {t('edit')}
          </Link>
          <ShareIdea site={site} id={idea.id} name={idea.name} />
        </>
      )}
      {idea.locked_at && <PrintButton />}
      {mayWrite && (
        <RemoveIdea
          site={site}
          id={idea.id}
          name={idea.name}
          onDone={() => void navigate({ to: '/ideas', search: siteSearch(site) })}
        />
      )}
    </>
  )
}

const PastNote = (props: { site: string; id: string; decision: Decision; version: string }) => {
  const { site, id, decision, version } = props
  const t = useTranslations('ideaReport.past')
  const kinds = useTranslations('ideas.decisions')
  const { moment } = useSiteTime(site)
  return (
    <Card className="flex flex-wrap items-center gap-x-4 gap-y-2 border-fair p-4">
      <History size={18} aria-hidden className="shrink-0 text-fair" />
      <div className="min-w-0 flex-1">
        <p className="font-medium" data-as-it-was={decision.id}>
          {t('title', { when: moment(decision.at), decision: kinds(decision.decision) })}
        </p>
        <p className="wrap-anywhere text-soft">“{decision.why}”</p>
        <p className="text-xs wrap-anywhere text-soft">{t('version', { version })}</p>
      </div>
      <Link to="/ideas/$id" params={{ id }} search={siteSearch(site)} className={`${secondary} print:hidden`}>
        {t('now')}
      </Link>
    </Card>
  )
}

/** Of a question whose answer is not there: that it is on its way, or what went wrong. */
const Pending = ({ question }: { question: { error: Error | null; refetch: () => unknown } }) => {
  const t = useTranslations('ideaReport')
  return (
    <Card className="p-5">
      {question.error ? (
        <Failure error={question.error} onRetry={() => void question.refetch()} />
      ) : (
        <Skeleton lines={9} label={t('loading')} />
      )}
    </Card>
  )
}

/** The report of an idea that somebody has seen. */
const Seen = ({ site, idea }: { site: string; idea: Idea }) => {
  const t = useTranslations('ideaReport.setUp')
  const question = useIdeaReport(site, idea.id)
  const { mayWrite } = useRights(site)
  if (!question.data) return <Pending question={question} />
  return (
    <>
      {question.error && (
        <Card className="p-5">
          <Failure error={question.error} onRetry={() => void question.refetch()} />
        </Card>
      )}
      <IdeaReport site={site} report={question.data} reader={mayWrite ? 'owner' : 'onlooker'} />
      <Section title={t('onPage')} className="print:hidden">
        <details>
          <summary className="cursor-pointer font-medium text-accent">{t('show')}</summary>
          <div className="mt-4">
            <SetUp site={site} idea={idea} />
          </div>
        </details>
      </Section>
    </>
  )
}

/** One idea: its report as it stands, or as it stood when something was decided. */
const IdeaScreen = ({ id, search }: { id: string; search: IdeaSearch }) => {
  const t = useTranslations('ideaReport')
  const { site = 'default', decision } = search
  const question = useIdea(site, id)
  const past = useDecidedReport(site, id, decision)
  const idea = decision === undefined ? question.data : past.data?.report.idea
  return (
    <IdeasFrame site={site} title={idea?.name ?? t('loading')}>
      {idea ? (
        <ReportHeading
          site={site}
          idea={idea}
          above={<ToAll site={site} />}
          actions={decision === undefined && <Actions site={site} idea={idea} />}
        />
      ) : (
        <ToAll site={site} />
      )}
      {decision !== undefined ? (
        past.data ? (
          <>
            <PastNote site={site} id={id} decision={past.data.decision} version={past.data.report.tables_version} />
            <IdeaReport site={site} report={past.data.report} reader="onlooker" />
          </>
        ) : (
          <Pending question={past} />
        )
      ) : question.data ? (
        question.data.locked_at === null ? (
          <Waiting site={site} idea={question.data} />
        ) : (
          <Seen site={site} idea={question.data} />
        )
      ) : (
        <Pending question={question} />
      )}
    </IdeasFrame>
  )
}
export default IdeaScreen
