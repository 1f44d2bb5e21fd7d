import { Readable } from 'node:stream'
import { type TableName, tables } from '@clickwatch/contract'
import type { FastifyInstance } from 'fastify'
import { ClickWatchError, invalidField } from '../errors.ts'
import { siteOf } from '../http/site.ts'
import { tableAs } from '../query/tables.ts'
import type { Store } from '../store/store.ts'

const isTable = (name: string): name is TableName => (tables as readonly string[]).includes(name)

/** `GET /api/tables/{final_cookies|visit_count}?format=json|csv`: the reference's tables, whole. */
export const addTablesRoute = (server: FastifyInstance, store: Store): void => {
  server.get<{ Params: { table: string }; Querystring: { format?: unknown } }>(
    '/api/tables/:table',
    async (request, reply) => {
      const { table } = request.params
      if (!isTable(table)) {
        throw new ClickWatchError(
          'not_found',
          404,
          `There is no table '${table}'; there are ${tables.join(' and ')}.`,
          {
            field: 'table',
          },
        )
      }
      const format = request.query.format ?? 'json'
      if (format !== 'json' && format !== 'csv') throw invalidField('format', "is expected to be 'json' or 'csv'")
      const site = siteOf(request.query)
      return reply
        .type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8')
        .header(
          'content-disposition',
          `${format === 'csv' ? 'attachment' : 'inline'}; filename="${table}-${site}.${format}"`,
        )
        .send(Readable.from(tableAs(store, table, site, format)))
    },
  )
}
