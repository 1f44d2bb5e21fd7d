import type { Store } from './store.ts'

// Each node has its own rows under the names that the migrations give, and, under the same names in databases called …_all, Distributed
// tables of what all nodes have. Who reads reads those; who makes, fills or mends tables does so with each node's own.

const databases = ['bronze', 'silver', 'gold', 'silver_next', 'gold_next']

/** A statement about the rows of all nodes. */
export const ofAll = (sql: string): string => sql.replace(/\b((?:bronze|silver|gold)(?:_next)?)\.(?=\w)/g, '$1_all.')

export const readsAll = (sql: string): boolean => /\b\w+_all\./.test(sql)

/** Whether a statement makes tables other than they were. */
export const changesTables = (sql: string): boolean => /^\s*(--.*\n\s*)*(CREATE|ALTER|DROP)\b/i.test(sql)

type Shape = { database: string; name: string; shape: string }

const shapesOf = async (node: Store, of: readonly string[]): Promise<Map<string, string>> => {
  const rows = await node.query<Shape>(
    `SELECT database, table AS name, toString(cityHash64(groupArray((name, type, default_kind, default_expression)))) AS shape
     FROM (
       SELECT database, table, name, type, default_kind, default_expression FROM system.columns
       WHERE database IN {of:Array(String)}
         AND (database, table) NOT IN (SELECT database, name FROM system.tables WHERE database IN {of:Array(String)} AND engine = 'MaterializedView')
       ORDER BY database, table, position)
     GROUP BY database, table`,
    { of },
  )
  return new Map(rows.map(({ database, name, shape }) => [`${database}.${name}`, shape]))
}

/** Those that ask the nodes of another cluster than this one. */
const strangersOf = async (node: Store, of: readonly string[], cluster: string): Promise<Set<string>> => {
  const rows = await node.query<{ name: string }>(
    `SELECT database || '.' || name AS name FROM system.tables
     WHERE database IN {of:Array(String)} AND NOT startsWith(engine_full, 'Distributed(\\'' || {cluster:String} || '\\',')`,
    { of, cluster },
  )
  return new Set(rows.map(({ name }) => name))
}

/** Makes the Distributed tables of a node what its own tables are. */
export const mirror = async (node: Store, cluster: string): Promise<void> => {
  const mirrors = databases.map((database) => `${database}_all`)
  const [own, mirrored, strangers] = await Promise.all([
    shapesOf(node, databases),
    shapesOf(node, mirrors),
    strangersOf(node, mirrors, cluster),
  ])
  const present = new Set([...own.keys()].map((table) => table.split('.')[0] ?? ''))
  for (const database of databases) {
    if (present.has(database)) await node.execute(`CREATE DATABASE IF NOT EXISTS ${database}_all`)
    else await node.execute(`DROP DATABASE IF EXISTS ${database}_all SYNC`)
  }
  for (const [table, shape] of own) {
    const [database = '', name = ''] = table.split('.')
    if (mirrored.get(ofAll(table)) === shape && !strangers.has(ofAll(table))) continue
    await node.execute(
      `CREATE OR REPLACE TABLE ${ofAll(table)} AS ${table} ENGINE = Distributed({cluster:String}, {database:String}, {name:String})`,
      { cluster, database, name },
    )
  }
  for (const table of mirrored.keys()) {
    if (!own.has(table.replace('_all.', '.')) && present.has(table.split('_all.')[0] ?? '')) {
      await node.execute(`DROP TABLE IF EXISTS ${table} SYNC`)
    }
  }
}
