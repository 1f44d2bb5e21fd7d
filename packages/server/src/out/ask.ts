import type { Query, QueryAnswer } from '@clickwatch/contract'
import type { ContextOf } from '../query/context.ts'
import { runQuery } from '../query/run.ts'
import type { Store } from '../store/store.ts'

/** Answers a query as `POST /api/v2/query` does, as if it were asked at `nowMs`. */
export type Ask = (query: Query, nowMs: number) => Promise<QueryAnswer>

export const askOf =
  (store: Store, contextOf: ContextOf): Ask =>
  async (query, nowMs) =>
    runQuery(store, query, await contextOf(query, nowMs))
