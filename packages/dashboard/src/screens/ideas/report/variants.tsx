import type { IdeaReport, Interval, VariantComparison, VariantEvidence } from '@clickwatch/contract'
import clsx from 'clsx'
import { useTranslations } from 'use-intl'
import { Scrolling } from '../../../components/scrolling.tsx'
import { formatCount } from '../../../format.ts'
import { IntervalBar, scaleEnd } from '../interval-bar.tsx'
import { formatInterval, formatMoney, formatPoints, formatProbability, formatRate } from '../rates.ts'
import { Section } from './section.tsx'
import { useIdeaNames } from './use-idea-names.ts'

const times = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 })
const pointsOf = ({ low, high }: Interval): string => `${formatPoints(low)} … ${formatPoints(high)}`
const cell = 'py-3 pl-4 text-right whitespace-nowrap'

const Difference = ({ compared }: { compared: VariantComparison | undefined }) => {
  const t = useTranslations('ideaReport.variants')
  if (!compared || compared.difference.estimate === null) return <span className="text-soft">–</span>
  const { difference, settled } = compared
  return (
    <>
      <span
        className={clsx('font-semibold', settled === 'better' && 'text-good', settled === 'worse' && 'text-bad')}
        data-settled={settled ?? 'open'}
      >
        {t('points', { points: formatPoints(difference.estimate ?? 0) })}
      </span>
      <span className="block text-xs text-soft">{pointsOf(difference.always_valid)}</span>
      {difference.adjusted !== null && (
        <span className="block text-xs text-soft">{t('adjusted', { points: formatPoints(difference.adjusted) })}</span>
      )}
      <span className="sr-only">{t(`settled.${settled ?? 'open'}`)}</span>
    </>
  )
}

const Row = (props: { report: IdeaReport; evidence: VariantEvidence; most: number; isSpoken: boolean }) => {
  const { report, evidence, most, isSpoken } = props
  const t = useTranslations('ideaReport.variants')
  const names = useIdeaNames(report.idea)
  const { comparison } = report.evidence
  const { variant, exposed, bar, revenue } = evidence
  const compared = comparison?.against.find((each) => each.variant === variant)
  const best = comparison?.best.find((each) => each.variant === variant)
  const isBaseline = comparison?.baseline === variant
  return (
    <tr data-variant={variant} className="border-t border-line align-top">
      <th scope="row" className="py-3 text-left font-normal">
        <span className="font-semibold">{names.variant(variant)}</span>
        <span className="block text-xs text-soft">
          {[isBaseline && t('baseline'), evidence.is_holdout && t('shownNone'), isSpoken && t('spoken')]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </th>
      <td className={cell}>{t('reached', { reached: formatCount(bar.reached), exposed: formatCount(exposed) })}</td>
      <td className="w-56 min-w-44 py-3 pl-4">
        <span className="font-semibold">{formatRate(bar.rate)}</span>{' '}
        <span className="text-xs text-soft">{bar.rate !== null && formatInterval(bar.credible)}</span>
        <IntervalBar
          rate={bar.rate}
          credible={bar.credible}
          alwaysValid={bar.always_valid}
          bar={bar.bar}
          most={most}
          tone={bar.settled === 'above' ? 'good' : bar.settled === 'below' ? 'bad' : 'accent'}
        />
      </td>
      <td className={cell}>
        {isBaseline ? <span className="text-soft">{t('isBaseline')}</span> : <Difference compared={compared} />}
      </td>
      <td className={cell}>
        {compared && compared.ratio.estimate !== null ? (
          <>
            {t('times', { times: times.format(compared.ratio.estimate) })}
            <span className="block text-xs text-soft">
              {times.format(compared.ratio.credible.low)} … {times.format(compared.ratio.credible.high)}
            </span>
          </>
        ) : (
          <span className="text-soft">–</span>
        )}
      </td>
      <td className={cell}>{best ? formatProbability(best.probability_best) : <span className="text-soft">–</span>}</td>
      <td className={cell}>
        {best ? t('points', { points: formatPoints(-best.expected_loss) }) : <span className="text-soft">–</span>}
      </td>
      {report.evidence.variants.some((each) => each.revenue !== null) && (
        <td className={cell}>
          {revenue?.per_visitor == null ? (
            <span className="text-soft">–</span>
          ) : (
            <>
              {formatMoney(revenue.per_visitor, report.currency)}
              {revenue.interval && (
                <span className="block text-xs text-soft">
                  {formatMoney(revenue.interval.low, report.currency)} …{' '}
                  {formatMoney(revenue.interval.high, report.currency)}
                </span>
              )}
            </>
          )}
        </td>
      )}
    </tr>
  )
}

/** The forms of an idea held against each other, at the grade of the bar. */
export const Variants = ({ report }: { report: IdeaReport }) => {
  const t = useTranslations('ideaReport.variants')
  const names = useIdeaNames(report.idea)
  const { variants, recommendation, sample_ratio } = report.evidence
  const most = scaleEnd(variants.flatMap(({ bar }) => [bar.bar, bar.rate === null ? 0 : bar.credible.high]))
  const hasRevenue = variants.some(({ revenue }) => revenue !== null)
  const columns = ['visitors', 'interest', 'difference', 'ratio', 'best', 'loss'] as const
  return (
    <Section title={t('title')} about={t('about', { did: names.did(report.idea.bar.grade) })}>
      <Scrolling label={t('table')} className="relative">
        <table className="w-full min-w-4xl text-sm">
          <caption className="sr-only">{t('title')}</caption>
          <thead className="text-xs text-soft">
            <tr>
              <th scope="col" className="pb-2 text-left font-medium">
                {t('variant')}
              </th>
              {columns.map((column) => (
                <th
                  key={column}
                  scope="col"
                  className={clsx('pb-2 pl-4 font-medium', column === 'interest' ? 'text-left' : 'text-right')}
                >
                  {t(`columns.${column}`)}
                </th>
              ))}
              {hasRevenue && (
                <th scope="col" className="pb-2 pl-4 text-right font-medium">
                  {t('columns.revenue')}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {variants.map((evidence) => (
              <Row
                key={evidence.variant}
                report={report}
                evidence={evidence}
                most={most}
                isSpoken={evidence.variant === recommendation.variant}
              />
            ))}
          </tbody>
        </table>
      </Scrolling>
      {sample_ratio && (
        <p className={clsx('mt-3 text-sm', sample_ratio.is_mismatch ? 'font-medium text-bad' : 'text-soft')}>
          {t(sample_ratio.is_mismatch ? 'ratioOff' : 'ratioGood', {
            counts: sample_ratio.variants
              .map(({ variant, exposed, expected }) =>
                t('expected', {
                  variant: names.variant(variant),
                  exposed: formatCount(exposed),
                  expected: formatCount(Math.round(expected)),
                }),
              )
              .join(' · '),
            p: times.format(sample_ratio.always_valid_p),
          })}
        </p>
      )}
    </Section>
  )
}
