import { setTimeout as sleep } from 'node:timers/promises'
import type { LakeAnswer } from '@clickwatch/contract'
import type { Logger } from 'pino'
import { ClickWatchError, messageOf } from '../errors.ts'
import type { Retention } from '../metadata/sites.ts'
import { noteEverything, readErasures } from '../store/changes.ts'
import type { Store } from '../store/store.ts'
import { append, placesOf } from './append.ts'
import { compact } from './compact.ts'
import { expire, forgetErased, vacuum } from './forget.ts'
import { type Ground, openTables, tableOf } from './ground.ts'
import type { WholeFromMs } from './keeping.ts'
import { knownToLake } from './known.ts'
import { openPlace } from './place.ts'
import { rewrite } from './rewrite.ts'
import { answerOf, type Lag, type LakeState, lagOf, unknownState } from './state.ts'
import { lakeTables, nameOf } from './tables.ts'
import type { LakeConfig } from './target.ts'
import { lakeComment } from './write.ts'
import { soleWriter, type Writer, WriterLost } from './writer.ts'

const tidyEveryMs = 3_600_000
const firstRetryMs = 1000
const lastRetryMs = 60_000
/** How soon a process takes over what no other writes any more. */
const takeEveryMs = 2000
/** And how soon it makes room for one that is asked for something. */
const lookEveryMs = 500
const stopEveryMs = 100
const stopLimitMs = 5000

/** The lake's tables, kept up beside everything else: whatever goes wrong here delays them alone. */
export class Lake {
  readonly #ground: Ground
  readonly #config: LakeConfig
  readonly #logger: Logger
  readonly #kill: () => Promise<void>
  /** In which it was last the one that writes. */
  #epoch: number | undefined
  readonly #stopping = new AbortController()
  #wake = Promise.withResolvers<void>()
  #running: Promise<void> | undefined
  #lastTurn: Promise<unknown> = Promise.resolve()
  #newRecords = 0
  #waiting = 0
  #rewrittenAtMs = Number.NEGATIVE_INFINITY
  #tidiedAtMs = Number.NEGATIVE_INFINITY
  #failure: { reason: string; sinceMs: number } | undefined
  #caughtUpAtMs: number
  #committedAtMs: number | undefined
  readonly #counts = { rows: 0, failures: 0 }

  private constructor(ground: Ground, config: LakeConfig, logger: Logger, kill: () => Promise<void>) {
    this.#ground = ground
    this.#config = config
    this.#logger = logger
    this.#kill = kill
    this.#caughtUpAtMs = ground.nowMs()
  }

  /**
   * Nothing is asked of the lake yet, which may be away.
   * @param store the lake's own, which it closes
   * @param kill ends what the lake's store is busy with
   */
  static async open(options: {
    config: LakeConfig
    store: Store
    /** Who writes, where several processes could. */
    writer?: Writer
    reached: () => Promise<readonly number[]>
    retention: () => Retention
    wholeFromMs: WholeFromMs
    logger: Logger
    kill: (comment: string) => Promise<void>
  }): Promise<Lake> {
    const { config, store, writer = soleWriter, reached, retention, wholeFromMs, logger, kill } = options
    const ground: Ground = {
      store,
      writer,
      place: await openPlace(config.target),
      reached,
      retention,
      wholeFromMs,
      fileRetentionHours: config.fileRetentionHours,
      nowMs: Date.now,
      tables: new Map(),
    }
    return new Lake(ground, config, logger, () => kill(lakeComment))
  }

  start(): void {
    this.#running = this.#run()
  }

  /** Ends the file under way, or gives it up where the lake does not answer. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#wake.resolve()
    let isStopped = false
    const stopped = Promise.all([this.#running, this.#lastTurn]).finally(() => {
      isStopped = true
    })
    for (let waited = 0; waited < stopLimitMs && !isStopped; waited += stopEveryMs) {
      await Promise.race([stopped, sleep(stopEveryMs)])
      if (!isStopped && waited >= stopEveryMs) await this.#endStatements()
    }
    await this.#ground.writer.close().catch((error: unknown) => {
      this.#logger.warn({ err: error }, 'that others may write the lake could not be said; they may in some seconds')
    })
    this.#ground.place.close()
    await this.#ground.store.close()
  }

  /** What the store is busy with for the lake, of whoever began it. */
  async #endStatements(): Promise<void> {
    if (this.#ground.writer.isMine()) await this.#kill().catch(() => undefined)
  }

