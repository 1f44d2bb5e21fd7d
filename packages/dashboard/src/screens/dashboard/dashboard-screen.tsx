import type { Dimension } from '@clickwatch/contract'
import { useNavigate } from '@tanstack/react-router'
import { Keyboard } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useLive } from '../../api/live.ts'
import { useSites } from '../../api/queries.ts'
import { sharedLink } from '../../api/shared.ts'
import { Card } from '../../components/card.tsx'
import { quietButton } from '../../components/controls.ts'
import { FromLake } from '../../components/from-lake.tsx'
import { Header } from '../../components/header.tsx'
import { useShortcuts } from '../../components/shortcuts.tsx'
import { shiftRange } from '../../period.ts'
import { headline, searchOf, type View, type ViewSearch, viewOf, withFilter } from '../../view.ts'
import { ComparePicker } from './compare-picker.tsx'
import { EmptySite } from './empty-site.tsx'
import { FilterBar } from './filters/filter-bar.tsx'
import { FirstEvent } from './first-event.tsx'
import { Goals } from './goals.tsx'
import { Headline } from './headline.tsx'
import { HonestNumbers } from './honest-numbers.tsx'
import { LivePill } from './live-pill.tsx'
import { NothingHere } from './nothing-here.tsx'
import { Panel } from './panel.tsx'
import { type PanelId, panels } from './panels.ts'
import { Period, PeriodPicker } from './period-picker.tsx'
import { Present } from './present.tsx'
import { rangeKeys, ShortcutSheet } from './shortcut-sheet.tsx'
import { Timeline } from './timeline.tsx'
import { useOwnSite } from './use-own-site.ts'
import { useSiteClock } from './use-site-clock.ts'

// What opens over the screen is loaded when it is opened.
const OpenDetails = lazy(() => import('./open-details.tsx'))

const usualComparison = { mode: 'previous_period' } as const

/** One page for a site: who came, from where, what they did, whether they want it. */
export const DashboardScreen = ({ search }: { search: ViewSearch }) => {
  const view = viewOf(search)
  const t = useTranslations('dashboard')
  const shortcutsT = useTranslations('shortcuts')
  const navigate = useNavigate()
  const [open, setOpen] = useState<'filters' | 'shortcuts'>()
  const { today, weekStart } = useSiteClock(view.site)
  const connection = useLive(view.site)
  const { data: known } = useSites(view.site)
  const traffic = known?.sites.find(({ site }) => site === view.site)
  // Who is there now, what became of what arrived, and what people keep, a shared link does not show.
  const link = sharedLink()
  const isShared = link !== undefined
  // A link that holds for one period shows no other, and nothing beside it.
  const isPeriodFixed = isShared && link.date_range !== null
  const isEmpty = known !== undefined && traffic === undefined
  useOwnSite(search, isEmpty ? known.sites[0]?.site : undefined)

  const show = (next: View) => void navigate({ to: '.', search: searchOf(next), resetScroll: false })
  const pick = (dimension: Dimension, value: string) => show({ ...withFilter(view, dimension, value), details: null })
  const shift = (direction: -1 | 1) => {
    const range = shiftRange(view.range, direction, today, weekStart)
    if (range) show({ ...view, range })
  }
  const ofPeriod = {
    ...Object.fromEntries(Object.entries(rangeKeys).map(([key, range]) => [key, () => show({ ...view, range })])),
    c: () => show({ ...view, compare: view.compare ? null : usualComparison }),
    '[': () => shift(-1),
    ']': () => shift(1),
  }
  const shortcuts = {
    ...(isPeriodFixed ? {} : ofPeriod),
    ...Object.fromEntries(headline.map((metric, index) => [String(index + 1), () => show({ ...view, metric })])),
    f: () => setOpen('filters'),
    ...(isShared
      ? {}
      : { n: () => void navigate({ to: '/live', search: view.site === 'default' ? {} : { site: view.site } }) }),
    Escape: () => view.filters.length > 0 && show({ ...view, filters: [] }),
    '?': () => setOpen('shortcuts'),
  }
  useShortcuts(shortcuts)

  const panel = (id: PanelId) => (
    <Panel
      panel={panels[id]}
      view={view}
      onPick={pick}
      onTab={(each, tab) => show({ ...view, tabs: { ...view.tabs, [each]: tab } })}
      onProperty={(property) => show({ ...view, tabs: { ...view.tabs, property } })}
      onDetails={(each) => show({ ...view, details: each })}
    />
  )

  return (
    <>
      <title>{`${view.site} · ClickWatch`}</title>
      <Header
        site={view.site}
        view={view}
        connection={connection}
        onSite={(site) => show({ ...view, site, filters: [], details: null })}
      >
        {!isShared && <LivePill site={view.site} connection={connection} />}
      </Header>
      <main id="main" className="mx-auto max-w-7xl space-y-4 px-4 pb-12 sm:px-6">
        <h1 className="sr-only">{t('traffic', { site: view.site })}</h1>
        <FirstEvent site={view.site} isWaiting={isEmpty} />
        {isEmpty ? (
          <EmptySite site={view.site} scriptPath={known.script_path} />
        ) : (
          <>
            <div className="flex flex-wrap items-center justify-between gap-3">
              <FilterBar
                view={view}
                onView={show}
                isOpen={open === 'filters'}
                onOpen={(isOpen) => setOpen(isOpen ? 'filters' : undefined)}
              />
              <div className="flex flex-wrap items-center gap-2 sm:ml-auto">
                {isPeriodFixed ? (
                  <Period range={view.range} />
                ) : (
                  <>
                    <ComparePicker
                      compare={view.compare}
                      today={today}
                      weekStart={weekStart}
                      onCompare={(compare) => show({ ...view, compare })}
                    />
                    <PeriodPicker view={view} onRange={(range) => show({ ...view, range })} />
                  </>
                )}
              </div>
            </div>
            {traffic && (
              <NothingHere view={view} latestDay={traffic.latest_day} isPeriodFixed={isPeriodFixed} onView={show} />
            )}
            <FromLake site={view.site} />
            <Card label={t('headline')}>
              <Headline view={view} onMetric={(metric) => show({ ...view, metric })} />
              <div className="border-t border-line px-3 py-4 sm:px-5">
                <Timeline view={view} today={today} weekStart={weekStart} onStep={(step) => show({ ...view, step })} />
              </div>
            </Card>
            <div className="grid gap-4 md:grid-cols-2 md:[&>:last-child:nth-child(odd)]:col-span-2 print:grid-cols-2 print:gap-2">
              {panel('sources')}
              {panel('pages')}
              {panel('doings')}
              <Goals view={view} onPick={pick} />
              {panel('devices')}
              {panel('places')}
              {panel('audience')}
              {!isShared && <Present site={view.site} />}
            </div>
            {!isShared && <HonestNumbers site={view.site} />}
            <p className="text-center print:hidden">
              <button
                type="button"
                onClick={() => setOpen('shortcuts')}
                className={`${quietButton} inline-flex items-center gap-1.5`}
              >
                <Keyboard size={14} aria-hidden /> {shortcutsT('title')}
              </button>
            </p>
          </>
        )}
      </main>
      <ShortcutSheet isOpen={open === 'shortcuts'} keys={Object.keys(shortcuts)} onClose={() => setOpen(undefined)} />
      <Suspense fallback={null}>
        {view.details !== null && (
          <OpenDetails view={view} onClose={() => show({ ...view, details: null })} onPick={pick} />
        )}
      </Suspense>
    </>
  )
}
