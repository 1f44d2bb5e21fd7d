import type { Frame } from './frame.ts'
import { type Random, shuffle } from './random.ts'
import type { Row } from './tables.ts'

/** Page views by visit, and what the tables said that could not be. */
export type Views = { paths: string[][]; missingViews: number; offVisitors: number }

/** The page that each visit ended on: where it began as often as it can be, since then no page has more visitors than it is said to have. */
const exitsOf = ({ slots }: Frame, entries: readonly string[], table: readonly Row[] | undefined): string[] => {
  const exits = [...entries]
  if (!table) return exits
  const left = new Map(table.map(({ value, visits }) => [value.page ?? '', visits]))
  const take = (page: string): boolean => {
    const count = left.get(page) ?? 0
    if (count > 0) left.set(page, count - 1)
    return count > 0
  }
  // Who saw one page left by it.
  for (const [slot, { isBounce }] of slots.entries()) if (isBounce) take(entries[slot] ?? '')
  const moved = slots.flatMap(({ isBounce }, slot) => (isBounce || take(entries[slot] ?? '') ? [] : slot))
  const others = [...left].flatMap(([page, count]) => new Array<string>(count).fill(page))
  for (const slot of moved) exits[slot] = others.pop() ?? exits[slot] ?? ''
  return exits
}

/**
 * What each visit saw: it begins and ends as the tables of entries and exits say, and what other views a page has are put between, first
 * in visits of as many visitors as the page has, then where it was seen already.
 */
export const viewsOf = (
  frame: Frame,
  entries: readonly string[],
  tables: { exits: readonly Row[] | undefined; pages: readonly Row[] | undefined; views: number },
  random: Random,
): Views => {
  const { slots } = frame
  const exits = exitsOf(frame, entries, tables.exits)
  const paths = slots.map(({ isBounce }, slot) => {
    const [entry, exit] = [entries[slot] ?? '', exits[slot] ?? '']
    return isBounce || entry === exit ? [entry] : [entry, exit]
  })
  const seers = new Map<string, Set<number>>()
  const left = new Map<string, number>()
  const wanted = new Map<string, number>()
  for (const { value, visitors, count } of tables.pages ?? []) {
    const page = value.page ?? ''
    left.set(page, (left.get(page) ?? 0) + count)
    wanted.set(page, (wanted.get(page) ?? 0) + visitors)
  }
  const note = (page: string, slot: number): void => {
    left.set(page, (left.get(page) ?? 0) - 1)
    const seen = seers.get(page) ?? new Set<number>()
    seers.set(page, seen.add(slots[slot]?.visitor ?? 0))
  }
  for (const [slot, pages] of paths.entries()) for (const page of pages) note(page, slot)

  const stayed = shuffle(
    slots.flatMap(({ isBounce }, slot) => (isBounce ? [] : slot)),
    random,
  )
  // Who is no bounce saw two pages, where the page that they began and ended on has another view to give.
  const single: number[] = []
  const open: number[] = []
  const spare = (page: string): number =>
    (left.get(page) ?? 0) - Math.max(0, (wanted.get(page) ?? 0) - (seers.get(page)?.size ?? 0))
  for (const slot of stayed) {
    const [entry = '', exit] = paths[slot] ?? []
    if (exit === undefined && spare(entry) > 0) {
      paths[slot]?.push(entry)
      note(entry, slot)
    }
    ;((paths[slot]?.length ?? 0) > 1 ? open : single).push(slot)
  }
  let turn = 0
  const insert = (page: string, slot: number): void => {
    paths[slot]?.splice(1, 0, page)
    note(page, slot)
  }
  const find = (isFit: (slot: number) => boolean): number | undefined => {
    for (let tries = 0; tries < open.length; tries++) {
      const slot = open[turn++ % open.length] as number
      if (isFit(slot)) return slot
    }
    return undefined
  }
  const pages = [...left].filter(([, count]) => count > 0).map(([page]) => page)
  for (const page of pages) {
    while ((left.get(page) ?? 0) > 0) {
      const seen = seers.get(page) ?? new Set<number>()
      const isNew = seen.size < (wanted.get(page) ?? 0)
      const has = (slot: number): boolean => seen.has(slots[slot]?.visitor ?? 0)
      // A visit that began and ended on this very page, and saw it alone, can see it again.
      const again = isNew ? -1 : single.findIndex((slot) => paths[slot]?.[0] === page)
      if (again >= 0) {
        const slot = single.splice(again, 1)[0] as number
        insert(page, slot)
        open.push(slot)
        continue
      }
      const slot = find((each) => has(each) !== isNew) ?? find(() => true)
      if (slot === undefined) break
      insert(page, slot)
    }
  }
  // Where no table says which pages they were, views are of the page that a visit ended on.
  let views = paths.reduce((sum, { length }) => sum + length, 0)
  for (let at = 0; !tables.pages && views < tables.views && stayed.length > 0; at++, views++) {
    const visit = paths[stayed[at % stayed.length] as number]
    visit?.push(visit.at(-1) ?? '')
  }
  const offVisitors = [...wanted].reduce(
    (sum, [page, visitors]) => sum + Math.abs((seers.get(page)?.size ?? 0) - visitors),
    0,
  )
  return { paths, missingViews: Math.abs(tables.views - views), offVisitors }
}
