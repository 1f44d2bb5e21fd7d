import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { everySite, type Invitation, type NewInvitation, type Person, type Role } from '@clickwatch/contract'
import { ClickWatchError } from '../errors.ts'
import type { Metadata } from '../metadata/database.ts'
import type { Tables } from '../metadata/schema.ts'

const invitationDays = 7
const dayMs = 86_400_000

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')
export const asKept = (email: string): string => email.trim().toLowerCase()

/** Who an account is of. */
export type User = { id: string; name: string; email: string }

export type People = {
  hasOwner(): Promise<boolean>
  /** Who may see a site; of '*', everybody, with each role of theirs. */
  list(site: string): Promise<Person[]>
  rolesOf(userId: string): Promise<ReadonlyMap<string, Role>>
  /** @throws {ClickWatchError} 409 last_owner */
  giveRole(userId: string, site: string, role: Role): Promise<void>
  /** Takes a role away, and the account with the last one. @throws {ClickWatchError} 404 not_found, 409 last_owner */
  takeRole(userId: string, site: string): Promise<void>
  /**
   * Hands a site over: whoever has a role in it, or in all sites, is its one admin from then on, beside those of all sites; invitations
   * to become another are over.
   * @returns who was admin of it until then
   * @throws {ClickWatchError} 404 not_found where they have no role there
   */
  handOver(site: string, userId: string, keeps: Role): Promise<User[]>
  find(email: string): Promise<User | undefined>
  invitations(site: string): Promise<Invitation[]>
  /** @returns the token as well, which is told once */
  invite(site: string, body: NewInvitation, invitedBy: string): Promise<Invitation & { token: string }>
  /** Notes that the token went to its address alone: whoever has it reads what is sent there. */
  isMailed(id: string): Promise<void>
  uninvite(site: string, id: string): Promise<Invitation>
  /** @throws {ClickWatchError} 404 no_such_invitation */
  invitationOf(token: string, nowMs: number): Promise<Invitation & { isMailed: boolean }>
  /** What an address was invited to, as far as it goes. */
  invitationsTo(email: string, nowMs: number): Promise<Invitation[]>
  /** Gives an account what it was invited to. */
  accept(userId: string, invitation: Invitation): Promise<void>
}

