import { noteEverything } from './changes.ts'
import { dropPlaces, takePlaces } from './places.ts'
import type { Store } from './store.ts'

// A second silver and gold under names of their own: as empty as new, of the same shape, until they take the place of the first.

const layers = ['silver', 'gold'] as const
const besideOf = (sql: string): string => sql.replace(/\b(silver|gold)\./g, '$1_next.')

type Definition = { database: string; name: string; engine: string; create_table_query: string }

const definitionsOf = (store: Store, databases: readonly string[]): Promise<Definition[]> =>
  store.query<Definition>(
    `SELECT database, name, engine, create_table_query FROM system.tables
     WHERE database IN {databases:Array(String)}
     ORDER BY engine = 'MaterializedView', database, name`,
    { databases },
  )

/** Removes what an earlier attempt left. */
export const dropBeside = async (store: Store): Promise<void> => {
  for (const layer of layers) await store.execute(`DROP DATABASE IF EXISTS ${layer}_next SYNC`)
}

/** Makes empty tables beside those of silver and gold; what is asked of or put into `silver.…` and `gold.…` there meets them. */
export const openBeside = async (store: Store): Promise<Store> => {
  await dropBeside(store)
  for (const layer of layers) await store.execute(`CREATE DATABASE ${layer}_next`)
  for (const { create_table_query } of await definitionsOf(store, layers))
    await store.execute(besideOf(create_table_query))
  return {
    ...store,
    whole: (table) => store.whole(besideOf(table)),
    insert: (table, rows, token) => store.insert(besideOf(table), rows, token),
    query: (sql, parameters) => store.query(besideOf(sql), parameters),
    stream: (sql, parameters, format) => store.stream(besideOf(sql), parameters, format),
    execute: (sql, parameters) => store.execute(besideOf(sql), parameters),
  }
}

const exchange = 'clickwatch.exchange'

/** Writes down, at one place, which of its tables are those beside. */
const intend = async (place: Store): Promise<void> => {
  await place.execute(
    `CREATE TABLE IF NOT EXISTS ${exchange} (name String, id UUID) ENGINE = MergeTree ORDER BY name SETTINGS fsync_after_insert = 1`,
  )
  await place.execute(`TRUNCATE TABLE ${exchange} SYNC`)
  await place.execute(
    `INSERT INTO ${exchange}
     SELECT replaceOne(database, '_next', '') || '.' || name, uuid FROM system.tables
     WHERE database IN ('silver_next', 'gold_next') AND engine != 'MaterializedView' SETTINGS insert_deduplicate = 0`,
  )
}

const exchangeAt = async (place: Store): Promise<void> => {
  const tables = (await definitionsOf(place, layers)).filter(({ engine }) => engine !== 'MaterializedView')
  for (const { database, name } of tables) {
    const [state] = await place.query<{ waits: number }>(
      `SELECT count() AS waits FROM system.tables
       WHERE database = {beside:String} AND name = {name:String} AND uuid IN (SELECT id FROM ${exchange})`,
      { beside: `${database}_next`, name },
    )
    if (state?.waits) await place.execute(`EXCHANGE TABLES ${database}.${name} AND ${database}_next.${name}`)
  }
}

const hasBegun = async (place: Store): Promise<boolean> => {
  const [state] = await place.query<{ begun: number }>(
    "SELECT count() AS begun FROM system.tables WHERE database = 'clickwatch' AND name = 'exchange'",
  )
  if (!state?.begun) return false
  const [named] = await place.query<{ tables: number }>(`SELECT count() AS tables FROM ${exchange}`)
  return (named?.tables ?? 0) > 0
}

/** What was begun at the first place was begun at all of them: it is the last one to be told, and the first one to forget. */
const finish = async (store: Store): Promise<void> => {
  for (const place of store.nodes()) await exchangeAt(place)
  await takePlaces(store.nodes())
  await noteEverything(store)
  for (const place of store.nodes()) await place.execute(`DROP TABLE ${exchange} SYNC`)
  await dropBeside(store)
}

/**
 * Puts the tables beside in the place of the first, which are dropped. Nothing may be inserted meanwhile. Killed halfway, `tidyBeside`
 * goes on where it was: a table that has been exchanged is known by its id.
 */
export const takePlace = async (store: Store): Promise<void> => {
  for (const place of store.nodes().toReversed()) await intend(place)
  await finish(store)
}

/** Ends an exchange that was cut off, and removes what an unfinished rebuild left. */
export const tidyBeside = async (store: Store): Promise<void> => {
  const [first] = store.nodes()
  if (first && (await hasBegun(first))) return finish(store)
  await store.execute(`DROP TABLE IF EXISTS ${exchange} SYNC`)
  await dropPlaces(store)
  await dropBeside(store)
}
