import { randomUUID } from 'node:crypto'
import { assign, holdoutKey } from '@clickwatch/contract/assignment'
import type { Event } from './event.ts'
import { openIdeas } from './ideas.ts'
import { type Answer, post } from './post.ts'

export type Options = {
  /** Where ClickWatch answers, for example https://stats.example.com. */
  url: string
  /** The server's CLICKWATCH_API_KEY. */
  apiKey?: string
  /** Which site the events belong to; `default` when left out. */
  site?: string
  /** Events of one request, at most 10,000. */
  batchSize?: number
  /** How long an event waits for others to go with it. */
  flushAfterMs?: number
  /** Events that wait while the server cannot be reached; beyond, the oldest are given up. */
  maxQueued?: number
  /** How long `close`, and the end of the process, wait for what is left. */
  closeWithinMs?: number
  /** What was given up, and why. A warning of the process when left out. */
  onLost?: (events: readonly Event[], reason: string) => void
}

const defaults = { batchSize: 100, flushAfterMs: 1000, maxQueued: 10_000, closeWithinMs: 5000 }
const firstRetryMs = 500
const lastRetryMs = 30_000
const signals = ['SIGINT', 'SIGTERM'] as const

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const warn = (events: readonly Event[], reason: string): void =>
  process.emitWarning(`${events.length} events were not taken: ${reason}`, 'ClickWatchWarning')

/** An event that waits, and its JSON, of when it was told. */
type Queued = { event: Event; json: string }

/**
 * Sends events in batches and in order, again when a request fails, and what is left when the process ends: by itself, or by
 * SIGINT or SIGTERM. An event keeps its id, so that one that arrives twice counts once. Telling of an event never throws.
 */
export class ClickWatch {
  readonly #options: typeof defaults & Options
  readonly #ideas: ReturnType<typeof openIdeas>
  #queue: Queued[] = []
  #draining: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #wake: (() => void) | undefined
  #failures = 0
  #closeBeforeMs: number | undefined

  /** @throws {TypeError} when the url is none */
  constructor(options: Options) {
    if (!URL.canParse(options.url)) throw new TypeError(`url is '${options.url}'; an address is expected`)
    this.#options = { ...defaults, ...options }
    this.#ideas = openIdeas(options)
    process.on('beforeExit', this.#onExit)
    for (const signal of signals) process.on(signal, this.#onSignal)
  }

  /** Tells of an event. It is on its way within `flushAfterMs`. */
  event(event: Event): void {
    const { batchSize, flushAfterMs, maxQueued } = this.#options
    try {
      this.#queue.push({ event, json: JSON.stringify({ id: randomUUID(), time: Date.now(), ...event }) })
    } catch (error) {
      this.#lose([event], messageOf(error))
      return
    }
    if (this.#queue.length > maxQueued) this.#lose([this.#queue.shift()?.event ?? event], 'too many wait already')
    if (this.#queue.length >= batchSize) this.#drain()
    else if (!this.#draining) this.#timer ??= setTimeout(() => this.#drain(), flushAfterMs).unref()
  }

  /**
   * The variant of an idea that a visitor is to be shown, the same that the browser is assigned by the same `visitor_id`; undefined where
   * it is none. That it was shown is told as an event `exposure`, with what else is known of the visitor. Never throws.
   */
  async variant(
    idea: string,
    visitor: Omit<Event, 'name' | 'type' | 'props'> & { visitor_id: string },
  ): Promise<string | undefined> {
    const variant = assign(await this.#ideas(), idea, visitor.visitor_id)
    if (variant === undefined) return undefined
    this.event({ ...visitor, name: 'exposure', props: { idea, variant }, interactive: false })
    return variant === holdoutKey ? undefined : variant
  }

  /** Resolves once what was told so far is taken or given up. */
  async flush(): Promise<void> {
    await this.#drain()
  }

  /** Sends what is left and ends; answers how many events could not be sent within `closeWithinMs`. */
  async close(): Promise<number> {
    process.off('beforeExit', this.#onExit)
    for (const signal of signals) process.off(signal, this.#onSignal)
    this.#closeBeforeMs = Date.now() + this.#options.closeWithinMs
    this.#wake?.()
    await this.#drain()
    return this.#queue.length
  }

  #onExit = (): void => void this.close()

  /** Whoever listens to a signal beside us decides when the process ends; otherwise it is for us to do. */
  #onSignal = (signal: NodeJS.Signals): void => {
    const isAlone = process.listenerCount(signal) === 1
    this.close().then(() => isAlone && process.kill(process.pid, signal))
  }

  #drain(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#draining ??= this.#sendAll().finally(() => {
      this.#draining = undefined
    })
    return this.#draining
  }

  async #sendAll(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, this.#options.batchSize)
      const answer = await post(
        this.#options,
        batch.map(({ json }) => json),
      )
      if (this.#settle(batch, answer)) continue
      const waitMs = this.#waitMs(answer)
      if (this.#closeBeforeMs !== undefined && Date.now() + waitMs > this.#closeBeforeMs) return
      await this.#pause(waitMs)
    }
  }

  /** Answers whether that was the end of a batch; otherwise it waits in front again. */
  #settle(batch: Queued[], answer: Answer): boolean {
    if (answer.kind === 'again') {
      this.#queue.unshift(...batch)
      this.#failures++
      return false
    }
    this.#failures = 0
    for (const { index, reason } of answer.rejected) {
      const queued = batch[index]
      if (queued) this.#lose([queued.event], reason)
    }
    if (answer.kind === 'refused') {
      this.#lose(
        batch.map(({ event }) => event),
        answer.reason,
      )
    }
    return true
  }

  /** What listens may fail; the events behind go all the same. */
  #lose(events: readonly Event[], reason: string): void {
    const { onLost = warn } = this.#options
    try {
      onLost(events, reason)
    } catch (error) {
      process.emitWarning(`onLost failed: ${messageOf(error)}`, 'ClickWatchWarning')
    }
  }

  #waitMs({ retryAfterMs }: Answer): number {
    const longestMs = Math.min(lastRetryMs, firstRetryMs * 2 ** (this.#failures - 1))
    return Math.max(retryAfterMs, longestMs * (0.5 + Math.random() / 2))
  }

  /** A pause keeps no process alive that has nothing else to do, save one that is about to end. */
  #pause(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, waitMs)
      if (this.#closeBeforeMs === undefined) timer.unref()
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
