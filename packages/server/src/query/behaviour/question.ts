import type { Goal } from '@clickwatch/contract'
import type { Store } from '../../store/store.ts'
import type { ScopeSql } from '../scope.ts'
import type { Aliases } from './aliases.ts'

/** What every question about behaviour is asked with. */
export type Question = {
  store: Store
  aliases: Aliases
  site: string
  /** Whose rows of when, narrowed to what. */
  scope: ScopeSql
  goals: readonly Goal[]
  /** 1 is Monday, 7 is Sunday. */
  weekStart: number
  nowMs: number
}

/** Conditions on unaliased columns of silver.events and of silver.sessions. */
export const eventsWhere = ({ scope }: Question): string => scope.events.join(' AND ')
export const visitsWhere = ({ scope }: Question): string => scope.sessions.join(' AND ')

/** What an answer says of its question. */
export const metaOf = ({ scope }: Question): { timezone: string; from: string; to: string } => ({
  timezone: scope.timeZone,
  from: scope.range.from,
  to: scope.range.to,
})

export const percent = (part: number, whole: number, digits = 2): number | null =>
  whole > 0 ? Number(((100 * part) / whole).toFixed(digits)) : null
