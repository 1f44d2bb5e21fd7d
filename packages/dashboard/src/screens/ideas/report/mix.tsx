import type { AdjustedEvidence, Dimension, VariantEvidence } from '@clickwatch/contract'
import clsx from 'clsx'
import { useTranslations } from 'use-intl'
import { Scrolling } from '../../../components/scrolling.tsx'
import { formatCount } from '../../../format.ts'
import { useNames } from '../../../names.ts'
import { IntervalBar, scaleEnd, type Tone } from '../interval-bar.tsx'
import { formatInterval, formatPoints, formatRate } from '../rates.ts'
import { Section } from './section.tsx'

const shownDrivers = 8

/** Whose clicks these are: the rate as counted beside the rate of the intended audience, and what makes the difference. */
export const Mix = ({ spoken, adjusted }: { spoken: VariantEvidence; adjusted: AdjustedEvidence }) => {
  const t = useTranslations('ideaReport.mix')
  const names = useNames()
  const { bar } = spoken
  const counted = spoken.rungs.find(({ grade }) => grade === bar.grade)
  if (!counted) return null
  const most = scaleEnd([bar.bar, counted.credible.high, adjusted.credible.high])
  const line = (
    name: string,
    of: Pick<AdjustedEvidence, 'rate' | 'credible' | 'always_valid'>,
    tone: Tone,
    id: string,
  ) => (
    <div className="grid items-center gap-x-4 gap-y-1 sm:grid-cols-[14rem_1fr_12rem]" data-mix={id}>
      <p className="font-medium">{name}</p>
      <IntervalBar
        rate={of.rate}
        credible={of.credible}
        alwaysValid={of.always_valid}
        bar={bar.bar}
        most={most}
        tone={tone}
      />
      <p className="text-sm sm:text-right">
        <strong className="text-base">{formatRate(of.rate)}</strong>{' '}
        <span className="text-soft">{formatInterval(of.credible)}</span>
      </p>
    </div>
  )
  const drivers = adjusted.drivers
    .toSorted((one, other) => Math.abs(other.contribution) - Math.abs(one.contribution))
    .slice(0, shownDrivers)
  const cell = 'py-1.5 pl-4 text-right whitespace-nowrap'
  return (
    <Section title={t('title')} about={t('about')} className="print:hidden">
      <div className="space-y-2">
        {line(t('counted'), counted, 'soft', 'counted')}
        {line(t('adjusted'), adjusted, 'accent', 'adjusted')}
      </div>
      <p className="mt-2 text-sm text-soft">
        {t('covered', {
          covered: formatRate(adjusted.covered),
          visitors: formatCount(Math.round(adjusted.effective_visitors)),
          distance: formatRate(adjusted.distance),
        })}
      </p>
      {drivers.length > 0 && (
        <Scrolling label={t('drivers')} className="mt-3">
          <table className="w-full min-w-xl text-sm">
            <caption className="pb-1 text-left font-medium">{t('drivers')}</caption>
            <thead className="text-xs text-soft">
              <tr>
                <th scope="col" className="py-1.5 text-left font-medium">
                  {t('who')}
                </th>
                {(['came', 'meant', 'rate', 'adds'] as const).map((column) => (
                  <th key={column} scope="col" className={`${cell} font-medium`}>
                    {t(column)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {drivers.map(({ dimension, value, counted_share, intended_share, rate, contribution }) => (
                <tr key={`${dimension} ${value}`} className="border-t border-line">
                  <th scope="row" className="py-1.5 text-left font-normal">
                    <span className="text-soft">{names.dimension(`visit:${dimension}` as Dimension)}</span>{' '}
                    {names.value(`visit:${dimension}` as Dimension, value)}
                  </th>
                  <td className={cell}>{formatRate(counted_share)}</td>
                  <td className={cell}>{formatRate(intended_share)}</td>
                  <td className={cell}>{formatRate(rate)}</td>
                  <td className={clsx(cell, 'font-semibold')}>{t('points', { points: formatPoints(contribution) })}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolling>
      )}
    </Section>
  )
}
