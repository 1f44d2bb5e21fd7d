import type { LedgerAnswer, LedgerDay } from '@clickwatch/contract'
import { Link } from '@tanstack/react-router'
import { useLedger } from '../../api/queries.ts'
import { Card } from '../../components/card.tsx'
import { Failure, Nothing, Skeleton } from '../../components/states.tsx'
import { formatCount, formatDay, formatExact } from '../../format.ts'

/** The columns, in the order in which they add up: what arrived is the next five. */
const columns: { key: Exclude<keyof LedgerDay, 'date'>; name: string; about: string }[] = [
  { key: 'arrived', name: 'Arrived', about: 'Events that reached the server' },
  { key: 'counted', name: 'Counted', about: 'Events that are in the numbers above' },
  { key: 'doubled', name: 'Doubled', about: 'Events that had come before: sent again by a retry, and counted once' },
  { key: 'excluded', name: 'Bots and own', about: 'Events of bots and of addresses that the site keeps out' },
  { key: 'refused', name: 'Refused', about: 'Events that could not be understood; they are kept with the reason' },
  { key: 'erased', name: 'Erased', about: 'Events of visitors whose data was erased' },
  {
    key: 'late',
    name: 'Late',
    about: 'Counted events that arrived long after they happened, from browsers that were offline',
  },
  { key: 'withheld', name: 'No consent', about: 'Events that stayed in the browser, since the visitor said no' },
]

const reasonNames: Record<string, string> = {
  bot: 'bots',
  headless: 'browsers without a screen',
  no_user_agent: 'programs that do not say what they are',
  prefetch: 'pages loaded ahead',
  own_address: 'your own addresses',
  invalid_field: 'a field was not as expected',
  unreadable: 'could not be read',
}

const sumOf = (days: readonly LedgerDay[], key: Exclude<keyof LedgerDay, 'date'>): number =>
  days.reduce((sum, day) => sum + day[key], 0)

const Reasons = ({ site, reasons }: Pick<LedgerAnswer, 'reasons'> & { site: string }) => {
  if (reasons.length === 0) return null
  return (
    <p className="mt-3 text-sm text-soft">
      Why:{' '}
      {reasons
        .map(({ kind, reason, events }) => `${formatCount(events)} ${kind} (${reasonNames[reason] ?? reason})`)
        .join(' · ')}
      {reasons.some(({ kind }) => kind === 'refused') && (
        <>
          .{' '}
          <Link to="/refused" search={site === 'default' ? {} : { site }} className="underline hover:text-ink">
            See what was refused
          </Link>
        </>
      )}
    </p>
  )
}

const Balance = ({ unaccounted }: Pick<LedgerAnswer, 'unaccounted'>) =>
  unaccounted === 0 ? (
    <p className="text-sm text-soft">Every record of the stream is accounted for.</p>
  ) : (
    <p role="alert" className="text-sm font-medium text-bad">
      {formatExact(unaccounted)} records of the stream are not accounted for. Run clickwatch verify.
    </p>
  )

const Days = ({ days }: { days: readonly LedgerDay[] }) => (
  // A region that scrolls can be reached by keyboard.
  // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
  <section aria-label="By day" tabIndex={0} className="max-h-72 overflow-auto">
    <table className="w-full text-right text-sm tabular-nums">
      <thead className="sticky top-0 bg-card text-soft">
        <tr>
          <th scope="col" className="py-1.5 pr-3 text-left font-medium">
            Day
          </th>
          {columns.map(({ key, name, about }) => (
            <th key={key} scope="col" title={about} className="px-2 py-1.5 font-medium whitespace-nowrap">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr className="border-t border-line font-semibold">
          <th scope="row" className="py-1.5 pr-3 text-left whitespace-nowrap">
            30 days
          </th>
          {columns.map(({ key }) => (
            <td key={key} className="px-2 py-1.5">
              {formatExact(sumOf(days, key))}
            </td>
          ))}
        </tr>
        {days.map((day) => (
          <tr key={day.date} className="border-t border-line">
            <th scope="row" className="py-1.5 pr-3 text-left font-normal whitespace-nowrap">
              {formatDay(day.date)}
            </th>
            {columns.map(({ key }) => (
              <td key={key} className={day[key] === 0 ? 'px-2 py-1.5 text-soft' : 'px-2 py-1.5'}>
                {formatExact(day[key])}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </section>
)

/** What became of everything that arrived: so that whoever reads the numbers can see what is not in them, and why. */
export const HonestNumbers = ({ site }: { site: string }) => {
  const { data, error, refetch } = useLedger(site)
  return (
    <Card label="Honest numbers" className="p-5">
      <div className="mb-3 flex flex-wrap items-baseline justify-between gap-2">
        <h2 className="text-base font-bold">Honest numbers</h2>
        {data && <Balance unaccounted={data.unaccounted} />}
      </div>
      {error && !data ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Skeleton lines={4} />
      ) : data.days.length === 0 ? (
        <Nothing>Nothing arrived in the last 30 days.</Nothing>
      ) : (
        <>
          <Days days={data.days} />
          <Reasons site={site} reasons={data.reasons} />
        </>
      )}
    </Card>
  )
}
