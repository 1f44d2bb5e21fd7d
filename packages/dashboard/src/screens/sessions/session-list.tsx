import type { SessionSummary } from '@clickwatch/contract'
import { Link } from '@tanstack/react-router'
import { ChevronRight, Monitor, Smartphone, Tablet, Target } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { formatCount, formatCountry, formatDuration } from '../../format.ts'
import { sharedSearchOf, type View } from '../../view.ts'
import { useSiteTime } from '../behaviour/use-site-time.ts'
import { visitorName } from '../behaviour/visitor-name.ts'

const deviceIcons: Record<string, typeof Monitor> = { mobile: Smartphone, tablet: Tablet }

const Row = ({ session, view }: { session: SessionSummary; view: View }) => {
  const t = useTranslations('sessions')
  const { moment } = useSiteTime(view.site)
  const Device = deviceIcons[session.device] ?? Monitor
  const time = moment(session.start)
  const visitor = visitorName(session.visitor)
  const where = [session.city || (session.country && formatCountry(session.country)), session.browser, session.os]
  return (
    <li data-session={session.session} className="relative hover:bg-raised/60">
      <Link
        to="/sessions"
        search={{ ...sharedSearchOf(view), visit: session.session, visitor: session.visitor }}
        aria-label={t('open', { visitor, time })}
        className="absolute inset-0"
      />
      <div className="flex items-center gap-3 px-5 py-3">
        <Device size={18} aria-hidden className="shrink-0 text-soft" />
        <div className="grid min-w-0 flex-1 gap-x-4 gap-y-0.5 sm:grid-cols-[1.1fr_1.4fr_1fr]">
          <div className="min-w-0">
            <p className="truncate font-semibold">{visitor}</p>
            <p className="truncate text-xs text-soft">
              {time} · {t('nth', { number: session.visit_number })}
            </p>
          </div>
          <div className="min-w-0">
            <p className="truncate">
              {session.entry_page || t('unknown')}
              {session.exit_page !== session.entry_page && <span className="text-soft"> → {session.exit_page}</span>}
            </p>
            <p className="truncate text-xs text-soft">{where.filter(Boolean).join(' · ') || t('unknown')}</p>
          </div>
          <div className="min-w-0">
            <p className="truncate">{session.source || t('direct')}</p>
            <p className="flex flex-wrap gap-x-2 text-xs text-soft">
              <span>{formatDuration(session.duration_s)}</span>
              <span>{t('pages', { count: session.pageviews })}</span>
              <span>{t('events', { count: session.events })}</span>
            </p>
          </div>
        </div>
        <div className="flex w-12 shrink-0 items-center justify-end gap-1">
          {session.conversions > 0 && (
            <span
              className="flex items-center gap-0.5 font-semibold text-good"
              title={t('conversions', { count: session.conversions })}
            >
              <Target size={16} aria-hidden />
              <span aria-hidden>{formatCount(session.conversions)}</span>
              <span className="sr-only">{t('conversions', { count: session.conversions })}</span>
            </span>
          )}
          <ChevronRight size={16} aria-hidden className="text-soft" />
        </div>
      </div>
    </li>
  )
}

/** Visits, a row each, each a way to what happened in it. */
export const SessionList = ({ sessions, view }: { sessions: SessionSummary[]; view: View }) => {
  const t = useTranslations('sessions')
  return (
    <ul aria-label={t('list')} className="divide-y divide-line">
      {sessions.map((session) => (
        <Row key={`${session.visitor} ${session.session}`} session={session} view={view} />
      ))}
    </ul>
  )
}
