import type { IdeaReport, VariantEvidence } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { formatCount, formatExact } from '../../../format.ts'
import { gradeIcons } from '../grades.ts'
import { IntervalBar, scaleEnd } from '../interval-bar.tsx'
import { formatInterval, formatRate } from '../rates.ts'
import { Section } from './section.tsx'
import { useIdeaNames } from './use-idea-names.ts'

/** Each grade of interest by itself, by what it costs the visitor. They are not added up: one visitor may stand on several. */
export const Ladder = ({ report, spoken }: { report: IdeaReport; spoken: VariantEvidence }) => {
  const t = useTranslations('ideaReport.ladder')
  const costs = useTranslations('ideas.grades')
  const names = useIdeaNames(report.idea)
  const { idea } = report
  const rungs = spoken.rungs.filter(({ grade }) => grade !== 'seen')
  const most = scaleEnd([idea.bar.rate, ...rungs.map(({ credible }) => credible.high)])
  return (
    <Section title={t('title')} about={t('about')}>
      <ol className="space-y-3 print:space-y-1">
        <li className="flex items-baseline gap-3 border-b border-line pb-2">
          <gradeIcons.seen size={17} aria-hidden className="shrink-0 self-center text-soft" />
          <span className="font-medium">{names.grade('seen')}</span>
          <span className="ml-auto text-lg font-bold" data-exposed={spoken.exposed} title={formatExact(spoken.exposed)}>
            {t('visitors', { count: spoken.exposed })}
          </span>
        </li>
        {rungs.map(({ grade, reached, exposed, rate, credible, always_valid }) => {
          const Icon = gradeIcons[grade]
          return (
            <li
              key={grade}
              data-grade={grade}
              className="grid items-center gap-x-4 gap-y-1 border-b border-line pb-2 last:border-b-0 sm:grid-cols-[15rem_1fr_11rem] print:grid-cols-[15rem_1fr_11rem]"
            >
              <div className="flex min-w-0 gap-3">
                <Icon size={17} aria-hidden className="mt-0.5 shrink-0 text-accent" />
                <div className="min-w-0">
                  <p className="font-medium wrap-anywhere">
                    {names.grade(grade)}
                    {grade === idea.bar.grade && (
                      <span className="ml-2 rounded-full bg-raised px-2 py-0.5 text-xs text-soft">{t('isBar')}</span>
                    )}
                  </p>
                  <p className="text-xs text-soft print:hidden">{costs(`${grade}.cost`)}</p>
                </div>
              </div>
              <IntervalBar
                rate={rate}
                credible={credible}
                alwaysValid={always_valid}
                bar={grade === idea.bar.grade ? idea.bar.rate : undefined}
                most={most}
                tone="accent"
              />
              <p className="text-sm sm:text-right">
                <strong className="text-base" data-rate={rate ?? ''}>
                  {formatRate(rate)}
                </strong>{' '}
                <span className="text-soft">{rate !== null && formatInterval(credible)}</span>
                <span className="block text-xs text-soft">
                  {t('reached', { reached: formatCount(reached), exposed: formatCount(exposed) })}
                </span>
              </p>
            </li>
          )
        })}
      </ol>
      <p className="mt-2 text-xs text-soft">{t('scale', { most: formatRate(most) })}</p>
    </Section>
  )
}
