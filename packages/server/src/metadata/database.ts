import { join } from 'node:path'
import { Kysely, type Migration, Migrator } from 'kysely'
import * as analysis from './migrations/001-analysis.ts'
import * as secrets from './migrations/002-secrets.ts'
import * as sharing from './migrations/003-sharing.ts'
import * as ideas from './migrations/004-ideas.ts'
import * as ideaLinks from './migrations/005-idea-links.ts'
import * as access from './migrations/006-access.ts'
import * as people from './migrations/007-people.ts'
import * as sites from './migrations/008-sites.ts'
import { cannotOpen, postgresDialect, waitUntilStarted } from './postgres.ts'
import type { Tables } from './schema.ts'
import { sqliteDialect } from './sqlite.ts'

export type Metadata = Kysely<Tables>

/** In the order of their names; each is applied once. */
const migrations: Record<string, Migration> = {
  '001-analysis': analysis,
  '002-secrets': secrets,
  '003-sharing': sharing,
  '004-ideas': ideas,
  '005-idea-links': ideaLinks,
  '006-access': access,
  '007-people': people,
  '008-sites': sites,
}

const migrate = async (database: Metadata): Promise<void> => {
  const migrator = new Migrator({ db: database, provider: { getMigrations: async () => migrations } })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}

/** Its name in the data folder. */
export const metadataFile = 'metadata.sqlite'

/** Where an installation keeps what people set up. */
export type MetadataPlace = {
  /** The data folder, which has it in a SQLite file where `url` is undefined. */
  folder: string
  /** Of a PostgreSQL database. */
  url: string | undefined
  /** Is told when a connection to it broke that nobody was using; the next question makes another. */
  onLost(reason: string): void
}

/**
 * The metadata of a place as it is: its tables may be those of an older version, or not be there.
 * @param busyMs how long SQLite waits for others
 */
export const connectMetadata = async ({ folder, url, onLost }: MetadataPlace, busyMs?: number): Promise<Metadata> =>
  new Kysely<Tables>({
    dialect: url === undefined ? sqliteDialect(join(folder, metadataFile), busyMs) : await postgresDialect(url, onLost),
  })

/** Opens what people have set up, a SQLite file, and brings it to what the migrations say. */
export const openMetadataFile = async (path: string): Promise<Metadata> => {
  const database: Metadata = new Kysely<Tables>({ dialect: sqliteDialect(path) })
  await migrate(database)
  return database
}

/** The same, forgotten when it is closed. */
export const openMetadataInMemory = (): Promise<Metadata> => openMetadataFile(':memory:')

/**
 * The same where an installation has it. Of several processes that open a PostgreSQL database at once, one migrates and the others wait.
 * @throws {StartError} naming the variable and what is wrong, without the password
 */
export const openMetadata = async (place: MetadataPlace): Promise<Metadata> => {
  const { folder, url } = place
  if (url === undefined) return openMetadataFile(join(folder, metadataFile))
  let database: Metadata | undefined
  try {
    database = await connectMetadata(place)
    await waitUntilStarted(database)
    await migrate(database)
    return database
  } catch (error) {
    await database?.destroy()
    throw cannotOpen(url, error)
  }
}
