import type { IdeaReport, VariantEvidence, Verdict } from '@clickwatch/contract'
import clsx from 'clsx'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Card } from '../../../components/card.tsx'
import { formatCount } from '../../../format.ts'
import type { Tone } from '../interval-bar.tsx'
import { formatInterval, formatMoney, formatProbability, formatRate } from '../rates.ts'
import { formatDayIn } from '../use-site-day.ts'
import { verdictColors, verdictIcons } from '../verdict.tsx'
import { Health } from './health.tsx'
import { InterestScale } from './interest-scale.tsx'
import { Loss } from './loss.tsx'
import { useIdeaNames } from './use-idea-names.ts'
import { useVerdictWords } from './use-verdict-words.ts'

const washes: Record<Verdict, string> = {
  build: 'bg-good/10',
  keep_testing: 'bg-accent-soft/60',
  stop: 'bg-bad/10',
  fix_test: 'bg-fair/10',
}
const toneOf = (settled: 'above' | 'below' | null): Tone =>
  settled === 'above' ? 'good' : settled === 'below' ? 'bad' : 'accent'

/** The variant that the recommendation speaks of. */
export const spokenOf = ({ evidence }: IdeaReport): VariantEvidence | undefined =>
  evidence.variants.find(({ variant }) => variant === evidence.recommendation.variant) ?? evidence.variants[0]

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <section aria-label={name} className="min-w-0 px-5 py-4 sm:px-6">
    <h3 className="mb-1.5 text-xs font-semibold tracking-wide text-soft uppercase">{name}</h3>
    {children}
  </section>
)

const Interest = ({ report, spoken }: { report: IdeaReport; spoken: VariantEvidence }) => {
  const t = useTranslations('ideaReport')
  const names = useIdeaNames(report.idea)
  const { bar } = spoken
  const did = names.did(bar.grade)
  const isSeveral = report.evidence.variants.length > 1
  return (
    <div className="min-w-0 p-5 sm:p-6">
      <p className="flex flex-wrap items-baseline gap-x-3">
        <span
          className="text-5xl font-extrabold tracking-tight sm:text-6xl"
          data-interest={bar.rate ?? ''}
          title={bar.rate === null ? undefined : String(bar.rate)}
        >
          {formatRate(bar.rate)}
        </span>
        <span className="text-base">
          {bar.basis === 'adjusted'
            ? t('ofAudience', { did })
            : t('ofVisitors', { reached: formatCount(bar.reached), exposed: formatCount(bar.exposed), did })}
          {isSeveral && (
            <span className="text-soft"> · {t('inVariant', { variant: names.variant(spoken.variant) })}</span>
          )}
        </span>
      </p>
      <p className="mt-1 mb-4 text-soft">
        {t('between', { interval: formatInterval(bar.credible) })}{' '}
        <span className="whitespace-nowrap">{t('betweenAlways', { interval: formatInterval(bar.always_valid) })}</span>
        {bar.basis === 'adjusted' && (
          <>
            {' '}
            {t('countedBeside', {
              rate: formatRate(spoken.rungs.find(({ grade }) => grade === bar.grade)?.rate ?? null),
              reached: formatCount(bar.reached),
              exposed: formatCount(bar.exposed),
            })}
          </>
        )}
      </p>
      <InterestScale
        rate={bar.rate}
        credible={bar.credible}
        alwaysValid={bar.always_valid}
        bar={bar.bar}
        tone={toneOf(bar.settled)}
      />
      <p className="mt-3 text-sm">
        {t('probability', { probability: formatProbability(bar.probability_met), bar: formatRate(bar.bar) })}
      </p>
    </div>
  )
}

