import { type Dimension, propertyPrefix } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { useProperties } from '../../api/queries.ts'
import { field } from '../../components/controls.ts'
import { Failure, Nothing, Skeleton } from '../../components/states.tsx'
import type { View } from '../../view.ts'
import { scopeOf } from '../behaviour/scope.ts'
import { Breakdown, shownRows } from './breakdown.tsx'
import type { PanelTab } from './panels.ts'

/** A tab by one property: events that do not carry it have no part in it. */
const tabOf = (tab: PanelTab, property: string): PanelTab => {
  const dimension: Dimension = `${propertyPrefix}${property}`
  return { ...tab, dimension, only: ['is_not', dimension, ['']] }
}

/** The properties that the site's events carry in this range, and the tab of the one that is looked at: the view's own, else the most frequent. */
export const usePropertyTab = (view: View, tab: PanelTab) => {
  const { data, error, refetch } = useProperties(scopeOf(view))
  const known = data?.properties.map(({ property }) => property) ?? []
  const chosen = view.tabs.property ?? known[0]
  const options = chosen === undefined || known.includes(chosen) ? known : [chosen, ...known]
  return {
    options,
    chosen,
    tab: chosen === undefined ? undefined : tabOf(tab, chosen),
    error,
    isLoading: data === undefined,
    refetch,
  }
}

/** The values of a property, which is chosen of those that there are. */
export const Properties = (props: {
  view: View
  tab: PanelTab
  onProperty: (property: string) => void
  onPick: (dimension: Dimension, value: string) => void
}) => {
  const { view, onProperty, onPick } = props
  const t = useTranslations('dashboard.properties')
  const { options, chosen, tab, error, isLoading, refetch } = usePropertyTab(view, props.tab)
  if (error) return <Failure error={error} onRetry={() => void refetch()} />
  if (!tab) return isLoading ? <Skeleton lines={shownRows} label={t('loading')} /> : <Nothing>{t('none')}</Nothing>
  return (
    <>
      <label className="mb-2 flex items-center gap-2 text-xs font-medium text-soft print:hidden">
        {t('choose')}
        <select
          value={chosen}
          onChange={({ target }) => onProperty(target.value)}
          className={`${field} min-w-0 text-sm text-ink`}
        >
          {options.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
      <Breakdown view={view} tab={tab} onPick={onPick} />
    </>
  )
}
