import type { Goal } from '@clickwatch/contract'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Choice } from '../../components/choice.tsx'
import { useNames } from '../../names.ts'
import type { View } from '../../view.ts'
import { type OwnSearch, usualWindow, windows } from './funnel-search.ts'
import { type DraftStep, moved } from './step.ts'
import { StepRow } from './step-row.tsx'

const mostSteps = 10
export const breakdowns = [
  'visit:source',
  'visit:channel',
  'visit:utm_campaign',
  'visit:country',
  'visit:device',
  'visit:browser',
  'visit:os',
  'visit:entry_page',
  'visit:returning',
] as const

const field = 'rounded-lg border border-line bg-card px-2 py-1.5 hover:bg-raised'

/** Which steps, in which order, within which time, and by what they are compared. */
export const Builder = (props: {
  view: View
  goals: Goal[]
  steps: DraftStep[]
  own: OwnSearch
  onSteps: (steps: DraftStep[]) => void
  onOwn: (change: { [Key in keyof OwnSearch]?: OwnSearch[Key] | undefined }) => void
}) => {
  const t = useTranslations('funnels')
  const names = useNames()
  const { steps, own, onSteps, onOwn } = props
  const [told, setTold] = useState('')
  const move = (from: number, to: number) => {
    if (to < 0 || to >= steps.length) return
    onSteps(moved(steps, from, to))
    setTold(t('moved', { number: to + 1 }))
  }
  return (
    <>
      <ol aria-label={t('steps')} className="space-y-2">
        {[...steps.entries()].map(([place, step]) => (
          <StepRow
            // Nothing but its place tells a step from another that is alike.
            key={place}
            view={props.view}
            goals={props.goals}
            step={step}
            place={place}
            count={steps.length}
            onStep={(next) => onSteps(steps.with(place, next))}
            onMove={(to) => move(place, to)}
            onRemove={() => onSteps(steps.toSpliced(place, 1))}
          />
        ))}
      </ol>
      <span role="status" className="sr-only">
        {told}
      </span>
      <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2">
        <button
          type="button"
          disabled={steps.length >= mostSteps}
          onClick={() => onSteps([...steps, { kind: 'page', value: '' }])}
          className="flex items-center gap-1 rounded-lg border border-line px-2.5 py-1.5 font-medium hover:bg-raised disabled:opacity-40"
        >
          <Plus size={16} aria-hidden /> {t('addStep')}
        </button>
        <Choice
          label={t('order')}
          value={own.order ?? 'open'}
          options={[
            { value: 'open', name: t('orders.open') },
            { value: 'strict', name: t('orders.strict') },
          ]}
          onValue={(order) => onOwn({ order: order === 'strict' ? order : undefined })}
        />
        <label className="flex items-center gap-2 text-soft">
          {t('window')}
          <select
            value={own.within ?? usualWindow}
            onChange={(event) =>
              onOwn({ within: windows.find((each) => each === event.target.value && each !== usualWindow) })
            }
            className={`${field} text-ink`}
          >
            {windows.map((window) => (
              <option key={window} value={window}>
                {t(`windows.${window}`)}
              </option>
            ))}
          </select>
        </label>
        <label className="flex items-center gap-2 text-soft">
          {t('by')}
          <select
            value={own.by ?? ''}
            onChange={(event) => onOwn({ by: breakdowns.find((each) => each === event.target.value) })}
            className={`${field} text-ink`}
          >
            <option value="">{t('nothing')}</option>
            {breakdowns.map((dimension) => (
              <option key={dimension} value={dimension}>
                {names.dimension(dimension)}
              </option>
            ))}
          </select>
        </label>
      </div>
    </>
  )
}
