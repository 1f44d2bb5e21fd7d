import type { Frame } from './frame.ts'
import { type Random, shuffle } from './random.ts'
import type { Row } from './tables.ts'

type Left = { bounces: number; others: number; repeats: number }

const unknown: Row['value'] = {}

/** The rows of a table so that they are as many visits as the day has: what no row tells of is unknown, what is too much is left out. */
const fitted = (rows: readonly Row[], visits: number, bounces: number): Row[] => {
  let [visitsLeft, bouncesLeft] = [visits, bounces]
  const fitting = rows.map((row): Row => {
    const taken = Math.min(row.visits, visitsLeft)
    const bounced = Math.min(row.bounces, taken, bouncesLeft)
    visitsLeft -= taken
    bouncesLeft -= bounced
    return { ...row, visits: taken, visitors: Math.min(Math.max(row.visitors, 1), taken), bounces: bounced }
  })
  if (visitsLeft === 0) return fitting
  const rest = { visits: visitsLeft, visitors: visitsLeft, bounces: Math.min(bouncesLeft, visitsLeft) }
  return [...fitting, { value: unknown, ...rest, durationS: 0, count: 0 }]
}

const pick = (list: number[], isFree: (row: number) => boolean): number | undefined => {
  // A few tries: where none is free, the same row twice is no great harm.
  const most = Math.max(0, list.length - 64)
  for (let at = list.length - 1; at >= most; at--) {
    const row = list[at] as number
    if (!isFree(row)) continue
    list[at] = list[list.length - 1] as number
    list.pop()
    return row
  }
  return list.pop()
}

/**
 * Says of each visit of a day which row of a table it is of, so that each row has its visits, its bounces and, as far as that can be, its
 * visitors. Tables know nothing of each other: what is of which row of two of them is chance.
 * @returns a row for each slot, and by how many visitors rows are off in all
 */
export const fill = (
  frame: Frame,
  table: readonly Row[],
  random: Random,
): { rows: Row[]; ofSlot: number[]; offVisitors: number } => {
  const { slots, ofVisitor } = frame
  const rows = fitted(table, slots.length, slots.filter(({ isBounce }) => isBounce).length)
  const ofSlot: number[] = new Array<number>(slots.length).fill(-1)
  const left = rows.map(
    ({ visits, visitors, bounces }): Left => ({ bounces, others: visits - bounces, repeats: visits - visitors }),
  )
  const put = (slot: number, row: number): void => {
    const one = left[row] as Left
    if (slots[slot]?.isBounce) one.bounces--
    else one.others--
    ofSlot[slot] = row
  }

  // First who came back, those rows first in which few did so often: their visits are one visitor's.
  const ratio = ({ visits, visitors }: Row): number => (visitors === 0 ? 0 : visits / visitors)
  const order = rows
    .map((_, index) => index)
    .filter((index) => (left[index] as Left).repeats > 0)
    .sort((one, other) => ratio(rows[other] as Row) - ratio(rows[one] as Row))
  let open = ofVisitor.map((_, visitor) => visitor).filter((visitor) => (ofVisitor[visitor]?.length ?? 0) > 1)
  for (const row of order) {
    const one = left[row] as Left
    for (const visitor of open) {
      if (one.repeats <= 0) break
      const usable: number[] = []
      let [bounces, others] = [one.bounces, one.others]
      for (const slot of ofVisitor[visitor] ?? []) {
        if (ofSlot[slot] !== -1 || usable.length > one.repeats) continue
        if (slots[slot]?.isBounce ? bounces-- > 0 : others-- > 0) usable.push(slot)
      }
      if (usable.length < 2) continue
      for (const slot of usable) put(slot, row)
      one.repeats -= usable.length - 1
    }
    open = open.filter((visitor) => (ofVisitor[visitor] ?? []).filter((slot) => ofSlot[slot] === -1).length > 1)
  }

  // Then what is left, a visitor's visits being of different rows where they have several.
  const lists = ['bounces', 'others'].map((kind) =>
    shuffle(
      left.flatMap((one, row) => new Array<number>(one[kind as 'bounces' | 'others']).fill(row)),
      random,
    ),
  ) as [number[], number[]]
  for (const own of ofVisitor) {
    const has = new Set(own.map((slot) => ofSlot[slot]))
    for (const slot of own) {
      if (ofSlot[slot] !== -1) continue
      const [first, second] = slots[slot]?.isBounce ? lists : [lists[1], lists[0]]
      const list = first.length > 0 ? first : second
      const row = own.length === 1 ? list.pop() : pick(list, (each) => !has.has(each))
      ofSlot[slot] = row ?? rows.length - 1
      has.add(row)
    }
  }
  const seen = rows.map(() => new Set<number>())
  for (const [slot, row] of ofSlot.entries()) seen[row]?.add(slots[slot]?.visitor ?? 0)
  const offVisitors = rows.reduce((sum, { visitors }, row) => sum + Math.abs((seen[row]?.size ?? 0) - visitors), 0)
  return { rows, ofSlot, offVisitors }
}
