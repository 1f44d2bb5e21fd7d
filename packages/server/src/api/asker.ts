import { everySite, type Key, type KeyScope } from '@clickwatch/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Accounts, SignedIn } from '../accounts/accounts.ts'
import { type Grants, sitesWith } from '../accounts/roles.ts'
import { ClickWatchError } from '../errors.ts'
import { bearerOf, isFromThisMachine, isKey, refuseForeignPage } from '../http/access.ts'
import { type Keys, keyBeginning } from '../metadata/keys.ts'
import type { FoundLink } from '../metadata/links.ts'

/** Where a request comes from. */
export type Caller = {
  /** Of the other end of the connection, which may be a proxy. */
  address: string | undefined
  /** Of whom trusted proxies speak for; nothing but how often somebody tries depends on it. */
  client: string
  /** What browsers have as our address, such as https://stats.example. */
  origin: string
}
export type CallerOf = (request: FastifyRequest) => Caller

/** Who makes a request, and what they may. */
export type Asker = {
  as: 'person' | 'key' | 'machine'
  /** As the audit log has it. */
  who: string
  /** undefined is everything. */
  grants: Grants | undefined
  session: SignedIn | undefined
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The shared link that a request is made with; null for anybody else. */
    link: FoundLink | null
    /** null for who has a link, and for nobody in particular. */
    asker: Asker | null
  }
}

/** The sites that whoever asks may look at; undefined is all of them. */
export const sitesOf = ({ link, asker }: Pick<FastifyRequest, 'link' | 'asker'>): ReadonlySet<string> | undefined => {
  if (link) return new Set([link.site])
  return asker?.grants && sitesWith(asker.grants, 'read')
}

const changesSomething = ({ method }: FastifyRequest): boolean => method !== 'GET' && method !== 'HEAD'

const keyOf = async (keys: Keys, given: string): Promise<Key> => {
  const nowMs = Date.now()
  const key = await keys.find(given, nowMs)
  if (!key) throw new ClickWatchError('unauthorized', 401, 'There is no such key; it may have been taken back.')
  await keys.used(key, nowMs)
  return key
}

export type AskerOptions = {
  /** Whether it is the command line of this machine, on the engine's own socket, which nobody else reaches. */
  isOperator: (request: FastifyRequest) => boolean
  /** The full key, where one is set. */
  apiKey: string | undefined
  callerOf: CallerOf
  keys: Keys
  accounts: Accounts
}

/**
 * Who makes a request: the command line, with the full key or another, in a session, or, as long as nobody owns the installation and no
 * full key is set, on this machine. undefined is nobody.
 * @throws {ClickWatchError} 401 unauthorized, 401 key_expired, 403 foreign_origin
 */
export const askerOf = async (
  request: FastifyRequest,
  reply: FastifyReply,
  { apiKey, callerOf, keys, accounts, isOperator }: AskerOptions,
): Promise<Asker | undefined> => {
  if (isOperator(request)) return { as: 'machine', who: 'the command line', grants: undefined, session: undefined }
  const given = bearerOf(request.headers)
  if (given !== undefined) {
    if (apiKey !== undefined && isKey(given, apiKey)) {
      return { as: 'key', who: 'the full key', grants: undefined, session: undefined }
    }
    if (given.startsWith(keyBeginning)) {
      const { name, site, scopes } = await keyOf(keys, given)
      return { as: 'key', who: name, grants: new Map([[site, scopes]]), session: undefined }
    }
    throw new ClickWatchError('unauthorized', 401, 'This is not a key of this server.')
  }
  const { address, origin } = callerOf(request)
  const session = await accounts.signedIn(origin, request.headers)
  const asker = { address, headers: request.headers }
  if (session) {
    // A browser sends the session along with what a page of another site has it send.
    if (changesSomething(request)) refuseForeignPage(asker, true)
    for (const cookie of session.cookies) reply.header('set-cookie', cookie)
    // Anybody may call themselves anything; the address tells them apart.
    const { name, email } = session.person
    return { as: 'person', who: `${name} (${email})`, grants: session.grants, session }
  }
  if (apiKey !== undefined || !isFromThisMachine(asker) || (await accounts.people.hasOwner())) return undefined
  refuseForeignPage(asker)
  return { as: 'machine', who: 'this machine', grants: undefined, session: undefined }
}

/**
 * Refuses whoever may not do a thing anywhere.
 * @throws {ClickWatchError} 403 scope_missing, 403 not_yours
 */
export const checkGrants = ({ as, grants }: Asker, scope: KeyScope, isOfAll: boolean): void => {
  if (grants === undefined) return
  const sites = sitesWith(grants, scope)
  if (sites?.size === 0) {
    const has = [...new Set([...grants.values()].flat())].join("', '")
    const sentence =
      as === 'key'
        ? `This key may not do that: it has '${has}', and '${scope}' is needed.`
        : 'Your role does not let you do that; ask an admin for another.'
    throw new ClickWatchError('scope_missing', 403, sentence)
  }
  if (sites && isOfAll) {
    const sentence = `This is about all sites, and ${as === 'key' ? 'the key is' : 'your role is'} for '${[...sites].join("', '")}' alone.`
    throw new ClickWatchError('not_yours', 403, sentence)
  }
}

export const mayEverywhere = ({ grants }: Asker, scope: KeyScope): boolean =>
  grants === undefined || grants.get(everySite)?.includes(scope) === true
