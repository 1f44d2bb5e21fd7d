import { noteEverything } from './changes.ts'
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
    insert: (table, rows, token) => store.insert(besideOf(table), rows, token),
    query: (sql, parameters) => store.query(besideOf(sql), parameters),
    stream: (sql, parameters, format) => store.stream(besideOf(sql), parameters, format),
    execute: (sql, parameters) => store.execute(besideOf(sql), parameters),
  }
}

/**
 * Puts the tables beside in the place of the first, which are dropped. Nothing may be inserted meanwhile. Killed halfway, it goes on
 * where it was when it is called again: a table that has been exchanged is known by its id.
 */
export const takePlace = async (store: Store): Promise<void> => {
  const tables = (await definitionsOf(store, layers)).filter(({ engine }) => engine !== 'MaterializedView')
  await store.execute(
    'CREATE TABLE IF NOT EXISTS clickwatch.exchange (name String, id UUID) ENGINE = MergeTree ORDER BY name SETTINGS fsync_after_insert = 1',
  )
  const [{ begun } = { begun: 0 }] = await store.query<{ begun: number }>(
    'SELECT count() AS begun FROM clickwatch.exchange',
  )
  if (begun === 0) {
    await store.execute(
      `INSERT INTO clickwatch.exchange
       SELECT replaceOne(database, '_next', '') || '.' || name, uuid FROM system.tables
       WHERE database IN ('silver_next', 'gold_next') AND engine != 'MaterializedView'`,
    )
  }
  for (const { database, name } of tables) {
    const [state] = await store.query<{ waits: number }>(
      `SELECT count() AS waits FROM system.tables
       WHERE database = {beside:String} AND name = {name:String} AND uuid IN (SELECT id FROM clickwatch.exchange)`,
      { beside: `${database}_next`, name },
    )
    if (state?.waits) await store.execute(`EXCHANGE TABLES ${database}.${name} AND ${database}_next.${name}`)
  }
  await noteEverything(store)
  await dropBeside(store)
  await store.execute('DROP TABLE clickwatch.exchange SYNC')
}

/** Ends an exchange that was cut off, and removes what an unfinished rebuild left. */
export const tidyBeside = async (store: Store): Promise<void> => {
  const [state] = await store.query<{ begun: number }>(
    "SELECT count() AS begun FROM system.tables WHERE database = 'clickwatch' AND name = 'exchange'",
  )
  if (!state?.begun) return dropBeside(store)
  const [named] = await store.query<{ tables: number }>('SELECT count() AS tables FROM clickwatch.exchange')
  const [beside] = await store.query<{ tables: number }>(
    "SELECT count() AS tables FROM system.tables WHERE database IN ('silver_next', 'gold_next')",
  )
  // Nothing beside any more: all but the last step was done.
  if (named?.tables && beside?.tables) return takePlace(store)
  await dropBeside(store)
  await store.execute('DROP TABLE clickwatch.exchange SYNC')
}
