import type { VisitorAnswer } from '@clickwatch/contract'
import { Target } from 'lucide-react'
import { useTranslations } from 'use-intl'
import type { useEraseVisitor } from '../../api/behaviour.ts'
import { Card } from '../../components/card.tsx'
import { formatCountry, formatDuration, formatExact } from '../../format.ts'
import type { View } from '../../view.ts'
import { Facts } from '../behaviour/facts.tsx'
import { useSiteTime } from '../behaviour/use-site-time.ts'
import { visitorName } from '../behaviour/visitor-name.ts'
import { SessionList } from '../sessions/session-list.tsx'
import { DataRequests } from './data-requests.tsx'
import { VisitCalendar } from './visit-calendar.tsx'

const money = ({ currency, amount }: VisitorAnswer['revenue'][number]): string =>
  new Intl.NumberFormat(undefined, currency ? { style: 'currency', currency } : {}).format(amount)

const Pages = ({ pages }: Pick<VisitorAnswer, 'pages'>) => {
  const most = Math.max(1, ...pages.map(({ pageviews }) => pageviews))
  return (
    <ol className="space-y-1">
      {pages.map(({ page, pageviews }) => (
        <li
          key={page}
          data-row={page}
          className="relative flex justify-between gap-3 overflow-hidden rounded-md px-2 py-1"
        >
          <span
            aria-hidden
            className="absolute inset-y-0 left-0 rounded-md bg-accent-soft"
            style={{ width: `${(100 * pageviews) / most}%` }}
          />
          <span className="relative min-w-0 truncate">{page}</span>
          <span className="relative font-semibold">{formatExact(pageviews)}</span>
        </li>
      ))}
    </ol>
  )
}

/** What is known of a visitor: facts, when they came, what they looked at and reached, their latest visits. */
export const Profile = ({
  visitor,
  view,
  erasing,
}: {
  visitor: VisitorAnswer
  view: View
  erasing: ReturnType<typeof useEraseVisitor>
}) => {
  const t = useTranslations('visitor')
  const { moment } = useSiteTime(view.site)
  return (
    <>
      <Card label={t('title')} className="p-5">
        <h2 className="text-xl font-bold">{visitorName(visitor.visitor)}</h2>
        <p className="mb-4 truncate text-xs text-soft">
          {t('id')} <code>{visitor.visitor}</code>
        </p>
        <Facts
          facts={[
            [t('first'), moment(visitor.first_seen)],
            [t('last'), moment(visitor.last_seen)],
            [t('visits'), formatExact(visitor.visits)],
            [t('pageviews'), formatExact(visitor.pageviews)],
            [t('events'), formatExact(visitor.events)],
            [t('conversions'), formatExact(visitor.conversions)],
            [t('engaged'), formatDuration(visitor.engaged_ms / 1000)],
            [t('revenue'), visitor.revenue.map(money).join(' · ')],
            [t('firstSource'), visitor.first_source || t('direct')],
            [t('place'), visitor.country ? formatCountry(visitor.country) : ''],
            [t('browser'), [visitor.browser, visitor.os].filter(Boolean).join(' · ')],
            [t('device'), visitor.device],
          ]}
        />
        <DataRequests site={view.site} visitor={visitor.visitor} erasing={erasing} />
      </Card>
      <Card label={t('calendar')} className="p-5">
        <h2 className="mb-3 text-base font-bold">{t('calendar')}</h2>
        <VisitCalendar days={visitor.days} last={visitor.last_seen.slice(0, 10)} />
      </Card>
      <div className="grid gap-4 md:grid-cols-2">
        <Card label={t('pages')} className="p-5">
          <h2 className="mb-3 text-base font-bold">{t('pages')}</h2>
          {visitor.pages.length === 0 ? <p className="text-soft">{t('noPages')}</p> : <Pages pages={visitor.pages} />}
        </Card>
        <Card label={t('goals')} className="p-5">
          <h2 className="mb-3 text-base font-bold">{t('goals')}</h2>
          {visitor.goals.length === 0 ? (
            <p className="text-soft">{t('noGoals')}</p>
          ) : (
            <ul className="space-y-2">
              {visitor.goals.map(({ goal, times, last }) => (
                <li key={goal} data-row={goal} className="flex items-start gap-2">
                  <Target size={18} aria-hidden className="mt-0.5 shrink-0 text-good" />
                  <span className="min-w-0">
                    <span className="block truncate font-semibold">{goal}</span>
                    <span className="text-xs text-soft">{t('times', { count: times, time: moment(last) })}</span>
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Card>
      </div>
      <Card label={t('latest')} className="overflow-hidden">
        <h2 className="px-5 pt-5 pb-2 text-base font-bold">{t('latest')}</h2>
        <SessionList sessions={visitor.sessions} view={view} />
      </Card>
    </>
  )
}
