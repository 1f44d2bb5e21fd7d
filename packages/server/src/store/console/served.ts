import { randomUUID } from 'node:crypto'
import { ClickWatchError, messageOf } from '../../errors.ts'
import { NodeAway } from '../away.ts'
import type { EndedBy } from '../ended.ts'
import type { OwnQuestion, Store } from '../store.ts'
import type { ConsoleAccount } from '../target.ts'
import { ownError } from './question.ts'
import { asWritten, lockUp, viewCondition } from './reader.ts'
import { consoleDatabase, makeViews } from './tables.ts'

/** A ClickHouse server, as far as the console needs it. */
type Server = Pick<Store, 'query' | 'execute'> & { url: string }

const graceMs = 10_000
/** A session that is not used any more is forgotten by the server after so long. */
const sessionS = 60

/** A server that cannot be reached, or cannot reach those that it needs; it is no fault of the question. */
const isAway = (error: unknown): boolean =>
  error instanceof TypeError ||
  /ABORTED|ALL_CONNECTION_TRIES_FAILED|ALL_REPLICAS_LOST|NETWORK_ERROR|SOCKET_TIMEOUT|DNS_ERROR/.test(messageOf(error))

const notSetUp = (reason: string, cause?: unknown): ClickWatchError =>
  new ClickWatchError(
    'console_not_set_up',
    501,
    `The SQL console ${reason}. docs/sql.md says how it is set up on ClickHouse servers.`,
    { cause },
  )

/**
 * Answers somebody's own SQL by an account of its own on a server, in a session that is locked up first.
 * @param sourceOf what a table is called with the rows that all servers have of it
 * @param endedBy ends a question by its name when a signal is given
 */
export const openServedConsole = (
  server: Server,
  account: ConsoleAccount | undefined,
  sourceOf: (table: string) => string,
  endedBy: EndedBy,
): ((question: OwnQuestion) => Promise<Buffer>) => {
  let making: Promise<string[]> | undefined

  const ask = async ({ user, password }: ConsoleAccount, body: string, search: object, seconds: number) => {
    const url = new URL('/', server.url)
    url.search = String(new URLSearchParams({ database: consoleDatabase, ...search }))
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'x-clickhouse-user': user, 'x-clickhouse-key': password },
      body,
      signal: AbortSignal.timeout(seconds * 1000 + graceMs),
    })
    const answer = Buffer.from(await response.arrayBuffer())
    if (!response.ok) throw new Error(answer.toString())
    return answer
  }

  /** Makes the views as the tables are now. @returns which settings this ClickHouse knows */
  const make = async (): Promise<string[]> => {
    await makeViews(server, {
      sourceOf,
      security: 'DEFINER = CURRENT_USER SQL SECURITY DEFINER',
      where: viewCondition,
    })
    const known = await server.query<{ name: string }>(
      'SELECT name FROM system.settings WHERE has({names:Array(String)}, name)',
      { names: Object.keys(asWritten) },
    )
    return known.map(({ name }) => name)
  }
  const made = (): Promise<string[]> => {
    making ??= make().catch((error: unknown) => {
      making = undefined
      throw notSetUp(`could not make its views: ${messageOf(error).slice(0, 300)}`, error)
    })
    return making
  }

  return async (question) => {
    if (!account) throw notSetUp('needs an account, which CLICKWATCH_CLICKHOUSE_READER is to name')
    const { sql, format, bounds } = question
    const known = await made()
    const name = randomUUID()
    const session = { session_id: name, session_timeout: sessionS }
    try {
      for (const statement of lockUp(question, name, known)) await ask(account, statement, session, graceMs / 1000)
      return await endedBy(bounds.signal, name, () =>
        ask(account, sql, { ...session, default_format: format }, bounds.seconds),
      )
    } catch (error) {
      if (/AUTHENTICATION_FAILED|REQUIRED_PASSWORD/.test(messageOf(error))) {
        throw notSetUp(
          `is refused by ClickHouse: the account '${account.user}' is not known, or its password is another`,
          error,
        )
      }
      if (!bounds.signal?.aborted && isAway(error)) throw new NodeAway([server.url], error)
      throw ownError(error, bounds)
    }
  }
}
