import type { Idea } from '@clickwatch/contract'
import { Printer } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { useSiteTime } from '../../behaviour/use-site-time.ts'
import { secondary } from '../../settings/fields.tsx'
import { templateIcons } from '../template-cards.tsx'
import { StatusBadge } from '../verdict.tsx'

export const PrintButton = () => {
  const t = useTranslations('ideaReport')
  return (
    <button type="button" onClick={() => window.print()} className={secondary}>
      <Printer size={15} aria-hidden className="-ml-0.5 mr-1.5 inline align-[-2px]" />
      {t('print')}
    </button>
  )
}

/**
 * What a report is of, and since when.
 * @param props.asOf when the report was read; told on paper, and to whoever it is shared with
 */
export const ReportHeading = (props: {
  site: string
  idea: Idea
  above?: ReactNode
  asOf?: string | undefined
  actions?: ReactNode
}) => {
  const { site, idea, above, asOf, actions } = props
  const t = useTranslations('ideaReport')
  const templates = useTranslations('ideas.templates')
  const ideas = useTranslations('ideas')
  const { moment } = useSiteTime(site)
  const Icon = templateIcons[idea.template]
  return (
    <div className="flex flex-wrap items-end justify-between gap-3">
      <div className="min-w-0">
        {above}
        <h1 className="text-2xl font-bold tracking-tight wrap-anywhere">{idea.name}</h1>
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-soft">
          <span className="inline-flex items-center gap-1.5">
            <Icon size={15} aria-hidden /> {templates(`${idea.template}.name`)}
          </span>
          <StatusBadge status={idea.status} />
          {idea.locked_at && <span>{t('countedSince', { when: moment(idea.counted_from) })}</span>}
          {asOf && <span>{t('asOf', { when: moment(asOf) })}</span>}
          {idea.revisions.length > 0 && (
            <strong className="text-fair" data-revised={idea.revisions.length}>
              {ideas('revised', { count: idea.revisions.length })}
            </strong>
          )}
        </p>
      </div>
      {actions && <div className="flex flex-wrap gap-2 print:hidden">{actions}</div>}
    </div>
  )
}
