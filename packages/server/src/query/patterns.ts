import type { Comparison, Filter } from '@clickwatch/contract'
import { invalidField, messageOf } from '../errors.ts'
import type { Store } from '../store/store.ts'

type Pattern = { text: string; field: string }

/** Every regular expression in a filter, with where it stands. */
const patternsIn = (filter: Filter, field: string): Pattern[] => {
  switch (filter[0]) {
    case 'and':
    case 'or':
      return filter[1].flatMap((each, index) => patternsIn(each, `${field}/1/${index}`))
    case 'not':
    case 'has_done':
    case 'has_not_done':
      return patternsIn(filter[1], `${field}/1`)
    case 'matches':
    case 'matches_not':
      return (filter as Comparison)[2].map((value, index) => ({ text: String(value), field: `${field}/2/${index}` }))
    default:
      return []
  }
}

/** What is wrong with a pattern, in the words of RE2 as the store gives them; '' where it gives none. */
const reasonIn = (error: unknown): string => /error: ([^:]+): /.exec(messageOf(error))?.[1] ?? ''

/**
 * Holds every regular expression in filters against the store's own reading of them. The question itself would tell of a bad one only
 * where there are rows to hold it against, and not which one it is.
 * @param fieldOf where each filter stands in the request
 * @throws {ClickWatchError} 400 naming the first that is none
 */
export const checkPatterns = async (
  store: Pick<Store, 'query'>,
  filters: readonly Filter[],
  fieldOf: (index: number) => string = (index) => `filters/${index}`,
): Promise<void> => {
  for (const { text, field } of filters.flatMap((filter, index) => patternsIn(filter, fieldOf(index)))) {
    try {
      await store.query("SELECT match('', {pattern:String}) AS holds", { pattern: text })
    } catch (error) {
      if (!messageOf(error).includes('CANNOT_COMPILE_REGEXP')) throw error
      const reason = reasonIn(error)
      throw invalidField(field, `is no regular expression (RE2)${reason && `: ${reason}`}`)
    }
  }
}
