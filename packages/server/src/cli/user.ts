import { everySite, type Role, roles } from '@clickwatch/contract'
import { type Accounts, openAccounts } from '../accounts/accounts.ts'
import { resetHours, resetPath } from '../accounts/mails.ts'
import type { User } from '../accounts/people.ts'
import { setupCodeOf } from '../accounts/setup-code.ts'
import type { Config } from '../config.ts'
import { StartError } from '../errors.ts'
import { type Audit, auditOf } from '../metadata/audit.ts'
import type { Metadata } from '../metadata/database.ts'
import { UsageError } from './command.ts'
import { print, commandLine as who, withMetadata } from './settings-database.ts'

type Parts = { accounts: Accounts; audit: Audit; metadata: Metadata; config: Config }

const withAccounts = (work: (parts: Parts) => Promise<void>): Promise<number> =>
  withMetadata(async (metadata, config, logger) => {
    const { url, singleSignOn } = config
    const accounts = await openAccounts({ metadata, mail: undefined, url, singleSignOn, logger })
    await work({ accounts, audit: auditOf(metadata), metadata, config })
  })

const found = async ({ accounts }: Parts, email: string): Promise<User> => {
  const user = await accounts.people.find(email)
  if (!user) throw new StartError(`There is no account of ${email}: clickwatch user list has all.`)
  return user
}

const roleOf = (text: string): Role => {
  const role = roles.find((one) => one === text)
  if (!role) throw new UsageError(`The role is '${text}'; one of ${roles.join(', ')} is expected.`)
  return role
}

/** Prints where somebody chooses a password. */
const printWayIn = async ({ accounts, config }: Parts, { id, email }: User): Promise<void> => {
  const token = await accounts.resetToken(id, Date.now() + resetHours * 3_600_000)
  print((config.url ?? `http://localhost:${config.port}`) + resetPath(token))
  process.stderr.write(`There ${email} chooses a password; it works once, for ${resetHours} hours.\n`)
}

/** `clickwatch user list` */
export const listUsers = (isJson: boolean): Promise<number> =>
  withAccounts(async ({ accounts }) => {
    const people = await accounts.people.list(everySite)
    for (const person of people) {
      const { email, name, role, site, has_second_factor } = person
      const words = [email, role, site === everySite ? 'all sites' : site, has_second_factor ? '2FA' : 'no 2FA', name]
      print(isJson ? JSON.stringify(person) : words.join('  '))
    }
    if (people.length === 0 && !isJson) print('There are no accounts yet: clickwatch user add EMAIL --name NAME')
  })

/** `clickwatch user add EMAIL --name NAME --role viewer --site shop` */
export const addUser = (email: string, values: Readonly<Record<string, string | undefined>>): Promise<number> => {
  const { name = email, role: text = 'viewer', site = everySite } = values
  const role = roleOf(text)
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new UsageError(`EMAIL is '${email}'; an e-mail address is expected.`)
  if (role === 'owner' && site !== everySite) throw new UsageError('An owner owns all sites: leave --site out.')
  return withAccounts(async (parts) => {
    const { accounts, audit } = parts
    const user =
      (await accounts.people.find(email)) ??
      (await accounts.add({ name, email, password: undefined, isVerified: false }))
    await accounts.people.giveRole(user.id, site, role)
    await audit.note({ who, what: 'gave somebody a role', site: site === everySite ? null : site, on: user.id })
    if (await accounts.hasPassword(user.id))
      print(`${user.email} is ${role} of ${site === everySite ? 'all sites' : site}.`)
    else await printWayIn(parts, user)
  })
}

/** `clickwatch user reset EMAIL`: a way to another password, for who has lost theirs. */
export const resetUser = (email: string, givesUpSecondFactor: boolean): Promise<number> =>
  withAccounts(async (parts) => {
    const { audit, metadata } = parts
    const user = await found(parts, email)
    if (givesUpSecondFactor) {
      await metadata.deleteFrom('auth_second_factors').where('userId', '=', user.id).execute()
      await metadata.updateTable('auth_users').set({ twoFactorEnabled: 0 }).where('id', '=', user.id).execute()
      await audit.note({ who, what: 'gave up the second factor of somebody', site: null, on: user.id })
    }
    await printWayIn(parts, user)
  })

/** `clickwatch user remove EMAIL`: with every role, session and passkey. */
export const removeUser = (email: string): Promise<number> =>
  withAccounts(async (parts) => {
    const { accounts, audit } = parts
    const user = await found(parts, email)
    for (const site of (await accounts.people.rolesOf(user.id)).keys()) await accounts.people.takeRole(user.id, site)
    await audit.note({ who, what: 'removed an account', site: null, on: user.id })
    print(`${user.email} has no account any more.`)
  })

/** `clickwatch user code`: what whoever makes the first account from another machine is asked for. */
export const tellSetupCode = (): Promise<number> =>
  withAccounts(async ({ accounts, metadata }) => {
    if (await accounts.people.hasOwner()) throw new StartError('Somebody owns this server already.')
    print(await setupCodeOf(metadata).tell())
  })
