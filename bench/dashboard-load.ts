import { fittingTime, type Goal, type Query } from '@clickwatch/contract'
import { panels } from '../packages/dashboard/src/screens/dashboard/panels.ts'
import { headline } from '../packages/dashboard/src/view.ts'
import { runQuery } from '../packages/server/src/query/run.ts'
import type { Context } from '../packages/server/src/query/scope.ts'
import type { Store } from '../packages/server/src/store/store.ts'
import { endMs } from './grown-store.ts'

// Every question that opening the dashboard asks, of the thirty days of a grown store.

const goal = (name: string, rule: Goal['rule']): Goal => ({ id: name, name, rule, created_at: '' })
export const context: Context = {
  timeZone: 'Europe/Berlin',
  nowMs: endMs - 3_600_000,
  weekStart: 1,
  currency: '',
  firstDate: undefined,
  goals: [goal('seen', { type: 'page', path: '/page-1' }), goal('read on', { type: 'page', path: '/page-2*' })],
  segments: [],
}

/** What the dashboard asks when it is opened, and what it asks when another tab is. */
const include: Query['include'] = { comparisons: { mode: 'previous_period' } }
export const opened: Record<string, Partial<Query>> = {
  headline: { metrics: [...headline], include },
  chart: { metrics: ['visitors'], dimensions: [fittingTime], include },
  'anything here': { metrics: ['events'] },
  goals: { metrics: ['visitors', 'events', 'conversion_rate'], dimensions: ['event:goal'] },
}
export const tabs: Record<string, Partial<Query>> = {}
for (const panel of Object.values(panels)) {
  for (const [index, { id, metrics, dimension, only }] of panel.tabs.entries()) {
    const into = index === 0 ? opened : tabs
    into[id] = { metrics, dimensions: [dimension], ...(only ? { filters: [only] } : {}) }
  }
}
export const questionOf = (asked: Partial<Query>, filters: NonNullable<Query['filters']>): Query => ({
  site_id: 'bench',
  date_range: '28d',
  metrics: ['visitors'],
  pagination: { limit: 9 },
  ...asked,
  filters: [...filters, ...(asked.filters ?? [])],
})

/** Answers them all at once, as a browser asks them. */
export const loadDashboard = (
  store: Store,
  filters: NonNullable<Query['filters']> = [],
  places?: Parameters<typeof runQuery>[3],
): Promise<unknown> =>
  Promise.all(Object.values(opened).map((asked) => runQuery(store, questionOf(asked, filters), context, places)))