  /** Some records are stored: with enough of them, the lake does not wait until it is time. */
  onStored({ records }: { records: number }): void {
    this.#newRecords += records
    if (this.#newRecords >= this.#config.everyRecords) this.#wake.resolve()
  }

  async #run(): Promise<void> {
    let retryMs = firstRetryMs
    while (!this.#stopping.signal.aborted) {
      let isWriter = false
      const isGood = await this.#turn(async () => {
        isWriter = await this.#takeOver(false)
        if (isWriter) await this.#keepUp()
      }).then(
        () => true,
        () => false,
      )
      const restMs = isWriter ? this.#config.everyMs : takeEveryMs
      const waitMs = isGood ? restMs : retryMs
      retryMs = isGood ? firstRetryMs : Math.min(retryMs * 2, lastRetryMs)
      await this.#rest(waitMs, isGood && isWriter)
    }
  }

  /** Waits, and meanwhile lets another process write that is asked for something. */
  async #rest(waitMs: number, isWoken: boolean): Promise<void> {
    const { writer } = this.#ground
    const until = performance.now() + waitMs
    while (performance.now() < until && !this.#stopping.signal.aborted) {
      const pieceMs = Math.min(until - performance.now(), writer.epoch() === undefined ? waitMs : lookEveryMs)
      const rested = sleep(Math.max(0, pieceMs), 'rested', { signal: this.#stopping.signal }).catch(() => 'stopped')
      const ended = await Promise.race([rested, ...(isWoken ? [this.#wake.promise.then(() => 'woken')] : [])])
      if (ended !== 'rested' || writer.isWanted()) return
    }
  }

  /** Makes this process the one that writes. What it knows of the tables from before is not what they are. */
  async #takeOver(isAsked: boolean): Promise<boolean> {
    const { writer, tables } = this.#ground
    if (!(await writer.take(isAsked))) return false
    const epoch = writer.epoch()
    if (epoch !== this.#epoch) {
      tables.clear()
      // What one that was killed had begun is nothing that anybody will commit.
      await this.#endStatements()
      this.#caughtUpAtMs = (await writer.told())?.caughtUpAtMs ?? this.#caughtUpAtMs
      this.#epoch = epoch
    }
    return true
  }

  /** One at a time: what the lake does by itself, and what it is asked for. */
  #turn<Result>(work: () => Promise<Result>): Promise<Result> {
    const tried = () => this.#tried(work).finally(() => this.#tell())
    const done = this.#lastTurn.then(tried, tried)
    this.#lastTurn = done.catch(() => undefined)
    return done
  }

  async #tried<Result>(work: () => Promise<Result>): Promise<Result> {
    const name = this.#ground.place.name
    try {
      const result = await work()
      if (this.#failure && this.#ground.writer.isMine()) {
        this.#logger.warn({ lake: name }, 'the lake is there again, and is brought up to date')
      }
      this.#failure = undefined
      return result
    } catch (error) {
      if (this.#stopping.signal.aborted) throw error
      const { writer } = this.#ground
      if (error instanceof WriterLost || (this.#epoch !== undefined && !writer.isMine())) {
        // What is known of the tables may be without this process's epoch: they are opened anew, in whichever it has next.
        this.#epoch = undefined
        this.#ground.tables.clear()
        this.#logger.warn({ lake: name }, 'the lake is written by another process by now, which does what was begun')
        throw new ClickWatchError('lake_busy', 503, 'Another process has begun to write the lake; ask again.')
      }
      this.#counts.failures++
      const reason = this.#ground.place.withoutSecrets(messageOf(error))
      // Once for each thing that is wrong: it is tried again every minute.
      if (!this.#failure) {
        this.#logger.error(
          { lake: name, reason },
          'the lake cannot be written to; it is tried again, and nothing else waits for it',
        )
      }
      this.#failure = { reason, sinceMs: this.#failure?.sinceMs ?? this.#ground.nowMs() }
      throw error instanceof ClickWatchError
        ? error
        : new ClickWatchError('lake_away', 503, `The lake ${name} is away: ${reason}`)
    }
  }

  /** For the other processes. That it cannot be said keeps nothing up. */
  async #tell(): Promise<void> {
    const { writer } = this.#ground
    if (!writer.isMine()) return
    try {
      const state = this.#state()
      // Of tables that could not be opened, what was said last is nearer to what they are than nothing.
      const before = this.#ground.tables.size < lakeTables.length ? await writer.told() : undefined
      await writer.tell(before ? { ...state, at: before.at, tables: before.tables } : state)
    } catch (error) {
      this.#logger.warn({ err: error }, 'how the lake is could not be told to the other processes')
    }
  }

  /** What is asked for comes first: what the lake does by itself ends where it can, and goes on after it. */
  async #first<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#waiting++
    try {
      return await this.#turn(() => {
        this.#waiting--
        return work()
      })
    } finally {
      this.#wake.resolve()
    }
  }

  /** What is asked for and writes. */
  #asked<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#first(async () => {
      await this.#takeOver(true)
      return work()
    })
  }

  /**
   * What is to be done whole before it is said to be done.
   * @throws {ClickWatchError} 503 lake_busy where it was ended for something else that was asked for
   */
  #whole(work: () => Promise<void>): Promise<void> {
    return this.#asked(async () => {
      await work()
      if (this.#goesOn()) return
      throw new ClickWatchError(
        'lake_busy',
        503,
        'Something else was asked of the lake meanwhile; what is left is done after it, without being asked for again.',
      )
    })
  }

  readonly #goesOn = (): boolean => {
    const { writer } = this.#ground
    return !this.#stopping.signal.aborted && this.#waiting === 0 && writer.isMine() && !writer.isWanted()
  }

  async #keepUp(isAsked = false): Promise<void> {
    const ground = this.#ground
    const nowMs = ground.nowMs()
    this.#newRecords = 0
    this.#wake = Promise.withResolvers<void>()
    await openTables(ground)
    await forgetErased(ground)
    const isDue = isAsked || nowMs - this.#rewrittenAtMs >= this.#config.rewriteEveryMs
    if (isDue) {
      if (await rewrite(ground, this.#goesOn)) this.#committedAtMs = ground.nowMs()
      // One that was cut off is due as it was.
      if (this.#goesOn()) this.#rewrittenAtMs = nowMs
    }
    await this.#append()
    if (isDue) await compact(ground, this.#goesOn)
    if (nowMs - this.#tidiedAtMs >= tidyEveryMs) {
      await expire(ground)
      await vacuum(ground)
      this.#tidiedAtMs = nowMs
    }
  }

  async #append(): Promise<void> {
    const beganAtMs = this.#ground.nowMs()
    // Once for all tables, of which bronze comes first: none is ahead of what a store can be made of again.
    const reached = await this.#ground.reached()
    for (const table of lakeTables) {
      await append(this.#ground, tableOf(this.#ground, table), reached, this.#goesOn, (rows) => {
        this.#counts.rows += rows
        if (rows > 0) this.#committedAtMs = this.#ground.nowMs()
      })
    }
    if (this.#goesOn()) this.#caughtUpAtMs = beganAtMs
  }

  /** Brings all tables up to date now. */
  async catchUp(): Promise<void> {
    await this.#whole(() => this.#keepUp(true))
  }

  /** Does the erasures that are noted. Where the lake is away, they are done when it is back. */
  async forgetErased(): Promise<void> {
    await this.#asked(async () => {
      await openTables(this.#ground)
      await forgetErased(this.#ground)
    })
  }

  /** What it holds of one visitor. */
  async knownOf(site: string, visitorId: string): Promise<Record<string, Record<string, unknown>[]>> {
    return this.#first(() => knownToLake(this.#ground, site, visitorId))
  }

  /** @returns how many files have become others */
  async compact(): Promise<number> {
    return this.#asked(async () => {
      await openTables(this.#ground)
      return compact(this.#ground, this.#goesOn, true)
    })
  }

  /** Removes the files that no version within the retention has. @returns how many */
  async vacuum(): Promise<number> {
    return this.#asked(async () => {
      await openTables(this.#ground)
      await expire(this.#ground)
      return vacuum(this.#ground)
    })
  }

  /** Writes everything anew that the store has; what another store has written there goes. */
  async rebuild(): Promise<void> {
    await this.#whole(async () => {
      await openTables(this.#ground, true)
      await noteEverything(this.#ground.store)
      await this.#keepUp(true)
    })
  }

  /** How far it is; asks nothing of the lake but what is known of it. */
  async status(): Promise<LakeAnswer> {
    const { place, store } = this.#ground
    const [state, erasures] = await Promise.all([this.#known(), readErasures(store)])
    return answerOf(place.name, state, await this.#lagOf(state), erasures.length)
  }

  /** How much is stored and not in the lake. */
  async lag(): Promise<Lag> {
    return this.#lagOf(await this.#known())
  }

  async #lagOf(state: LakeState): Promise<Lag> {
    return lagOf(state, await this.#ground.reached(), this.#ground.nowMs())
  }

  /** As this process knows it, or as the one says that writes. */
  async #known(): Promise<LakeState> {
    const { writer, nowMs } = this.#ground
    return writer.isMine() ? this.#state() : ((await writer.told()) ?? unknownState(nowMs()))
  }

  #state(): LakeState {
    const all = [...this.#ground.tables.values()]
    const places = all.filter(({ table }) => table.stream).map(placesOf)
    const partitions = Math.max(0, ...places.flatMap((each) => [...each.keys()].map((partition) => partition + 1)))
    return {
      failure: this.#failure,
      caughtUpAtMs: this.#caughtUpAtMs,
      at: Array.from({ length: partitions }, (_, partition) =>
        Math.min(...places.map((each) => each.get(partition) ?? 0)),
      ),
      tables: all.map(({ table, delta }) => {
        const files = delta.known.files()
        return {
          name: nameOf(table),
          version: delta.known.version,
          files: files.length,
          bytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
          rows: files.reduce((sum, { statistics }) => sum + (statistics?.numRecords ?? 0), 0),
        }
      }),
    }
  }

  /** For Prometheus. */
  get counts(): { rows: number; failures: number; isAway: boolean; committedAtMs: number | undefined } {
    return { ...this.#counts, isAway: this.#failure !== undefined, committedAtMs: this.#committedAtMs }
  }
}
