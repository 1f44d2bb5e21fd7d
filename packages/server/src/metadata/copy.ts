import { existsSync } from 'node:fs'
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { type Metadata, metadataFile, openMetadataFile } from './database.ts'
import type { Tables } from './schema.ts'

/** All that lasts, what others refer to first. Whoever is signed in signs in again: a copy opens nothing by itself. */
export const tables = [
  'sites',
  'site_views',
  'goals',
  'segments',
  'annotations',
  'funnels',
  'reports',
  'alerts',
  'ideas',
  'links',
  'idea_revisions',
  'idea_decisions',
  'interested',
  'api_keys',
  'audit',
  'auth_users',
  'auth_accounts',
  'auth_second_factors',
  'auth_passkeys',
  'roles',
  'invitations',
  'secrets',
] as const satisfies readonly (keyof Tables)[]

const rowsAtOnce = 500

/** Each table is texts and whole numbers, of which some may be null. */
type AnyTable = Kysely<Record<string, Record<string, string | number | null>>>
const anyTable = (database: unknown): AnyTable => database as AnyTable

/** Whether nobody has set anything up there. The keys that an installation makes for itself are there from its first start on. */
export const isEmptyMetadata = async (metadata: Metadata): Promise<boolean> => {
  for (const table of tables) {
    if (table === 'secrets') continue
    const row = await anyTable(metadata).selectFrom(table).selectAll().limit(1).executeTakeFirst()
    if (row) return false
  }
  return true
}

/**
 * Copies everything, as it is at one moment, into metadata that is empty, whichever form either has.
 * @returns how many rows
 */
export const copyMetadata = (from: Metadata, into: Metadata): Promise<number> =>
  from
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute((source) =>
      into.transaction().execute(async (target) => {
        let copied = 0
        // What was encrypted or signed there is so with the keys of there.
        await target.deleteFrom('secrets').execute()
        for (const table of tables) {
          const rows = await anyTable(source).selectFrom(table).selectAll().execute()
          for (let first = 0; first < rows.length; first += rowsAtOnce) {
            await anyTable(target)
              .insertInto(table)
              .values(rows.slice(first, first + rowsAtOnce))
              .execute()
          }
          copied += rows.length
        }
        return copied
      }),
    )

const inTemporaryFile = async <T>(work: (path: string) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'clickwatch-copy-'))
  try {
    return await work(join(folder, metadataFile))
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** What is in metadata at this moment as a SQLite file, while others go on with it: a backup is the same of either form. */
export const fileOfMetadata = (metadata: Metadata): Promise<Buffer> =>
  inTemporaryFile(async (path) => {
    const file = await openMetadataFile(path)
    try {
      await copyMetadata(metadata, file)
    } finally {
      await file.destroy()
    }
    return readFile(path)
  })

/** Copies such a file, of this version or an older one, into empty metadata. The file stays as it is. */
export const copyMetadataFile = (path: string, into: Metadata): Promise<number> =>
  inTemporaryFile(async (copy) => {
    await copyFile(path, copy)
    const file = await openMetadataFile(copy)
    try {
      return await copyMetadata(file, into)
    } finally {
      await file.destroy()
    }
  })

/** Whether the data folder has a file of what people set up while the database that is used instead of it has nothing. */
export const isLeftBehind = async (folder: string, metadata: Metadata): Promise<boolean> => {
  const path = join(folder, metadataFile)
  if (!existsSync(path) || !(await isEmptyMetadata(metadata))) return false
  const file = await openMetadataFile(path)
  try {
    return !(await isEmptyMetadata(file))
  } finally {
    await file.destroy()
  }
}
