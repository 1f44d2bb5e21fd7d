import type { Dimension } from '@clickwatch/contract'
import { useNavigate } from '@tanstack/react-router'
import { useLive } from '../../api/live.ts'
import { useSites } from '../../api/queries.ts'
import { sharedLink } from '../../api/shared.ts'
import { Card } from '../../components/card.tsx'
import { Header } from '../../components/header.tsx'
import { searchOf, type View, type ViewSearch, viewOf, withFilter, withoutFilter } from '../../view.ts'
import { EmptySite } from './empty-site.tsx'
import { FilterBar } from './filter-bar.tsx'
import { Headline } from './headline.tsx'
import { HonestNumbers } from './honest-numbers.tsx'
import { LivePill } from './live-pill.tsx'
import { NothingHere } from './nothing-here.tsx'
import { Panel } from './panel.tsx'
import { PeriodPicker } from './period-picker.tsx'
import { Present } from './present.tsx'
import { Timeline } from './timeline.tsx'

/** One page for a site: who came, from where, what they did, whether they want it. */
export const DashboardScreen = ({ search }: { search: ViewSearch }) => {
  const view = viewOf(search)
  const navigate = useNavigate()
  const show = (next: View) => void navigate({ to: '.', search: searchOf(next), resetScroll: false })
  const pick = (dimension: Dimension, value: string) => show(withFilter(view, dimension, value))
  const connection = useLive(view.site)
  const { data: known } = useSites(view.site)
  const traffic = known?.sites.find(({ site }) => site === view.site)
  const isEmpty = known !== undefined && traffic === undefined
  // Who is there now, and what became of what arrived, a shared link does not show.
  const isShared = sharedLink() !== undefined
  const panels = { view, onPick: pick }

  return (
    <>
      <title>{`${view.site} · ClickWatch`}</title>
      <Header
        site={view.site}
        view={view}
        connection={connection}
        onSite={(site) => show({ ...view, site, filters: [] })}
      >
        {!isShared && <LivePill site={view.site} connection={connection} />}
      </Header>
      <main id="main" className="mx-auto max-w-7xl space-y-4 px-4 pb-12 sm:px-6">
        <h1 className="sr-only">Traffic of {view.site}</h1>
        {isEmpty ? (
          <EmptySite site={view.site} scriptPath={known.script_path} />
        ) : (
          <>
            <div className="flex flex-wrap items-center justify-between gap-3">
              <FilterBar
                view={view}
                onRemove={(place) => show(withoutFilter(view, place))}
                onClear={() => show({ ...view, filters: [] })}
              />
              <div className="ml-auto">
                <PeriodPicker range={view.range} onRange={(range) => show({ ...view, range })} />
              </div>
            </div>
            {traffic && <NothingHere view={view} latestDay={traffic.latest_day} onView={show} />}
            <Card label="Headline numbers">
              <Headline view={view} onMetric={(metric) => show({ ...view, metric })} />
              <div className="border-t border-line px-3 py-4 sm:px-5">
                <Timeline view={view} />
              </div>
            </Card>
            <div className="grid gap-4 md:grid-cols-2">
              <Panel
                title="Sources"
                tabs={[
                  { name: 'Source', dimension: 'visit:source' },
                  { name: 'Channel', dimension: 'visit:channel' },
                  { name: 'Referrer', dimension: 'visit:referrer' },
                  { name: 'Medium', dimension: 'visit:utm_medium' },
                  { name: 'Campaign', dimension: 'visit:utm_campaign' },
                ]}
                {...panels}
              />
              <Panel
                title="Pages"
                tabs={[
                  { name: 'Top', dimension: 'event:page' },
                  { name: 'Entry', dimension: 'visit:entry_page' },
                  { name: 'Exit', dimension: 'visit:exit_page' },
                ]}
                {...panels}
              />
              <Panel
                title="What they did"
                tabs={[
                  {
                    name: 'Clicks',
                    dimension: 'event:element',
                    only: ['is', 'event:type', ['click']],
                    countName: 'Clicks',
                  },
                  {
                    name: 'Submits',
                    dimension: 'event:element',
                    only: ['is', 'event:type', ['submit']],
                    countName: 'Submits',
                  },
                  {
                    name: 'Custom',
                    dimension: 'event:name',
                    only: ['is', 'event:type', ['custom']],
                    countName: 'Events',
                  },
                  { name: 'All events', dimension: 'event:type', countName: 'Events' },
                ]}
                {...panels}
              />
              {!isShared && <Present site={view.site} />}
              <Panel
                title="Devices"
                tabs={[
                  { name: 'Browser', dimension: 'visit:browser' },
                  { name: 'System', dimension: 'visit:os' },
                  { name: 'Device', dimension: 'visit:device' },
                ]}
                {...panels}
              />
              <Panel
                title="Places"
                tabs={[
                  { name: 'Country', dimension: 'visit:country' },
                  { name: 'Region', dimension: 'visit:region' },
                  { name: 'City', dimension: 'visit:city' },
                ]}
                {...panels}
              />
            </div>
            {!isShared && <HonestNumbers site={view.site} />}
          </>
        )}
      </main>
    </>
  )
}
