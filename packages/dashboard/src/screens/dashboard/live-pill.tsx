import clsx from 'clsx'
import type { Connection } from '../../api/live.ts'
import { useNow } from '../../api/queries.ts'
import { Value } from '../../components/value.tsx'
import { formatCount } from '../../format.ts'

/** How many are on the site, and whether the numbers move by themselves. */
export const LivePill = ({ site, connection }: { site: string; connection: Connection }) => {
  const { data } = useNow(site)
  const current = data?.current_visitors ?? 0
  const isLive = connection === 'live'
  return (
    <p
      className="flex items-center gap-2 rounded-full border border-line bg-card px-3 py-1.5 font-medium"
      title={isLive ? 'Numbers update by themselves' : 'Waiting for the server'}
    >
      <span aria-hidden className={clsx('size-2 rounded-full', isLive ? 'pulse-dot bg-good' : 'bg-soft')} />
      {isLive || connection === 'connecting' ? (
        <span>
          <Value text={formatCount(current)} exact={current} metric="current_visitors" />{' '}
          <span className="text-soft">online</span>
        </span>
      ) : (
        <span className="text-soft">reconnecting</span>
      )}
    </p>
  )
}
