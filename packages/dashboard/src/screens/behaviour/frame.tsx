import { type ReactNode, useState } from 'react'
import { useLive } from '../../api/live.ts'
import { FromLake } from '../../components/from-lake.tsx'
import { Header } from '../../components/header.tsx'
import type { View } from '../../view.ts'
import { FilterBar } from '../dashboard/filters/filter-bar.tsx'
import { PeriodPicker } from '../dashboard/period-picker.tsx'

/** What every screen of behaviour has around it: site, screens, filters, period, a heading and a sentence on how to read it. */
export const Frame = (props: {
  title: string
  lead: string
  view: View
  onView: (view: View) => void
  /** Whether what is shown is of all time, whatever the period. */
  isOfAllTime?: boolean
  children: ReactNode
}) => {
  const { view, onView } = props
  const connection = useLive(view.site)
  const [isFiltering, setIsFiltering] = useState(false)
  return (
    <>
      <title>{`${props.title} · ${view.site} · ClickWatch`}</title>
      <Header
        site={view.site}
        view={view}
        connection={connection}
        onSite={(site) => onView({ ...view, site, filters: [] })}
      />
      <main id="main" className="mx-auto max-w-7xl space-y-4 px-4 pb-12 sm:px-6">
        <div className="flex flex-wrap items-end justify-between gap-3">
          <div className="min-w-0">
            <h1 className="text-2xl font-bold tracking-tight">{props.title}</h1>
            <p className="text-soft">{props.lead}</p>
          </div>
          {!props.isOfAllTime && (
            <div className="ml-auto">
              <PeriodPicker view={view} onRange={(range) => onView({ ...view, range })} />
            </div>
          )}
        </div>
        {!props.isOfAllTime && <FilterBar view={view} onView={onView} isOpen={isFiltering} onOpen={setIsFiltering} />}
        <FromLake site={view.site} />
        {props.children}
      </main>
    </>
  )
}
