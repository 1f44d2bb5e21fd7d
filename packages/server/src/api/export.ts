import { Readable } from 'node:stream'
import { defaultSite } from '@clickwatch/contract'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { invalidField, overloaded } from '../errors.ts'
import { askerLeaves } from '../http/asker.ts'
import { siteOf } from '../http/site.ts'
import type { SiteViews } from '../metadata/site-views.ts'
import { askOf } from '../out/ask.ts'
import { type FileFormat, fileFormats, panelAs } from '../out/panel.ts'
import { type RawTable, rawRows, rawTables } from '../out/rows.ts'
import type { ContextOf } from '../query/context.ts'
import { bounded, type QueryLimits } from '../query/limits.ts'
import { customRange } from '../query/range.ts'
import { parseQuery } from '../query/run.ts'
import type { Store } from '../store/store.ts'

const types: Record<FileFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
}

type Search = Record<string, unknown>

const formatOf = ({ format = 'csv' }: Search): FileFormat => {
  const known = fileFormats.find((each) => each === format)
  if (known) return known
  throw invalidField('format', `is expected to be one of ${fileFormats.join(', ')}`)
}

/** A name that every file system takes and no header breaks on. */
const fileNameOf = (parts: readonly string[], format: FileFormat): string => {
  const name = parts
    .join('-')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+|-+$/g, '')
    .slice(0, 120)
  return `${name || 'clickwatch'}.${format}`
}

const asFile = (reply: FastifyReply, name: string, format: FileFormat): FastifyReply =>
  reply.type(types[format]).header('content-disposition', `attachment; filename="${name}"`)

/** Waits for the first piece: what is wrong with a question is told as an error, not as a file that breaks off. */
const begun = async (pieces: AsyncIterable<string | Uint8Array>): Promise<Readable> => {
  const iterator = pieces[Symbol.asyncIterator]()
  const first = await iterator.next()
  const all = async function* () {
    if (first.done) return
    try {
      yield first.value
      yield* { [Symbol.asyncIterator]: () => iterator }
    } finally {
      await iterator.return?.()
    }
  }
  return Readable.from(all(), { objectMode: false })
}

const dateOf = (search: Search, field: 'from' | 'to'): string => {
  const given = search[field]
  if (typeof given === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(given)) return given
  throw invalidField(
    field,
    given === undefined ? 'is missing; a date, YYYY-MM-DD, is expected' : 'is expected to be a date, YYYY-MM-DD',
  )
}

/**
 * `POST /api/v2/export?format=&name=`: the whole answer to the query in the body, as a file. `GET /api/export/events` and
 * `/api/export/sessions?site=&from=&to=&format=`: the rows themselves.
 */
export const addExportRoutes = (
  server: FastifyInstance,
  {
    store,
    siteViews,
    contextOf,
    queryLimits,
  }: { store: Store; siteViews: SiteViews; contextOf: ContextOf; queryLimits: QueryLimits },
): void => {
  server.post<{ Querystring: Search }>('/api/v2/export', async (request, reply) => {
    const format = formatOf(request.query)
    const query = parseQuery(request.body)
    const ask = askOf(bounded(store, queryLimits, askerLeaves(reply)), contextOf)
    const file = await begun(panelAs(query, format, { ask, nowMs: Date.now() }))
    const given = request.query.name
    const parts = typeof given === 'string' && given ? [given] : (query.dimensions ?? ['totals'])
    return asFile(reply, fileNameOf([query.site_id ?? defaultSite, ...parts], format), format).send(file)
  })

  let isUnderWay = false
  for (const table of rawTables) addRawRoute(table)

  function addRawRoute(table: RawTable): void {
    server.get<{ Querystring: Search }>(`/api/export/${table}`, async (request, reply) => {
      const { query } = request
      const [site, format] = [siteOf(query), formatOf(query)]
      const [from, to] = [dateOf(query, 'from'), dateOf(query, 'to')]
      const { timezone } = await siteViews.viewOf(site)
      const range = customRange([from, to], timezone)
      // A file of years is read for minutes; the dashboards' questions have to find readers beside it.
      if (isUnderWay) throw overloaded('Another export of rows is under way; try again when it has ended.')
      isUnderWay = true
      const ended = () => {
        isUnderWay = false
      }
      const rows = await rawRows(store, { table, site, range, timeZone: timezone, format }).catch((error: unknown) => {
        ended()
        throw error
      })
      rows.once('close', ended)
      return asFile(reply, fileNameOf([site, table, from, to], format), format).send(rows)
    })
  }
}