export const peopleOf = (database: Metadata): People => {
  const rolesOf = async (userId: string): Promise<ReadonlyMap<string, Role>> => {
    const rows = await database.selectFrom('roles').selectAll().where('user_id', '=', userId).execute()
    return new Map(rows.map(({ site, role }) => [site, role as Role]))
  }

  /** Nobody could let anybody in any more. */
  const refuseLastOwner = async (userId: string): Promise<void> => {
    const other = await database
      .selectFrom('roles')
      .select('user_id')
      .where('role', '=', 'owner')
      .where('user_id', '!=', userId)
      .executeTakeFirst()
    if (other || (await rolesOf(userId)).get(everySite) !== 'owner') return
    throw new ClickWatchError('last_owner', 409, 'This is the last owner; make somebody else an owner first.')
  }

  const giveRole = async (userId: string, site: string, role: Role): Promise<void> => {
    if (role !== 'owner' && site === everySite) await refuseLastOwner(userId)
    await database
      .insertInto('roles')
      .values({ user_id: userId, site, role, created_at: new Date().toISOString() })
      .onConflict((conflict) => conflict.columns(['user_id', 'site']).doUpdateSet({ role }))
      .execute()
  }

  const told = ({ hash: _, is_mailed: __, ...row }: Tables['invitations']): Invitation => ({
    ...row,
    role: row.role as Role,
  })
  const good = (nowMs: number) =>
    database.selectFrom('invitations').selectAll().where('expires_at', '>', new Date(nowMs).toISOString())

  return {
    rolesOf,
    giveRole,
    async hasOwner() {
      return (
        (await database.selectFrom('roles').select('user_id').where('role', '=', 'owner').executeTakeFirst()) !==
        undefined
      )
    },
    async list(site) {
      let asked = database
        .selectFrom('roles')
        .innerJoin('auth_users', 'auth_users.id', 'roles.user_id')
        .select(['id', 'name', 'email', 'role', 'site', 'twoFactorEnabled', 'createdAt'])
        .orderBy('name')
        .orderBy('site')
      if (site !== everySite) asked = asked.where('site', 'in', [site, everySite])
      return (await asked.execute()).map(({ twoFactorEnabled, createdAt, role, ...person }) => ({
        ...person,
        role: role as Role,
        has_second_factor: twoFactorEnabled === 1,
        created_at: createdAt,
      }))
    },
    async takeRole(userId, site) {
      if (site === everySite) await refuseLastOwner(userId)
      const { numDeletedRows } = await database
        .deleteFrom('roles')
        .where('user_id', '=', userId)
        .where('site', '=', site)
        .executeTakeFirst()
      if (numDeletedRows === 0n) throw new ClickWatchError('not_found', 404, 'Nobody has that role there.')
      if ((await rolesOf(userId)).size > 0) return
      // With what belongs to it: sessions, passkeys and all.
      await database.deleteFrom('auth_users').where('id', '=', userId).execute()
    },
    handOver: (site, userId, keeps) =>
      database.transaction().execute(async (transaction) => {
        const theirs = await transaction
          .selectFrom('roles')
          .select('role')
          .where('user_id', '=', userId)
          .where('site', 'in', [site, everySite])
          .executeTakeFirst()
        if (!theirs) {
          throw new ClickWatchError('not_found', 404, 'They have no role in this site: invite them first.')
        }
        const before = await transaction
          .selectFrom('roles')
          .innerJoin('auth_users', 'auth_users.id', 'roles.user_id')
          .select(['id', 'name', 'email'])
          .where('site', '=', site)
          .where('role', '=', 'admin')
          .where('user_id', '!=', userId)
          .orderBy('email')
          .execute()
        await transaction
          .updateTable('roles')
          .set({ role: keeps })
          .where('site', '=', site)
          .where('role', '=', 'admin')
          .execute()
        await transaction
          .insertInto('roles')
          .values({ user_id: userId, site, role: 'admin', created_at: new Date().toISOString() })
          .onConflict((conflict) => conflict.columns(['user_id', 'site']).doUpdateSet({ role: 'admin' }))
          .execute()
        await transaction.deleteFrom('invitations').where('site', '=', site).where('role', '=', 'admin').execute()
        return before
      }),
    async find(email) {
      return database
        .selectFrom('auth_users')
        .select(['id', 'name', 'email'])
        .where('email', '=', asKept(email))
        .executeTakeFirst()
    },
    async invitations(site) {
      const asked = good(Date.now()).orderBy('created_at')
      return (await (site === everySite ? asked : asked.where('site', '=', site)).execute()).map(told)
    },
    async invite(site, { email, role }, invitedBy) {
      const token = randomBytes(32).toString('base64url')
      const nowMs = Date.now()
      const row = {
        ...{
          id: randomUUID(),
          email: asKept(email),
          site,
          role,
          invited_by: invitedBy,
          hash: hashOf(token),
          is_mailed: 0,
        },
        created_at: new Date(nowMs).toISOString(),
        expires_at: new Date(nowMs + invitationDays * dayMs).toISOString(),
      }
      await database.insertInto('invitations').values(row).execute()
      return { ...told(row), token }
    },
    async uninvite(site, id) {
      let asked = database.deleteFrom('invitations').where('id', '=', id)
      if (site !== everySite) asked = asked.where('site', '=', site)
      const row = await asked.returningAll().executeTakeFirst()
      if (!row) throw new ClickWatchError('not_found', 404, 'There is no such invitation.')
      return told(row)
    },
    async isMailed(id) {
      await database.updateTable('invitations').set({ is_mailed: 1 }).where('id', '=', id).execute()
    },
    async invitationOf(token, nowMs) {
      const row = await good(nowMs).where('hash', '=', hashOf(token)).executeTakeFirst()
      if (!row)
        throw new ClickWatchError(
          'no_such_invitation',
          404,
          'This invitation is over, or was taken back. Ask for another.',
        )
      return { ...told(row), isMailed: row.is_mailed === 1 }
    },
    async invitationsTo(email, nowMs) {
      return (await good(nowMs).where('email', '=', asKept(email)).execute()).map(told)
    },
    async accept(userId, { id, site, role }) {
      await giveRole(userId, site, role)
      await database.deleteFrom('invitations').where('id', '=', id).execute()
    },
  }
}
