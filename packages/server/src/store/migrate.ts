import { readdir, readFile } from 'node:fs/promises'
import type { Store } from './store.ts'

const folder = new URL('./migrations/', import.meta.url)

const statementsOf = (sql: string): string[] =>
  sql
    .split(/;\s*\n/)
    .map((statement) => statement.trim())
    .filter((statement) => statement.replace(/^--.*$/gm, '').trim() !== '')

/** Brings the tables to what the migrations say; each file is applied once, in the order of its number.
 * A start that was killed halfway applies its file again, so every statement says IF NOT EXISTS. */
export const migrate = async (store: Store): Promise<void> => {
  await store.execute('CREATE DATABASE IF NOT EXISTS clickwatch')
  await store.execute(
    "CREATE TABLE IF NOT EXISTS clickwatch.migrations (file String, applied_at DateTime('UTC') DEFAULT now()) ENGINE = MergeTree ORDER BY file SETTINGS fsync_after_insert = 1",
  )
  const applied = new Set(
    (await store.query<{ file: string }>('SELECT file FROM clickwatch.migrations')).map(({ file }) => file),
  )
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()
  for (const file of files) {
    if (applied.has(file)) continue
    for (const statement of statementsOf(await readFile(new URL(file, folder), 'utf8'))) await store.execute(statement)
    await store.insert('clickwatch.migrations', Buffer.from(JSON.stringify({ file })), file)
  }
}
