import { Link } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useSession } from '../../api/behaviour.ts'
import { ApiError } from '../../api/client.ts'
import { Card } from '../../components/card.tsx'
import { formatCountry, formatDuration } from '../../format.ts'
import { sharedSearchOf, type View } from '../../view.ts'
import { Answer, Empty } from '../behaviour/answer.tsx'
import { Facts } from '../behaviour/facts.tsx'
import { useSiteTime } from '../behaviour/use-site-time.ts'
import { visitorName } from '../behaviour/visitor-name.ts'
import { VisitTimeline } from './timeline.tsx'

/** One visit: what is known of it, and what happened in it. */
export const OneSession = ({ view, visit, visitor }: { view: View; visit: string; visitor: string }) => {
  const t = useTranslations('sessions')
  const { moment } = useSiteTime(view.site)
  const question = useSession(view.site, visit, visitor)
  const isGone = question.error instanceof ApiError && question.error.status === 404
  const name = visitorName(visitor)
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-2 print:hidden">
        <Link
          to="/sessions"
          search={sharedSearchOf(view)}
          className="flex items-center gap-1 font-medium text-accent hover:underline"
        >
          <ArrowLeft size={16} aria-hidden /> {t('back')}
        </Link>
        <Link
          to="/visitor"
          search={{ ...sharedSearchOf(view), visitor }}
          className="font-medium text-accent hover:underline"
        >
          {t('toVisitor', { visitor: name })}
        </Link>
      </div>
      {isGone ? (
        <Card className="p-5">
          <Empty title={t('notFound')}>{t('notFoundHow')}</Empty>
        </Card>
      ) : (
        <Card label={t('timeline')} className="p-5">
          <Answer question={question} loading={t('loadingOne')} lines={8}>
            {({ session, events }) => (
              <>
                <Facts
                  facts={[
                    [t('facts.visitor'), `${name} · ${t('nth', { number: session.visit_number })}`],
                    [t('facts.start'), moment(session.start)],
                    [t('facts.duration'), formatDuration(session.duration_s)],
                    [t('facts.engaged'), session.engaged_ms > 0 ? formatDuration(session.engaged_ms / 1000) : ''],
                    [t('facts.entry'), session.entry_page],
                    [t('facts.exit'), session.exit_page],
                    [t('facts.source'), session.source || t('direct')],
                    [t('facts.referrer'), session.referrer],
                    [t('facts.campaign'), session.utm_campaign],
                    [
                      t('facts.place'),
                      [session.city, session.country && formatCountry(session.country)].filter(Boolean).join(', '),
                    ],
                    [t('facts.browser'), [session.browser, session.os].filter(Boolean).join(' · ')],
                    [t('facts.device'), [session.device, session.screen].filter(Boolean).join(' · ')],
                    [t('facts.language'), session.language],
                  ]}
                />
                <h2 className="mt-6 mb-3 text-base font-bold">{t('timeline')}</h2>
                <VisitTimeline events={events} site={view.site} />
              </>
            )}
          </Answer>
        </Card>
      )}
    </>
  )
}
