import {
  AcceptInvitation,
  everySite,
  type InvitationsAnswer,
  type KeyScope,
  type MadeInvitation,
  type Me,
  NewInvitation,
  NewOwner,
  NewRole,
  type OpenInvitation,
  type PeopleAnswer,
  type Role,
  RoleSite,
  Transfer,
  type Transferred,
} from '@clickwatch/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Accounts, isOwner } from '../accounts/accounts.ts'
import { invitationPath, mailInvitation } from '../accounts/mails.ts'
import { asKept, type User } from '../accounts/people.ts'
import { mayGive } from '../accounts/roles.ts'
import type { SetupCode } from '../accounts/setup-code.ts'
import { throttleOf, triesOfAnything } from '../accounts/tries.ts'
import { ClickWatchError, invalidField } from '../errors.ts'
import { refuseForeignPage } from '../http/access.ts'
import { siteOfPath } from '../http/site.ts'
import { checkerOf, readBody } from '../http/validation.ts'
import type { Keys } from '../metadata/keys.ts'
import { isNameOf, type SiteViews } from '../metadata/site-views.ts'
import type { SendMail } from '../out/mail.ts'
import type { Asker, CallerOf } from './asker.ts'

type Options = {
  accounts: Accounts
  setupCode: SetupCode
  callerOf: CallerOf
  /** undefined where the server sends none. */
  mail: SendMail | undefined
  siteViews: SiteViews
  keys: Keys
}

const everything: readonly KeyScope[] = ['read', 'write', 'admin']

/** What the role of somebody is where they give roles: the full key and this machine are the owner's. */
const roleAt = ({ session, grants }: Asker, site: string): Role => {
  if (!session) return grants === undefined ? 'owner' : 'admin'
  if (isOwner(session.roles)) return 'owner'
  return session.roles.get(site) === 'admin' || session.roles.get(everySite) === 'admin' ? 'admin' : 'viewer'
}

/** @throws {ClickWatchError} 403 role_too_high */
const refuseHigher = (asker: Asker, site: string, role: Role): void => {
  if (mayGive(roleAt(asker, site), role)) return
  throw new ClickWatchError('role_too_high', 403, `Only an owner gives and takes the role '${role}'.`, {
    field: 'role',
  })
}
const refuseOwnerOfOne = (site: string, role: Role): void => {
  if (role === 'owner' && site !== everySite) throw invalidField('role', 'owner is of all sites alone')
}

/** Lets somebody in whose password is known to be right. */
const signIn = async (
  request: FastifyRequest,
  reply: FastifyReply,
  { accounts, callerOf }: Options,
  given: { email: string; password: string },
): Promise<void> => {
  // By which browser, for the list of sessions.
  const browser = new Headers({ 'user-agent': request.headers['user-agent'] ?? '' })
  const auth = await accounts.at(callerOf(request).origin)
  const { headers } = await auth.api.signInEmail({
    ...{ body: given, headers: browser, returnHeaders: true as const },
  })
  for (const cookie of headers.getSetCookie()) reply.header('set-cookie', cookie)
}

const noteAs = (request: FastifyRequest, { name, email }: User): void => {
  request.asker = { as: 'person', who: `${name} (${email})`, grants: undefined, session: undefined }
}

