import type { Kysely } from 'kysely'

/** Keys that this installation made for itself. */
export const up = async (database: Kysely<unknown>): Promise<void> => {
  await database.schema
    .createTable('secrets')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute()
}
