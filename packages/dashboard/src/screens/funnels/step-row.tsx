import type { Goal } from '@clickwatch/contract'
import { ArrowDown, ArrowUp, X } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { Suggest } from '../../components/suggest.tsx'
import type { View } from '../../view.ts'
import { useValues } from '../behaviour/values.ts'
import { type DraftStep, type StepKind, stepKinds } from './step.ts'

const button =
  'rounded-md p-1.5 text-soft hover:bg-raised hover:text-ink disabled:opacity-30 disabled:hover:bg-transparent'

const dimensionOf = (kind: StepKind) =>
  kind === 'page' || kind === 'contains' ? 'event:page' : kind === 'event' ? 'event:name' : 'event:element'

const Value = (props: { view: View; step: DraftStep; label: string; onValue: (value: string) => void }) => {
  const t = useTranslations('funnels')
  const { kind } = props.step
  const dimension = dimensionOf(kind)
  const suggestions = useValues(
    props.view,
    dimension,
    dimension === 'event:element' ? ['is', 'event:type', [kind]] : undefined,
  )
  return (
    <Suggest
      label={props.label}
      value={props.step.value}
      suggestions={suggestions}
      placeholder={kind === 'page' || kind === 'contains' || kind === 'event' ? t(`fill.${kind}`) : t('fill.element')}
      onValue={props.onValue}
      className="min-w-32 flex-1 max-sm:order-last max-sm:basis-full"
    />
  )
}

/** One step, and what can be done with it. Alt with an arrow up or down moves it, wherever in it the focus is. */
export const StepRow = (props: {
  view: View
  goals: Goal[]
  step: DraftStep
  place: number
  count: number
  onStep: (step: DraftStep) => void
  onMove: (to: number) => void
  onRemove: () => void
}) => {
  const t = useTranslations('funnels')
  const { step, place, count, onStep, onMove } = props
  const number = place + 1
  return (
    <li
      onKeyDown={(event) => {
        if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
        event.preventDefault()
        onMove(place + (event.key === 'ArrowUp' ? -1 : 1))
      }}
      className="flex flex-wrap items-center gap-2"
    >
      <span
        aria-hidden
        className="grid size-6 shrink-0 place-items-center rounded-full bg-accent-soft text-xs font-bold text-accent"
      >
        {number}
      </span>
      <select
        aria-label={t('kind', { number })}
        value={step.kind}
        onChange={(event) => {
          const kind = stepKinds.find((each) => each === event.target.value)
          if (kind)
            onStep({
              kind,
              value:
                dimensionOf(kind) === dimensionOf(step.kind) && kind !== 'goal' && step.kind !== 'goal'
                  ? step.value
                  : '',
            })
        }}
        className="rounded-lg border border-line bg-card px-2 py-1.5 hover:bg-raised"
      >
        {stepKinds.map((kind) => (
          <option key={kind} value={kind}>
            {t(`kinds.${kind}`)}
          </option>
        ))}
      </select>
      {step.kind === 'goal' ? (
        <select
          aria-label={t('value', { number })}
          value={step.value}
          onChange={(event) => onStep({ kind: 'goal', value: event.target.value })}
          className="min-w-32 flex-1 max-sm:order-last max-sm:basis-full rounded-lg border border-line bg-card px-2 py-1.5 hover:bg-raised"
        >
          <option value="">{props.goals.length > 0 ? t('pickGoal') : t('noGoals')}</option>
          {props.goals.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      ) : (
        <Value
          view={props.view}
          step={step}
          label={t('value', { number })}
          onValue={(value) => onStep({ kind: step.kind, value })}
        />
      )}
      <span className="ml-auto flex">
        <button
          type="button"
          className={button}
          disabled={place === 0}
          aria-label={t('up', { number })}
          onClick={() => onMove(place - 1)}
        >
          <ArrowUp size={16} aria-hidden />
        </button>
        <button
          type="button"
          className={button}
          disabled={place === count - 1}
          aria-label={t('down', { number })}
          onClick={() => onMove(place + 1)}
        >
          <ArrowDown size={16} aria-hidden />
        </button>
        <button
          type="button"
          className={button}
          disabled={count <= 2}
          aria-label={t('remove', { number })}
          onClick={props.onRemove}
        >
          <X size={16} aria-hidden />
        </button>
      </span>
    </li>
  )
}
