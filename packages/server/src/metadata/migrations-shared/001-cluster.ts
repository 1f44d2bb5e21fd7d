import { type Kysely, sql } from 'kysely'

/** What the processes of a cluster agree by. */
export const up = async (database: Kysely<unknown>): Promise<void> => {
  await database.schema
    .createTable('leases')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('epoch', 'bigint', (column) => column.notNull())
    .addColumn('lasts_ms', 'integer', (column) => column.notNull())
    .addColumn('until', 'timestamptz', (column) => column.notNull())
    .execute()
  await database.schema
    .createTable('positions')
    .addColumn('partition', 'integer', (column) => column.primaryKey())
    .addColumn('epoch', 'bigint', (column) => column.notNull())
    .addColumn('next_offset', 'bigint', (column) => column.notNull())
    .addColumn('plan', 'bytea')
    .addColumn('plan_stream', 'text')
    .addColumn('plan_next', 'bigint')
    .execute()
  // A plan is compressed when it comes, and is replaced a few times a second.
  await sql`ALTER TABLE positions ALTER COLUMN plan SET STORAGE EXTERNAL`.execute(database)
  await sql`ALTER TABLE positions SET (autovacuum_vacuum_threshold = 200, autovacuum_vacuum_scale_factor = 0,
    toast.autovacuum_vacuum_threshold = 2000, toast.autovacuum_vacuum_scale_factor = 0)`.execute(database)
  await database.schema
    .createTable('places')
    .addColumn('stream', 'text', (column) => column.notNull())
    .addColumn('partition', 'integer', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('places_by_stream', ['stream', 'partition'])
    .execute()
  await database.schema
    .createTable('streams')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('partitions', 'integer', (column) => column.notNull())
    .execute()
  await database.schema
    .createTable('salts')
    .addColumn('day', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute()
}
