import type { Scope } from '@clickwatch/contract'
import type { View } from '../../view.ts'

/** The part of a behaviour question that the whole dashboard shares. */
export const scopeOf = ({ site, range, filters }: View): Scope & { site_id: string } => ({
  site_id: site,
  date_range: range,
  ...(filters.length > 0 ? { filters } : {}),
})

/** A search with some of it changed; what became undefined is no longer in the address. */
export const changed = <Search extends object>(
  search: Search,
  change: { [Key in keyof Search]?: Search[Key] | undefined },
): Search =>
  Object.fromEntries(Object.entries({ ...search, ...change }).filter(([, value]) => value !== undefined)) as Search
