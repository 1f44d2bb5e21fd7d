import { StartError } from '../errors.ts'

/** Where the tables are; undefined is in this process. */
export type StoreTarget = {
  /** http or https, with user and password; one for each node. */
  urls: readonly [string, ...string[]]
  /** By which the nodes know each other; undefined where there is one. */
  cluster: string | undefined
  /** By which somebody's own SQL is answered; undefined is that it is not. */
  reader?: ConsoleAccount | undefined
}

/** An account of ClickHouse that may read the console's views and nothing else. */
export type ConsoleAccount = { user: string; password: string }

const readerOf = (text: string | undefined): ConsoleAccount | undefined => {
  if (!text) return undefined
  const [, user = '', password = ''] = /^([^:]+):(.*)$/s.exec(text) ?? []
  if (user !== '') return { user, password }
  throw new StartError('CLICKWATCH_CLICKHOUSE_READER is no account such as reader:password.')
}

/** @throws {StartError} naming the variable; no sentence has the value in it, which holds a password */
export const readStoreTarget = (env: NodeJS.ProcessEnv): StoreTarget | undefined => {
  const text = env.CLICKWATCH_CLICKHOUSE
  const cluster = env.CLICKWATCH_CLICKHOUSE_CLUSTER || undefined
  if (!text) return undefined
  const [first, ...others] = text.split(',').flatMap((part) => part.trim() || [])
  const isAddress = (url: string): boolean => /^https?:$/.test(URL.parse(url)?.protocol ?? '')
  if (first === undefined || ![first, ...others].every(isAddress)) {
    throw new StartError(
      "CLICKWATCH_CLICKHOUSE is no list of addresses such as http://user:password@a:8123,http://user:password@b:8123; what is neither letter nor digit in a password is written as '%' and its code, such as %2C for a comma.",
    )
  }
  if (others.length > 0 && cluster === undefined) {
    throw new StartError(
      'CLICKWATCH_CLICKHOUSE names several nodes; CLICKWATCH_CLICKHOUSE_CLUSTER has to say by which name they know each other (remote_servers in their configuration).',
    )
  }
  if (cluster !== undefined && !/^[\w-]+$/.test(cluster)) {
    throw new StartError(`CLICKWATCH_CLICKHOUSE_CLUSTER is '${cluster}'; letters, digits, '_' or '-' are expected.`)
  }
  const reader = readerOf(env.CLICKWATCH_CLICKHOUSE_READER)
  return { urls: [first, ...others], cluster, ...(reader ? { reader } : {}) }
}
