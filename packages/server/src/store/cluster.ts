import { NodeAway } from './away.ts'
import { changesTables, mirror, ofAll, readsAll } from './mirrors.ts'
import type { Node } from './node.ts'
import { inPlaces } from './places.ts'
import { split } from './shards.ts'
import type { Store } from './store.ts'

/** What a node says that could not reach another one. */
const awayWords =
  /ALL_CONNECTION_TRIES_FAILED|NETWORK_ERROR|SOCKET_TIMEOUT|ATTEMPT_TO_READ_AFTER_EOF|ALL_REPLICAS_LOST|DNS_ERROR/

/** All of them, and then the first that failed. */
const onEach = async <Each>(
  all: readonly Each[],
  work: (each: Each, index: number) => Promise<unknown>,
): Promise<void> => {
  const done = await Promise.allSettled(all.map(work))
  const failed = done.find((each) => each.status === 'rejected')
  if (failed) throw failed.reason
}

/**
 * Several ClickHouse servers, a shard each.
 * @param nodes in the order of their places
 * @param cluster what they know each other by
 */
export const openClusterStore = (nodes: readonly Node[], cluster: string): Store => {
  let turn = 0
  let mirroring: Promise<void> | undefined

  /** Reading needs the tables of all nodes to be there, and as they are. */
  const mirrored = (): Promise<void> => {
    mirroring ??= onEach(nodes, (node) => mirror(node, cluster)).catch((error: unknown) => {
      mirroring = undefined
      throw error
    })
    return mirroring
  }

  /** Each is asked as often: whoever is asked puts together what the others answer. */
  const nextNode = (): Node => {
    const node = nodes[turn++ % nodes.length]
    if (!node) throw new Error('a cluster has nodes')
    return node
  }

  /** Which ones are away, where an answer fell through because of that. */
  const named = async (error: unknown): Promise<unknown> => {
    if (!(error instanceof NodeAway) && !(error instanceof Error && awayWords.test(error.message))) return error
    const away: string[] = []
    await onEach(nodes, (node) => node.ping().catch(() => away.push(node.url)))
    // One that is back by now was away when it was asked.
    if (away.length === 0)
      return error instanceof NodeAway
        ? error
        : new NodeAway(
            nodes.map(({ url }) => url),
            error,
          )
    return new NodeAway(away, error)
  }
  const named503 = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work()
    } catch (error) {
      throw await named(error)
    }
  }

  const heeding = (sql: string): void => {
    if (changesTables(sql)) mirroring = undefined
  }
  /** The nodes by themselves, whose tables others read, too. */
  const own: Store[] = nodes.map((node) => ({
    ...node,
    async execute(sql, parameters) {
      await node.execute(sql, parameters).finally(() => heeding(sql))
    },
  }))

  return {
    nodes: () => own,
    whole: ofAll,
    async insert(table, rows, token) {
      // What is no visitor's is the same on every node.
      if (table.startsWith('clickwatch.')) return onEach(nodes, (node) => node.insert(table, rows, token))
      // Asked each time: another process may have spread what is stored over more nodes since.
      const { nodes: placed, placed: shards } = await inPlaces(nodes)
      await onEach(split(table, rows, shards), async (share, place) => {
        if (share.length > 0) await placed[place]?.insert(table, share, token)
      })
    },
    query: (sql, parameters, bounds) =>
      named503(async () => {
        await mirrored()
        return nextNode().query(ofAll(sql), parameters, bounds)
      }),
    syntaxOf: (sql) => named503(() => nextNode().syntaxOf(sql)),
    own: (question) =>
      named503(async () => {
        await mirrored()
        return nextNode().own(question)
      }),
    async *stream(sql, parameters, format) {
      try {
        await mirrored()
        yield* nextNode().stream(ofAll(sql), parameters, format)
      } catch (error) {
        throw await named(error)
      }
    },
    async execute(sql, parameters) {
      await named503(async () => {
        if (readsAll(sql)) await mirrored()
        await onEach(own, (node) => node.execute(sql, parameters))
      })
    },
    writeOut: (sql, parameters) =>
      named503(async () => {
        await mirrored()
        await nextNode().writeOut(ofAll(sql), parameters)
      }),
    close: () => onEach(nodes, (node) => node.close()),
  }
}
