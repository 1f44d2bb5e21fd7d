import { randomBytes, randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { everySite, type KeyScope, type Role } from '@clickwatch/contract'
import { LRUCache } from 'lru-cache'
import type { Logger } from 'pino'
import { ClickWatchError } from '../errors.ts'
import type { Metadata } from '../metadata/database.ts'
import { secretOf } from '../metadata/secrets.ts'
import type { SendMail } from '../out/mail.ts'
import type { Auth } from './auth.ts'
import { mailedReset } from './mails.ts'
import { asKept, type People, peopleOf, type User } from './people.ts'
import { type Grants, scopesOf } from './roles.ts'
import { providerId, type SingleSignOn } from './single-sign-on.ts'

/** Somebody whose session a request has. */
export type SignedIn = {
  person: User & { hasSecondFactor: boolean }
  roles: ReadonlyMap<string, Role>
  grants: Grants
  /** What the answer is to say to the browser, so that it keeps the session. */
  cookies: string[]
}

export type Accounts = {
  people: People
  /** better-auth for browsers at an address, such as https://stats.example; it is loaded when it is first asked for. */
  at(origin: string): Promise<Auth>
  /** undefined where a request has no session, or one that is over. */
  signedIn(origin: string, headers: IncomingHttpHeaders): Promise<SignedIn | undefined>
  /** Makes an account; without a password, one is set by a token. @throws {ClickWatchError} 409 account_exists */
  add(user: { name: string; email: string; password: string | undefined; isVerified: boolean }): Promise<User>
  /** A token by which whoever has it sets another password, once. */
  resetToken(userId: string, untilMs: number): Promise<string>
  hasPassword(userId: string): Promise<boolean>
  singleSignOn: string | undefined
  /** Whether another password can be asked for by mail. */
  mailsResets: boolean
}

/** Each has its secrets ready; whoever invents host names makes no more of them. */
const mostOrigins = 16

const grantsOf = (roles: ReadonlyMap<string, Role>): Grants =>
  new Map<string, readonly KeyScope[]>([...roles].map(([site, role]) => [site, scopesOf[role]]))

/**
 * Who has an account, and what they may.
 * @param url where browsers reach the server, which mails link to; undefined where nobody said
 */
export const openAccounts = async (options: {
  metadata: Metadata
  singleSignOn: SingleSignOn | undefined
  /** undefined where the server sends none. */
  mail: SendMail | undefined
  url: string | undefined
  logger: Logger
}): Promise<Accounts> => {
  const { metadata, singleSignOn, mail, url, logger } = options
  const people = peopleOf(metadata)
  const secret = (await secretOf(metadata, 'accounts')).toString('hex')
  const instances = new LRUCache<string, Promise<Auth>>({ max: mostOrigins })
  const open = async (origin: string): Promise<Auth> => {
    const { openAuth } = await import('./auth.ts')
    return openAuth(origin, {
      ...{ metadata, secret, singleSignOn, logger },
      isExpected: async (email) => (await people.invitationsTo(email, Date.now())).length > 0,
      async onArrived({ id, email }) {
        for (const invitation of await people.invitationsTo(email, Date.now())) await people.accept(id, invitation)
      },
      sendReset: mail && url !== undefined ? mailedReset(mail, url) : undefined,
    })
  }
  const at = (origin: string): Promise<Auth> => {
    const known = instances.get(origin)
    if (known) return known
    const made = open(origin)
    instances.set(origin, made)
    return made
  }
  const anywhere = (): Promise<Auth> => at(url ?? 'http://localhost')

  return {
    people,
    at,
    singleSignOn: singleSignOn?.name,
    mailsResets: mail !== undefined && url !== undefined,
    async signedIn(origin, { cookie }) {
      if (cookie === undefined || !cookie.includes('clickwatch.')) return undefined
      const auth = await at(origin)
      const { response, headers } = await auth.api.getSession({
        headers: new Headers({ cookie }),
        returnHeaders: true,
      })
      if (!response) return undefined
      const { id, name, email, twoFactorEnabled } = response.user
      const roles = await people.rolesOf(id)
      return {
        person: { id, name, email, hasSecondFactor: twoFactorEnabled === true },
        ...{ roles, grants: grantsOf(roles), cookies: headers.getSetCookie() },
      }
    },
    async add({ name, email, password, isVerified }) {
      const { internalAdapter, password: passwords } = await (await anywhere()).$context
      const kept = asKept(email)
      const user = await metadata
        .insertInto('auth_users')
        .values({
          ...{
            id: randomUUID(),
            name,
            email: kept,
            emailVerified: isVerified ? 1 : 0,
            image: null,
            twoFactorEnabled: 0,
          },
          ...{ createdAt: new Date().toISOString(), updatedAt: new Date().toISOString() },
        })
        .onConflict((conflict) => conflict.column('email').doNothing())
        .returning(['id', 'name', 'email'])
        .executeTakeFirst()
      if (!user)
        throw new ClickWatchError('account_exists', 409, 'There is an account of this address already.', {
          field: 'email',
        })
      if (password === undefined) return user
      const hash = await passwords.hash(password)
      await internalAdapter.linkAccount({
        userId: user.id,
        providerId: 'credential',
        accountId: user.id,
        password: hash,
      })
      return user
    },
    async resetToken(userId, untilMs) {
      const { internalAdapter } = await (await anywhere()).$context
      const token = randomBytes(24).toString('base64url')
      await internalAdapter.createVerificationValue({
        ...{ identifier: `reset-password:${token}`, value: userId, expiresAt: new Date(untilMs) },
      })
      return token
    },
    async hasPassword(userId) {
      const row = await metadata
        .selectFrom('auth_accounts')
        .select('id')
        .where('userId', '=', userId)
        .where('providerId', '!=', providerId)
        .executeTakeFirst()
      return row !== undefined
    },
  }
}

/** Whether roles make somebody an owner. */
export const isOwner = (roles: ReadonlyMap<string, Role>): boolean => roles.get(everySite) === 'owner'
