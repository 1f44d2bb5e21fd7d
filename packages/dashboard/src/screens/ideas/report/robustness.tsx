import type { IdeaEvidence, VariantEvidence } from '@clickwatch/contract'
import { CircleAlert, CircleCheck } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { formatCount } from '../../../format.ts'
import { useNames } from '../../../names.ts'
import { IntervalBar, scaleEnd } from '../interval-bar.tsx'
import { formatInterval, formatProbability, formatRate } from '../rates.ts'
import { Section } from './section.tsx'

/** Would it be the same without the top source, without those who know the site, and with the bots taken otherwise? And is it only new? */
export const Robustness = ({ evidence, spoken }: { evidence: IdeaEvidence; spoken: VariantEvidence }) => {
  const t = useTranslations('ideaReport.robustness')
  const checks = useTranslations('ideaVerdict.robustness')
  const names = useNames()
  const { robustness, novelty } = evidence
  const { bar } = spoken
  const most = scaleEnd([
    bar.bar,
    bar.rate === null ? 0 : bar.credible.high,
    ...robustness.map(({ credible }) => credible.high),
  ])
  return (
    <Section title={t('title')} about={t('about')} className="print:hidden">
      <ul className="space-y-3">
        {robustness.map(({ check, source, exposed, reached, rate, credible, agrees, probability_met }) => (
          <li
            key={check}
            data-check={check}
            data-agrees={agrees}
            className="grid items-center gap-x-4 gap-y-1 border-b border-line pb-2 last:border-b-0 sm:grid-cols-[13rem_1fr_12rem]"
          >
            <p className="flex gap-2 font-medium">
              {agrees ? (
                <CircleCheck size={17} aria-hidden className="mt-0.5 shrink-0 text-good" />
              ) : (
                <CircleAlert size={17} aria-hidden className="mt-0.5 shrink-0 text-fair" />
              )}
              <span>
                {checks(check, { source: source === null ? '' : names.value('visit:source', source) })}
                <span className="block text-xs font-normal text-soft">{agrees ? t('agrees') : t('turns')}</span>
              </span>
            </p>
            <IntervalBar rate={rate} credible={credible} bar={bar.bar} most={most} tone={agrees ? 'good' : 'bad'} />
            <p className="text-sm sm:text-right">
              <strong className="text-base">{formatRate(rate)}</strong>{' '}
              <span className="text-soft">{rate !== null && formatInterval(credible)}</span>
              <span className="block text-xs text-soft">
                {t('of', {
                  reached: formatCount(Math.round(reached)),
                  exposed: formatCount(Math.round(exposed)),
                  probability: formatProbability(probability_met),
                })}
              </span>
            </p>
          </li>
        ))}
      </ul>
      {novelty && (
        <p className="mt-3 flex gap-2 text-sm" data-novelty={novelty.is_novelty}>
          {novelty.is_novelty ? (
            <CircleAlert size={17} aria-hidden className="mt-0.5 shrink-0 text-fair" />
          ) : (
            <CircleCheck size={17} aria-hidden className="mt-0.5 shrink-0 text-good" />
          )}
          {t(novelty.is_novelty ? 'novelty' : 'noNovelty', {
            days: novelty.first.days,
            first: formatRate(novelty.first.rate),
            later: formatRate(novelty.later.rate),
          })}
        </p>
      )}
    </Section>
  )
}
