import { invalidField, messageOf } from '../errors.ts'
import type { Bounds, Store } from '../store/store.ts'

/** What one question may cost: seconds, bytes of memory, rows read. */
export type QueryLimits = Omit<Bounds, 'signal'>

/** The store as one question may use it: within limits, and for as long as whoever asked is there. */
export const bounded = (store: Store, limits: QueryLimits, signal: AbortSignal): Store => ({
  ...store,
  query: async (sql, parameters) => {
    try {
      return await store.query(sql, parameters, { ...limits, signal })
    } catch (error) {
      if (!messageOf(error).includes('CANNOT_COMPILE_REGEXP')) throw error
      const [, reason = ''] = /error: ([^:]+): /.exec(messageOf(error)) ?? []
      throw invalidField('filters', `has a pattern that is no regular expression (RE2)${reason && `: ${reason}`}`)
    }
  },
})
