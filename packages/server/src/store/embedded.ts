import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Session } from 'chdb'
import { boundedSql, boundsError } from './bounds.ts'
import { ownError } from './console/question.ts'
import { asWritten, lockUp, viewCondition } from './console/reader.ts'
import { consoleDatabase, makeViews } from './console/tables.ts'
import { endingBy } from './ended.ts'
import { bindAll } from './literal.ts'
import { insertSettings, readSettings } from './settings.ts'
import type { Bounds, OwnQuestion, Parameters, Store } from './store.ts'

// One Session runs one query at a time: inserts and readers have their own, so that neither waits for the other. chDB runs statements with
// parameters one after another, whatever their Session is, and takes those of a stream for those of another: so they are written in
// (docs/decisions/0052-written-parameters.md).
const insertSessions = 2
const readSessions = 3
/** Questions in somebody's own SQL at a time; the others of them wait. */
const ownAtOnce = 2
const usersFile = fileURLToPath(new URL('./users.xml', import.meta.url))

/** Says who may do what, in a file that ClickHouse takes beside its tables: the first session of a process decides for all. */
const accessFileIn = (folder: string): string => {
  const path = join(folder, 'access.xml')
  const escaped = usersFile.replace(/[&<]/g, (sign) => (sign === '&' ? '&amp;' : '&lt;'))
  writeFileSync(path, `<clickhouse><users_config>${escaped}</users_config></clickhouse>\n`)
  return path
}

const connectionArguments = [
  ...Object.entries(readSettings).map(([name, value]) => `--${name}=${value}`),
  '--max_memory_usage=2000000000',
  '--max_threads=2',
  // Parameters are in it, such as the visitors of a whole batch.
  '--max_query_size=100000000',
  // Each stream of what is put together by UNION ALL would group by itself, and hold every visitor once more.
  '--max_streams_for_union_step_to_max_threads_ratio=1',
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
  const connectionArgs = [`--config-file=${accessFileIn(folder)}`, ...connectionArguments]
  const open = () => new Session(folder, { connectionArgs })
  const inserters = Array.from({ length: insertSessions }, open)
  const readers = Array.from({ length: readSessions }, open)
  const insertPool = new Pool([...inserters])
  const readPool = new Pool([...readers])

  // Ends what others are busy with, so it has to be free when they are not.
  const killer = open()
  const killing = new Pool([killer])

  const endedBy = endingBy((sql) => killing.use((session) => session.queryAsync(sql)))

  /** Runs a bounded SELECT; when its asker leaves it is ended, and the session is free for the next. */
  const queryWithin = async (session: Session, sql: string, parameters: Parameters, bounds: Bounds) => {
    const name = randomUUID()
    const asking = () => session.queryAsync(bindAll(boundedSql(sql, bounds, name), parameters), { format: 'JSON' })
    return endedBy(bounds.signal, name, asking).catch((error: unknown) => {
      throw boundsError(error, bounds)
    })
  }

  let making: Promise<void> | undefined
  const makeConsole = (): Promise<void> => {
    making ??= makeViews(store, {
      sourceOf: (table) => table,
      security: 'DEFINER = default SQL SECURITY DEFINER',
      where: viewCondition,
    }).catch((error: unknown) => {
      making = undefined
      throw error
    })
    return making
  }
  const ownPool = new Pool(Array.from({ length: ownAtOnce }, (_, place) => place))

  /** A session that has given up everything but to read the console's views of a site, for good. */
  const openReader = async (question: OwnQuestion, name: string): Promise<Session> => {
    const session = open()
    try {
      const given = [`USE ${consoleDatabase}`, 'SET ROLE reader', ...lockUp(question, name, Object.keys(asWritten))]
      for (const statement of given) await session.queryAsync(statement)
      return session
    } catch (error) {
      session.close()
      throw error
    }
  }

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
            : await session.queryAsync(bindAll(sql, parameters), { format: 'JSON' })
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
        for await (const chunk of session.queryStream(bindAll(sql, parameters), { format })) yield chunk.raw()
      } finally {
        readPool.giveBack(session)
      }
    },
    async syntaxOf(sql) {
      const told = await readPool.use((session) => session.queryAsync(`EXPLAIN AST ${sql}`, { format: 'TSVRaw' }))
      return told.text().trimEnd().split('\n')
    },
    own: (question) =>
      ownPool.use(async () => {
        const { sql, format, bounds } = question
        await makeConsole()
        const name = randomUUID()
        const session = await openReader(question, name)
        try {
          return Buffer.from((await endedBy(bounds.signal, name, () => session.queryAsync(sql, { format }))).bytes())
        } catch (error) {
          throw ownError(error, bounds)
        } finally {
          session.close()
        }
      }),
    async execute(sql, parameters = {}) {
      await insertPool.use((session) => session.queryAsync(bindAll(sql, parameters)))
    },
    writeOut: (sql, parameters) => store.execute(sql, parameters),
    async close() {
      await Promise.all([
        killing.take(),
        ...Array.from({ length: ownAtOnce }, () => ownPool.take()),
        ...inserters.map(() => insertPool.take()),
        ...readers.map(() => readPool.take()),
      ])
      for (const session of [...inserters, ...readers, killer]) session.close()
    },
  }
  return store
}
