import { type Slicer, slicers } from '@clickwatch/contract'
import type { FastifyInstance } from 'fastify'
import { invalidField } from '../errors.ts'
import { siteOf } from '../http/site.ts'
import { reportOf, type Selection } from '../query/report.ts'
import type { Store } from '../store/store.ts'

const maxSelected = 500

const selectedOf = (query: Record<string, unknown>, slicer: Slicer): string[] => {
  const given = query[slicer]
  const values = given === undefined ? [] : Array.isArray(given) ? given : [given]
  if (values.length > maxSelected) throw invalidField(slicer, `is expected at most ${maxSelected} times`)
  return values.map(String)
}

/** `GET /api/report`: the reference's 'ClickWatch report'. */
export const addReportRoute = (server: FastifyInstance, store: Store): void => {
  server.get('/api/report', async (request) => {
    const query = request.query as Record<string, unknown>
    const selection = Object.fromEntries(slicers.map((slicer) => [slicer, selectedOf(query, slicer)])) as Selection
    return reportOf(store, siteOf(query), selection)
  })
}
