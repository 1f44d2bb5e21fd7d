import type { Funnel, FunnelStep, Goal } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { useFilterText } from '../../filter-text.ts'
import { formatDuration } from '../../format.ts'
import { usualWindow, windows } from './funnel-search.ts'

/** The steps of a funnel that was written by hand, in words: it says what cannot be put together here. */
export const WrittenSteps = ({ funnel, goals }: { funnel: Funnel; goals: readonly Goal[] }) => {
  const t = useTranslations('funnels')
  const textOf = useFilterText()
  const said = ({ goal, filter }: FunnelStep): string =>
    filter ? textOf(filter) : (goals.find(({ id }) => id === goal)?.name ?? t('kinds.goal'))
  const seconds = funnel.window_s ?? Number(usualWindow)
  const named = windows.find((each) => Number(each) === seconds)
  return (
    <>
      <p className="mb-3 text-soft">{t('handWritten', { name: funnel.name })}</p>
      <ol className="space-y-2" data-written>
        {[...funnel.steps.entries()].map(([place, step]) => (
          <li key={place} className="flex min-w-0 items-baseline gap-2">
            <span
              aria-hidden
              className="grid size-6 shrink-0 place-items-center rounded-full bg-accent-soft text-xs font-bold text-accent"
            >
              {place + 1}
            </span>
            <span className="min-w-0 wrap-anywhere">
              {step.name && <span className="font-semibold">{step.name}: </span>}
              {said(step)}
            </span>
          </li>
        ))}
      </ol>
      <p className="mt-3 text-xs text-soft">
        {t('order')}: {t(`orders.${funnel.order ?? 'open'}`)} · {t('window')}{' '}
        {named ? t(`windows.${named}`) : formatDuration(seconds)}
      </p>
    </>
  )
}
