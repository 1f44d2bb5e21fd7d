import type { Kysely } from 'kysely'

/** A link may show one idea's report; it goes with the idea. */
export const up = async (database: Kysely<unknown>): Promise<void> => {
  await database.schema
    .alterTable('links')
    .addColumn('idea', 'text', (column) => column.references('ideas.id').onDelete('cascade'))
    .execute()
  await database.schema.createIndex('links_of_idea').on('links').column('idea').execute()
}
