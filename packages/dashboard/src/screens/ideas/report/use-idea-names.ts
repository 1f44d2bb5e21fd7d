import type { Grade, Idea } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'

/** What an idea's grades and variants are called: as its author says, else as everybody does. */
export const useIdeaNames = (idea: Pick<Idea, 'ladder' | 'variants'>) => {
  const t = useTranslations('ideas.grades')
  const words = useTranslations('ideaReport')
  return {
    grade: (grade: Grade): string => idea.ladder.find((rung) => rung.grade === grade)?.label ?? t(`${grade}.name`),
    did: (grade: Grade): string => t(`${grade}.did`),
    variant: (key: string): string =>
      key === 'holdout'
        ? words('holdout')
        : (idea.variants?.find((each) => each.key === key)?.name ?? words('onlyVariant')),
  }
}
