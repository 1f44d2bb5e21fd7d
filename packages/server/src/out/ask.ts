import { defaultSite, type Query, type QueryAnswer } from '@clickwatch/contract'
import type { SiteViews } from '../metadata/site-views.ts'
import { runQuery } from '../query/run.ts'
import type { Store } from '../store/store.ts'

/** Answers a query as `POST /api/v2/query` does, as if it were asked at `nowMs`. */
export type Ask = (query: Query, nowMs: number) => Promise<QueryAnswer>

export const askOf =
  (store: Store, siteViews: SiteViews): Ask =>
  async (query, nowMs) => {
    const { timezone } = await siteViews.viewOf(query.site_id ?? defaultSite)
    return runQuery(store, query, timezone, nowMs)
  }
