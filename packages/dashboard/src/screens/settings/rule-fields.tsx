import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { type ErrorOf, SelectField, TextField } from './fields.tsx'
import type { Change } from './keeping-form.tsx'
import { type RuleDraft, ruleActions, ruleTypes } from './rule-draft.ts'

/** What was really seen on the site, for fields that suggest it. */
export type Seen = { pages: readonly string[]; elements: readonly string[]; events: readonly string[] }

/** What has to happen; errors are those of `rule` and of what is in it. */
export const RuleFields = (props: {
  draft: RuleDraft
  change: Change<RuleDraft>
  errorOf: ErrorOf
  seen?: Seen | undefined
}) => {
  const { draft, change, errorOf, seen } = props
  const t = useTranslations('settings.goals')
  const lists = { path: seen?.pages, eventName: seen?.events, element: seen?.elements }
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
      list={lists[field]}
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
  const fields: Record<RuleDraft['type'], ReactNode> = {
    page: page(true),
    event: text('eventName', t('eventName'), 'event_name', true),
    element: (
      <>
        {text('element', t('element'), 'element', true, t('elementHint'))}
        <SelectField
          label={t('action')}
          value={draft.action}
          onValue={(action) => change({ action })}
          options={ruleActions.map((value) => ({ value, name: t(`actions.${value}`) }))}
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
        options={ruleTypes.map((value) => ({ value, name: t(`types.${value}`) }))}
      />
      {fields[draft.type]}
    </>
  )
}
