import { type RoleKept, rolesKept } from '@clickwatch/contract'
import { peopleOf } from '../accounts/people.ts'
import { StartError } from '../errors.ts'
import { auditOf } from '../metadata/audit.ts'
import { UsageError } from './command.ts'
import { print, commandLine as who, withMetadata } from './settings-database.ts'
import { confirmSite } from './site-end.ts'

const roleIn = (text: string): RoleKept => {
  const role = rolesKept.find((each) => each === text)
  if (!role) throw new UsageError(`--keeps is '${text}'; one of ${rolesKept.join(', ')} is expected.`)
  return role
}

/** `clickwatch site transfer SITE --to EMAIL --name NAME`: it has one admin from then on, beside those of all sites. */
export const transferSite = async (
  site: string,
  { to = '', name = '', keeps = 'viewer' }: Readonly<Record<string, string | undefined>>,
): Promise<number> => {
  const role = roleIn(keeps)
  await confirmSite(site, name, "it becomes another's")
  return withMetadata(async (metadata) => {
    const people = peopleOf(metadata)
    const user = await people.find(to)
    if (!user) throw new StartError(`There is no account of ${to}: clickwatch user add ${to} --site ${site} makes one.`)
    const before = await people.handOver(site, user.id, role)
    await auditOf(metadata).note({ who, what: 'handed a site over', site, on: user.id })
    print(`${user.email} is the admin of ${site}.`)
    for (const { email } of before) print(`${email} was, and is ${role} of it.`)
  })
}
