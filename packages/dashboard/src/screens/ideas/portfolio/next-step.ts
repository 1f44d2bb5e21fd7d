import type { PortfolioIdea } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { formatCount } from '../../../format.ts'

/** What to do about an idea next, in a few words; days are as the site has them. */
export const useNextStep = (dayOf: (iso: string) => string): ((idea: PortfolioIdea) => string) => {
  const t = useTranslations('ideas')
  return ({ status, decision, recommendation, exposed, settled }) => {
    if (status === 'decided' && decision)
      return t('next.decided', { decision: t(`decisions.${decision.decision}`), day: dayOf(decision.at) })
    if (exposed === 0) return t('next.waiting')
    switch (recommendation.verdict) {
      case 'build':
        return t('next.decideBuild')
      case 'stop':
        return t('next.decideStop')
      case 'fix_test':
        return t('next.fix')
      case 'keep_testing': {
        const { missing } = recommendation
        if (!missing) return settled === null ? t('next.open') : t('next.doubted')
        if (missing.visitors === 0) return t('next.wait', { days: missing.days ?? 0 })
        const visitors = formatCount(missing.visitors)
        return missing.until === null
          ? t('next.more', { visitors })
          : t('next.moreUntil', { visitors, day: dayOf(missing.until) })
      }
    }
  }
}
