import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Store } from '../store/store.ts'
import type { StreamReader, StreamRecord } from '../stream/stream.ts'
import { isStoredBeside, type Outcome } from './batch.ts'
import { jsonEachRow } from './json-each-row.ts'
import { Memory } from './memory.ts'
import { allStay, asWritten, type KeyElsewhere, takeMessages, type Understand } from './messages.ts'
import { createPace } from './pace.ts'
import type { Handed, Plan, Positions } from './positions.ts'
import { type Prepared, prepare, rememberOutcome } from './prepare.ts'
import type { VisitRulesOf } from './read.ts'
import type { Row } from './rows.ts'
import { PartitionLost, type Share, wholeStream } from './share.ts'

const maxBatchMessages = 5000
const maxBatchBytes = 16 * 1024 * 1024
/** How often an idle pipeline looks for something new. */
const idleMs = 15
/** While ClickHouse stores the batch of one partition, that of another is computed; their visitors are others. */
const lanes = 2
const firstRetryMs = 100
const lastRetryMs = 5000

/** What a stored batch was. */
export type StoredBatch = {
  partition: number
  records: number
  /** New events by site. */
  newEvents: ReadonlyMap<string, number>
  /** Events that had come before. */
  doubled: number
  /** By reason. */
  deadLetters: ReadonlyMap<string, number>
  seconds: number
}
export type OnStored = (batch: StoredBatch) => void

/** What a pipeline that shares a stream with others does with documents whose visitors are of other partitions. */
export type HandOver = { keyElsewhere: KeyElsewhere; send(handed: readonly Handed[]): Promise<void> }

const handsNothingOver: HandOver = { keyElsewhere: allStay, send: async () => undefined }

/** Waits for all, also where one fails: what is tried again is not to be under way still. */
const allEnded = async (works: readonly Promise<void>[]): Promise<void> => {
  for (const end of await Promise.allSettled(works)) if (end.status === 'rejected') throw end.reason
}

const deadLettersOf = ({ rows }: Outcome): Map<string, number> => {
  const counts = new Map<string, number>()
  for (const { reason } of rows['bronze.dead_letters'])
    counts.set(String(reason), (counts.get(String(reason)) ?? 0) + 1)
  return counts
}

/**
 * Reads the stream, partition by partition and in order, and writes bronze, silver and gold. A batch is computed, written down as a
 * plan, stored under tokens and then done with; killed at any point, the next start makes the same inserts again, and what was
 * stored already is not stored twice.
 */
export class Pipeline {
  readonly #stream: StreamReader
  readonly #positions: Positions
  readonly #store: Store
  readonly #rulesOf: VisitRulesOf
  readonly #understand: Understand
  readonly #handOver: HandOver
  readonly #share: Share
  /** Its partitions, each with the epoch in which it is known. */
  readonly #mine = new Map<number, number>()
  #memory: Memory
  readonly #logger: Logger
  readonly #onStored: OnStored
  readonly #isNearlyFull: () => boolean
  readonly #notesChanges: boolean
  readonly #stopping = new AbortController()
  #running: Promise<void> | undefined
  #lastTurn: Promise<void> = Promise.resolve()

  constructor(options: {
    stream: StreamReader
    positions: Positions
    store: Store
    rulesOf: VisitRulesOf
    /** What messages of anyone mean, where there may be any. */
    understand?: Understand
    /** Which partitions it works on; all where it is left out. */
    share?: Share
    handOver?: HandOver
    logger: Logger
    onStored: OnStored
    /** Whether the disk has too little room to store anything. */
    isNearlyFull?: () => boolean
    /** Whether somebody keeps a copy of the tables elsewhere, and is to find what has changed. */
    notesChanges?: boolean
  }) {
    this.#stream = options.stream
    this.#positions = options.positions
    this.#store = options.store
    this.#rulesOf = options.rulesOf
    this.#understand = options.understand ?? asWritten
    this.#share = options.share ?? wholeStream(options.stream.partitions)
    this.#handOver = options.handOver ?? handsNothingOver
    this.#logger = options.logger
    this.#onStored = options.onStored
    this.#isNearlyFull = options.isNearlyFull ?? (() => false)
    this.#notesChanges = options.notesChanges ?? false
    this.#memory = new Memory(options.store)
  }

  /** Ends what an earlier run began, then goes on by itself until `stop`. */
  async start(): Promise<void> {
    await this.settle()
    this.#running = this.#run()
  }

  /** Takes its share of the partitions over, and ends what was begun there. One that has started does so again and again by itself. */
  settle(): Promise<void> {
    return this.#turn(() => this.#settle())
  }

