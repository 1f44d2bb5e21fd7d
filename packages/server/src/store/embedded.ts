import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Session } from 'chdb'
import { boundedSql, boundsError, left } from './bounds.ts'
import { insertSettings, readSettings } from './settings.ts'
import type { Bounds, Parameters, Store } from './store.ts'

// One Session runs one query at a time: inserts and readers have their own, so that neither waits for the other.
const insertSessions = 2
const readSessions = 3
const killEveryMs = 50

const connectionArguments = [
  ...Object.entries(readSettings).map(([name, value]) => `--${name}=${value}`),
  '--max_memory_usage=2000000000',
  '--max_threads=2',
]

/** Hands out one of a few resources at a time; who comes when all are out waits in line. */
class Pool<T> {
  readonly #free: T[]
  readonly #waiting: ((resource: T) => void)[] = []

  constructor(resources: T[]) {
    this.#free = resources
  }

  async take(): Promise<T> {
    const free = this.#free.pop()
    return free ?? new Promise((resolve) => this.#waiting.push(resolve))
  }

  giveBack(resource: T): void {
    const next = this.#waiting.shift()
    if (next) next(resource)
    else this.#free.push(resource)
  }

  async use<Result>(work: (resource: T) => Promise<Result>): Promise<Result> {
    const resource = await this.take()
    try {
      return await work(resource)
    } finally {
      this.giveBack(resource)
    }
  }
}

/** What a query that failed had written of its answer comes before that of the session's next one, so that is thrown away. */
const clean = async (session: Session): Promise<void> => {
  await session.queryAsync('SELECT 1').catch(() => undefined)
}

/** ClickHouse in this process, its data under `folder`. Only the main thread of one process may open a folder. */
export const openEmbeddedStore = (folder: string): Store => {
  mkdirSync(folder, { recursive: true })
  const open = () => new Session(folder, { connectionArgs: connectionArguments })
  const inserters = Array.from({ length: insertSessions }, open)
  const readers = Array.from({ length: readSessions }, open)
  const insertPool = new Pool([...inserters])
  const readPool = new Pool([...readers])

  // Ends what others are busy with, so it has to be free when they are not.
  const killer = open()
  const killing = new Pool([killer])

  /** Runs a bounded SELECT; when its asker leaves it is ended, and the session is free for the next. */
  const queryWithin = async (session: Session, sql: string, parameters: Parameters, bounds: Bounds) => {
    const { signal } = bounds
    if (signal?.aborted) throw left()
    const name = randomUUID()
    let isEnded = false
    const kill = async (): Promise<void> => {
      // One that ClickHouse has not begun yet is not found, so it is looked for until it has ended.
      while (!isEnded) {
        // The name is this file's own; KILL takes no parameters.
        const kill = `KILL QUERY WHERE Settings['log_comment'] = '${name}' ASYNC`
        await killing.use((session) => session.queryAsync(kill))
        await sleep(killEveryMs)
      }
    }
    // Where it cannot be killed, its seconds end it.
    const onAbort = () => void kill().catch(() => undefined)
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      return await session.queryBindAsync(boundedSql(sql, bounds, name), readParameters(parameters), { format: 'JSON' })
    } catch (error) {
      throw boundsError(error, bounds)
    } finally {
      isEnded = true
      signal?.removeEventListener('abort', onAbort)
    }
  }

  const readParameters = (parameters: Parameters): object => ({ ...parameters })

  const store: Store = {
    nodes: () => [store],
    whole: (table) => table,
    async insert(table, rows, token) {
      const settings = { ...insertSettings, insert_deduplication_token: token }
      await insertPool.use((session) => session.insert({ table, values: rows, format: 'JSONEachRow', settings }))
    },
    async query<Row>(sql: string, parameters: Parameters = {}, bounds?: Bounds) {
      const result = await readPool.use(async (session) => {
        try {
          return bounds
            ? await queryWithin(session, sql, parameters, bounds)
            : await session.queryBindAsync(sql, readParameters(parameters), { format: 'JSON' })
        } catch (error) {
          await clean(session)
          throw error
        }
      })
      return result.json<{ data: Row[] }>().data
    },
    async *stream(sql, parameters, format) {
      const session = await readPool.take()
      try {
        for await (const chunk of session.queryStreamBind(sql, readParameters(parameters), { format }))
          yield chunk.raw()
      } finally {
        readPool.giveBack(session)
      }
    },
    async execute(sql, parameters) {
      await insertPool.use((session) =>
        parameters ? session.queryBindAsync(sql, readParameters(parameters)) : session.queryAsync(sql),
      )
    },
    async close() {
      await Promise.all([
        killing.take(),
        ...inserters.map(() => insertPool.take()),
        ...readers.map(() => readPool.take()),
      ])
      for (const session of [...inserters, ...readers, killer]) session.close()
    },
  }
  return store
}
