import type { IdeaDraft, IdeaPlanAnswer, PlannedVisitors } from '@clickwatch/contract'
import clsx from 'clsx'
import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useIdeaPlan } from '../../../api/ideas.ts'
import { useSiteView } from '../../../api/kept.ts'
import { Card } from '../../../components/card.tsx'
import { Failure, Skeleton } from '../../../components/states.tsx'
import { formatCount, formatExact } from '../../../format.ts'
import { formatMoney, formatPlainPoints, formatRate } from '../rates.ts'
import { DetectableChart } from './detectable-chart.tsx'

const pauseMs = 350

/** What was typed, once it has rested for a moment. */
const useRested = <Value,>(value: Value): Value => {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), pauseMs)
    return () => clearTimeout(timer)
  }, [value])
  return rested
}

/** One planned number of visitors, with what it means. */
const Planned = ({ planned, currency }: { planned: PlannedVisitors; currency: string }) => {
  const t = useTranslations('ideaForm.plan')
  const { visitors, days, cost, is_within_budget } = planned
  return (
    <>
      <span title={formatExact(visitors)}>{t('visitors', { count: visitors, text: formatCount(visitors) })}</span>
      {days !== null && <> · {t('inDays', { days: Math.ceil(days) })}</>}
      {cost !== null && <> · {formatMoney(cost, currency)}</>}
      {is_within_budget === false && <span className="font-medium text-fair"> · {t('overBudget')}</span>}
    </>
  )
}

const Plan = ({ plan, bar, currency }: { plan: IdeaPlanAnswer; bar: number; currency: string }) => {
  const t = useTranslations('ideaForm.plan')
  const { traffic, decisions, precision, detectable, detectable_between } = plan
  const between = detectable_between.filter(({ difference }) => difference !== null).at(-1)
  return (
    <div className="space-y-5">
      <p>
        {traffic.visitors === 0 ? (
          <span className="text-soft">{t('noTraffic')}</span>
        ) : (
          <>
            <strong className="block text-2xl" data-per-day={traffic.visitors_per_day}>
              {t('perDay', { count: formatCount(Math.round(traffic.visitors_per_day * 10) / 10) })}
            </strong>
            <span className="text-sm text-soft">
              {traffic.basis === 'rung' ? t('ofRung', { days: traffic.days }) : t('ofSite', { days: traffic.days })}
            </span>
          </>
        )}
      </p>
      <section aria-label={t('decided')}>
        <h3 className="font-medium">{t('decided')}</h3>
        <p className="text-xs text-soft">{t('decidedAbout')}</p>
        <ul className="mt-2 space-y-1.5">
          {decisions.map((each) => (
            <li key={each.rate} className="flex gap-3 border-t border-line pt-1.5">
              <span className={clsx('w-14 shrink-0 font-semibold', each.side === 'above' ? 'text-good' : 'text-bad')}>
                {formatRate(each.rate)}
              </span>
              <span className="min-w-0 text-sm">
                <Planned planned={each} currency={currency} />
              </span>
            </li>
          ))}
        </ul>
      </section>
      <p className="text-sm">
        <span className="font-medium">{t('precision', { width: formatRate(precision.half_width) })}</span>{' '}
        <span className="text-soft">
          <Planned planned={precision} currency={currency} />
        </span>
      </p>
      {detectable.length > 0 && <DetectableChart detectable={detectable} bar={bar} />}
      {between?.difference != null && (
        <p className="text-sm text-soft">
          {t('between', { days: between.days, points: formatPlainPoints(between.difference) })}
        </p>
      )}
    </div>
  )
}

/** Beside the form: what the bar asks for in visitors, days and money, by the traffic of these days. */
export const Planner = ({ site, draft }: { site: string; draft: IdeaDraft | undefined }) => {
  const t = useTranslations('ideaForm.plan')
  const text = useRested(draft === undefined ? '' : JSON.stringify(draft))
  const rested = text === '' ? undefined : (JSON.parse(text) as IdeaDraft)
  const { data, error, isPlaceholderData, refetch } = useIdeaPlan(site, rested)
  const { data: siteView } = useSiteView(site)
  return (
    <Card label={t('title')} className="p-5">
      <h2 className="mb-3 text-base font-bold">{t('title')}</h2>
      {rested === undefined ? (
        <p className="text-soft">{t('notYet')}</p>
      ) : error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton lines={6} label={t('loading')} />
      ) : (
        <div aria-busy={isPlaceholderData} className={isPlaceholderData ? 'opacity-60' : undefined}>
          <Plan plan={data} bar={rested.bar.rate} currency={siteView?.currency ?? ''} />
        </div>
      )}
    </Card>
  )
}
