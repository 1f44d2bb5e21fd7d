import type { Kysely } from 'kysely'

/** Ideas, how their counts began anew, what was decided about them, and who left an address on their door page. */
export const up = async (database: Kysely<unknown>): Promise<void> => {
  await database.schema
    .createTable('ideas')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('locked_at', 'text')
    .addColumn('counted_from', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addUniqueConstraint('ideas_by_name', ['site', 'name'])
    .addUniqueConstraint('ideas_by_key', ['site', 'key'])
    .execute()
  await database.schema.createIndex('ideas_of_site').on('ideas').columns(['site', 'created_at']).execute()
  for (const table of ['idea_revisions', 'idea_decisions', 'interested']) {
    const made = database.schema
      .createTable(table)
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('idea', 'text', (column) => column.notNull().references('ideas.id').onDelete('cascade'))
      .addColumn('at', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
    await (table === 'interested'
      ? made.addColumn('address_key', 'text', (column) => column.notNull())
      : made
    ).execute()
    await database.schema.createIndex(`${table}_of_idea`).on(table).columns(['idea', 'at']).execute()
  }
  // The same address twice is one.
  await database.schema
    .createIndex('interested_by_address')
    .unique()
    .on('interested')
    .columns(['idea', 'address_key'])
    .execute()
  // What was seen when it was decided, as it was.
  await database.schema.alterTable('idea_decisions').addColumn('report', 'text').execute()
}
