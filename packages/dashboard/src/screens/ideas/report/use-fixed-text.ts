import type { Dimension, Idea } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { useFilterText } from '../../../filter-text.ts'
import { useNames } from '../../../names.ts'
import { useRuleText } from '../../settings/use-rule-text.ts'
import { formatRate } from '../rates.ts'
import { useIdeaNames } from './use-idea-names.ts'

type Fixed = Pick<
  Idea,
  'ladder' | 'audience' | 'intended_mix' | 'bar' | 'variants' | 'holdout' | 'exclusive_group' | 'key'
>

/** What is fixed of an idea, in words: a line a field. */
export const useFixedText = (idea: Fixed) => {
  const t = useTranslations('ideaReport.setUp')
  const names = useNames()
  const ideaNames = useIdeaNames(idea)
  const filterText = useFilterText()
  const ruleText = useRuleText()
  const weights = (idea.variants ?? []).reduce((sum, { weight }) => sum + weight, 0)
  return {
    key: idea.key,
    bar: t('barText', { bar: formatRate(idea.bar.rate), did: ideaNames.did(idea.bar.grade) }),
    ladder: idea.ladder.map(({ grade, rule }) => `${ideaNames.grade(grade)}: ${ruleText(rule)}`).join(' → '),
    audience: idea.audience?.length ? idea.audience.map((filter) => filterText(filter)).join(' · ') : t('everybody'),
    intended_mix: idea.intended_mix?.length
      ? idea.intended_mix
          .map(({ dimension, shares }) =>
            Object.entries(shares)
              .map(([value, share]) => `${names.value(dimension as Dimension, value)} ${formatRate(share)}`)
              .join(', '),
          )
          .join(' · ')
      : t('asItComes'),
    variants: idea.variants
      ? idea.variants.map(({ name, weight }) => `${name} ${formatRate(weight / weights)}`).join(' · ')
      : t('one'),
    holdout: idea.holdout ? formatRate(idea.holdout) : t('none'),
    exclusive_group: idea.exclusive_group ?? t('none'),
  }
}
