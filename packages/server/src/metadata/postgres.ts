import { setTimeout as sleep } from 'node:timers/promises'
import { type Kysely, PostgresDialect, type PostgresPoolClient, type PostgresQueryResult, sql } from 'kysely'
import type { PoolClient } from 'pg'
import { ClickWatchError, messageOf, StartError, systemCodeOf } from '../errors.ts'
import { databaseAway } from './away.ts'

const mostConnections = 10
const connectLimitMs = 5000
const queryLimitMs = 30_000
const startLimitMs = 30_000
const startRetryMs = 200

const isStarting = '57P03'
// https://www.postgresql.org/docs/current/errcodes-appendix.html: connection exceptions; the server ends or starts; too many are connected.
const lostCode = /^(08...|57P0[1-5]|53300)$/
/** What a text of SQLite may have and one of PostgreSQL may not: the character U+0000. */
const unstorableCode = '22021'

/** An error as it is told; `isAnswer` is whether the server itself said it, of a question. */
const told = (error: unknown, isAnswer: boolean): unknown => {
  const code = systemCodeOf(error) ?? ''
  if (!isAnswer || lostCode.test(code)) return databaseAway(error)
  if (code === unstorableCode) {
    const sentence = 'A text of this request has the character U+0000, which cannot be kept.'
    return new ClickWatchError('invalid_field', 400, sentence, { cause: error })
  }
  return error
}

const isAway = (error: unknown): error is ClickWatchError =>
  error instanceof ClickWatchError && error.code === 'database_away'

/** A connection whose loss is an answer to whoever asks, and that is not used again after it. */
const guard = (client: PoolClient, isAnswer: (error: unknown) => boolean): PostgresPoolClient => {
  let isLost = false
  const lose = () => {
    isLost = true
  }
  // It may break between two questions of a transaction, when nobody waits for an answer.
  client.on('error', lose)
  const query = async <Row>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>> => {
    try {
      const { command, rowCount, rows } = await client.query(text, [...parameters])
      return { command, rowCount, rows } as PostgresQueryResult<Row>
    } catch (error) {
      const saying = told(error, isAnswer(error))
      if (isAway(saying)) lose()
      throw saying
    }
  }
  return {
    query: query as PostgresPoolClient['query'],
    release(isBroken) {
      client.off('error', lose)
      client.release(isLost || isBroken === true)
    },
  }
}

/** `sslmode` as PostgreSQL itself means it; without this the driver takes every one for `verify-full`. */
const asPostgresMeans = (url: string): string => {
  const address = new URL(url)
  address.searchParams.set('uselibpqcompat', 'true')
  return address.href
}

/**
 * PostgreSQL by a pool of connections. A connection that is lost is answered with 503 `database_away`; the next question makes another.
 * @param onLost is told when a connection that nobody was using broke
 */
export const postgresDialect = async (url: string, onLost: (reason: string) => void): Promise<PostgresDialect> => {
  // Only who uses it loads it.
  const { default: pg } = await import('pg')
  const pool = new pg.Pool({
    connectionString: asPostgresMeans(url),
    max: mostConnections,
    connectionTimeoutMillis: connectLimitMs,
    query_timeout: queryLimitMs,
    keepAlive: true,
    allowExitOnIdle: true,
    application_name: 'clickwatch',
  })
  // Its sentence alone: the error itself has the connection in it.
  pool.on('error', (error) => onLost(messageOf(error)))
  const isAnswer = (error: unknown): boolean => error instanceof pg.DatabaseError
  return new PostgresDialect({
    pool: {
      async connect() {
        try {
          return guard(await pool.connect(), isAnswer)
        } catch (error) {
          throw databaseAway(error)
        }
      },
      end: () => pool.end(),
    },
  })
}

const causeOf = (error: unknown): unknown => (isAway(error) ? error.cause : error)

/** Waits while the server says that it is about to be there. */
export const waitUntilStarted = async <Tables>(database: Kysely<Tables>): Promise<void> => {
  const deadline = performance.now() + startLimitMs
  for (;;) {
    try {
      await sql`SELECT 1`.execute(database)
      return
    } catch (error) {
      if (systemCodeOf(causeOf(error)) !== isStarting || performance.now() > deadline) throw error
      await sleep(startRetryMs)
    }
  }
}

const reasonOf = (error: unknown): string => {
  // A name of several addresses, each of which was tried.
  if (error instanceof AggregateError) return error.errors.map(messageOf).join(', ')
  const sentence = messageOf(error)
  return /client password must be a string/.test(sentence) ? 'it asks for a password, and there is none' : sentence
}

/** Where a database is, without who asks. */
export const placeOf = (url: string): string => {
  const { hostname, port, searchParams } = new URL(url)
  const host = searchParams.get('host') ?? hostname
  return host.startsWith('/') ? host : `${host}:${port || 5432}`
}

export const cannotOpen = (url: string, error: unknown): StartError => {
  const cause = causeOf(error)
  return new StartError(`CLICKWATCH_DATABASE: PostgreSQL at ${placeOf(url)} cannot be used: ${reasonOf(cause)}.`, {
    cause,
  })
}

const listenRetryMs = 1000

/**
 * Hears what any process tells on a channel of PostgreSQL, by a connection of its own; one that is lost is made anew.
 * @param on `told` what was said; `back` when it hears, again, and something may have been said without it; `lost` why it hears nothing
 */
export const listenTo = (
  url: string,
  channel: string,
  on: { told(payload: string): void; back(): void; lost(reason: string): void },
): { close(): Promise<void> } => {
  const closing = new AbortController()
  let end: () => Promise<void> = async () => undefined
  const listen = async (): Promise<void> => {
    const { default: pg } = await import('pg')
    const client = new pg.Client({
      connectionString: asPostgresMeans(url),
      connectionTimeoutMillis: connectLimitMs,
      keepAlive: true,
      application_name: 'clickwatch live',
    })
    const over = Promise.withResolvers<string>()
    client.on('error', (error) => over.resolve(messageOf(error)))
    client.on('end', () => over.resolve('it was closed'))
    client.on('notification', ({ payload }) => on.told(payload ?? ''))
    end = () => client.end()
    await client.connect()
    try {
      await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`)
      on.back()
      const reason = await over.promise
      if (!closing.signal.aborted) on.lost(reason)
    } finally {
      await client.end().catch(() => undefined)
    }
  }
  const run = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      await listen().catch((error: unknown) => on.lost(messageOf(error)))
      await sleep(listenRetryMs, undefined, { signal: closing.signal }).catch(() => undefined)
    }
  }
  const running = run()
  return {
    async close() {
      closing.abort()
      await end().catch(() => undefined)
      await running
    },
  }
}
