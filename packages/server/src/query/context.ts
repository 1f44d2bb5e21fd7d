import { defaultSite, type NewGoal, type NewSegment, type Scope } from '@clickwatch/contract'
import type { Metadata } from '../metadata/database.ts'
import { keptOf } from '../metadata/kept.ts'
import type { SiteViews } from '../metadata/site-views.ts'
import type { Store } from '../store/store.ts'
import type { History } from './history.ts'
import { checkPatterns } from './patterns.ts'
import type { Context } from './scope.ts'

/**
 * Gives what a question needs to know of its site, as of `nowMs`.
 * @throws {ClickWatchError} 400 naming a filter's pattern that the store cannot read
 */
export type ContextOf = (scope: Scope, nowMs: number) => Promise<Context>

/** The local day of a site's first event, or the day of UTC that the lake begins with; undefined before there is one. */
const firstDateOf = async (
  store: Store,
  site: string,
  timeZone: string,
  history: History | undefined,
): Promise<string | undefined> => {
  const before = await history?.firstDay(site)
  const [row] = await store.query<{ rows: number; first: string }>(
    `SELECT count() AS rows, toString(toDate(toTimeZone(min(bucket), {tz:String}))) AS first
     FROM gold.traffic WHERE site = {site:String} AND dimension = ''`,
    { site, tz: timeZone },
  )
  const stored = row && row.rows > 0 ? row.first : undefined
  return before !== undefined && (stored === undefined || before < stored) ? before : stored
}

/** @param history what there was before the store's own, where something keeps it */
export const contextsOf = (store: Store, metadata: Metadata, siteViews: SiteViews, history?: History): ContextOf => {
  const goals = keptOf<NewGoal>(metadata, 'goals', 'goal')
  const segments = keptOf<NewSegment>(metadata, 'segments', 'segment')
  return async (scope, nowMs) => {
    const site = scope.site_id ?? defaultSite
    await checkPatterns(store, scope.filters ?? [])
    const [view, decided] = await Promise.all([siteViews.viewOf(site), siteViews.decidedOf(site)])
    return {
      timeZone: view.timezone,
      weekStart: view.week_start,
      currency: decided.currency ?? '',
      nowMs,
      firstDate:
        scope.date_range === 'all'
          ? await firstDateOf(store, site, scope.timezone ?? view.timezone, history)
          : undefined,
      goals: await goals.list(site),
      segments: await segments.list(site),
      history,
    }
  }
}
