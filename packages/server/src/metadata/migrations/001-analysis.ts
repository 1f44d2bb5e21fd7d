import type { Kysely } from 'kysely'

/** What analysts keep: how a site is shown, its goals, segments, annotations and funnels. */
export const up = async (database: Kysely<unknown>): Promise<void> => {
  await database.schema
    .createTable('site_views')
    .addColumn('site', 'text', (column) => column.primaryKey())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute()
  for (const table of ['goals', 'segments', 'annotations', 'funnels']) {
    await database.schema
      .createTable(table)
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('site', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .execute()
    await database.schema.createIndex(`${table}_of_site`).on(table).columns(['site', 'created_at']).execute()
  }
}
