import type { Dimension } from '@clickwatch/contract'
import { Maximize2 } from 'lucide-react'
import { Tabs } from 'radix-ui'
import { lazy, Suspense } from 'react'
import { useTranslations } from 'use-intl'
import { Card } from '../../components/card.tsx'
import { quietButton } from '../../components/controls.ts'
import { Skeleton } from '../../components/states.tsx'
import type { View } from '../../view.ts'
import { Breakdown } from './breakdown.tsx'
import { type PanelDefinition, type PanelId, tabOf } from './panels.ts'
import { Properties } from './properties.tsx'

const CountryMap = lazy(() => import('./country-map.tsx'))

/** Related breakdowns, one at a time. */
export const Panel = (props: {
  panel: PanelDefinition
  view: View
  onTab: (panel: PanelId, tab: string) => void
  onProperty: (property: string) => void
  onDetails: (panel: PanelId) => void
  onPick: (dimension: Dimension, value: string) => void
}) => {
  const { panel, view, onPick } = props
  const t = useTranslations('dashboard')
  const title = t(`panels.${panel.id}`)
  const open = tabOf(panel, view.tabs[panel.id])
  const nameOf = (id: string) => t(`tabs.${id}` as 'tabs.source')
  return (
    <Card label={title} className="flex flex-col p-5">
      <Tabs.Root value={open.id} onValueChange={(tab) => props.onTab(panel.id, tab)} className="flex-1">
        <div className="mb-3 flex flex-wrap items-center justify-between gap-2">
          <h2 className="text-base font-bold">{title}</h2>
          <Tabs.List aria-label={title} className="flex flex-wrap gap-1 print:hidden">
            {panel.tabs.map(({ id }) => (
              <Tabs.Trigger
                key={id}
                value={id}
                className="rounded-md px-2 py-1 text-xs font-medium text-soft hover:text-ink data-[state=active]:bg-raised data-[state=active]:text-ink"
              >
                {nameOf(id)}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
        </div>
        <Tabs.Content value={open.id} className="sm:min-h-80 print:min-h-0" tabIndex={-1}>
          {open.isMap ? (
            <Suspense fallback={<Skeleton lines={8} />}>
              <CountryMap view={view} onPick={onPick} />
            </Suspense>
          ) : open.isOfProperties ? (
            <Properties view={view} tab={open} onProperty={props.onProperty} onPick={onPick} />
          ) : (
            <Breakdown view={view} tab={open} onPick={onPick} />
          )}
        </Tabs.Content>
      </Tabs.Root>
      <button
        type="button"
        aria-label={t('detailsOf', { name: `${title}: ${nameOf(open.id)}` })}
        onClick={() => props.onDetails(panel.id)}
        className={`${quietButton} mt-2 flex items-center gap-1.5 self-start print:hidden`}
      >
        <Maximize2 size={12} aria-hidden /> {t('details')}
      </button>
    </Card>
  )
}
