import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../../test/fixtures/clickwatch.ts'
import { processorSeconds } from '../processor-time.ts'
import { eventsOfVisit, sendVisits } from '../sent-visits.ts'

/** What is measured of a form while events go through it. */
export type Load = {
  /** From the first request until the last event is in the tables. */
  events_per_second: number
  /** By part, over what the part takes when nothing comes in. */
  processor_seconds_per_million: Record<string, number>
  /** By part: what it takes when nothing comes in. */
  idle_processors: Record<string, number>
}

export type Form = {
  /** Where events are sent. */
  baseUrl: string
  /** The processes of each part. */
  parts(): Record<string, number[]>
  /** How many events are in the tables. */
  counted(): Promise<number>
}

const idleMs = 4000
/** What is merged and written after the last event belongs to its cost, too. */
const settleMs = 4000
const lookEveryMs = 250
const limitMs = 300_000

export const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, each) => total + each, 0)

const mapped = (of: Record<string, number>, value: (name: string, each: number) => number): Record<string, number> =>
  Object.fromEntries(Object.entries(of).map(([name, each]) => [name, value(name, each)]))

/** Sends visits and waits until they are in the tables. */
export const sendThrough = async (form: Form, visits: number, first: number): Promise<void> => {
  const expected = (await form.counted()) + visits * eventsOfVisit
  await sendVisits(form.baseUrl, visits, first)
  await eventually(
    'all of it to be counted',
    async () => ((await form.counted()) >= expected ? true : sleep(lookEveryMs, undefined)),
    limitMs,
  )
}

/**
 * @param form what idles when this is called, and has seen traffic before: what a first event costs is another question
 * @param first the number of the first visit, none of which has been sent before
 */
export const measureLoad = async (form: Form, visits: number, first: number): Promise<Load> => {
  const parts = form.parts()
  const rested = processorSeconds(parts)
  const restedAt = performance.now()
  await sleep(idleMs)
  const before = processorSeconds(parts)
  const beganAt = performance.now()
  const idle = mapped(before, (name, each) => ((each - (rested[name] ?? 0)) * 1000) / (beganAt - restedAt))
  await sendThrough(form, visits, first)
  const throughMs = performance.now() - beganAt
  await sleep(settleMs)
  const after = processorSeconds(parts)
  const allMs = performance.now() - beganAt
  const events = visits * eventsOfVisit
  return {
    events_per_second: (events * 1000) / throughMs,
    processor_seconds_per_million: mapped(after, (name, each) => {
      const used = each - (before[name] ?? 0) - ((idle[name] ?? 0) * allMs) / 1000
      return (Math.max(0, used) / events) * 1e6
    }),
    idle_processors: idle,
  }
}
