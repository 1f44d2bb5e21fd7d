import type { Kysely } from 'kysely'

export const up = async (database: Kysely<unknown>): Promise<void> => {
  await database.schema
    .alterTable('positions')
    .addColumn('is_noted', 'boolean', (column) => column.notNull().defaultTo(false))
    .execute()
  await database.schema
    .createTable('lake_state')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute()
}
