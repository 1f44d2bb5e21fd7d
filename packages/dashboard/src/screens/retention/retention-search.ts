import type { RetentionQuery } from '@clickwatch/contract'
import { readSearch, type ViewSearch } from '../../view.ts'

export const periods = ['day', 'week', 'month'] as const
export type Period = RetentionQuery['period']
export const usualPeriod: Period = 'week'

export type OwnSearch = {
  by?: Period
  /** The id of the goal that counts as coming again. */
  goal?: string
  unit?: 'count'
}
export type RetentionSearch = ViewSearch & OwnSearch

export const readOwnSearch = (search: Record<string, unknown>): OwnSearch => {
  const own: OwnSearch = {}
  const by = periods.find((each) => each === search.by)
  if (by && by !== usualPeriod) own.by = by
  if (typeof search.goal === 'string' && search.goal.length <= 64 && search.goal !== '') own.goal = search.goal
  if (search.unit === 'count') own.unit = 'count'
  return own
}

export const readRetentionSearch = (search: Record<string, unknown>): RetentionSearch => ({
  ...readSearch(search),
  ...readOwnSearch(search),
})