/** `GET /api/me`, `POST /api/setup`, and what whoever was invited does. */
const addArrivals = (server: FastifyInstance, options: Options): void => {
  const { accounts, setupCode, callerOf } = options
  const { people } = accounts
  const checkOwner = checkerOf<NewOwner>(NewOwner)
  const checkAccepted = checkerOf<AcceptInvitation>(AcceptInvitation)
  const throttle = throttleOf(triesOfAnything)
  const refuseForeign = (request: FastifyRequest): void =>
    refuseForeignPage({ address: callerOf(request).address, headers: request.headers })

  server.get('/api/me', async (request): Promise<Me> => {
    const { asker } = request
    const person = asker?.session?.person
    const hasOwner = await people.hasOwner()
    const may = asker ? (asker.grants ?? new Map([[everySite, everything]])) : new Map<string, readonly KeyScope[]>()
    return {
      as: asker?.as ?? 'nobody',
      person: person
        ? {
            ...{ id: person.id, name: person.name, email: person.email },
            has_second_factor: person.hasSecondFactor,
            has_password: await accounts.hasPassword(person.id),
          }
        : null,
      is_owner: asker !== null && roleAt(asker, everySite) === 'owner',
      may: Object.fromEntries([...may].map(([site, scopes]) => [site, [...scopes]])),
      has_owner: hasOwner,
      needs_code: !hasOwner && asker === null,
      single_sign_on: accounts.singleSignOn ?? null,
      sends_mail: accounts.mailsResets,
    }
  })

  server.post('/api/setup', async (request, reply) => {
    refuseForeign(request)
    const { name, email, password, code } = readBody(checkOwner, request.body)
    if (await people.hasOwner())
      throw new ClickWatchError('has_owner', 409, 'Somebody owns this server already: sign in.')
    // Whoever is on this machine, or has the full key, is known; anybody else shows that they see its terminal.
    if (request.asker?.grants !== undefined || request.asker === null) {
      const { client } = callerOf(request)
      await throttle.refuseTooMany('setup', client)
      if (code === undefined || !(await setupCode.is(code))) {
        await throttle.wasWrong('setup', client)
        const sentence =
          code === undefined
            ? 'is missing: the terminal of the server shows it'
            : 'is not the one that the terminal of the server shows'
        throw invalidField('code', sentence)
      }
    }
    const user = await accounts.add({ name, email, password, isVerified: true })
    await people.giveRole(user.id, everySite, 'owner')
    await setupCode.forget()
    noteAs(request, user)
    await signIn(request, reply, options, { email: user.email, password })
    return reply.code(201).send({ email: user.email })
  })

  const invitationOf = async (request: FastifyRequest<{ Params: { token: string } }>) => {
    const { client } = callerOf(request)
    await throttle.refuseTooMany('invitation', client)
    try {
      return await people.invitationOf(request.params.token, Date.now())
    } catch (error) {
      await throttle.wasWrong('invitation', client)
      throw error
    }
  }

  server.get<{ Params: { token: string } }>('/api/invitations/:token', async (request): Promise<OpenInvitation> => {
    const { email, role, site, invited_by } = await invitationOf(request)
    return { email, role, site, invited_by, has_account: (await people.find(email)) !== undefined }
  })

  server.post<{ Params: { token: string } }>('/api/invitations/:token', async (request, reply) => {
    refuseForeign(request)
    const { name, password } = readBody(checkAccepted, request.body ?? {})
    const { isMailed, ...invitation } = await invitationOf(request)
    const known = await people.find(invitation.email)
    const person = request.asker?.session?.person
    if (known) {
      if (person?.id !== known.id) {
        throw new ClickWatchError('sign_in_first', 403, `There is an account of ${known.email}: sign in with it first.`)
      }
      await people.accept(known.id, invitation)
      return reply.code(204).send()
    }
    if (name === undefined) throw invalidField('name', 'is missing')
    if (password === undefined) throw invalidField('password', 'is missing')
    const user = await accounts.add({ name, email: invitation.email, password, isVerified: isMailed })
    await people.accept(user.id, invitation)
    noteAs(request, user)
    await signIn(request, reply, options, { email: user.email, password })
    return reply.code(204).send()
  })
}

