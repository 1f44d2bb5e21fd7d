import { inOrder, type Moment } from './sessionize.ts'

/** Ids are unique within a visitor, or within a visit that their sender names. */
export const eventKey = (namedSession: string, eventId: string): string => `${namedSession}\u0000${eventId}`
const keyOf = ({ namedSession, eventId }: Moment): string => eventKey(namedSession, eventId)

/** From so many events on, their keys are kept; fewer are looked through as fast, and most visitors have few. */
const leastIndexed = 200

/**
 * The events of a visitor in order. One is never changed: what is added makes another, at a cost of what is added and not of what
 * is there. The keys are shared between the two, so each entry has the number of the addition, and a history heeds those below its own size.
 */
export class History<Event extends Moment> {
  readonly all: readonly Event[]
  readonly #keys: Map<string, number> | undefined

  private constructor(all: readonly Event[], keys: Map<string, number> | undefined) {
    this.all = all
    this.#keys = keys
  }

  /** @param events in order, each once */
  static of<Event extends Moment>(events: readonly Event[]): History<Event> {
    const isLong = events.length >= leastIndexed
    return new History(events, isLong ? new Map(events.map((event, number) => [keyOf(event), number])) : undefined)
  }

  /** Tells whether an event of a key is there. */
  knower(): (key: string) => boolean {
    const keys = this.#keys
    const size = this.all.length
    if (keys) return (key) => (keys.get(key) ?? size) < size
    const few = new Set(this.all.map(keyOf))
    return (key) => few.has(key)
  }

  /** How many happened before a moment. */
  before(moment: Moment): number {
    let [from, until] = [0, this.all.length]
    while (from < until) {
      const middle = (from + until) >>> 1
      const event = this.all[middle]
      if (event && inOrder(event, moment) < 0) from = middle + 1
      else until = middle
    }
    return from
  }

  /**
   * The history with other events after the first `kept`.
   * @param tail in order: those that were there, and more
   * @param added those that are more
   */
  with(kept: number, tail: readonly Event[], added: readonly Event[]): History<Event> {
    const all = this.all.slice(0, kept).concat(tail)
    const keys = this.#keys
    // Where the keys have entries that are not ours, something was added before, and not kept.
    if (keys?.size !== this.all.length) return History.of(all)
    for (const event of added) keys.set(keyOf(event), keys.size)
    return new History(all, keys)
  }
}
