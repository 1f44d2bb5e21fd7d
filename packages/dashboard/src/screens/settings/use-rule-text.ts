import type { GoalRule } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'

/** What has to happen, in a few words. */
export const useRuleText = (): ((rule: GoalRule) => string) => {
  const t = useTranslations('settings.goals')
  return (rule) => {
    switch (rule.type) {
      case 'page':
        return t('page', { path: rule.path })
      case 'event':
        return t('event', { name: rule.event_name })
      case 'element':
        return t('elementOf', { element: rule.element, action: t(`actions.${rule.action ?? 'click'}`) })
      case 'form':
        return rule.element === undefined ? t('anyForm') : t('form', { element: rule.element })
      case 'scroll':
        return t('scroll', { path: rule.path, depth: rule.depth })
      case 'revenue':
        return t('revenue', { name: rule.event_name ?? t('anyRevenue'), amount: rule.at_least ?? 0 })
      case 'time':
        return t('time', { seconds: rule.seconds, path: rule.path ?? t('anyPage') })
    }
  }
}
