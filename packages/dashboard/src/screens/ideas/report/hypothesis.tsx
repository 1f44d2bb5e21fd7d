import type { IdeaReport } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { formatCount } from '../../../format.ts'
import { useSiteTime } from '../../behaviour/use-site-time.ts'
import { formatMoney } from '../rates.ts'
import { Section } from './section.tsx'
import { useFixedText } from './use-fixed-text.ts'

/** What was believed, and what was fixed before the first visitor came. */
export const Hypothesis = ({ site, report }: { site: string; report: IdeaReport }) => {
  const t = useTranslations('ideaReport.setUp')
  const fields = useTranslations('ideas.fields')
  const templates = useTranslations('ideas.templates')
  const { idea, currency } = report
  const { moment } = useSiteTime(site)
  const fixed = useFixedText(idea)
  const { budget } = idea
  const facts: [string, string | undefined][] = [
    [t('template'), templates(`${idea.template}.name`)],
    [fields('bar'), fixed.bar],
    [fields('ladder'), fixed.ladder],
    [fields('audience'), fixed.audience],
    [fields('intended_mix'), fixed.intended_mix],
    [fields('variants'), fixed.variants],
    [fields('holdout'), idea.holdout ? fixed.holdout : undefined],
    [fields('exclusive_group'), idea.exclusive_group],
    [
      t('budget'),
      [
        budget.visitors !== undefined && t('budgetVisitors', { visitors: formatCount(budget.visitors) }),
        budget.days !== undefined && t('budgetDays', { days: budget.days }),
      ]
        .filter(Boolean)
        .join(t('or')),
    ],
    [
      t('costPerVisitor'),
      idea.cost_per_visitor === undefined ? undefined : formatMoney(idea.cost_per_visitor, currency),
    ],
    [t('costToBuild'), idea.cost_to_build === undefined ? undefined : formatMoney(idea.cost_to_build, currency)],
    [t('value'), idea.value_of_converter === undefined ? undefined : formatMoney(idea.value_of_converter, currency)],
    [t('countedFrom'), moment(idea.counted_from)],
    [t('lockedAt'), idea.locked_at ? moment(idea.locked_at) : undefined],
  ]
  return (
    <Section title={t('title')}>
      {idea.hypothesis && (
        <blockquote className="my-3 print:my-1 border-l-4 border-accent pl-4 text-base wrap-anywhere whitespace-pre-line">
          {idea.hypothesis}
        </blockquote>
      )}
      <dl className="mt-3 grid gap-x-8 gap-y-3 sm:grid-cols-2 print:mt-1 print:grid-cols-4 print:gap-y-1.5">
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name} className="min-w-0">
              <dt className="text-xs text-soft first-letter:uppercase">{name}</dt>
              <dd className="font-medium wrap-anywhere">{value}</dd>
            </div>
          ))}
      </dl>
    </Section>
  )
}
