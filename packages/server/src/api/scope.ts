import type { DateRange, Filter } from '@clickwatch/contract'
import type { ContextOf } from '../query/context.ts'
import { resolveScope } from '../query/scope.ts'

/**
 * Holds filters and a range against what a question may have: what is kept now is asked later, when nobody reads an error.
 * @throws {ClickWatchError} 400 naming the field
 */
export type CheckScope = (site: string, filters: readonly Filter[] | undefined, dateRange?: DateRange) => Promise<void>

export const scopeChecker =
  (contextOf: ContextOf): CheckScope =>
  async (site, filters, dateRange = 'day') => {
    const scope = { site_id: site, date_range: dateRange, ...(filters ? { filters: [...filters] } : {}) }
    resolveScope(scope, await contextOf(scope, Date.now()))
  }
