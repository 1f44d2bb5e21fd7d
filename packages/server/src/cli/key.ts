import { everySite, type Key, keyScopes, type NewKey } from '@clickwatch/contract'
import { readNewKey } from '../api/keys.ts'
import { ClickWatchError } from '../errors.ts'
import { type Audit, auditOf } from '../metadata/audit.ts'
import { type Keys, keysOf } from '../metadata/keys.ts'
import { UsageError } from './command.ts'
import { print, commandLine as who, withMetadata } from './settings-database.ts'

const withKeys = (work: (keys: Keys, audit: Audit) => Promise<void>): Promise<number> =>
  withMetadata((metadata) => work(keysOf(metadata), auditOf(metadata)))

const lineOf = ({ id, name, site, scopes, prefix, expires_at, last_used_at }: Key): string =>
  [
    `${prefix}…`,
    site === everySite ? 'all sites' : site,
    scopes.join(','),
    expires_at === null ? 'for good' : `until ${expires_at}`,
    last_used_at === null ? 'never used' : `used ${last_used_at.slice(0, 16)}Z`,
    id,
    name,
  ].join('  ')

/** `clickwatch key list` */
export const listKeys = (isJson: boolean): Promise<number> =>
  withKeys(async (keys) => {
    const all = await keys.list()
    for (const key of all) print(isJson ? JSON.stringify(key) : lineOf(key))
    if (all.length === 0 && !isJson) print('There are no keys yet: clickwatch key create NAME --site SITE')
  })

/** The body of a request is written as options here, and what is wrong with it is told of those. @throws {UsageError} */
const asOptions = (read: () => NewKey): NewKey => {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof ClickWatchError)) throw error
    const [field = ''] = error.field?.split('/') ?? []
    const options: Record<string, string> = {
      expires_at: '--expires',
      site: '--site',
      scopes: '--scopes',
      name: 'NAME',
    }
    const reason = error.message.slice((error.field?.length ?? 0) + 1)
    throw new UsageError(`${options[field] ?? field} ${reason}${field === 'scopes' ? ` (some of ${keyScopes})` : ''}.`)
  }
}

/** `clickwatch key create NAME --site SITE --scopes read,write --expires 2027-01-31` */
export const createKey = (
  name: string,
  { site, scopes = 'read', expires }: Readonly<Record<string, string | undefined>>,
  isJson: boolean,
): Promise<number> => {
  const given = { name, site, scopes: scopes.split(','), ...(expires === undefined ? {} : { expires_at: expires }) }
  const body = asOptions(() => readNewKey(given))
  return withKeys(async (keys, audit) => {
    const made = await keys.add(body)
    const ofSite = made.site === everySite ? null : made.site
    await audit.note({ who, what: 'made a key', site: ofSite, on: made.name })
    print(isJson ? JSON.stringify(made) : made.key)
    if (!isJson) process.stderr.write('This is the only time that it is shown; what is kept is a hash of it.\n')
  })
}

/** `clickwatch key revoke ID` */
export const revokeKey = (id: string): Promise<number> =>
  withKeys(async (keys, audit) => {
    const { name, site } = await keys.remove(id)
    await audit.note({ who, what: 'took a key back', site: site === everySite ? null : site, on: name })
    print(`'${name}' opens nothing any more.`)
  })
