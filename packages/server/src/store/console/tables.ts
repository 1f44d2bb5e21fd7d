import type { Store } from '../store.ts'

/** Where the views are that somebody's own SQL reads. */
export const consoleDatabase = 'clickwatch_console'

type ConsoleTable = {
  /** What the tables that are read are called. */
  from: string
  /** Whether rows are amended by others, so that they are to be put together when they are read. */
  isAmended: boolean
  description: string
}

/** What the console shows, by the names that it has there. */
export const consoleTables: Readonly<Record<string, ConsoleTable>> = {
  events: { from: 'silver.events', isAmended: true, description: 'everything that visitors did, a row each' },
  sessions: { from: 'silver.sessions', isAmended: true, description: 'visits, a row each' },
  excluded: { from: 'silver.excluded', isAmended: false, description: 'bots and own traffic, kept out of the numbers' },
  ledger: { from: 'silver.ledger', isAmended: false, description: 'what became of everything that arrived' },
  final_cookies: {
    from: 'silver.final_cookies',
    isAmended: false,
    description: "the reference's events, as delivered",
  },
  visit_count: { from: 'silver.visit_count', isAmended: false, description: "the reference's visits by user" },
  web_cookies: { from: 'bronze.web_cookies', isAmended: false, description: 'documents as they arrived, in JSON' },
  dead_letters: { from: 'bronze.dead_letters', isAmended: false, description: 'what was refused, with its reason' },
  traffic: {
    from: 'gold.traffic',
    isAmended: false,
    description: 'events by the quarter of an hour and one dimension',
  },
  visits: { from: 'gold.visits', isAmended: false, description: 'visits by the quarter of an hour and one dimension' },
  activity: {
    from: 'gold.activity',
    isAmended: false,
    description: 'events by the quarter of an hour, dimensions side by side',
  },
  stays: {
    from: 'gold.stays',
    isAmended: false,
    description: 'visits by the quarter of an hour, dimensions side by side',
  },
}

/** The site is always the same, and the others say how a row is kept. */
const hidden = ['site', 'sign', 'version', 'stream_partition', 'stream_offset']

export type ConsoleColumn = { name: string; type: string; comment: string }

const columnsOf = (store: Pick<Store, 'query'>, from: string): Promise<ConsoleColumn[]> => {
  const [database = '', table = ''] = from.split('.')
  return store.query(
    `SELECT name, type, comment FROM system.columns
     WHERE database = {database:String} AND table = {table:String} AND NOT has({hidden:Array(String)}, name)
     ORDER BY position`,
    { database, table, hidden },
  )
}

/** The tables of the console and their columns, for whoever writes a question. */
export const describeConsole = async (
  store: Store,
): Promise<{ name: string; description: string; columns: ConsoleColumn[] }[]> => {
  const [node = store] = store.nodes()
  const described = Object.entries(consoleTables).map(async ([name, { from, description }]) => ({
    name,
    description,
    columns: await columnsOf(node, from),
  }))
  return Promise.all(described)
}

const quoted = (name: string): string => `\`${name}\``

/**
 * Makes the views at one place of the tables, as its tables are now.
 * @param sourceOf what a table is called with the rows that all places have of it
 * @param security by whose rights a view reads its table
 * @param where what it shows of it, where that is not for a row policy to decide
 */
export const makeViews = async (
  node: Pick<Store, 'query' | 'execute'>,
  { sourceOf, security, where }: { sourceOf: (table: string) => string; security: string; where: string },
): Promise<void> => {
  await node.execute(`CREATE DATABASE IF NOT EXISTS ${consoleDatabase}`)
  for (const [name, { from, isAmended }] of Object.entries(consoleTables)) {
    const columns = (await columnsOf(node, from)).map((column) => quoted(column.name)).join(', ')
    await node.execute(
      `CREATE OR REPLACE VIEW ${consoleDatabase}.${name} ${security}
       AS SELECT ${columns} FROM ${sourceOf(from)} ${isAmended ? 'FINAL' : ''} ${where}`,
    )
  }
}
