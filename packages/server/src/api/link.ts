import { createHmac, timingSafeEqual } from 'node:crypto'
import { linkHeader, type OpenedLink, OpenLink, passHeader } from '@clickwatch/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { throttleOf } from '../accounts/tries.ts'
import { ClickWatchError, invalidField } from '../errors.ts'
import { checkerOf } from '../http/validation.ts'
import type { FoundLink, Links } from '../metadata/links.ts'
import { isPassword } from '../metadata/passwords.ts'
import type { SiteViews } from '../metadata/site-views.ts'
import { localText } from '../query/calendar.ts'
import type { CallerOf } from './asker.ts'
import { isObject } from './is-object.ts'
import type { Granted } from './routes.ts'

// It tells of every event that something happened, which filters and ranges cannot narrow.
const ofUnlockedLinks: ReadonlySet<string> = new Set(['GET /api/live'])

const passMs = 24 * 3_600_000
const tries = { perAddress: 10, perTarget: 100, seconds: 15 * 60 }

const gone = () => new ClickWatchError('no_such_link', 404, 'This link leads nowhere; it may have been taken back.')

/** A pass says until when its holder knew the password; it ends with the password. */
const signPass = ({ token, passwordHash }: FoundLink, untilMs: number): string =>
  createHmac('sha256', passwordHash ?? '')
    .update(`${token} ${untilMs}`)
    .digest('base64url')

const isPass = (link: FoundLink, pass: string, nowMs: number): boolean => {
  const [until = '', signature = ''] = pass.split('.')
  const expected = Buffer.from(signPass(link, Number(until)))
  const given = Buffer.from(signature)
  return Number(until) > nowMs && given.length === expected.length && timingSafeEqual(given, expected)
}

/** The link of a token, as long as it holds. */
const findLink = async (links: Links, siteViews: SiteViews, token: string, nowMs: number): Promise<FoundLink> => {
  const link = await links.find(token)
  if (!link) throw gone()
  const { timezone } = await siteViews.viewOf(link.site)
  if (link.expires_at !== undefined && localText(nowMs, timezone).slice(0, 10) > link.expires_at) {
    throw new ClickWatchError('link_expired', 410, `This link held until ${link.expires_at}.`)
  }
  return link
}

const hasLocks = ({ filters, date_range }: FoundLink): boolean =>
  (filters !== undefined && filters.length > 0) || date_range !== undefined

/**
 * The link that a request is made with; undefined where it names none.
 * @throws {ClickWatchError} 401 password_needed, 403 not_of_link, 404 no_such_link, 410 link_expired
 */
export const linkOf = async (
  request: FastifyRequest,
  access: Granted,
  links: Links,
  siteViews: SiteViews,
): Promise<FoundLink | undefined> => {
  const token = request.headers[linkHeader]
  if (typeof token !== 'string') return undefined
  const nowMs = Date.now()
  const link = await findLink(links, siteViews, token, nowMs)
  if (link.passwordHash !== null && !isPass(link, String(request.headers[passHeader] ?? ''), nowMs)) {
    throw new ClickWatchError('password_needed', 401, 'This link asks for a password.')
  }
  const isShown = access.links?.includes(link.idea === null ? 'dashboard' : 'idea')
  if (!isShown || (ofUnlockedLinks.has(`${request.method} ${request.routeOptions.url}`) && hasLocks(link))) {
    throw new ClickWatchError('not_of_link', 403, 'A shared link does not show this.')
  }
  await links.used(link.id, nowMs)
  return link
}

const holdTo = (holder: unknown, field: string, allowed: string, noun: 'site' | 'idea'): void => {
  if (!isObject(holder)) return
  if (holder[field] !== undefined && holder[field] !== allowed) {
    throw new ClickWatchError('not_of_link', 403, `This shared link shows one ${noun} alone.`, { field })
  }
}

/** Narrows a question to what its link shows, before it is checked and answered. */
export const narrowToLink = (request: FastifyRequest, link: FoundLink): void => {
  holdTo(request.params, 'site', link.site, 'site')
  holdTo(request.query, 'site', link.site, 'site')
  holdTo(request.body, 'site_id', link.site, 'site')
  if (link.idea !== null) holdTo(request.params, 'id', link.idea, 'idea')
  if (isObject(request.query)) request.query.site = link.site
  if (request.method !== 'POST') return
  if (!isObject(request.body)) throw invalidField('', 'is expected to be an object')
  const { filters = [], ...asked } = request.body
  if (!Array.isArray(filters)) throw invalidField('filters', 'is expected to be of type array')
  const narrowed: Record<string, unknown> = {
    ...asked,
    site_id: link.site,
    filters: [...(link.filters ?? []), ...filters],
  }
  if (link.date_range !== undefined) {
    narrowed.date_range = link.date_range
    // Another zone's days begin before the range does, and a comparison is of another range.
    delete narrowed.timezone
    if (isObject(narrowed.include)) narrowed.include = { ...narrowed.include, comparisons: undefined }
  }
  request.body = JSON.parse(JSON.stringify(narrowed))
}

/** `POST /api/share/:token`, for whoever has the link: what it shows, and against the password a pass for a day. */
export const addShareRoute = (
  server: FastifyInstance,
  options: { links: Links; siteViews: SiteViews; callerOf: CallerOf },
): void => {
  const { links, siteViews, callerOf } = options
  const check = checkerOf<OpenLink>(OpenLink)
  const throttle = throttleOf(tries)

  server.post<{ Params: { token: string } }>('/api/share/:token', async (request): Promise<OpenedLink> => {
    const checked = check(request.body ?? {})
    if (!checked.ok) throw invalidField(checked.field, checked.reason)
    const { password, pass: given } = checked.value
    const nowMs = Date.now()
    const link = await findLink(links, siteViews, request.params.token, nowMs)
    let pass = given !== undefined && link.passwordHash !== null && isPass(link, given, nowMs) ? given : null
    if (link.passwordHash !== null && pass === null) {
      if (password === undefined) {
        throw new ClickWatchError('password_needed', 401, 'This link asks for a password.', { field: 'password' })
      }
      const { client } = callerOf(request)
      await throttle.refuseTooMany(link.id, client)
      if (!(await isPassword(password, link.passwordHash))) {
        await throttle.wasWrong(link.id, client)
        throw new ClickWatchError('password_wrong', 401, 'This is not the password.', { field: 'password' })
      }
      pass = `${nowMs + passMs}.${signPass(link, nowMs + passMs)}`
    }
    await links.used(link.id, nowMs)
    const { name, site, idea, filters = [], date_range = null } = link
    return { name, site, pass, idea, filters, date_range }
  })
}
