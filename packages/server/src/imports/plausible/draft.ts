import type { Day } from './days.ts'
import { durationsOf, type Told } from './durations.ts'
import { fill } from './fill.ts'
import { type Frame, frameOf } from './frame.ts'
import { type Random, randomOf } from './random.ts'
import type { Row, TableName } from './tables.ts'
import { viewsOf } from './views.ts'

/** Tables that tell the visits of a day apart, each visit being of one row. */
const ofVisits = ['sources', 'locations', 'devices', 'browsers', 'operating_systems', 'entry_pages'] as const

type OfVisits = (typeof ofVisits)[number]

/** What the visits that were made of a day differ from its tables by. */
export type Off = { visitors: number; pageviews: number; eventVisitors: number; secondsByVisit: number }
export const nothingOff: Off = { visitors: 0, pageviews: 0, eventVisitors: 0, secondsByVisit: 0 }

/** A day made: its visits, of which row of each table each is, what it saw and did, and for how long. */
export type Draft = Pick<Frame, 'slots'> & {
  values: Record<OfVisits, Row['value'][]>
  paths: readonly (readonly string[])[]
  seconds: readonly number[]
  events: readonly (readonly Row['value'][])[]
  off: Off
}

/** Events by visit: of as many visitors as did so, each once, and then again until there are as many as there were. */
const eventsOf = (
  { slots, ofVisitor }: Frame,
  table: readonly Row[],
  random: Random,
): { events: Row['value'][][]; off: number } => {
  const events: Row['value'][][] = slots.map(() => [])
  let off = 0
  let turn = 0
  for (const { value, visitors, count } of table) {
    const doing = Math.min(visitors, ofVisitor.length, count)
    off += visitors - doing
    if (doing === 0) continue
    const from = turn + Math.floor(random() * ofVisitor.length)
    turn += doing
    for (let number = 0; number < count; number++) {
      const own = ofVisitor[(from + (number % doing)) % ofVisitor.length] ?? []
      // What somebody does is seldom done by who leaves at once.
      const slot = own.find((each) => !slots[each]?.isBounce) ?? own[0] ?? 0
      events[slot]?.push(value)
    }
  }
  return { events, off }
}

/** By how many seconds the rows of all tables are off, for each visit that a table tells of. */
const secondsOff = (seconds: readonly number[], told: readonly Told[]): number => {
  let off = 0
  for (const table of told) {
    const left = [...table.seconds]
    for (const [slot, row] of table.ofSlot.entries()) left[row] = (left[row] ?? 0) - (seconds[slot] ?? 0)
    for (const each of left) off += Math.abs(each)
  }
  return off / Math.max(1, seconds.length * told.length)
}

const draftOf = ({ tables }: Day, total: Row, random: Random): Draft => {
  const of = (name: TableName): readonly Row[] | undefined => {
    const rows = tables.get(name)
    return rows && rows.length > 0 ? rows : undefined
  }
  const frame = frameOf(
    total,
    ofVisits.flatMap((name) => [of(name) ?? []]),
    random,
  )
  const { slots } = frame
  const told: Told[] = []
  let visitors = 0
  const valuesOf = (name: OfVisits): Row['value'][] => {
    const table = of(name)
    if (!table) return slots.map(() => ({}))
    const { rows, ofSlot, offVisitors } = fill(frame, table, random)
    visitors += offVisitors
    told.push({ ofSlot, seconds: rows.map(({ durationS }) => durationS) })
    return ofSlot.map((row) => rows[row]?.value ?? {})
  }
  const values = Object.fromEntries(ofVisits.map((name) => [name, valuesOf(name)])) as Draft['values']
  const { paths, missingViews, offVisitors } = viewsOf(
    frame,
    values.entry_pages.map(({ page = '' }) => page),
    { exits: of('exit_pages'), pages: of('pages'), views: total.count },
    random,
  )
  const seconds = durationsOf(
    slots.map(({ isBounce }) => isBounce),
    total.durationS,
    told,
  )
  const { events, off } = eventsOf(frame, of('custom_events') ?? [], random)
  return {
    ...{ slots, values, paths, seconds, events },
    off: {
      visitors: visitors + offVisitors,
      pageviews: missingViews,
      eventVisitors: off,
      secondsByVisit: secondsOff(seconds, told),
    },
  }
}

/** How often a day is made, at most, and for how many visits together: a small one often has few ways that fit, and costs little. */
const mostDrafts = 300
const mostVisits = 60_000
const harmOf = ({ visitors, pageviews, secondsByVisit }: Off): number => visitors + pageviews + secondsByVisit
/** Nobody sees seconds that are off by less. */
const noHarm = 0.5

/** A day as near to its tables as some tries come. @param seed the same one makes the same; undefined of a day without visits */
export const bestDraft = (day: Day, seed: string): Draft | undefined => {
  const [all] = day.tables.get('visitors') ?? []
  if (!all || all.visits === 0) return undefined
  const total = { ...all, bounces: Math.min(all.bounces, all.visits) }
  let best = draftOf(day, total, randomOf(seed))
  const drafts = Math.min(mostDrafts, Math.floor(mostVisits / total.visits))
  for (let number = 1; number < drafts && harmOf(best.off) > noHarm; number++) {
    const other = draftOf(day, total, randomOf(`${seed} ${number}`))
    if (harmOf(other.off) < harmOf(best.off)) best = other
  }
  return best
}
