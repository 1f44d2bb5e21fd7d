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
      case 'element': {
        const { element, path } = rule
        const action = t(`actions.${rule.action ?? 'any'}`)
        return path === undefined ? t('elementOf', { element, action }) : t('elementOn', { element, action, path })
      }
      case 'form': {
        const { element, path } = rule
        if (element === undefined) return path === undefined ? t('anyForm') : t('anyFormOn', { path })
        return path === undefined ? t('form', { element }) : t('formOn', { element, path })
      }
      case 'scroll':
        return t('scroll', { path: rule.path, depth: rule.depth })
      case 'revenue':
        return t('revenue', { name: rule.event_name ?? t('anyRevenue'), amount: rule.at_least ?? 0 })
      case 'time':
        return t('time', { seconds: rule.seconds, path: rule.path ?? t('anyPage') })
    }
  }
}
