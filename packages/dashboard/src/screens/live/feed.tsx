import type { RecentEvent } from '@clickwatch/contract'
import clsx from 'clsx'
import { Eye, Flag, MousePointerClick, Pause, Play, ScrollText, Send, Sparkles } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useNow } from '../../api/queries.ts'
import { Card } from '../../components/card.tsx'
import { quietButton } from '../../components/controls.ts'
import { Failure, Nothing, Skeleton } from '../../components/states.tsx'
import { formatAgo, formatCountry } from '../../format.ts'
import { useClock, useDoing } from '../dashboard/present.tsx'

const icons: Record<string, typeof Eye> = {
  page_view: Eye,
  click: MousePointerClick,
  rage_click: MousePointerClick,
  submit: Send,
  scroll: ScrollText,
  custom: Sparkles,
}

const Row = ({ event, nowMs }: { event: RecentEvent; nowMs: number }) => {
  const t = useTranslations('present')
  const doing = useDoing()
  const Icon = icons[event.type] ?? Flag
  const who = [
    event.source && t('from', { source: event.source }),
    event.country && formatCountry(event.country),
    event.browser,
    event.device,
  ]
  return (
    <li data-row={event.id} className="flex items-baseline gap-3 py-2">
      <Icon
        size={15}
        aria-hidden
        className={clsx('shrink-0 self-center', event.is_conversion ? 'text-good' : 'text-soft')}
      />
      <div className="min-w-0 flex-1">
        <p className="truncate">
          {doing(event.type)} <span className="font-semibold">{event.element || event.page}</span>
          {event.element && <span className="text-soft"> {t('on', { page: event.page })}</span>}
        </p>
        <p className="truncate text-xs text-soft">{who.filter(Boolean).join(' · ') || t('unknownBrowser')}</p>
      </div>
      <time dateTime={event.time} className="shrink-0 text-xs text-soft">
        {formatAgo(Math.max(0, (nowMs - Date.parse(event.time)) / 1000))}
      </time>
    </li>
  )
}

/** What visitors do, the latest first, as it happens. */
export const Feed = ({ site }: { site: string }) => {
  const t = useTranslations('live')
  const { data, error, refetch } = useNow(site)
  const nowMs = useClock()
  const [held, setHeld] = useState<RecentEvent[]>()
  const events = held ?? data?.latest
  return (
    <Card className="flex max-h-[34rem] flex-col p-5">
      <div className="mb-2 flex items-center justify-between gap-2">
        <h2 className="text-base font-bold">{t('feed')}</h2>
        <button
          type="button"
          onClick={() => setHeld(held ? undefined : (data?.latest ?? []))}
          className={clsx(quietButton, 'flex items-center gap-1')}
        >
          {held ? <Play size={13} aria-hidden /> : <Pause size={13} aria-hidden />}
          {held ? t('resume') : t('pause')}
        </button>
      </div>
      {held && <p className="pb-1 text-xs text-soft">{t('paused')}</p>}
      {error && !data ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : !events ? (
        <Skeleton lines={10} label={t('loadingFeed')} />
      ) : events.length === 0 ? (
        <Nothing>{t('feedNothing')}</Nothing>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable
        <section aria-label={t('feed')} tabIndex={0} className="min-h-0 flex-1 overflow-y-auto">
          <ul className="divide-y divide-line">
            {events.map((event) => (
              <Row key={event.id} event={event} nowMs={nowMs} />
            ))}
          </ul>
        </section>
      )}
    </Card>
  )
}
