import { type Random, shuffle } from './random.ts'
import type { Row } from './tables.ts'

/** A visit of a day as far as all tables have to agree about it: whose it is, and whether it saw one page alone. */
export type Slot = { visitor: number; isBounce: boolean }
export type Frame = {
  slots: readonly Slot[]
  /** The slots of each visitor, the visitors with most first. */
  ofVisitor: readonly (readonly number[])[]
}

/** How many visits each visitor has who is one of `visitors` with `visits` together. */
const evenly = (visits: number, visitors: number): number[] =>
  Array.from({ length: visitors }, (_, index) => Math.floor(visits / visitors) + (index < visits % visitors ? 1 : 0))

/**
 * How many visits each visitor of a day has, the most first: as the table says in which visitors come back most, since whoever comes back
 * does so with the same browser, from the same country. Rows of one visitor there are put together until there are no more than the day has.
 */
const visitsOfVisitors = (visits: number, visitors: number, tables: readonly (readonly Row[])[]): number[] => {
  const repeatsIn = (rows: readonly Row[]): number =>
    rows.reduce((sum, row) => sum + Math.max(0, row.visits - Math.min(row.visitors, row.visits)), 0)
  const most = tables.toSorted((one, other) => repeatsIn(other) - repeatsIn(one))[0] ?? []
  const sizes = most
    .flatMap((row) => (row.visits === 0 ? [] : evenly(row.visits, Math.min(Math.max(row.visitors, 1), row.visits))))
    .sort((one, other) => other - one)
  if (sizes.reduce((sum, size) => sum + size, 0) !== visits || sizes.length < visitors) return evenly(visits, visitors)
  // Who is in two rows of it is one visitor: those with the fewest visits there, two and two.
  sizes.splice(visitors).forEach((size, index) => {
    const other = visitors - 1 - (index % visitors)
    sizes[other] = (sizes[other] ?? 0) + size
  })
  return sizes.sort((one, other) => other - one)
}

/** What all tables of a day are filled into. @param tables those that tell visits apart */
export const frameOf = (total: Row, tables: readonly (readonly Row[])[], random: Random): Frame => {
  const visitors = Math.max(1, Math.min(total.visitors, total.visits))
  const sizes = total.visits === 0 ? [] : visitsOfVisitors(total.visits, visitors, tables)
  const isBounce = shuffle(
    Array.from({ length: total.visits }, (_, index) => index < total.bounces),
    random,
  )
  const slots: Slot[] = []
  const ofVisitor = sizes.map((size, visitor) =>
    Array.from({ length: size }, () => slots.push({ visitor, isBounce: isBounce[slots.length] ?? false }) - 1),
  )
  return { slots, ofVisitor }
}
