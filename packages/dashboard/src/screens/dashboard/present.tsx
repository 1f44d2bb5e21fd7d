import { type EventType, eventTypes, type PresentVisitor } from '@clickwatch/contract'
import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useNow } from '../../api/queries.ts'
import { Card } from '../../components/card.tsx'
import { Failure, Nothing, Skeleton } from '../../components/states.tsx'
import { formatAgo, formatCountry } from '../../format.ts'

const shown = 8
const tickMs = 1000

/** What was done, in a word; a producer's own kind of event stays as it is. */
export const useDoing = (): ((type: string) => string) => {
  const t = useTranslations('present.doings')
  return (type) => (eventTypes.some((each) => each === type) ? t(type as EventType) : type)
}

/** The time, by the second, for what is told as 'ago'. */
export const useClock = (): number => {
  const [nowMs, setNowMs] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), tickMs)
    return () => clearInterval(timer)
  }, [])
  return nowMs
}

const Row = ({ visitor, nowMs }: { visitor: PresentVisitor; nowMs: number }) => {
  const t = useTranslations('present')
  const doing = useDoing()
  const where = [visitor.country && formatCountry(visitor.country), visitor.browser, visitor.os].filter(Boolean)
  return (
    <li className="flex items-baseline gap-3 py-2" data-row={visitor.visitor}>
      <span aria-hidden className="size-2 shrink-0 self-center rounded-full bg-good" />
      <div className="min-w-0 flex-1">
        <p className="truncate">
          {doing(visitor.last_event)} <span className="font-semibold">{visitor.last_element || visitor.page}</span>
          {visitor.last_element && <span className="text-soft"> {t('on', { page: visitor.page })}</span>}
        </p>
        <p className="truncate text-xs text-soft">
          {[visitor.source && t('from', { source: visitor.source }), ...where].filter(Boolean).join(' · ') ||
            t('unknownBrowser')}
        </p>
      </div>
      <span className="shrink-0 text-xs text-soft">
        {formatAgo(Math.max(0, (nowMs - Date.parse(visitor.seen_at)) / 1000))}
      </span>
    </li>
  )
}

/** Who is on the site now, and what they did last. */
export const Present = ({ site }: { site: string }) => {
  const t = useTranslations('present')
  const { data, error, refetch } = useNow(site)
  const nowMs = useClock()
  const more = (data?.current_visitors ?? 0) - shown
  return (
    <Card label={t('title')} className="p-5 print:hidden">
      <div className="mb-2 flex items-center justify-between">
        <h2 className="text-base font-bold">{t('title')}</h2>
        <span className="text-xs text-soft">{t('seen')}</span>
      </div>
      {error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Skeleton lines={6} label={t('loading')} />
      ) : data.visitors.length === 0 ? (
        <Nothing>{t('nobody')}</Nothing>
      ) : (
        <>
          <ul className="divide-y divide-line">
            {data.visitors.slice(0, shown).map((visitor) => (
              <Row key={visitor.visitor} visitor={visitor} nowMs={nowMs} />
            ))}
          </ul>
          {more > 0 && <p className="pt-2 text-xs text-soft">{t('more', { count: more })}</p>}
        </>
      )}
    </Card>
  )
}
