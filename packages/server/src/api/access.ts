import { everySite } from '@clickwatch/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sitesWith } from '../accounts/roles.ts'
import { ClickWatchError, invalidField } from '../errors.ts'
import type { Audit } from '../metadata/audit.ts'
import type { Links } from '../metadata/links.ts'
import type { SiteViews } from '../metadata/site-views.ts'
import { type Asker, type AskerOptions, askerOf, checkGrants } from './asker.ts'
import { isObject } from './is-object.ts'
import { linkOf, narrowToLink } from './link.ts'
import { type Access, accessOf, type Granted, isGranted } from './routes.ts'

const accessOfRequest = (request: FastifyRequest): Access => {
  const access = accessOf(request.method, request.routeOptions.url)
  // The guard has refused to start with a route that is not there.
  if (!access) throw new Error(`${request.method} ${request.routeOptions.url} says of nobody that they may call it`)
  return access
}

/** The site that a request names, and by which field. @throws {ClickWatchError} where one of them is not among `allowed` */
const namedSite = (request: FastifyRequest, allowed: ReadonlySet<string>, as: Asker['as']): string | undefined => {
  let named: string | undefined
  for (const [holder, field] of [
    [request.params, 'site'],
    [request.query, 'site'],
    [request.body, 'site_id'],
  ] as const) {
    if (!isObject(holder) || holder[field] === undefined) continue
    const site = holder[field]
    if (typeof site === 'string' && allowed.has(site)) {
      named ??= site
      continue
    }
    // Whether there is such a site is not told.
    const sentence =
      as === 'key' ? `This key is for '${[...allowed].join("', '")}' alone.` : 'This site is none of yours.'
    throw new ClickWatchError('not_yours', 403, sentence, { field })
  }
  return named
}

/** Holds a request to the sites of whoever makes it; where there is one and the request names none, it is meant. */
const narrowToSites = (request: FastifyRequest, asker: Asker, { scope, of }: Granted): void => {
  const allowed = asker.grants && sitesWith(asker.grants, scope)
  if (!allowed) return
  const named = namedSite(request, allowed, asker.as)
  const [only, ...others] = allowed
  const site = named ?? (others.length === 0 ? only : undefined)
  if (site === undefined) {
    if (of === 'site') throw invalidField('site', 'is missing: which of your sites is meant?')
    return
  }
  if (isObject(request.query)) request.query.site = site
  const takesSite = /^\/api\/(v2\/|sql$)/.test(request.routeOptions.url ?? '')
  if (request.method === 'POST' && takesSite && isObject(request.body)) request.body.site_id = site
}

/** The site of a change, and what of it was changed. */
const changedBy = (request: FastifyRequest): { site: string | null; on: string | null } => {
  const { site, id, interested } = (request.params ?? {}) as { site?: string; id?: string; interested?: string }
  const { site: asked } = (request.query ?? {}) as { site?: string }
  const name = isObject(request.body) ? request.body.name : undefined
  const of = site ?? asked ?? null
  return { site: of === everySite ? null : of, on: interested ?? id ?? (typeof name === 'string' ? name : null) }
}

const signInNeeded = (hasOwner: boolean, apiKey: string | undefined): ClickWatchError => {
  const sentence =
    hasOwner || apiKey !== undefined
      ? 'Sign in, or send a key as "Authorization: Bearer …".'
      : 'Nobody owns this server yet: until then it answers on the machine that it runs on alone.'
  return new ClickWatchError('unauthorized', 401, sentence)
}

/**
 * Every route added to `server` after this is in the table of routes.ts, and answers whom it names there: who has an account and a role,
 * or a key, or a link. What changes something is noted.
 */
export const guard = (
  server: FastifyInstance,
  options: AskerOptions & { links: Links; audit: Audit; siteViews: SiteViews },
): void => {
  const { links, audit, siteViews, accounts, apiKey } = options
  server.decorateRequest('link', null)
  server.decorateRequest('asker', null)
  server.addHook('onRoute', ({ method, url }) => {
    const missing = [method].flat().find((each) => accessOf(each, url) === undefined)
    if (missing) throw new Error(`${missing} ${url} is not in the table of api/routes.ts: who may call it?`)
  })

  server.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const access = accessOfRequest(request)
    if (isGranted(access)) {
      request.link = (await linkOf(request, access, links, siteViews)) ?? null
      if (request.link) return
    }
    request.asker = (await askerOf(request, reply, options)) ?? null
    if (!isGranted(access)) {
      if (access.open === 'signed-in' && !request.asker?.session) throw signInNeeded(true, apiKey)
      return
    }
    if (!request.asker) throw signInNeeded(await accounts.people.hasOwner(), apiKey)
    checkGrants(request.asker, access.scope, access.of === 'all')
  })
  server.addHook('preValidation', async (request) => {
    const access = accessOfRequest(request)
    if (request.link) narrowToLink(request, request.link)
    else if (request.asker && isGranted(access)) narrowToSites(request, request.asker, access)
  })
  server.addHook('onResponse', async (request: FastifyRequest, reply: FastifyReply) => {
    const { change } = accessOfRequest(request)
    if (change === undefined || reply.statusCode >= 400) return
    await audit.note({ who: request.asker?.who ?? 'somebody', what: change, ...changedBy(request) })
  })
}
