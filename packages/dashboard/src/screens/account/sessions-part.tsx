import { useTranslations } from 'use-intl'
import { endOtherSessions, endSession, type Session, useOwnChange, useSessions } from '../../api/account.ts'
import { Skeleton } from '../../components/states.tsx'
import { formatMoment } from '../../format.ts'
import { secondary } from '../settings/fields.tsx'
import { Part, Row } from './part.tsx'

// The first that is there: Chromium's browsers say that they are Chrome, and all say Safari.
const browsers = ['Edg', 'OPR', 'Firefox', 'Chrome', 'Safari'] as const
const systems = ['Windows', 'Android', 'iPhone', 'iPad', 'Mac OS', 'Linux'] as const
const called: Record<string, string> = { Edg: 'Edge', OPR: 'Opera', 'Mac OS': 'macOS' }

/** A browser as a person would call it. */
const nameOf = ({ userAgent }: Session): string =>
  [browsers, systems]
    .flatMap((names) => names.find((name) => userAgent?.includes(name)) ?? [])
    .map((name) => called[name] ?? name)
    .join(' · ')

/** Where one is signed in, to be ended from here. */
export const SessionsPart = () => {
  const t = useTranslations('account')
  const { data } = useSessions()
  const ending = useOwnChange(endSession)
  const endingOthers = useOwnChange(endOtherSessions)
  const error = ending.error ?? endingOthers.error
  return (
    <Part title={t('sessions.title')}>
      {data ? (
        <ul>
          {data.map((session) => {
            const name = nameOf(session) || t('sessions.unknown')
            return (
              <Row
                key={session.id}
                name={name}
                actions={
                  <button
                    type="button"
                    aria-label={t('sessions.endNamed', { name })}
                    disabled={ending.isPending}
                    onClick={() => ending.mutate(session.token)}
                    className={secondary}
                  >
                    {t('sessions.end')}
                  </button>
                }
              >
                {t('sessions.since', { date: formatMoment(session.createdAt) })}
              </Row>
            )
          })}
        </ul>
      ) : (
        <Skeleton lines={2} label={t('loading')} />
      )}
      {error && (
        <p role="alert" className="text-bad">
          {error.message}
        </p>
      )}
      {data && data.length > 1 && (
        <button
          type="button"
          disabled={endingOthers.isPending}
          onClick={() => endingOthers.mutate(undefined)}
          className={secondary}
        >
          {t('sessions.endOthers')}
        </button>
      )}
    </Part>
  )
}
