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

const record = (store: Store, file: string): Promise<void> =>
  store.insert('clickwatch.migrations', Buffer.from(JSON.stringify({ file })), file)

/**
 * Brings the tables to what the migrations say; each file is applied once, in the order of its number, and the data folder's lock
 * keeps it to one process. A start that was killed halfway applies its file again, so every statement may be applied twice.
 * @param rebuild makes silver and gold from bronze; killed, it is done again at the next start
 * @param onRefilled gets each day of which gold is made anew from silver
 */
export const migrate = async (
  store: Store,
  rebuild: () => Promise<void>,
  onRefilled: (day: string) => void = () => undefined,
): Promise<void> => {
  await store.execute('CREATE DATABASE IF NOT EXISTS clickwatch')
  await store.execute(
    "CREATE TABLE IF NOT EXISTS clickwatch.migrations (file String, applied_at DateTime('UTC') DEFAULT now()) ENGINE = MergeTree ORDER BY file SETTINGS fsync_after_insert = 1",
  )
  const applied = new Set(
    (await store.query<{ file: string }>('SELECT file FROM clickwatch.migrations')).map(({ file }) => file),
  )
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()
  const rebuilt: string[] = []
  const refilled: string[] = []
  for (const file of files) {
    const sql = await readFile(new URL(file, folder), 'utf8')
    if (!applied.has(file)) {
      for (const statement of statementsOf(sql)) await store.execute(statement)
      await record(store, file)
    }
    if (needsRebuild(sql) && !applied.has(`${file} rebuilt`)) rebuilt.push(`${file} rebuilt`)
    if (needsRefill(sql) && !applied.has(`${file} refilled`)) refilled.push(`${file} refilled`)
  }
  // A rebuild fills gold, too.
  if (rebuilt.length > 0) await rebuild()
  else if (refilled.length > 0) {
    await refillGold(store, onRefilled)
    await noteEverything(store)
  }
  for (const name of [...rebuilt, ...refilled]) await record(store, name)
}
