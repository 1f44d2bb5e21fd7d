import type { SessionDocument } from '@clickwatch/contract'
import { type Country, countries, hourWeights, weekdayWeights } from './catalogue.ts'
import { createRandom, type Random } from './random.ts'
import { createSession, createVisitor, type Visitor } from './session.ts'

/** Which traffic to make up: `sessions` visits that begin in [fromMs, untilMs). */
export type Plan = { seed: number; sessions: number; fromMs: number; untilMs: number }

const hourMs = 3_600_000
const returningShare = 0.22
/** Interest grows over the time of the test: the last day is this much busier than the first. */
const growth = 0.8

/** The crowd a traffic is made of, which grows with it. */
class Crowd {
  readonly #random: Random
  readonly #byCountry = new Map<string, Visitor[]>()

  constructor(random: Random) {
    this.#random = random
  }

  /** Somebody of a country: one who has been here, or someone new. */
  someone(country: Country): Visitor {
    const known = this.#byCountry.get(country.country) ?? []
    const again = this.#random.chance(returningShare) ? known[this.#random.whole(0, known.length - 1)] : undefined
    if (again) return again
    const visitor = createVisitor(this.#random, country)
    known.push(visitor)
    this.#byCountry.set(country.country, known)
    return visitor
  }
}

/** How busy a moment is where the visitor lives, from 0 to 1. */
const busyness = (timeMs: number, { offset }: Country): number => {
  const local = new Date(timeMs + offset * hourMs)
  const hour = (hourWeights[local.getUTCHours()] ?? 0) / Math.max(...hourWeights)
  return hour * ((weekdayWeights[local.getUTCDay()] ?? 0) / Math.max(...weekdayWeights))
}

const beginnings = (random: Random, plan: Plan): { timeMs: number; country: Country }[] => {
  const lengthMs = plan.untilMs - plan.fromMs
  const moment = () => {
    const country = random.pick(countries)
    // Rejection sampling: a moment drawn evenly is kept as often as it is busy.
    for (;;) {
      const part = random.next()
      const timeMs = Math.floor(plan.fromMs + part * lengthMs)
      const level = ((1 + growth * part) / (1 + growth)) * busyness(timeMs, country)
      if (random.chance(level)) return { timeMs, country }
    }
  }
  return Array.from({ length: plan.sessions }, moment).sort((left, right) => left.timeMs - right.timeMs)
}

/**
 * Made-up visits in order of time, in the format of the reference's sample: a rhythm of day and week, sources that differ in what
 * they bring, visitors who come again. The same plan gives the same documents.
 */
export function* generate(plan: Plan): Generator<SessionDocument> {
  const random = createRandom(plan.seed)
  const crowd = new Crowd(random)
  for (const { timeMs, country } of beginnings(random, plan)) {
    yield createSession(random, crowd.someone(country), timeMs)
  }
}

/** Visits without end, each of which has just ended: what a site with visitors sends. */
export function* generateLive(seed: number, now: () => number): Generator<SessionDocument> {
  const random = createRandom(seed)
  const crowd = new Crowd(random)
  for (;;) {
    const document = createSession(random, crowd.someone(random.pick(countries)), now())
    yield endingAt(document, now())
  }
}

const moved = (timestamp: string, byMs: number): string =>
  new Date(Date.parse(timestamp) + byMs).toISOString().replace(/\.\d+Z$/, 'Z')

const endingAt = (document: SessionDocument, endMs: number): SessionDocument => {
  const events = document.events ?? []
  const lastMs = Date.parse(events.at(-1)?.timestamp ?? document.timestamp)
  const byMs = endMs - lastMs
  return {
    ...document,
    timestamp: moved(document.timestamp, byMs),
    events: events.map((event) => ({ ...event, timestamp: moved(event.timestamp ?? document.timestamp, byMs) })),
  }
}