const Recommended = ({ report }: { report: IdeaReport }) => {
  const t = useTranslations('ideaReport')
  const verdicts = useTranslations('ideaVerdict.verdicts')
  const words = useVerdictWords(report)
  const { verdict, reasons, would_change } = report.evidence.recommendation
  const Icon = verdictIcons[verdict]
  return (
    <div
      className={clsx('min-w-0 p-5 sm:p-6 print:[print-color-adjust:exact]', washes[verdict])}
      data-verdict={verdict}
    >
      <h2 className="text-xs font-semibold tracking-wide text-soft uppercase">{t('recommendation')}</h2>
      <p
        className={clsx(
          'mt-1 flex items-center gap-2.5 text-3xl font-extrabold tracking-tight',
          verdictColors[verdict],
        )}
      >
        <Icon size={30} aria-hidden /> {verdicts(verdict)}
      </p>
      <h3 className="mt-4 mb-1.5 font-semibold">{t('because')}</h3>
      <ol className="space-y-1.5">
        {reasons.map((reason, place) => (
          <li key={reason.code} data-reason={reason.code} className="flex gap-2.5">
            <span aria-hidden className="font-bold text-soft">
              {place + 1}
            </span>
            {words.reason(reason)}
          </li>
        ))}
      </ol>
      {would_change.length > 0 && (
        <>
          <h3 className="mt-4 mb-1.5 font-semibold">{t('wouldChange')}</h3>
          <ul className="list-disc space-y-1 pl-5 text-soft marker:text-soft">
            {would_change.map((change) => (
              <li key={change.code} data-change={change.code}>
                {words.change(change)}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

const ToDecision = ({ report, settled }: { report: IdeaReport; settled: 'above' | 'below' | null }) => {
  const t = useTranslations('ideaReport.toDecision')
  const { verdict, missing } = report.evidence.recommendation
  const perDay = report.evidence.health.visitors_per_day
  const rate = <p className="mt-1 text-xs text-soft">{t('atRate', { perDay: formatCount(Math.round(perDay)) })}</p>
  if (verdict === 'build' || verdict === 'stop')
    return (
      <>
        <p className="text-2xl font-bold">{t('now')}</p>
        <p className="mt-1 text-xs text-soft">{t('nowAbout')}</p>
      </>
    )
  if (!missing)
    return (
      <>
        <p className="text-2xl font-bold">–</p>
        <p className="mt-1 text-xs text-soft">
          {verdict === 'fix_test' ? t('fixFirst') : settled === null ? t('never') : t('doubted')}
        </p>
      </>
    )
  return (
    <>
      <p className="text-2xl font-bold" data-days={missing.days ?? ''}>
        {missing.days === null
          ? t('visitors', { count: missing.visitors })
          : t('days', { days: Math.ceil(missing.days) })}
      </p>
      <p className="text-sm text-soft">
        {missing.visitors === 0
          ? t('waited')
          : missing.days !== null && t('more', { visitors: formatCount(missing.visitors) })}
        {missing.until !== null && ` ${t('until', { day: formatDayIn(missing.until, report.timezone) })}`}
      </p>
      {rate}
    </>
  )
}

const Cost = ({ report }: { report: IdeaReport }) => {
  const t = useTranslations('ideaReport.cost')
  const { cost, currency } = report
  if (!cost) return <p className="text-soft">{t('unknown')}</p>
  return (
    <>
      <p className="text-2xl font-bold">
        {cost.per_interested === null ? '–' : formatMoney(cost.per_interested, currency)}
      </p>
      <p className="text-sm text-soft">
        {t('perInterested')} {t('spent', { spent: formatMoney(cost.spent, currency) })}
      </p>
    </>
  )
}

/** What a product manager needs of an idea, in one view. */
export const FirstCard = ({ report }: { report: IdeaReport }) => {
  const t = useTranslations('ideaReport')
  const spoken = spokenOf(report)
  if (!spoken) return null
  return (
    <Card label={t('first')} className="overflow-hidden">
      <div className="grid lg:grid-cols-2 print:grid-cols-2">
        <Interest report={report} spoken={spoken} />
        <Recommended report={report} />
      </div>
      <div className="grid divide-y divide-line border-t border-line sm:grid-cols-2 sm:divide-y-0 lg:grid-cols-4 lg:divide-x print:grid-cols-4 print:divide-x print:divide-y-0">
        <Fact name={t('toDecision.name')}>
          <ToDecision report={report} settled={spoken.bar.settled} />
        </Fact>
        <Fact name={t('loss.name')}>
          <Loss loss={spoken.bar.expected_loss} currency={report.currency} />
        </Fact>
        <Fact name={t('cost.name')}>
          <Cost report={report} />
        </Fact>
        <Fact name={t('health.name')}>
          <Health evidence={report.evidence} />
        </Fact>
      </div>
    </Card>
  )
}
