import type { Kysely } from 'kysely'

/** Sites that people have added, and what is taken in of each. */
export const up = async (database: Kysely<unknown>): Promise<void> => {
  await database.schema
    .createTable('sites')
    .addColumn('site', 'text', (column) => column.primaryKey())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .execute()
}
