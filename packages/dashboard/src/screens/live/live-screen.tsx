import type { Dimension } from '@clickwatch/contract'
import { useNavigate } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { useLive } from '../../api/live.ts'
import { useLastSeconds, useNow, useStats } from '../../api/queries.ts'
import { Card } from '../../components/card.tsx'
import { Header } from '../../components/header.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import { Value } from '../../components/value.tsx'
import { formatCount, formatExact } from '../../format.ts'
import { useNames } from '../../names.ts'
import { searchOf, viewOf, withFilter } from '../../view.ts'
import { Breakdown } from '../dashboard/breakdown.tsx'
import CountryMap from '../dashboard/country-map.tsx'
import { LivePill } from '../dashboard/live-pill.tsx'
import { panels } from '../dashboard/panels.ts'
import { Bars } from './bars.tsx'
import { Feed } from './feed.tsx'

const barsHeight = 190
const stripHeight = 72
const metrics = ['visitors', 'pageviews', 'conversions'] as const

const Ends = ({ from, until }: { from: string; until: string }) => (
  <p aria-hidden className="mt-1 flex justify-between text-xs text-soft">
    <span>{from}</span>
    <span>{until}</span>
  </p>
)

const Minutes = ({ site }: { site: string }) => {
  const t = useTranslations('live')
  const names = useNames()
  const { data, error, refetch } = useStats({
    site_id: site,
    metrics: ['visitors'],
    date_range: 'realtime',
    dimensions: ['time:minute'],
  })
  if (error) return <Failure error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton lines={4} />
  const counts = data.results.map((row) => row.metrics[0] ?? 0)
  const label = t('byMinuteSeen', { metric: names.metric('visitors'), latest: formatExact(counts.at(-1) ?? 0) })
  return (
    <>
      <Bars counts={counts} height={barsHeight} label={label} />
      <Ends from={t('agoMinutes')} until={t('now')} />
    </>
  )
}

const Seconds = ({ site }: { site: string }) => {
  const t = useTranslations('live')
  const { data, error, refetch } = useLastSeconds(site)
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton lines={2} />
  const counts = data.results.map((row) => row.metrics[0] ?? 0)
  const latest = counts.slice(-10).reduce((sum, count) => sum + count, 0)
  return (
    <>
      <Bars isThin counts={counts} height={stripHeight} label={t('bySecondSeen', { latest: formatExact(latest) })} />
      <Ends from={t('agoSeconds')} until={t('now')} />
    </>
  )
}

const Numbers = ({ site }: { site: string }) => {
  const t = useTranslations('live')
  const names = useNames()
  const { data: now } = useNow(site)
  const { data } = useStats({ site_id: site, metrics: [...metrics], date_range: 'realtime' })
  const current = now?.current_visitors ?? 0
  return (
    <div className="flex flex-wrap gap-x-10 gap-y-3">
      <div>
        <p className="text-5xl font-bold tracking-tight">
          <Value text={formatCount(current)} exact={current} metric="online" />
        </p>
        <p className="mt-1 flex items-center gap-2 text-soft">
          <span aria-hidden className="pulse-dot size-2 rounded-full bg-good" /> {t('online')}
        </p>
      </div>
      {metrics.map((metric, index) => {
        const value = data?.results[0]?.metrics[index] ?? null
        return (
          <div key={metric} className="self-end">
            <p className="text-2xl font-bold tracking-tight">
              {data ? <Value text={formatCount(value ?? 0)} exact={value} metric={metric} /> : '–'}
            </p>
            <p className="text-xs text-soft">{names.metric(metric)}</p>
          </div>
        )
      })}
      <p className="ml-auto self-end text-xs text-soft">{t('inHalfHour')}</p>
    </div>
  )
}

/** A site as it lives: who is on it, what they do, where they are. */
const LiveScreen = ({ search }: { search: { site?: string } }) => {
  const { site = 'default' } = search
  const t = useTranslations('live')
  const navigate = useNavigate()
  const connection = useLive(site)
  const view = viewOf({ site, period: 'realtime' })
  const pick = (dimension: Dimension, value: string) =>
    void navigate({ to: '/', search: searchOf(withFilter(view, dimension, value)) })
  return (
    <>
      <title>{`${t('title')} · ${site} · ClickWatch`}</title>
      <Header
        site={site}
        connection={connection}
        onSite={(next) => void navigate({ to: '/live', search: next === 'default' ? {} : { site: next } })}
      >
        <LivePill site={site} connection={connection} />
      </Header>
      <main id="main" className="mx-auto max-w-7xl space-y-4 px-4 pb-12 sm:px-6">
        <div>
          <h1 className="text-2xl font-bold tracking-tight">{t('title')}</h1>
          <p className="text-soft">{t('about')}</p>
        </div>
        <div className="grid gap-4 lg:grid-cols-[3fr_2fr]">
          <Card label={t('byMinute')} className="space-y-5 p-5">
            <Numbers site={site} />
            <section>
              <h2 className="mb-2 text-xs font-medium text-soft">{t('byMinute')}</h2>
              <Minutes site={site} />
            </section>
            <section>
              <h2 className="mb-2 text-xs font-medium text-soft">{t('bySecond')}</h2>
              <Seconds site={site} />
            </section>
          </Card>
          <Feed site={site} />
        </div>
        <div className="grid gap-4 lg:grid-cols-2">
          <Card label={t('map')} className="p-5 lg:row-span-2">
            <h2 className="mb-3 text-base font-bold">{t('map')}</h2>
            <CountryMap view={view} onPick={pick} />
          </Card>
          {(['pages', 'sources'] as const).map((id) => (
            <Card key={id} label={t(id)} className="p-5">
              <h2 className="mb-3 text-base font-bold">{t(id)}</h2>
              <Breakdown view={view} tab={panels[id].tabs[0]} onPick={pick} />
            </Card>
          ))}
        </div>
      </main>
    </>
  )
}
export default LiveScreen
