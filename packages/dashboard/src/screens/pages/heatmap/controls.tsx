import { useId } from 'react'
import { useTranslations } from 'use-intl'
import { Choice } from '../../../components/choice.tsx'
import { backgrounds, type Change, devices, kinds, type OwnSearch } from '../pages-search.ts'

/** What is shown, of which devices, over what, and how strongly. */
export const Controls = (props: {
  own: OwnSearch
  strength: number
  onStrength: (strength: number) => void
  onOwn: (change: Change) => void
}) => {
  const t = useTranslations('pages.heatmap')
  const { own, onOwn } = props
  const id = useId()
  return (
    <div className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2 print:hidden">
      <Choice
        label={t('kind')}
        value={own.kind ?? 'click'}
        options={kinds.map((value) => ({ value, name: t(`kinds.${value}`) }))}
        onValue={(kind) => onOwn({ kind: kind === 'click' ? undefined : kind })}
      />
      <Choice
        label={t('device')}
        value={own.device ?? 'all'}
        options={(['all', ...devices] as const).map((value) => ({ value, name: t(`devices.${value}`) }))}
        onValue={(device) => onOwn({ device: device === 'all' ? undefined : device })}
      />
      <Choice
        label={t('background')}
        value={own.over ?? 'blank'}
        options={backgrounds.map((value) => ({ value, name: t(`backgrounds.${value}`) }))}
        onValue={(over) => onOwn({ over: over === 'blank' ? undefined : over })}
      />
      <div className="flex items-center gap-2">
        <label htmlFor={id} className="text-soft">
          {t('opacity')}
        </label>
        <input
          id={id}
          type="range"
          min={0.2}
          max={1}
          step={0.1}
          value={props.strength}
          onChange={(event) => props.onStrength(Number(event.target.value))}
          className="w-24 accent-(--accent)"
        />
      </div>
    </div>
  )
}
