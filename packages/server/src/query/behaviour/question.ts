import type { Parameters, Store } from '../../store/store.ts'
import type { Range } from '../range.ts'
import type { Aliases } from './aliases.ts'

/** What every question about behaviour is asked with: whose rows of when, narrowed to what, as SQL. */
export type Question = {
  store: Store
  aliases: Aliases
  site: string
  /** IANA name. */
  timezone: string
  range: Range
  /** Conditions on rows of silver.events, and of silver.sessions by their start. */
  events: string
  visits: string
  /** What the conditions name. */
  parameters: Parameters
}

/** What an answer says of its question. */
export const metaOf = ({ timezone, range }: Question): { timezone: string; from: string; to: string } => ({
  timezone,
  from: range.from,
  to: range.to,
})
