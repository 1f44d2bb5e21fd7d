import { StartError } from '../errors.ts'
import { NodeAway } from './away.ts'
import { openClusterStore } from './cluster.ts'
import { openEmbeddedStore } from './embedded.ts'
import { ofAll } from './mirrors.ts'
import { type Node, openNode } from './node.ts'
import { inPlaces, preparePlace } from './places.ts'
import type { Store } from './store.ts'
import type { ConsoleAccount, StoreTarget } from './target.ts'

/** Whoever reads asks one node, which asks those that it knows: they have to be these. */
const checkCluster = async (nodes: readonly Node[], cluster: string): Promise<void> => {
  const ids = async (node: Node, from: string): Promise<string> => {
    const rows = await node.query<{ id: string }>(`SELECT toString(serverUUID()) AS id FROM ${from} ORDER BY id`)
    return rows.map(({ id }) => id).join()
  }
  const own = (await Promise.all(nodes.map((node) => ids(node, 'system.one')))).toSorted().join()
  for (const node of nodes) {
    const [known] = await node.query<{ nodes: number; replicas: number }>(
      'SELECT count() AS nodes, max(replica_num) AS replicas FROM system.clusters WHERE cluster = {cluster:String}',
      { cluster },
    )
    if (!known?.nodes) {
      throw new StartError(
        `The ClickHouse node ${node.url} knows no cluster '${cluster}', which CLICKWATCH_CLICKHOUSE_CLUSTER names. Add it to remote_servers in its configuration.`,
      )
    }
    // Of several replicas a question asks one, which has a part of what we have put where it belongs.
    if (known.replicas > 1) {
      throw new StartError(
        `Of the cluster '${cluster}' the ClickHouse node ${node.url} knows a shard of ${known.replicas} replicas. Each node is to be a shard of its own in remote_servers: tables are not replicated (docs/clickhouse.md).`,
      )
    }
    if ((await ids(node, `clusterAllReplicas('${cluster}', system.one)`)) === own) continue
    throw new StartError(
      `Of the cluster '${cluster}' the ClickHouse node ${node.url} knows ${known.nodes} nodes, which are not the ${nodes.length} that CLICKWATCH_CLICKHOUSE names.`,
    )
  }
}

const openNodes = async (
  urls: readonly string[],
  cluster: string,
  account: ConsoleAccount | undefined,
): Promise<Store> => {
  const nodes = urls.map((url) => openNode(url, { account, sourceOf: ofAll }))
  try {
    await checkCluster(nodes, cluster)
    await Promise.all(nodes.map(preparePlace))
    return openClusterStore((await inPlaces(nodes)).nodes, cluster)
  } catch (error) {
    await Promise.all(nodes.map((node) => node.close()))
    throw error
  }
}

/**
 * @param folder of the tables where they are in this process
 * @throws {StartError} when a node cannot be reached, or the nodes are not what is said of them
 */
export const openStore = async (target: StoreTarget | undefined, folder: string): Promise<Store> => {
  if (!target) return openEmbeddedStore(folder)
  const { urls, cluster, reader } = target
  try {
    if (cluster !== undefined) return await openNodes(urls, cluster, reader)
    const node = openNode(urls[0], { account: reader })
    await node.ping()
    return node
  } catch (error) {
    if (error instanceof NodeAway) throw new StartError(error.message, { cause: error })
    throw error
  }
}
