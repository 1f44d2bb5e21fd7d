import { type Generated, type Kysely, type Migration, Migrator } from 'kysely'
import type { Metadata } from './database.ts'
import * as cluster from './migrations-shared/001-cluster.ts'
import * as lake from './migrations-shared/002-lake.ts'

/**
 * What the processes of a cluster have in common beside the metadata; in PostgreSQL alone, for on one machine each of it is a file of
 * whoever owns it. `bigint` comes back as a text.
 */
export type SharedTables = {
  /** Who may do what nobody else may do meanwhile, until when. `epoch` rises with each taker. */
  leases: { name: string; owner: string; epoch: string; lasts_ms: number; until: Date }
  /**
   * How far a partition is, through all streams; `plan` is the batch under way, of `plan_stream`, up to `plan_next`. `epoch` is that of who may
   * write. `is_noted` where whatever its batches have changed was noted for the lake.
   */
  positions: {
    partition: number
    epoch: string
    next_offset: string
    plan: Buffer | null
    plan_stream: string | null
    plan_next: string | null
    is_noted: Generated<boolean>
  }
  /** Where to go on reading a partition of a stream, as JSON. */
  places: { stream: string; partition: number; body: string }
  /** How many partitions a stream had when it was last asked. */
  streams: { name: string; partitions: number }
  /** What ids of visitors who keep none are made of, by the day (UTC). */
  salts: { day: string; value: string }
  /** How the lake is, as JSON of who writes it, in one row. */
  lake_state: { id: number; body: string }
}

export type Shared = Kysely<SharedTables>

// In the order of their names; each is applied once.
const migrations: Record<string, Migration> = { '001-cluster': cluster, '002-lake': lake }

/** Brings the tables that processes share to what their migrations say; of several that do it at once one does, and the others wait. */
export const openShared = async (metadata: Metadata): Promise<Shared> => {
  const migrator = new Migrator({
    db: metadata,
    provider: { getMigrations: async () => migrations },
    migrationTableName: 'shared_migration',
    migrationLockTableName: 'shared_migration_lock',
  })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
  return metadata as unknown as Shared
}
