import type { Comparison, Dimension, Filter, NamedDimension } from '@clickwatch/contract'

/** What a request says of its visit, by dimension, without anything being remembered. */
export type Known = Partial<Record<NamedDimension, string>>

// Whether something holds; undefined is that it cannot be told of a request alone.
type Holds = boolean | undefined

const not = (holds: Holds): Holds => (holds === undefined ? undefined : !holds)
const every = (all: readonly Holds[]): Holds =>
  all.includes(false) ? false : all.includes(undefined) ? undefined : true
const some = (all: readonly Holds[]): Holds => not(every(all.map(not)))

const compares = ([operator, dimension, values, modifiers]: Comparison, known: Known): Holds => {
  const given = known[dimension as Exclude<Dimension, `event:props:${string}`>]
  if (given === undefined) return undefined
  const fold = (text: string): string => (modifiers?.case_sensitive === false ? text.toLowerCase() : text)
  const value = fold(given)
  const texts = values.map((each) => fold(String(each)))
  switch (operator) {
    case 'is':
      return texts.includes(value)
    case 'is_not':
      return !texts.includes(value)
    case 'contains':
      return texts.some((part) => value.includes(part))
    case 'contains_not':
      return !texts.some((part) => value.includes(part))
    default:
      // Patterns are RE2's, which this is not.
      return undefined
  }
}

const holds = (filter: Filter, known: Known): Holds => {
  switch (filter[0]) {
    case 'and':
      return every(filter[1].map((each) => holds(each, known)))
    case 'or':
      return some(filter[1].map((each) => holds(each, known)))
    case 'not':
      return not(holds(filter[1], known))
    case 'has_done':
    case 'has_not_done':
      return undefined
    default:
      return compares(filter as Comparison, known)
  }
}

/** Whether whoever asks is certainly not of an audience. Where it came from is not known of a request; then counting tells. */
export const isOutside = (audience: readonly Filter[], known: Known): boolean =>
  every(audience.map((filter) => holds(filter, known))) === false
