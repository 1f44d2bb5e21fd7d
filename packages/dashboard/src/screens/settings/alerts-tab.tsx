import type { Alert, AlertRule, Filter, Goal, NewAlert } from '@clickwatch/contract'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { useKept } from '../../api/kept.ts'
import { formatMoment } from '../../format.ts'
import { type ErrorOf, numberIn, SelectField, TextField } from './fields.tsx'
import type { Change } from './keeping-form.tsx'
import { KeptList } from './kept-list.tsx'
import { NameField } from './name-field.tsx'
import { filtersOf, SegmentSelect, segmentOf } from './segment-select.tsx'
import { type TargetDraft, TargetFields, targetDraftOf, targetOf, targetText } from './target-fields.tsx'
import { LastError, TestButton } from './test-button.tsx'

const types = ['spike', 'drop', 'goal', 'silence'] as const

/** An alert as it is typed: the fields of every type, of which its type uses some. `share` is in per cent. */
type Draft = TargetDraft & {
  name: string
  type: AlertRule['type']
  times: string
  share: string
  atLeast: string
  goal: string
  goalTimes: string
  minutes: string
  note: string
  segment: string
  filters: Filter[]
}

const draftOf = (alert: Alert | undefined): Draft => {
  const { rule } = alert ?? {}
  return {
    name: alert?.name ?? '',
    type: rule?.type ?? 'spike',
    times: rule?.type === 'spike' ? String(rule.times) : '2',
    share: rule?.type === 'drop' ? String(Math.round(rule.to_share * 100)) : '50',
    atLeast: rule && 'at_least' in rule && rule.at_least !== undefined ? String(rule.at_least) : '10',
    goal: rule?.type === 'goal' ? rule.goal : '',
    goalTimes: rule?.type === 'goal' ? String(rule.times ?? 1) : '1',
    minutes: rule?.type === 'silence' ? String(rule.minutes) : '60',
    note: alert?.note ?? '',
    segment: segmentOf(alert?.filters),
    filters: alert?.filters ?? [],
    ...targetDraftOf(alert?.target),
  }
}

const ruleOf = ({ type, times, share, atLeast, goal, goalTimes, minutes }: Draft): AlertRule => {
  const least = numberIn(atLeast)
  const only = least === undefined ? {} : { at_least: least }
  switch (type) {
    case 'spike':
      return { type, times: Number(times), ...only }
    case 'drop':
      return { type, to_share: Number(share) / 100, ...only }
    case 'goal':
      return { type, goal, times: Number(goalTimes) }
    case 'silence':
      return { type, minutes: Number(minutes) }
  }
}

const bodyOf = (draft: Draft): NewAlert => ({
  name: draft.name.trim(),
  rule: ruleOf(draft),
  target: targetOf(draft),
  ...(draft.note.trim() === '' ? {} : { note: draft.note.trim() }),
  ...filtersOf(draft.segment, draft.filters),
})

const RuleFields = (props: { goals: Goal[]; draft: Draft; change: Change<Draft>; errorOf: ErrorOf }) => {
  const { goals, draft, change, errorOf } = props
  const t = useTranslations('settings.alerts')
  const number = (
    field: 'times' | 'share' | 'atLeast' | 'goalTimes' | 'minutes',
    label: string,
    name: string,
    [min, max, step = 1]: [number, number, number?],
  ) => (
    <TextField
      label={label}
      type="number"
      value={draft[field]}
      onValue={(value) => change({ [field]: value })}
      error={errorOf(`rule/${name}`)}
      isRequired={field !== 'atLeast'}
      min={min}
      max={max}
      step={step}
    />
  )
  const atLeast = number('atLeast', t('atLeast'), 'at_least', [1, 1e9])
  const fields: Record<Draft['type'], ReactNode> = {
    spike: (
      <>
        {number('times', t('times'), 'times', [1.1, 1000, 0.1])}
        {atLeast}
      </>
    ),
    drop: (
      <>
        {number('share', t('share'), 'to_share', [0, 95])}
        {atLeast}
      </>
    ),
    goal: (
      <>
        <SelectField
          label={t('goal')}
          value={draft.goal}
          onValue={(goal) => change({ goal })}
          error={errorOf('rule/goal')}
          hint={goals.length === 0 ? t('noGoals') : undefined}
          options={[{ value: '', name: t('chooseGoal') }, ...goals.map(({ id, name }) => ({ value: id, name }))]}
        />
        {number('goalTimes', t('goalTimes'), 'times', [1, 1e9])}
      </>
    ),
    silence: number('minutes', t('minutes'), 'minutes', [5, 10_080]),
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

const useRuleText = (goals: Goal[]): ((alert: Alert) => string) => {
  const t = useTranslations('settings.alerts')
  return ({ rule, target }) => {
    const to = targetText(target)
    switch (rule.type) {
      case 'spike':
        return t('spike', { times: rule.times, target: to })
      case 'drop':
        return t('drop', { share: Math.round(rule.to_share * 100), target: to })
      case 'goal': {
        const goal = goals.find(({ id }) => id === rule.goal)?.name ?? t('goal')
        return t('goalSays', { goal, times: rule.times ?? 1, target: to })
      }
      case 'silence':
        return t('silence', { minutes: rule.minutes, target: to })
    }
  }
}

export const AlertsTab = ({ site }: { site: string }) => {
  const words = useTranslations('settings.alerts')
  const { data: goals = [] } = useKept<Goal>(site, 'goals')
  const ruleText = useRuleText(goals)
  return (
    <KeptList<Alert, Draft, NewAlert>
      site={site}
      noun="alerts"
      draftOf={draftOf}
      drafting={{
        bodyOf,
        fields: (draft, change, errorOf) => (
          <>
            <NameField draft={draft} change={change} errorOf={errorOf} />
            <RuleFields goals={goals} draft={draft} change={change} errorOf={errorOf} />
            <TargetFields draft={draft} change={change} errorOf={errorOf} />
            <SegmentSelect site={site} draft={draft} change={change} errorOf={errorOf} />
            <TextField
              label={words('note')}
              value={draft.note}
              onValue={(note) => change({ note })}
              error={errorOf('note')}
            />
          </>
        ),
      }}
      nameOf={({ name }) => name}
      detail={(alert) => (
        <>
          {ruleText(alert)}
          {' · '}
          {alert.last_fired_at === null
            ? words('unfired')
            : words('fired', { when: formatMoment(alert.last_fired_at) })}
          {alert.is_on && <strong className="text-ink"> · {words('on')}</strong>}
          <LastError reason={alert.last_error} />
        </>
      )}
      changes={({ id, name }) => <TestButton site={site} noun="alerts" id={id} name={name} />}
    />
  )
}
