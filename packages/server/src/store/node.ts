import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { ClickHouseError, type ClickHouseSettings, createClient } from '@clickhouse/client'
import { messageOf, systemCodeOf } from '../errors.ts'
import { NodeAway } from './away.ts'
import { boundedSql, boundsError } from './bounds.ts'
import { openServedConsole } from './console/served.ts'
import { endingBy } from './ended.ts'
import { bindLong } from './literal.ts'
import { insertSettings, readSettings } from './settings.ts'
import type { Bounds, Parameters, Store } from './store.ts'
import type { ConsoleAccount } from './target.ts'

const connections = 16
/** An insert is made again, so that one that hangs is given up early; of the others some take as long as they take. */
const insertLimitMs = 120_000
const longestMs = 24 * 3_600_000
/** Over its seconds, after which ClickHouse itself ends a question. */
const graceMs = 10_000

/** The client has types for some of their values; ClickHouse takes each as text. */
const settingsOf = (settings: object): ClickHouseSettings =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]))

const statementSettings = settingsOf({
  ...readSettings,
  // A subquery means the rows of all nodes, wherever it is carried out.
  distributed_product_mode: 'global',
  // A part of the data is no answer.
  skip_unavailable_shards: 0,
  // A parameter may list the visitors of a whole batch.
  max_query_size: 100_000_000,
})

/** A connection that is refused, breaks, or says nothing for too long. */
const isAway = (error: unknown): boolean =>
  systemCodeOf(error) !== undefined || /timeout|timed out|hang up|aborted/i.test(messageOf(error))

/** One ClickHouse server, by HTTP. */
export type Node = Store & {
  /** Without user and password, to speak of it. */
  url: string
  /** @throws {NodeAway} */
  ping(): Promise<void>
}

/** How somebody's own SQL is answered by a node: by which account, and what its tables are called with the rows that all nodes have of them. */
type ConsoleOfNode = { account?: ConsoleAccount | undefined; sourceOf?: (table: string) => string }

/** @param address http or https, with user and password where there are any; a path names the database, which nothing here depends on */
export const openNode = (address: string, console: ConsoleOfNode = {}): Node => {
  const client = createClient({
    url: address,
    application: 'clickwatch',
    max_open_connections: connections,
    request_timeout: longestMs,
    clickhouse_settings: statementSettings,
    log: { level: 127 },
  })
  const url = new URL(address).origin

  /** The server's word for an error is what bounds and filters know it by; without a word it has not answered. */
  const errorOf = (error: unknown): unknown => {
    if (error instanceof ClickHouseError) {
      return new Error(`${error.message} (${error.type ?? error.code})`, { cause: error })
    }
    return isAway(error) ? new NodeAway([url], error) : error
  }
  const answered = async <Result>(asking: Promise<Result>): Promise<Result> => {
    try {
      return await asking
    } catch (error) {
      throw errorOf(error)
    }
  }
  const read = async <Row>(sql: string, parameters: Parameters, abort_signal?: AbortSignal): Promise<Row[]> => {
    const { query, query_params } = bindLong(sql, parameters)
    const result = await client.query({
      query,
      query_params,
      format: 'JSON',
      ...(abort_signal ? { abort_signal } : {}),
    })
    return (await result.json<Row>()).data
  }

  // Ended here and where it has been passed on to.
  const endedBy = endingBy((query) => client.command({ query }))

  const readWithin = <Row>(sql: string, parameters: Parameters, bounds: Bounds): Promise<Row[]> => {
    const name = randomUUID()
    const limit = AbortSignal.timeout(bounds.seconds * 1000 + graceMs)
    const asking = () => answered(read<Row>(boundedSql(sql, bounds, name), parameters, limit))
    return endedBy(bounds.signal, name, asking).catch((error: unknown) => {
      throw boundsError(error, bounds)
    })
  }

  const node: Node = {
    url,
    async syntaxOf(sql) {
      // The client's own way of saying a format would be taken for a part of the statement.
      const { stream } = await answered(client.exec({ query: `EXPLAIN AST ${sql}` }))
      return (await text(stream)).trimEnd().split('\n')
    },
    own: (question) => own(question),
    nodes: () => [node],
    whole: (table) => table,
    async insert(table, rows, token) {
      const { stream } = await answered(
        client.exec({
          query: `INSERT INTO ${table} FORMAT JSONEachRow`,
          values: Readable.from([rows], { objectMode: false }),
          clickhouse_settings: settingsOf({ ...insertSettings, async_insert: 0, insert_deduplication_token: token }),
          abort_signal: AbortSignal.timeout(insertLimitMs),
        }),
      )
      stream.resume()
    },
    query: (sql, parameters = {}, bounds) =>
      bounds ? readWithin(sql, parameters, bounds) : answered(read(sql, parameters)),
    async *stream(sql, parameters, format) {
      const { query, query_params } = bindLong(`${sql}\nFORMAT ${format}`, parameters)
      const { stream } = await answered(client.exec({ query, query_params }))
      try {
        // An answer that breaks off on the server breaks off here, too.
        for await (const chunk of stream) yield chunk as Uint8Array
      } catch (error) {
        throw errorOf(error)
      } finally {
        stream.destroy()
      }
    },
    async execute(sql, parameters = {}) {
      await answered(client.command(bindLong(sql, parameters)))
    },
    writeOut: (sql, parameters) => node.execute(sql, parameters),
    async ping() {
      const answer = await client.ping()
      if (!answer.success) throw errorOf(answer.error)
    },
    close: () => client.close(),
  }
  const own = openServedConsole(node, console.account, console.sourceOf ?? ((table) => table), endedBy)
  return node
}
