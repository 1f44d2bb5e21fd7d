import type { PresentVisitor } from '@clickwatch/contract'
import { useEffect, useState } from 'react'
import { useNow } from '../../api/queries.ts'
import { Card } from '../../components/card.tsx'
import { Failure, Nothing, Skeleton } from '../../components/states.tsx'
import { formatAgo, formatCountry } from '../../format.ts'

const shown = 8
const tickMs = 1000

const doings: Record<string, string> = {
  page_view: 'viewed',
  click: 'clicked',
  rage_click: 'clicked in anger',
  cta_seen: 'saw',
  hover: 'looked at',
  scroll: 'scrolled',
  submit: 'submitted',
  form_abandon: 'gave up',
  engagement: 'read',
  custom: 'did',
}

/** The time, by the second, for what is told as 'ago'. */
const useClock = (): number => {
  const [nowMs, setNowMs] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), tickMs)
    return () => clearInterval(timer)
  }, [])
  return nowMs
}

const Row = ({ visitor, nowMs }: { visitor: PresentVisitor; nowMs: number }) => {
  const where = [visitor.country && formatCountry(visitor.country), visitor.browser, visitor.os].filter(Boolean)
  return (
    <li className="flex items-baseline gap-3 py-2" data-row={visitor.visitor}>
      <span aria-hidden className="size-2 shrink-0 self-center rounded-full bg-good" />
      <div className="min-w-0 flex-1">
        <p className="truncate">
          {doings[visitor.last_event] ?? visitor.last_event}{' '}
          <span className="font-semibold">{visitor.last_element || visitor.page}</span>
          {visitor.last_element && <span className="text-soft"> on {visitor.page}</span>}
        </p>
        <p className="truncate text-xs text-soft">
          {[visitor.source && `from ${visitor.source}`, ...where].filter(Boolean).join(' · ') || 'Unknown browser'}
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
  const { data, error, refetch } = useNow(site)
  const nowMs = useClock()
  const more = (data?.current_visitors ?? 0) - shown
  return (
    <Card label="On the site now" className="p-5">
      <div className="mb-2 flex items-center justify-between">
        <h2 className="text-base font-bold">On the site now</h2>
        <span className="text-xs text-soft">seen in the last 5 minutes</span>
      </div>
      {error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Skeleton lines={6} label="Loading who is on the site" />
      ) : data.visitors.length === 0 ? (
        <Nothing>Nobody at this moment</Nothing>
      ) : (
        <>
          <ul className="divide-y divide-line">
            {data.visitors.slice(0, shown).map((visitor) => (
              <Row key={visitor.visitor} visitor={visitor} nowMs={nowMs} />
            ))}
          </ul>
          {more > 0 && <p className="pt-2 text-xs text-soft">and {more} more</p>}
        </>
      )}
    </Card>
  )
}
