import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Store } from '../store/store.ts'
import type { StreamReader, StreamRecord } from '../stream/stream.ts'
import { batchTables, type Outcome, processBatch, readRecords, sessionsOf } from './batch.ts'
import { Memory } from './memory.ts'
import type { Plan, Positions } from './positions.ts'
import type { Row } from './rows.ts'

const maxBatchRecords = 5000
const maxBatchBytes = 16 * 1024 * 1024
/** How often an idle pipeline looks for something new. */
const idleMs = 15
/** The least time between two batches under load: fewer, larger inserts cost ClickHouse less, and a second is still far. */
const breathMs = 200
const firstRetryMs = 100
const lastRetryMs = 5000

/** What a stored batch changed: new events by site. */
export type OnStored = (newEvents: ReadonlyMap<string, number>) => void

const jsonEachRow = (rows: readonly Row[]): Buffer => Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'))

const planOf = (outcome: Outcome, records: readonly StreamRecord[], partition: number): Plan => {
  const first = records[0]?.offset ?? 0
  const nextOffset = (records.at(-1)?.offset ?? 0) + 1
  const inserts = batchTables
    .filter((table) => outcome.rows[table].length > 0)
    .map((table) => ({
      table,
      token: `${partition}:${first}-${nextOffset}`,
      rows: jsonEachRow(outcome.rows[table]),
    }))
  return { nextOffset, inserts }
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
  readonly #memory: Memory
  readonly #logger: Logger
  readonly #onStored: OnStored
  readonly #stopping = new AbortController()
  #running: Promise<void> | undefined

  constructor(options: {
    stream: StreamReader
    positions: Positions
    store: Store
    logger: Logger
    onStored: OnStored
  }) {
    this.#stream = options.stream
    this.#positions = options.positions
    this.#store = options.store
    this.#logger = options.logger
    this.#onStored = options.onStored
    this.#memory = new Memory(options.store)
  }

  /** Ends what an earlier run began, then goes on by itself until `stop`. */
  async start(): Promise<void> {
    for (let partition = 0; partition < this.#stream.partitions; partition++) {
      const plan = this.#positions.begun(partition)
      if (plan) await this.#carryOut(partition, plan)
    }
    this.#running = this.#run()
  }

  /** Ends the batch under way and stops. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const startedAt = performance.now()
      let isIdle = true
      for (let partition = 0; partition < this.#stream.partitions; partition++) {
        if (await this.#step(partition)) isIdle = false
      }
      await this.#pause(isIdle ? idleMs : breathMs - (performance.now() - startedAt))
    }
  }

  async #pause(milliseconds: number): Promise<void> {
    if (milliseconds <= 0) return
    await sleep(milliseconds, undefined, { signal: this.#stopping.signal }).catch((error: unknown) => {
      if (!this.#stopping.signal.aborted) throw error
    })
  }

  /** One batch of a partition; false when there was nothing to do. */
  async #step(partition: number): Promise<boolean> {
    const records = this.#stream.read(partition, this.#positions.next(partition), maxBatchRecords, maxBatchBytes)
    if (records.length === 0) return false
    const batch = readRecords(records)
    await this.#insist('reading the sessions of a batch', () => this.#memory.load(sessionsOf(batch)))
    if (this.#stopping.signal.aborted) return false
    const outcome = processBatch(batch, this.#memory, Date.now())
    const plan = planOf(outcome, records, partition)
    await this.#positions.begin(partition, plan)
    if (!(await this.#carryOut(partition, plan))) return false
    for (const [key, session] of outcome.sessions) this.#memory.rememberSession(key, session)
    for (const [key, visitor] of outcome.visitors) this.#memory.rememberVisitor(key, visitor)
    if (outcome.newEvents.size > 0) this.#onStored(outcome.newEvents)
    return true
  }

  async #carryOut(partition: number, plan: Plan): Promise<boolean> {
    const isStored = await this.#insist('storing a batch', async () => {
      for (const { table, token, rows } of plan.inserts) await this.#store.insert(table, rows, token)
    })
    if (isStored) await this.#positions.finish(partition, plan.nextOffset)
    return isStored
  }

  /** Does a piece of work until it succeeds, since going on without it would lose events; false when stopped before it did. */
  async #insist(what: string, work: () => Promise<unknown>): Promise<boolean> {
    for (let waitMs = firstRetryMs; ; waitMs = Math.min(waitMs * 2, lastRetryMs)) {
      try {
        await work()
        return true
      } catch (error) {
        this.#logger.error({ err: error }, `${what} failed; trying again in ${waitMs} ms`)
      }
      await this.#pause(waitMs)
      if (this.#stopping.signal.aborted) return false
    }
  }
}
