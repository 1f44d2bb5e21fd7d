import { StartError } from '../errors.ts'
import type { Store } from './store.ts'

// Each row has a number (shards.ts), and the remainder of it names a place. Which node stands at which place is written on the nodes: the
// order of their addresses may change, and a node that is missing is noticed before a row is put where nobody looks for it.

type Noted = { place: number; places: number }

export const preparePlace = async (node: Store): Promise<void> => {
  await node.execute('CREATE DATABASE IF NOT EXISTS clickwatch')
  await node.execute(
    `CREATE TABLE IF NOT EXISTS clickwatch.place (place UInt16, places UInt16, noted_at DateTime64(6, 'UTC') DEFAULT now64(6))
     ENGINE = MergeTree ORDER BY noted_at SETTINGS fsync_after_insert = 1`,
  )
}

const notedOn = async (node: Store): Promise<Noted | undefined> => {
  const [noted] = await node.query<Noted>('SELECT place, places FROM clickwatch.place ORDER BY noted_at DESC LIMIT 1')
  return noted
}

/** The first places of a cluster in which nothing is. The first node is told last: until then none of it counts. */
const notePlaces = async (nodes: readonly Store[]): Promise<void> => {
  for (const [place, node] of [...nodes.entries()].toReversed()) {
    await node.execute('INSERT INTO clickwatch.place (place, places) VALUES ({place:UInt16}, {places:UInt16})', {
      place,
      places: nodes.length,
    })
  }
}

/**
 * The nodes in the order of their places, and after them those that have none yet.
 * @returns how many have one
 * @throws {StartError} when one is missing
 */
export const inPlaces = async <Node extends Store>(
  nodes: readonly Node[],
): Promise<{ nodes: Node[]; placed: number }> => {
  const noted = await Promise.all(nodes.map(async (node) => ({ node, noted: await notedOn(node) })))
  const first = noted.find((each) => each.noted?.place === 0)
  if (!first?.noted) {
    await notePlaces(nodes)
    return { nodes: [...nodes], placed: nodes.length }
  }
  const { places } = first.noted
  const ordered = Array.from({ length: places }, (_, place) => {
    const [one, second] = noted.filter((each) => each.noted?.place === place && each.noted.places === places)
    if (one && !second) return one.node
    const reason = second ? 'names two nodes that both stand' : 'does not name the node that stands'
    throw new StartError(
      `What is stored is spread over ${places} ClickHouse nodes, and CLICKWATCH_CLICKHOUSE ${reason} at place ${place + 1} of them.`,
    )
  })
  return { nodes: [...ordered, ...nodes.filter((node) => !ordered.includes(node))], placed: places }
}

const next = 'clickwatch.next_place'

/** Writes down the places that all nodes are to have once the tables beside are in the place of those that are read. */
export const intendPlaces = async (nodes: readonly Store[]): Promise<void> => {
  for (const [place, node] of nodes.entries()) {
    await node.execute(
      `CREATE OR REPLACE TABLE ${next} (place UInt16, places UInt16) ENGINE = MergeTree ORDER BY place`,
    )
    await node.execute(`INSERT INTO ${next} VALUES ({place:UInt16}, {places:UInt16})`, { place, places: nodes.length })
  }
}

/** Makes them the places that they have; nothing where none were written down. */
export const takePlaces = async (nodes: readonly Store[]): Promise<void> => {
  for (const node of nodes) {
    const [intended] = await node.query<{ tables: number }>(
      "SELECT count() AS tables FROM system.tables WHERE database = 'clickwatch' AND name = 'next_place'",
    )
    if (!intended?.tables) continue
    await node.execute(`INSERT INTO clickwatch.place (place, places) SELECT place, places FROM ${next}`)
    await node.execute(`DROP TABLE ${next} SYNC`)
  }
}

/** Forgets what was written down and not come to. */
export const dropPlaces = (store: Store): Promise<void> => store.execute(`DROP TABLE IF EXISTS ${next} SYNC`)
