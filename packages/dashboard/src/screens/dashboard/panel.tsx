import type { Dimension } from '@clickwatch/contract'
import { Tabs } from 'radix-ui'
import { Card } from '../../components/card.tsx'
import type { Filter, View } from '../../view.ts'
import { Breakdown } from './breakdown.tsx'

export type PanelTab = { name: string; dimension: Dimension; only?: Filter; countName?: string }

/** Related breakdowns, one at a time. */
export const Panel = (props: {
  title: string
  tabs: [PanelTab, ...PanelTab[]]
  view: View
  onPick: (dimension: Dimension, value: string) => void
}) => {
  const { title, tabs, view, onPick } = props
  return (
    <Card label={title} className="p-5">
      <Tabs.Root defaultValue={tabs[0].name}>
        <div className="mb-3 flex flex-wrap items-center justify-between gap-2">
          <h2 className="text-base font-bold">{title}</h2>
          {tabs.length > 1 && (
            <Tabs.List aria-label={title} className="flex flex-wrap gap-1">
              {tabs.map(({ name }) => (
                <Tabs.Trigger
                  key={name}
                  value={name}
                  className="rounded-md px-2 py-1 text-xs font-medium text-soft hover:text-ink data-[state=active]:bg-raised data-[state=active]:text-ink"
                >
                  {name}
                </Tabs.Trigger>
              ))}
            </Tabs.List>
          )}
        </div>
        {tabs.map(({ name, ...breakdown }) => (
          <Tabs.Content key={name} value={name} className="sm:min-h-72" tabIndex={-1}>
            <Breakdown view={view} onPick={onPick} {...breakdown} />
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </Card>
  )
}
