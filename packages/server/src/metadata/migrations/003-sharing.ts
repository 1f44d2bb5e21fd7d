import type { Kysely } from 'kysely'

/** What leaves a site: links, reports and alerts. */
export const up = async (database: Kysely<unknown>): Promise<void> => {
  for (const table of ['links', 'reports', 'alerts']) {
    await database.schema
      .createTable(table)
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('site', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .execute()
    await database.schema.createIndex(`${table}_of_site`).on(table).columns(['site', 'created_at']).execute()
  }
  await database.schema.alterTable('links').addColumn('token', 'text').execute()
  await database.schema.alterTable('links').addColumn('password_hash', 'text').execute()
  await database.schema.createIndex('links_by_token').on('links').column('token').unique().execute()
}
