import type { Store } from '../store/store.ts'

// A rebuild from a day on makes those visitors anew who came since then, from all that they ever did, and carries the others over as
// they are: a visit is never made of half its events, nor a visitor numbered from the middle.

const visitorOf = `multiIf(kind = 'tracker', JSONExtractString(context, 'visitor_id'), kind = 'session', JSONExtractString(document, 'user_id'), '')`
const isSince = 'EventEnqueuedUtcTime >= fromUnixTimestamp64Milli({from:Int64})'
const changed = '(SELECT site, visitor FROM clickwatch.changed)'

/** Which records of bronze a rebuild reads, as conditions on bronze.web_cookies and bronze.dead_letters; they take `from`. */
export const wanted = {
  records: `(${isSince} OR (site, ${visitorOf}) IN ${changed})`,
  letters: isSince,
}

/** The tables, and which of their rows are carried over. The tables that hang on them follow. */
const carriedOf = (store: Store): Record<string, string> => ({
  events: `(site, visitor_id) NOT IN ${changed}`,
  sessions: `(site, visitor_id) NOT IN ${changed}`,
  final_cookies: `(site, user_id) NOT IN ${changed}`,
  // What became of a record does not depend on how its visitor's visits are made.
  excluded: `(stream_partition, stream_offset) NOT IN (SELECT PartitionId, Offset FROM ${store.whole('bronze.web_cookies')} WHERE ${isSince})`,
  ledger: 'bucket < fromUnixTimestamp64Milli({from:Int64})',
})

/** Writes down who came since then, and copies what is stored of the others beside. Nothing may be stored meanwhile. */
export const carryUnchanged = async (store: Store, fromMs: number): Promise<void> => {
  await dropChanged(store)
  await store.execute(
    'CREATE TABLE clickwatch.changed (site String, visitor String) ENGINE = MergeTree ORDER BY (site, visitor)',
  )
  await store.execute(
    `INSERT INTO clickwatch.changed SELECT DISTINCT site, ${visitorOf} FROM ${store.whole('bronze.web_cookies')} WHERE ${isSince}`,
    { from: fromMs },
  )
  for (const [table, which] of Object.entries(carriedOf(store))) {
    await store.execute(
      `INSERT INTO silver_next.${table} SELECT * FROM silver.${table} WHERE ${which} SETTINGS insert_deduplicate = 0`,
      { from: fromMs },
    )
  }
}

export const dropChanged = (store: Store): Promise<void> =>
  store.execute('DROP TABLE IF EXISTS clickwatch.changed SYNC')

/** What records that arrived before are not entered in anew. */
export const isCarried = (table: string): boolean => table === 'silver.ledger' || table === 'silver.excluded'
