import type { FastifyInstance, FastifyRequest } from 'fastify'
import { requireFullAccess } from '../http/access.ts'
import type { FoundLink, Links } from '../metadata/links.ts'
import type { SiteViews } from '../metadata/site-views.ts'
import { linkOf, narrowToLink } from './link.ts'

/** Says who is at the other end of a request. */
export type AddressOf = (request: FastifyRequest) => string | undefined

declare module 'fastify' {
  interface FastifyRequest {
    /** The shared link that a request is made with; null for whoever has full access. */
    link: FoundLink | null
  }
}

/**
 * Every route added to `server` after this answers the holder of the full key, or, where none is set, this machine alone; and some
 * answer whoever holds a link, with what that link shows.
 */
export const guard = (
  server: FastifyInstance,
  options: { apiKey: string | undefined; addressOf: AddressOf; links: Links; siteViews: SiteViews },
): void => {
  const { apiKey, addressOf, links, siteViews } = options
  server.decorateRequest('link', null)
  server.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    request.link = (await linkOf(request, links, siteViews)) ?? null
    if (!request.link) requireFullAccess({ address: addressOf(request), headers: request.headers }, apiKey)
  })
  server.addHook('preValidation', async (request) => {
    if (request.link) narrowToLink(request, request.link)
  })
}
