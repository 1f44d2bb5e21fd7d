import { everySite, type KeyScope, type Role, roles } from '@clickwatch/contract'

/** What each role may, in the words of keys. */
export const scopesOf: Readonly<Record<Role, readonly KeyScope[]>> = {
  viewer: ['read'],
  editor: ['read', 'write'],
  admin: ['read', 'write', 'admin'],
  owner: ['read', 'write', 'admin'],
}

/** Whether somebody with one role may give another, or take it away. */
export const mayGive = (own: Role, other: Role): boolean =>
  scopesOf[own].includes('admin') && roles.indexOf(own) <= roles.indexOf(other)

/** What somebody may of which site; '*' is every one. */
export type Grants = ReadonlyMap<string, readonly KeyScope[]>

/** Of which sites something may be done; undefined is of all. */
export const sitesWith = (grants: Grants, scope: KeyScope): ReadonlySet<string> | undefined => {
  if (grants.get(everySite)?.includes(scope)) return undefined
  return new Set([...grants].filter(([, scopes]) => scopes.includes(scope)).map(([site]) => site))
}
