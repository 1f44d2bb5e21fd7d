import type { Gone } from '@clickwatch/contract'
import type { FastifyInstance } from 'fastify'
import { invalidField } from '../errors.ts'
import { siteOf } from '../http/site.ts'
import type { Metadata } from '../metadata/database.ts'
import { secretOf } from '../metadata/secrets.ts'
import { type KnownVisitor, knownVisitor, type VisitorLake } from '../pipeline/known.ts'
import { aliasesOf } from '../query/behaviour/aliases.ts'
import type { Store } from '../store/store.ts'
import { everyoneOf } from '../store/theirs.ts'
import type { Erase } from './sites.ts'

const longestId = 500

/**
 * What a person may ask for: `GET /api/visitors/export?site=&visitor=` is everything that is known of one visitor, as a file of JSON, and
 * `DELETE /api/visitors?site=&visitor=` erases it from every layer and the lake. They are named by their own id, which their browser has,
 * or by the id that the dashboard has for them.
 */
export const addVisitorRoutes = (
  server: FastifyInstance,
  options: { store: Store; metadata: Metadata; lake: VisitorLake | undefined; erase: Erase },
): void => {
  const { store, metadata, lake, erase } = options
  const visitorIn = async (query: unknown): Promise<{ site: string; visitor: string }> => {
    const site = siteOf(query)
    const { visitor } = query as { visitor?: unknown }
    if (typeof visitor !== 'string' || visitor === '' || visitor.length > longestId) {
      throw invalidField('visitor', "is expected once: the visitor's id, or their id on the dashboard")
    }
    const aliases = aliasesOf(await secretOf(metadata, 'aliases'))
    return { site, visitor: aliases.idOf(site, visitor) ?? visitor }
  }
  server.get('/api/visitors/export', async (request, reply): Promise<KnownVisitor> => {
    const { site, visitor } = await visitorIn(request.query)
    reply.header('content-disposition', `attachment; filename="${site}-visitor.json"`)
    return knownVisitor({ store, lake }, site, visitor)
  })
  server.delete('/api/visitors', async (request): Promise<Gone> => {
    const { site, visitor } = await visitorIn(request.query)
    // Of an import, such an id means everybody whom it brought.
    if (visitor.endsWith(everyoneOf))
      throw invalidField('visitor', 'is expected to be one; clickwatch import undo takes an import back')
    return { sentence: await erase({ site, visitor }) }
  })
}