  /**
   * Ends the batch under way and stops.
   * @param drainMs how long it may go on with what is in the stream
   */
  async stop(drainMs = 0): Promise<void> {
    const until = performance.now() + drainMs
    while (performance.now() < until && this.#isBehind()) await sleep(idleMs)
    this.#stopping.abort()
    await this.#running
    await this.#share.close()
  }

  #isBehind(): boolean {
    return [...this.lags.values()].some((lag) => lag > 0)
  }

  /** How many messages of each of its partitions are not stored. */
  get lags(): Map<number, number> {
    const lagOf = (partition: number): number =>
      Math.max(0, this.#stream.end(partition) - this.#positions.place(partition).offset)
    return new Map([...this.#mine.keys()].map((partition) => [partition, lagOf(partition)]))
  }

  /** How much is remembered. */
  get remembered(): { visitors: number; events: number } {
    return this.#memory.size
  }

  /** Does some work that only reads, while no batch is under way. */
  still<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#turn(work)
  }

  /**
   * Processes records of a partition that were passed over before, in their old places.
   * @param ledgerRows go into silver.ledger beside what the records come to there
   */
  async storeAgain(partition: number, records: readonly StreamRecord[], ledgerRows: readonly Row[]): Promise<void> {
    await this.#turn(async () => {
      const token = `again:${partition}:${records.map(({ offset }) => offset).join(',')}`
      const { outcome, inserts } = await this.#prepare(records, token, 'again')
      const corrections = { table: 'silver.ledger', token: `${token}:withdrawn`, rows: jsonEachRow(ledgerRows) }
      const [nextOffset, place] = [this.#positions.next(partition), this.#positions.place(partition)]
      const plan = { nextOffset, place, inserts: [corrections, ...inserts] }
      if ((await this.#begin(partition, plan)) && (await this.#carryOut(partition, plan))) {
        rememberOutcome(this.#memory, outcome)
      }
    })
  }

  #prepare(records: readonly StreamRecord[], token: string, notes: 'new' | 'again' = 'new'): Promise<Prepared> {
    const [store, memory, rulesOf] = [this.#store, this.#memory, this.#rulesOf]
    return prepare(records, token, { store, memory, rulesOf, notes: this.#notesChanges ? notes : undefined })
  }

  /**
   * Does some work while no batch is under way, and forgets what is remembered: the work may have changed what is stored.
   * Collection goes on meanwhile, and what it gathers is processed after.
   */
  async between<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#turn(async () => {
      try {
        return await work()
      } finally {
        this.#memory = new Memory(this.#store)
      }
    })
  }

  /** One at a time: batches, and what is done between them. */
  async #turn<Result>(work: () => Promise<Result>): Promise<Result> {
    const before = this.#lastTurn
    const done = Promise.withResolvers<void>()
    this.#lastTurn = done.promise
    await before
    try {
      return await work()
    } finally {
      done.resolve()
    }
  }

  /**
   * Takes over what is this pipeline's from now on, and ends there what another began. Where anything changed hands, what is remembered
   * is forgotten: another pipeline has stored, or will, what it would have to know of.
   */
  async #settle(): Promise<void> {
    const after = await this.#share.settle()
    const isAsBefore = ([partition, epoch]: [number, number]) => this.#mine.get(partition) === epoch
    const come = [...after].filter((each) => !isAsBefore(each))
    const gone = [...this.#mine].filter(([partition, epoch]) => after.get(partition) !== epoch)
    if (gone.length > 0 || come.length > 0) this.#memory = new Memory(this.#store)
    for (const [partition] of gone) this.#leave(partition)
    for (const [partition, epoch] of come) {
      if (await this.#unlessLost(partition, () => this.#takeOver(partition, epoch))) this.#mine.set(partition, epoch)
    }
  }

  #leave(partition: number): void {
    this.#mine.delete(partition)
    this.#stream.leave(partition)
  }

  /** Does work on a partition that may be lost under it; then it is another's, and nothing is answered. */
  async #unlessLost<Result>(partition: number, work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof PartitionLost)) throw error
      this.#logger.warn(`${error.message}; what was begun there is theirs to end`)
      this.#memory = new Memory(this.#store)
      this.#leave(partition)
      return undefined
    }
  }

  async #takeOver(partition: number, epoch: number): Promise<boolean> {
    const take = () => this.#positions.take(partition, epoch)
    if (!(await this.#insist('taking a partition over', partition, take))) return false
    const plan = this.#positions.begun(partition)
    return plan === undefined || this.#carryOut(partition, plan)
  }

  async #run(): Promise<void> {
    const pace = createPace()
    while (!this.#stopping.signal.aborted) {
      const startedAt = performance.now()
      await this.settle()
      const events = await this.#turn(() => this.#stepAll())
      await this.#pause(events === undefined ? idleMs : pace.after(events) - (performance.now() - startedAt))
    }
  }

  /** A batch of each partition; how much was in them, undefined where there was nothing to do. */
  async #stepAll(): Promise<number | undefined> {
    const waiting = this.#mine.keys()
    let events: number | undefined
    const lane = async (): Promise<void> => {
      // An iterator is shared: each partition is taken by one lane.
      for (const partition of waiting) {
        const stored = await this.#unlessLost(partition, () => this.#step(partition))
        if (stored !== undefined) events = (events ?? 0) + stored
      }
    }
    // The turn is over when both are, whatever becomes of one.
    await allEnded(Array.from({ length: lanes }, lane))
    return events
  }

  async #pause(milliseconds: number): Promise<void> {
    if (milliseconds <= 0) return
    await sleep(milliseconds, undefined, { signal: this.#stopping.signal }).catch((error: unknown) => {
      if (!this.#stopping.signal.aborted) throw error
    })
  }

  /** One batch of a partition; how many events it had, and at least its messages; undefined when there was nothing to do. */
  async #step(partition: number): Promise<number | undefined> {
    // Partitions may have been lost, or everything stopped, since this round began.
    if (this.#stopping.signal.aborted || !this.#mine.has(partition) || this.#isNearlyFull()) return undefined
    const before = this.#positions.place(partition)
    const messages = this.#stream.read(partition, before.offset, maxBatchMessages, maxBatchBytes)
    if (messages.length === 0) return undefined
    const startedAt = performance.now()
    const firstOffset = this.#positions.next(partition)
    const { keyElsewhere } = this.#handOver
    const taken = await takeMessages(messages, before, firstOffset, this.#understand, keyElsewhere)
    const { records, handed, place } = taken
    const nextOffset = firstOffset + records.length
    if (records.length === 0 && handed.length === 0) {
      const isNoted = await this.#insist('noting how far it is', partition, () =>
        this.#positions.finish(partition, { nextOffset, place }),
      )
      return isNoted ? messages.length : undefined
    }
    const token = `${partition}:${firstOffset}-${nextOffset}`
    let prepared: Prepared | undefined
    await this.#insist('reading the visitors of a batch', partition, async () => {
      prepared = await this.#prepare(records, token)
    })
    if (!prepared || this.#stopping.signal.aborted) return undefined
    const { outcome, inserts } = prepared
    const plan = { nextOffset, place, inserts, ...(handed.length > 0 ? { handed } : {}) }
    if (!(await this.#begin(partition, plan)) || !(await this.#carryOut(partition, plan))) return undefined
    rememberOutcome(this.#memory, outcome)
    this.#onStored({
      partition,
      records: records.length,
      newEvents: outcome.newEvents,
      doubled: outcome.doubled,
      deadLetters: deadLettersOf(outcome),
      seconds: (performance.now() - startedAt) / 1000,
    })
    const events = [...outcome.newEvents.values()].reduce((sum, each) => sum + each, 0)
    return Math.max(events, messages.length)
  }

  #begin(partition: number, plan: Plan): Promise<boolean> {
    return this.#insist('writing a batch down', partition, () => this.#positions.begin(partition, plan))
  }

  async #carryOut(partition: number, plan: Plan): Promise<boolean> {
    const isStored = await this.#insist('storing a batch', partition, async () => {
      if (plan.handed) await this.#handOver.send(plan.handed)
      const insert = async ({ table, token, rows }: Plan['inserts'][number]): Promise<void> => {
        // Whoever has it now makes these inserts under the same tokens, which are known for long, but not for ever.
        if (!this.#share.has(partition)) throw new PartitionLost(partition)
        await this.#store.insert(table, rows, token)
      }
      await allEnded(plan.inserts.filter(({ table }) => isStoredBeside(table)).map(insert))
      for (const after of plan.inserts.filter(({ table }) => !isStoredBeside(table))) await insert(after)
    })
    return (
      isStored &&
      (await this.#insist('noting a batch as stored', partition, () => this.#positions.finish(partition, plan)))
    )
  }

  /**
   * Does a piece of work on a partition until it succeeds, since going on without it would lose events; false when stopped before it did.
   * @throws {PartitionLost} when another has the partition by then
   */
  async #insist(what: string, partition: number, work: () => Promise<unknown>): Promise<boolean> {
    for (let waitMs = firstRetryMs; ; waitMs = Math.min(waitMs * 2, lastRetryMs)) {
      if (!this.#share.has(partition)) throw new PartitionLost(partition)
      try {
        await work()
        return true
      } catch (error) {
        if (error instanceof PartitionLost) throw error
        this.#logger.error({ err: error }, `${what} failed; trying again in ${waitMs} ms`)
      }
      await this.#pause(waitMs)
      if (this.#stopping.signal.aborted) return false
    }
  }
}
