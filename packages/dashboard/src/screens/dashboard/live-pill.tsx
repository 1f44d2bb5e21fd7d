import clsx from 'clsx'
import { useTranslations } from 'use-intl'
import type { Connection } from '../../api/live.ts'
import { useNow } from '../../api/queries.ts'
import { Value } from '../../components/value.tsx'
import { formatCount } from '../../format.ts'

/** How many are on the site, and whether the numbers move by themselves. */
export const LivePill = ({ site, connection }: { site: string; connection: Connection }) => {
  const t = useTranslations('shell.live')
  const { data } = useNow(site)
  const current = data?.current_visitors ?? 0
  const isLive = connection === 'live'
  return (
    <p
      className="flex items-center gap-2 rounded-full border border-line bg-card px-3 py-1.5 font-medium print:hidden"
      title={isLive ? t('moving') : t('waiting')}
    >
      <span aria-hidden className={clsx('size-2 rounded-full', isLive ? 'pulse-dot bg-good' : 'bg-soft')} />
      {isLive || connection === 'connecting' ? (
        <span>
          {t.rich('online', {
            count: () => <Value text={formatCount(current)} exact={current} metric="current_visitors" />,
            soft: (text) => <span className="text-soft">{text}</span>,
          })}
        </span>
      ) : (
        <span className="text-soft">{t('reconnecting')}</span>
      )}
    </p>
  )
}
