import type { LedgerAnswer, LedgerDay } from '@clickwatch/contract'
import { Link } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { useLedger } from '../../api/queries.ts'
import { useRights } from '../../api/rights.ts'
import { Card } from '../../components/card.tsx'
import { Scrolling } from '../../components/scrolling.tsx'
import { Failure, Nothing, Skeleton } from '../../components/states.tsx'
import { formatCount, formatDay, formatExact } from '../../format.ts'
import { english } from '../../messages/en/index.ts'

/** The columns, in the order in which they add up: what arrived is the next five. */
const columns = ['arrived', 'counted', 'doubled', 'excluded', 'refused', 'erased', 'late', 'withheld'] as const

const reasonNames = Object.keys(english.ledger.reasons) as (keyof typeof english.ledger.reasons)[]

const sumOf = (days: readonly LedgerDay[], key: Exclude<keyof LedgerDay, 'date'>): number =>
  days.reduce((sum, day) => sum + day[key], 0)

const Reasons = ({ site, reasons }: Pick<LedgerAnswer, 'reasons'> & { site: string }) => {
  const t = useTranslations('ledger')
  const { mayManageAll } = useRights(site)
  const nameOf = (reason: string): string => {
    const known = reasonNames.find((each) => each === reason)
    return known ? t(`reasons.${known}`) : reason
  }
  if (reasons.length === 0) return null
  return (
    <p className="mt-3 text-sm text-soft">
      {t('why')}{' '}
      {reasons
        .map(({ kind, reason, events }) => `${formatCount(events)} ${t(`kinds.${kind}`)} (${nameOf(reason)})`)
        .join(' · ')}
      {mayManageAll && reasons.some(({ kind }) => kind === 'refused') && (
        <>
          .{' '}
          <Link to="/refused" search={site === 'default' ? {} : { site }} className="underline hover:text-ink">
            {t('seeRefused')}
          </Link>
        </>
      )}
    </p>
  )
}

const Balance = ({ unaccounted }: Pick<LedgerAnswer, 'unaccounted'>) => {
  const t = useTranslations('ledger')
  return unaccounted === 0 ? (
    <p className="text-sm text-soft">{t('balanced')}</p>
  ) : (
    <p role="alert" className="text-sm font-medium text-bad">
      {t('unaccounted', { count: unaccounted })}
    </p>
  )
}

const Days = ({ days }: { days: readonly LedgerDay[] }) => {
  const t = useTranslations('ledger')
  return (
    <Scrolling label={t('byDay')} className="max-h-72">
      <table className="w-full text-right text-sm tabular-nums print:text-xs">
        <thead className="sticky top-0 bg-card text-soft">
          <tr>
            <th scope="col" className="py-1.5 pr-3 text-left font-medium">
              {t('day')}
            </th>
            {columns.map((key) => (
              <th
                key={key}
                scope="col"
                title={t(`about.${key}`)}
                className="px-2 py-1.5 font-medium whitespace-nowrap print:px-1 print:whitespace-normal"
              >
                {t(`columns.${key}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr className="border-t border-line font-semibold">
            <th scope="row" className="py-1.5 pr-3 text-left whitespace-nowrap">
              {t('allDays')}
            </th>
            {columns.map((key) => (
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
              {columns.map((key) => (
                <td key={key} className={day[key] === 0 ? 'px-2 py-1.5 text-soft' : 'px-2 py-1.5'}>
                  {formatExact(day[key])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  )
}

/** What became of everything that arrived: so that whoever reads the numbers can see what is not in them, and why. */
export const HonestNumbers = ({ site }: { site: string }) => {
  const t = useTranslations('ledger')
  const { data, error, refetch } = useLedger(site)
  return (
    <Card label={t('title')} className="p-5">
      <div className="mb-3 flex flex-wrap items-baseline justify-between gap-2">
        <h2 className="text-base font-bold">{t('title')}</h2>
        {data && <Balance unaccounted={data.unaccounted} />}
      </div>
      {error && !data ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Skeleton lines={4} />
      ) : data.days.length === 0 ? (
        <Nothing>{t('nothing')}</Nothing>
      ) : (
        <>
          <Days days={data.days} />
          <Reasons site={site} reasons={data.reasons} />
        </>
      )}
    </Card>
  )
}
