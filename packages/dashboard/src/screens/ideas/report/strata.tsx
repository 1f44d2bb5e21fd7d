import { type IdeaEvidence, type StratumDimension, stratumDimensions, type VariantEvidence } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { formatCount } from '../../../format.ts'
import { useNames } from '../../../names.ts'
import { IntervalBar, scaleEnd } from '../interval-bar.tsx'
import { formatInterval, formatRate } from '../rates.ts'
import { Section } from './section.tsx'

/** Interest by where visitors came from, on what, and whether they had been here before. */
export const Strata = ({ evidence, spoken }: { evidence: IdeaEvidence; spoken: VariantEvidence }) => {
  const t = useTranslations('ideaReport.strata')
  const names = useNames()
  const { bar } = spoken
  // Of a handful of people the interval is as wide as the scale; it is cut off there, not the others pressed together.
  const rates = evidence.strata.map(({ rate }) => rate ?? 0)
  const most = scaleEnd([bar.bar * 1.5, ...rates, Math.max(bar.credible.high, ...rates) * 1.3])
  const of = (dimension: StratumDimension) => evidence.strata.filter((stratum) => stratum.dimension === dimension)
  return (
    <Section title={t('title')} about={t('about')} className="print:hidden">
      <div className="grid gap-x-10 gap-y-5 md:grid-cols-2">
        {stratumDimensions.map((dimension) => (
          <section key={dimension} aria-label={names.dimension(`visit:${dimension}`)} data-strata={dimension}>
            <h3 className="mb-1 font-medium">{names.dimension(`visit:${dimension}`)}</h3>
            <ul>
              {of(dimension).map(({ value, exposed, reached, rate, credible }) => (
                <li
                  key={value}
                  className="grid grid-cols-[minmax(0,7rem)_1fr_7rem] items-center gap-x-3 border-t border-line py-1"
                >
                  <span className="truncate">{names.value(`visit:${dimension}`, value)}</span>
                  <IntervalBar rate={rate} credible={credible} bar={bar.bar} most={most} tone="accent" />
                  <span className="text-right">
                    <strong>{formatRate(rate)}</strong>
                    <span className="sr-only"> {formatInterval(credible)}</span>
                    <span className="block text-xs text-soft">
                      {t('of', { reached: formatCount(reached), exposed: formatCount(exposed) })}
                    </span>
                  </span>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      <p className="mt-3 text-xs text-soft">{t('scale', { most: formatRate(most) })}</p>
    </Section>
  )
}
