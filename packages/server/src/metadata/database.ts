import { join } from 'node:path'
import { Kysely, type Migration, Migrator } from 'kysely'
import * as analysis from './migrations/001-analysis.ts'
import * as secrets from './migrations/002-secrets.ts'
import * as sharing from './migrations/003-sharing.ts'
import * as ideas from './migrations/004-ideas.ts'
import type { Tables } from './schema.ts'
import { sqliteDialect } from './sqlite.ts'

export type Metadata = Kysely<Tables>

/** In the order of their names; each is applied once. */
const migrations: Record<string, Migration> = {
  '001-analysis': analysis,
  '002-secrets': secrets,
  '003-sharing': sharing,
  '004-ideas': ideas,
}

const migrate = async (database: Metadata): Promise<void> => {
  const migrator = new Migrator({ db: database, provider: { getMigrations: async () => migrations } })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}

/** Its name in the data folder. */
export const metadataFile = 'metadata.sqlite'

/** Opens what people have set up, `metadata.sqlite` in `folder`, and brings it to what the migrations say. */
export const openMetadata = async (folder: string): Promise<Metadata> => {
  const database: Metadata = new Kysely<Tables>({ dialect: sqliteDialect(join(folder, metadataFile)) })
  await migrate(database)
  return database
}

/** The same, forgotten when it is closed. */
export const openMetadataInMemory = async (): Promise<Metadata> => {
  const database: Metadata = new Kysely<Tables>({ dialect: sqliteDialect(':memory:') })
  await migrate(database)
  return database
}
