import { everySite, type Key } from '@clickwatch/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ClickWatchError } from '../errors.ts'
import { bearerOf, requireFullAccess } from '../http/access.ts'
import type { Audit } from '../metadata/audit.ts'
import { type Keys, keyBeginning } from '../metadata/keys.ts'
import type { FoundLink, Links } from '../metadata/links.ts'
import type { SiteViews } from '../metadata/site-views.ts'
import { isObject } from './is-object.ts'
import { linkOf, narrowToLink } from './link.ts'
import { type Access, accessOf } from './routes.ts'

/** Says who is at the other end of a request. */
export type AddressOf = (request: FastifyRequest) => string | undefined

declare module 'fastify' {
  interface FastifyRequest {
    /** The shared link that a request is made with; null for anybody else. */
    link: FoundLink | null
    /** The key that a request is made with, where it is not the full one. */
    key: Key | null
  }
}

/** The one site that whoever asks may know of; undefined is all of them. */
export const onlySiteOf = ({ link, key }: Pick<FastifyRequest, 'link' | 'key'>): string | undefined =>
  link?.site ?? (key && key.site !== everySite ? key.site : undefined)

const accessOfRequest = (request: FastifyRequest): Access => {
  const access = accessOf(request.method, request.routeOptions.url)
  // The guard has refused to start with a route that is not there.
  if (!access) throw new Error(`${request.method} ${request.routeOptions.url} says of nobody that they may call it`)
  return access
}

/** @throws {ClickWatchError} 403 scope_missing, 403 not_of_key */
const checkKey = ({ scopes, site }: Key, { scope, of }: Access): void => {
  if (!scopes.includes(scope)) {
    const sentence = `This key may not do that: it has '${scopes.join("', '")}', and '${scope}' is needed.`
    throw new ClickWatchError('scope_missing', 403, sentence)
  }
  if (of === 'all' && site !== everySite) {
    throw new ClickWatchError('not_of_key', 403, `This is about all sites, and the key is for '${site}' alone.`)
  }
}

const holdTo = (holder: unknown, field: string, site: string): void => {
  if (!isObject(holder) || holder[field] === undefined || holder[field] === site) return
  // Whether there is such a site is not told.
  throw new ClickWatchError('not_of_key', 403, `This key is for the site '${site}' alone.`, { field })
}

/** Holds a request to the one site of its key, which is meant where it names none. */
const narrowToKey = (request: FastifyRequest, site: string): void => {
  holdTo(request.params, 'site', site)
  holdTo(request.query, 'site', site)
  holdTo(request.body, 'site_id', site)
  if (isObject(request.query)) request.query.site = site
  const takesSite = /^\/api\/(v2\/|sql$)/.test(request.routeOptions.url ?? '')
  if (request.method === 'POST' && takesSite && isObject(request.body)) request.body.site_id = site
}

const whoOf = ({ key }: FastifyRequest, apiKey: string | undefined): string =>
  key?.name ?? (apiKey === undefined ? 'this machine' : 'the full key')

/** The site of a change, and what of it was changed. */
const changedBy = (request: FastifyRequest): { site: string | null; on: string | null } => {
  const { site, id, interested } = request.params as { site?: string; id?: string; interested?: string }
  const { site: asked } = request.query as { site?: string }
  const name = isObject(request.body) ? request.body.name : undefined
  return { site: site ?? asked ?? null, on: interested ?? id ?? (typeof name === 'string' ? name : null) }
}

/**
 * Every route added to `server` after this is in the table of routes.ts, and answers whom it names there: the holder of the full key, or,
 * where none is set, this machine; the holder of a key that has the scope, for its site; who has a link. What changes something is noted.
 */
export const guard = (
  server: FastifyInstance,
  options: {
    apiKey: string | undefined
    addressOf: AddressOf
    links: Links
    keys: Keys
    audit: Audit
    siteViews: SiteViews
  },
): void => {
  const { apiKey, addressOf, links, keys, audit, siteViews } = options
  server.decorateRequest('link', null)
  server.decorateRequest('key', null)
  server.addHook('onRoute', ({ method, url }) => {
    const missing = [method].flat().find((each) => accessOf(each, url) === undefined)
    if (missing) throw new Error(`${missing} ${url} is not in the table of api/routes.ts: who may call it?`)
  })

  const keyOf = async (request: FastifyRequest): Promise<Key | undefined> => {
    const given = bearerOf(request.headers)
    if (given === undefined || !given.startsWith(keyBeginning) || given === apiKey) return undefined
    const nowMs = Date.now()
    const key = await keys.find(given, nowMs)
    if (!key) throw new ClickWatchError('unauthorized', 401, 'There is no such key; it may have been taken back.')
    await keys.used(key, nowMs)
    return key
  }

  server.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const access = accessOfRequest(request)
    request.link = (await linkOf(request, access, links, siteViews)) ?? null
    if (request.link) return
    request.key = (await keyOf(request)) ?? null
    if (request.key) checkKey(request.key, access)
    else requireFullAccess({ address: addressOf(request), headers: request.headers }, apiKey)
  })
  server.addHook('preValidation', async (request) => {
    if (request.link) narrowToLink(request, request.link)
    const site = request.key ? onlySiteOf(request) : undefined
    if (site !== undefined) narrowToKey(request, site)
  })
  server.addHook('onResponse', async (request: FastifyRequest, reply: FastifyReply) => {
    const { change } = accessOfRequest(request)
    if (change === undefined || reply.statusCode >= 400) return
    await audit.note({ who: whoOf(request, apiKey), what: change, ...changedBy(request) })
  })
}