/** Who has which role, of a site or of all ('*'), and who is invited. */
const addRoles = (server: FastifyInstance, { accounts, callerOf, mail, siteViews, keys }: Options): void => {
  const { people } = accounts
  const checkRole = checkerOf<NewRole>(NewRole)
  const checkTransfer = checkerOf<Transfer>(Transfer)
  const checkInvitation = checkerOf<NewInvitation>(NewInvitation)
  const checkSite = checkerOf<string>(RoleSite)
  const paramsOf = <Params extends { site: string }>({ params }: { params: Params }): Params => {
    if (checkSite(params.site).ok) return params
    throw invalidField('site', "is no site's id, nor '*' for all")
  }
  type OfSite = { Params: { site: string } }
  type OfOne = { Params: { site: string; id: string } }
  const askerIn = ({ asker }: FastifyRequest): Asker => {
    if (!asker) throw new Error('the guard lets nobody in whom it does not know')
    return asker
  }

  server.get<OfSite>(
    '/api/sites/:site/people',
    async (request): Promise<PeopleAnswer> => ({
      people: await people.list(paramsOf(request).site),
    }),
  )
  server.put<OfOne>('/api/sites/:site/people/:id', async (request, reply) => {
    const { site, id } = paramsOf(request)
    const { role } = readBody(checkRole, request.body)
    refuseOwnerOfOne(site, role)
    refuseHigher(askerIn(request), site, role)
    const roles = await people.rolesOf(id)
    if (roles.size === 0) throw new ClickWatchError('not_found', 404, 'There is no such person.')
    const before = roles.get(site)
    if (before) refuseHigher(askerIn(request), site, before)
    await people.giveRole(id, site, role)
    return reply.code(204).send()
  })
  server.delete<OfOne>('/api/sites/:site/people/:id', async (request, reply) => {
    const { site, id } = paramsOf(request)
    const role = (await people.rolesOf(id)).get(site)
    if (role) refuseHigher(askerIn(request), site, role)
    await people.takeRole(id, site)
    return reply.code(204).send()
  })

  server.post<OfOne>('/api/sites/:site/people/:id/transfer', async (request): Promise<Transferred> => {
    const site = siteOfPath(request.params)
    const { name, keeps = 'viewer' } = readBody(checkTransfer, request.body)
    if (!(await isNameOf(siteViews, site, name))) {
      throw invalidField('name', `is expected to be '${site}', or what people call it: it becomes another's`)
    }
    const before = await people.handOver(site, request.params.id, keeps)
    return {
      before: before.map(({ email }) => email),
      keys: (await keys.list()).filter((key) => key.site === site).length,
    }
  })

  server.get<OfSite>(
    '/api/sites/:site/invitations',
    async (request): Promise<InvitationsAnswer> => ({
      invitations: await people.invitations(paramsOf(request).site),
    }),
  )
  server.post<OfSite>('/api/sites/:site/invitations', async (request, reply): Promise<MadeInvitation> => {
    const { site } = paramsOf(request)
    const body = readBody(checkInvitation, request.body)
    const asker = askerIn(request)
    refuseOwnerOfOne(site, body.role)
    refuseHigher(asker, site, body.role)
    const known = await people.find(body.email)
    if (known && (await people.rolesOf(known.id)).has(site)) {
      throw new ClickWatchError('has_role', 409, `${asKept(body.email)} has a role there already: change it instead.`, {
        field: 'email',
      })
    }
    const { token, ...invitation } = await people.invite(site, body, asker.session?.person.name ?? asker.who)
    reply.code(201)
    if (mail === undefined) return { ...invitation, path: invitationPath(token), is_mailed: false }
    try {
      await mailInvitation(mail, callerOf(request).origin, invitation, token)
    } catch (error) {
      request.log.error({ err: error }, 'an invitation did not go out by mail')
      return { ...invitation, path: invitationPath(token), is_mailed: false }
    }
    await people.isMailed(invitation.id)
    // Who has it from the mail alone has shown that the address is theirs.
    return { ...invitation, path: null, is_mailed: true }
  })
  server.delete<OfOne>('/api/sites/:site/invitations/:id', async (request, reply) => {
    const { site, id } = paramsOf(request)
    await people.uninvite(site, id)
    return reply.code(204).send()
  })
}

export const addPeopleRoutes = (server: FastifyInstance, options: Options): void => {
  addArrivals(server, options)
  addRoles(server, options)
}
