import type { FastifyInstance } from 'fastify'
import { invalidField } from '../errors.ts'
import { siteOf } from '../http/site.ts'
import type { Metadata } from '../metadata/database.ts'
import { secretOf } from '../metadata/secrets.ts'
import { type KnownVisitor, knownVisitor, type VisitorLake } from '../pipeline/known.ts'
import { aliasesOf } from '../query/behaviour/aliases.ts'
import type { Store } from '../store/store.ts'

const longestId = 500

/**
 * `GET /api/visitors/export?site=&visitor=`: everything that is known of one visitor, as a file of JSON, for a person who asks for their
 * data. They are named by their own id, which their browser has, or by the name that the dashboard has for them.
 */
export const addVisitorExportRoute = (
  server: FastifyInstance,
  { store, metadata, lake }: { store: Store; metadata: Metadata; lake: VisitorLake | undefined },
): void => {
  server.get('/api/visitors/export', async (request, reply): Promise<KnownVisitor> => {
    const site = siteOf(request.query)
    const { visitor } = request.query as { visitor?: unknown }
    if (typeof visitor !== 'string' || visitor === '' || visitor.length > longestId) {
      throw invalidField('visitor', "is expected once: the visitor's id, or their name on the dashboard")
    }
    const aliases = aliasesOf(await secretOf(metadata, 'aliases'))
    reply.header('content-disposition', `attachment; filename="${site}-visitor.json"`)
    return knownVisitor({ store, lake }, site, aliases.idOf(site, visitor) ?? visitor)
  })
}
