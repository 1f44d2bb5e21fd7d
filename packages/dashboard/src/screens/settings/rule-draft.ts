import type { GoalRule } from '@clickwatch/contract'

export const ruleTypes = ['page', 'event', 'element', 'form', 'scroll', 'revenue', 'time'] as const
/** What is done to an element; `any` of it where a rule does not say. */
export const ruleActions = ['click', 'hover', 'cta_seen', 'rage_click', 'any'] as const

/** What counts as reached as it is typed: the fields of every type, of which its type uses some. */
export type RuleDraft = {
  type: GoalRule['type']
  path: string
  eventName: string
  element: string
  action: (typeof ruleActions)[number]
  depth: string
  atLeast: string
  seconds: string
}

export const blankRule: RuleDraft = {
  type: 'page',
  path: '',
  eventName: '',
  element: '',
  action: 'click',
  depth: '75',
  atLeast: '',
  seconds: '60',
}

export const ruleDraftOf = (rule: GoalRule | undefined): RuleDraft =>
  rule
    ? {
        type: rule.type,
        path: ('path' in rule && rule.path) || '',
        eventName: ('event_name' in rule && rule.event_name) || '',
        element: ('element' in rule && rule.element) || '',
        action: rule.type === 'element' ? (rule.action ?? 'any') : blankRule.action,
        depth: 'depth' in rule ? String(rule.depth) : blankRule.depth,
        atLeast: 'at_least' in rule && rule.at_least !== undefined ? String(rule.at_least) : '',
        seconds: 'seconds' in rule ? String(rule.seconds) : blankRule.seconds,
      }
    : blankRule

export const ruleOf = (draft: RuleDraft): GoalRule => {
  const { type, path, eventName, element, action, depth, atLeast, seconds } = draft
  const onPath = path === '' ? {} : { path }
  switch (type) {
    case 'page':
      return { type, path }
    case 'event':
      return { type, event_name: eventName }
    case 'element':
      return { type, element, ...(action === 'any' ? {} : { action }), ...onPath }
    case 'form':
      return { type, ...(element === '' ? {} : { element }), ...onPath }
    case 'scroll':
      return { type, path, depth: Number(depth) }
    case 'revenue':
      return {
        type,
        ...(eventName === '' ? {} : { event_name: eventName }),
        ...(atLeast.trim() === '' ? {} : { at_least: Number(atLeast) }),
      }
    case 'time':
      return { type, seconds: Number(seconds), ...onPath }
  }
}
