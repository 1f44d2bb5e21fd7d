import type { Goal, GoalRule, NewGoal } from '@clickwatch/contract'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { type ErrorOf, numberIn, SelectField, TextField } from './fields.tsx'
import type { Change } from './keeping-form.tsx'
import { KeptList } from './kept-list.tsx'
import { NameField } from './name-field.tsx'

const types = ['page', 'event', 'element', 'form', 'scroll', 'revenue', 'time'] as const
const actions = ['click', 'hover', 'cta_seen', 'rage_click'] as const

/** A goal as it is typed: the fields of every type, of which its type uses some. */
type Draft = {
  name: string
  type: GoalRule['type']
  path: string
  eventName: string
  element: string
  action: (typeof actions)[number]
  depth: string
  atLeast: string
  seconds: string
}

const draftOf = (goal: Goal | undefined): Draft => {
  const blank: Draft = {
    name: '',
    type: 'page',
    path: '',
    eventName: '',
    element: '',
    action: 'click',
    depth: '75',
    atLeast: '',
    seconds: '60',
  }
  if (!goal) return blank
  const { name, rule } = goal
  return {
    ...blank,
    name,
    type: rule.type,
    path: ('path' in rule && rule.path) || '',
    eventName: ('event_name' in rule && rule.event_name) || '',
    element: ('element' in rule && rule.element) || '',
    action: ('action' in rule && rule.action) || 'click',
    depth: 'depth' in rule ? String(rule.depth) : blank.depth,
    atLeast: 'at_least' in rule && rule.at_least !== undefined ? String(rule.at_least) : '',
    seconds: 'seconds' in rule ? String(rule.seconds) : blank.seconds,
  }
}

const ruleOf = ({ type, path, eventName, element, action, depth, atLeast, seconds }: Draft): GoalRule => {
  const onPath = path === '' ? {} : { path }
  const least = numberIn(atLeast)
  switch (type) {
    case 'page':
      return { type, path }
    case 'event':
      return { type, event_name: eventName }
    case 'element':
      return { type, element, action, ...onPath }
    case 'form':
      return { type, ...(element === '' ? {} : { element }), ...onPath }
    case 'scroll':
      return { type, path, depth: Number(depth) }
    case 'revenue':
      return {
        type,
        ...(eventName === '' ? {} : { event_name: eventName }),
        ...(least === undefined ? {} : { at_least: least }),
      }
    case 'time':
      return { type, seconds: Number(seconds), ...onPath }
  }
}

const GoalFields = (props: { draft: Draft; change: Change<Draft>; errorOf: ErrorOf }) => {
  const { draft, change, errorOf } = props
  const t = useTranslations('settings.goals')
  const text = (
    field: 'path' | 'eventName' | 'element',
    label: string,
    name: string,
    isRequired: boolean,
    hint?: string,
  ) => (
    <TextField
      label={label}
      hint={hint}
      value={draft[field]}
      onValue={(value) => change({ [field]: value })}
      error={errorOf(`rule/${name}`)}
      isRequired={isRequired}
    />
  )
  const number = (field: 'depth' | 'atLeast' | 'seconds', label: string, name: string, min: number, max: number) => (
    <TextField
      label={label}
      type="number"
      value={draft[field]}
      onValue={(value) => change({ [field]: value })}
      error={errorOf(`rule/${name}`)}
      isRequired={field !== 'atLeast'}
      min={min}
      max={max}
      step={field === 'atLeast' ? 'any' : 1}
    />
  )
  const page = (isRequired: boolean) =>
    text('path', isRequired ? t('path') : t('pathOptional'), 'path', isRequired, t('pathHint'))
  const fields: Record<Draft['type'], ReactNode> = {
    page: page(true),
    event: text('eventName', t('eventName'), 'event_name', true),
    element: (
      <>
        {text('element', t('element'), 'element', true, t('elementHint'))}
        <SelectField
          label={t('action')}
          value={draft.action}
          onValue={(action) => change({ action })}
          options={actions.map((value) => ({ value, name: t(`actions.${value}`) }))}
        />
        {page(false)}
      </>
    ),
    form: (
      <>
        {text('element', t('elementOptional'), 'element', false)}
        {page(false)}
      </>
    ),
    scroll: (
      <>
        {page(true)}
        {number('depth', t('depth'), 'depth', 1, 100)}
      </>
    ),
    revenue: (
      <>
        {text('eventName', t('eventNameOptional'), 'event_name', false)}
        {number('atLeast', t('atLeast'), 'at_least', 0, 1e12)}
      </>
    ),
    time: (
      <>
        {number('seconds', t('seconds'), 'seconds', 1, 86_400)}
        {page(false)}
      </>
    ),
  }
  return (
    <>
      <SelectField
        label={t('type')}
        value={draft.type}
        onValue={(type) => change({ type })}
        options={types.map((value) => ({ value, name: t(`types.${value}`) }))}
      />
      {fields[draft.type]}
    </>
  )
}

const useRuleText = (): ((rule: GoalRule) => string) => {
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

export const GoalsTab = ({ site }: { site: string }) => {
  const ruleText = useRuleText()
  return (
    <KeptList<Goal, Draft, NewGoal>
      site={site}
      noun="goals"
      draftOf={draftOf}
      drafting={{
        bodyOf: (draft) => ({ name: draft.name.trim(), rule: ruleOf(draft) }),
        fields: (draft, change, errorOf) => (
          <>
            <NameField draft={draft} change={change} errorOf={errorOf} />
            <GoalFields draft={draft} change={change} errorOf={errorOf} />
          </>
        ),
      }}
      nameOf={({ name }) => name}
      detail={({ rule }) => ruleText(rule)}
    />
  )
}
