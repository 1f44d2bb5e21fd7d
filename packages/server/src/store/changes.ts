import { randomUUID } from 'node:crypto'
import type { Store } from './store.ts'

// What a batch has changed beside adding to it: noted with the batch itself, so that whoever keeps a copy of the tables elsewhere finds what
// to copy anew. A note is the last that is stored of a batch, so that all of the batch is there once it is seen.

export const changesTable = 'clickwatch.lake_changes'

/** A part of a table that is no longer what it was. */
export type Change = {
  /** With its layer, such as `silver.sessions`; `*` is everything there is. */
  table: string
  site: string
  /** Of UTC; '' where the table is not by days. */
  date: string
  /** `partition:offset` of the stream where a single row changed; '' is the whole day. */
  slice: string
}

const everything: Change = { table: '*', site: '', date: '', slice: '' }

/** Says that nothing is known to be as it was, as after tables were made anew. */
export const noteEverything = async (store: Store): Promise<void> => {
  const [database, table] = changesTable.split('.') as [string, string]
  const [found] = await store.query<{ tables: number }>(
    'SELECT count() AS tables FROM system.tables WHERE database = {database:String} AND name = {table:String}',
    { database, table },
  )
  // A store of an earlier version, which is about to be brought up to this one.
  if (!found?.tables) return
  await store.execute(
    `INSERT INTO ${changesTable} (batch, table, site, date, slice) VALUES ({batch:String}, {table:String}, '', '', '')`,
    { batch: randomUUID(), table: everything.table },
  )
}

/** Nobody keeps a copy now: whoever does so later begins with everything. */
export const forgetChanges = async (store: Store): Promise<void> => {
  const [noted] = await store.query<{ changes: number }>(
    `SELECT count() AS changes FROM ${changesTable} WHERE table != '*'`,
  )
  if (!noted?.changes) return
  await noteEverything(store)
  await store.execute(`ALTER TABLE ${changesTable} DELETE WHERE table != '*' SETTINGS mutations_sync = 1`)
}

export type NotedChange = Change & { batch: string }

/** The oldest changes of some tables, batch by batch. */
export const readChanges = (store: Store, tables: readonly string[], batches: number): Promise<NotedChange[]> =>
  store.query<NotedChange>(
    `SELECT batch, table, site, date, slice FROM ${changesTable}
     WHERE table IN {tables:Array(String)} AND batch IN (
       SELECT batch FROM ${changesTable} WHERE table IN {tables:Array(String)} GROUP BY batch ORDER BY min(noted_at) LIMIT {batches:UInt32}
     )`,
    { tables: [...tables], batches },
  )

/** They are copied. */
export const dropChanges = async (
  store: Pick<Store, 'execute'>,
  tables: readonly string[],
  batches: readonly string[],
): Promise<void> => {
  if (batches.length === 0) return
  await store.execute(
    `ALTER TABLE ${changesTable} DELETE WHERE table IN {tables:Array(String)} AND batch IN {batches:Array(String)} SETTINGS mutations_sync = 1`,
    { tables: [...tables], batches: [...batches] },
  )
}

/** Whom a copy elsewhere is to forget, '' is a whole site, by the notes that say so. */
export type NotedErasure = { ids: string[]; site: string; visitor: string }

export const noteErasure = (store: Pick<Store, 'execute'>, site: string, visitor: string): Promise<void> =>
  store.execute(
    'INSERT INTO clickwatch.lake_erasures (id, site, visitor) VALUES ({id:String}, {site:String}, {visitor:String})',
    { id: randomUUID(), site, visitor },
  )

export const readErasures = (store: Store): Promise<NotedErasure[]> =>
  store.query(
    'SELECT groupArray(id) AS ids, site, visitor FROM clickwatch.lake_erasures GROUP BY site, visitor ORDER BY min(asked_at)',
  )

/** It is forgotten. What was noted since is not. */
export const dropErasure = (store: Pick<Store, 'execute'>, { ids }: NotedErasure): Promise<void> =>
  store.execute(
    'ALTER TABLE clickwatch.lake_erasures DELETE WHERE id IN {ids:Array(String)} SETTINGS mutations_sync = 1',
    { ids },
  )
