import type { Store } from '../store/store.ts'
import { ofVisitor } from './erase.ts'

/** Rows by the table that they are in. */
export type KnownRows = Record<string, Record<string, unknown>[]>

/** Tables that hold the same rows in another order, for who reads them by visitor. */
const copies = /_by_visitor$/
/** Whose rows are amended by others, and are put together when they are read. */
const amended = new Set(['silver.events', 'silver.sessions', 'gold.moments'])
/** How rows are put together, which says nothing of whom they are about. */
const inner = ['sign', 'version']

const parsed = (text: unknown): unknown => {
  try {
    return JSON.parse(String(text))
  } catch {
    return text
  }
}

/** Everything that the tables hold of one visitor of a site, as they hold it: what a person who asks for their data is to be given. */
const knownToTables = async (store: Store, site: string, visitorId: string): Promise<KnownRows> => {
  const known: KnownRows = {}
  for (const [table, where] of Object.entries(ofVisitor)) {
    if (copies.test(table)) continue
    const rows = await store.query<Record<string, unknown>>(
      `SELECT * FROM ${table} ${amended.has(table) ? 'FINAL' : ''} WHERE site = {site:String} AND (${where})`,
      { site, visitor: visitorId },
    )
    known[table] = rows.map((row) => {
      const told = Object.fromEntries(Object.entries(row).filter(([column]) => !inner.includes(column)))
      return table.startsWith('bronze.')
        ? { ...told, document: parsed(row.document), ...('context' in row ? { context: parsed(row.context) } : {}) }
        : told
    })
  }
  return known
}

/** The lake, as far as it can tell of a visitor. */
export type VisitorLake = { knownOf(site: string, visitorId: string): Promise<KnownRows> }

export type KnownVisitor = {
  site: string
  visitor_id: string
  /** ISO 8601, UTC. */
  exported_at: string
  tables: KnownRows
  /** null where there is none. */
  lake: KnownRows | null
}

/** Everything that is known of one visitor, in the tables and in the lake. */
export const knownVisitor = async (
  { store, lake }: { store: Store; lake: VisitorLake | undefined },
  site: string,
  visitorId: string,
): Promise<KnownVisitor> => ({
  site,
  visitor_id: visitorId,
  exported_at: new Date().toISOString(),
  tables: await knownToTables(store, site, visitorId),
  lake: lake ? await lake.knownOf(site, visitorId) : null,
})
