import { readdir, readFile } from 'node:fs/promises'
import { noteEverything } from './changes.ts'
import { refillGold } from './refill.ts'
import type { Store } from './store.ts'

const folder = new URL('./migrations/', import.meta.url)

const statementsOf = (sql: string): string[] =>
  sql
    .split(/;\s*\n/)
    .map((statement) => statement.trim())
    .filter((statement) => statement.replace(/^--.*$/gm, '').trim() !== '')

/** A migration that says so in its first line leaves silver and gold empty: they are to be made anew from bronze. */
const needsRebuild = (sql: string): boolean => sql.startsWith('-- rebuild')
/** One that says so leaves gold alone empty: it is made anew from silver, which may have been kept longer than bronze. */
const needsRefill = (sql: string): boolean => sql.startsWith('-- refill')

const record = (node: Store, file: string): Promise<void> =>
  node.insert('clickwatch.migrations', Buffer.from(JSON.stringify({ file })), file)

/** What is left to do at a node whose tables are as they should be, as the names under which it is written down. */
type Pending = { node: Store; rebuilt: string[]; refilled: string[] }

/** Each migration, and the name under which it is written down that what it left empty is made anew. */
const readFiles = async (): Promise<{ file: string; sql: string; done: string | undefined }[]> => {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()
  return Promise.all(
    files.map(async (file) => {
      const sql = await readFile(new URL(file, folder), 'utf8')
      const done = needsRebuild(sql) ? `${file} rebuilt` : needsRefill(sql) ? `${file} refilled` : undefined
      return { file, sql, done }
    }),
  )
}

/** Every name under which this version writes a migration down, or that what it left empty is made anew. */
export const migrationsOf = async (): Promise<string[]> =>
  (await readFiles()).flatMap(({ file, done }) => (done ? [file, done] : [file]))

const appliedAt = async (node: Store): Promise<Set<string>> =>
  new Set((await node.query<{ file: string }>('SELECT file FROM clickwatch.migrations')).map(({ file }) => file))

/** Whether the tables are what this version expects, and full. */
export const isMigrated = async (store: Store): Promise<boolean> => {
  const files = await readFiles()
  for (const node of store.nodes()) {
    const [found] = await node.query<{ tables: number }>(
      "SELECT count() AS tables FROM system.tables WHERE database = 'clickwatch' AND name = 'migrations'",
    )
    if (!found?.tables) return false
    const applied = await appliedAt(node)
    if (!files.every(({ file, done }) => applied.has(file) && (!done || applied.has(done)))) return false
  }
  return true
}

/** A statement that names a `month` is for each that there are events of. */
const carryOut = async (node: Store, statement: string): Promise<void> => {
  if (!statement.includes('{month:String}')) return node.execute(statement)
  const months = await node.query<{ month: string }>(
    'SELECT DISTINCT toString(toStartOfMonth(time)) AS month FROM silver.events ORDER BY month',
  )
  for (const { month } of months) await node.execute(statement, { month })
}

const migrateNode = async (node: Store): Promise<Pending> => {
  await node.execute('CREATE DATABASE IF NOT EXISTS clickwatch')
  await node.execute(
    "CREATE TABLE IF NOT EXISTS clickwatch.migrations (file String, applied_at DateTime('UTC') DEFAULT now()) ENGINE = MergeTree ORDER BY file SETTINGS fsync_after_insert = 1",
  )
  const applied = await appliedAt(node)
  // Where nothing has ever been, there is nothing to make anything anew of.
  const isNew = applied.size === 0
  const pending: Pending = { node, rebuilt: [], refilled: [] }
  for (const { file, sql, done } of await readFiles()) {
    if (!applied.has(file)) {
      for (const statement of statementsOf(sql)) await carryOut(node, statement)
      if (isNew && done) await record(node, done)
      await record(node, file)
    }
    if (done && !isNew && !applied.has(done)) pending[needsRebuild(sql) ? 'rebuilt' : 'refilled'].push(done)
  }
  return pending
}

/**
 * Brings the tables to what the migrations say; each file is applied once, in the order of its number, and a lock keeps it to one
 * process. A start that was killed halfway applies its file again, so every statement may be applied twice.
 * @param rebuild makes silver and gold from bronze; killed, it is done again at the next start
 * @param onRefilled gets each day of which gold is made anew from silver
 */
export const migrate = async (
  store: Store,
  rebuild: () => Promise<void>,
  onRefilled: (day: string) => void = () => undefined,
): Promise<void> => {
  const pending = await Promise.all(store.nodes().map(migrateNode))
  // A rebuild fills gold, too.
  if (pending.some(({ rebuilt }) => rebuilt.length > 0)) await rebuild()
  else if (pending.some(({ refilled }) => refilled.length > 0)) {
    for (const { node, refilled } of pending) if (refilled.length > 0) await refillGold(node, onRefilled)
    await noteEverything(store)
  }
  for (const { node, rebuilt, refilled } of pending) {
    for (const name of [...rebuilt, ...refilled]) await record(node, name)
  }
}
