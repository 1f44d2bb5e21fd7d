import { ClickWatchError } from '../errors.ts'
import { dropBeside, openBeside, takePlace } from './beside.ts'
import { inPlaces, intendPlaces } from './places.ts'
import { rules } from './shards.ts'
import type { Store } from './store.ts'

/**
 * The tables of silver that others hang on, and what of them is the same however far ClickHouse has merged. Bronze stays where it is:
 * nothing needs two of its rows at one place.
 */
const sums: Readonly<Record<string, string>> = {
  'silver.excluded': 'sum(events)',
  'silver.ledger': 'sum(records) + sum(events)',
  'silver.final_cookies': 'count()',
  'silver.sessions': 'sum(sign)',
  'silver.events': 'sum(sign)',
}
const moved = Object.keys(sums)

const sumsOf = (store: Store): Promise<number[]> =>
  Promise.all(
    moved.map(async (table) => {
      const [row] = await store.query<{ sum: number }>(`SELECT ${sums[table]} AS sum FROM ${table}`)
      return row?.sum ?? 0
    }),
  )

/**
 * Has nodes that were added take their share: silver and gold are made anew beside those that are read, each node out of the rows that
 * belong there now, and put in their place. Takes the room of silver and gold once more.
 * @param between runs what must happen while nothing is stored, see `Pipeline.between`
 * @returns over how many nodes it was spread before, and is now
 * @throws {ClickWatchError} 409 when there is no node that has no share
 */
export const spread = async (options: {
  store: Store
  between: (work: () => Promise<void>) => Promise<void>
  onProgress: (progress: { done: number; total: number }) => void
}): Promise<{ before: number; now: number }> => {
  const { store, between, onProgress } = options
  const nodes = store.nodes()
  const placed = nodes.length > 1 ? (await inPlaces(nodes)).placed : 1
  if (placed === nodes.length) {
    throw new ClickWatchError(
      'nothing_to_spread',
      409,
      'Every ClickHouse node that CLICKWATCH_CLICKHOUSE names has its share already.',
    )
  }
  await between(async () => {
    const beside = await openBeside(store)
    const before = await sumsOf(store)
    let done = 0
    for (const table of moved) {
      await Promise.all(
        nodes.map(async (node, place) => {
          await node.execute(
            `INSERT INTO ${table.replace('.', '_next.')} SELECT * FROM ${store.whole(table)}
             WHERE (${rules[table]?.sql}) % {places:UInt16} = {place:UInt16} SETTINGS insert_deduplicate = 0`,
            { place, places: nodes.length },
          )
          onProgress({ done: ++done, total: moved.length * nodes.length })
        }),
      )
    }
    const after = await sumsOf(beside)
    const differing = moved.findIndex((_, index) => after[index] !== before[index])
    if (differing >= 0) {
      await dropBeside(store)
      throw new ClickWatchError(
        'spread_differs',
        409,
        `${moved[differing]} came to ${after[differing]} and is ${before[differing]} now: nothing was changed.`,
      )
    }
    await intendPlaces(nodes)
    await takePlace(store)
  })
  return { before: placed, now: nodes.length }
}
