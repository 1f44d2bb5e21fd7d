import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { everySite, type Key, type KeyScope, type MadeKey, type NewKey } from '@clickwatch/contract'
import { ClickWatchError } from '../errors.ts'
import type { Metadata } from './database.ts'
import type { Tables } from './schema.ts'

export type Keys = {
  list(): Promise<Key[]>
  /** Makes one; the answer is the only one that has the key itself. */
  add(body: NewKey): Promise<MadeKey>
  /** @throws {ClickWatchError} 404 not_found */
  remove(id: string): Promise<Key>
  /**
   * The key that somebody shows; undefined where there is no such key.
   * @throws {ClickWatchError} 401 key_expired
   */
  find(text: string, nowMs: number): Promise<Key | undefined>
  /** Notes that it was used, at most once a minute. */
  used(key: Key, nowMs: number): Promise<void>
}

/** How every key begins, so that one that got out is found by tools that look for keys. */
export const keyBeginning = 'cwk_'
const keyBytes = 32
const shownLength = keyBeginning.length + 6
const noteEveryMs = 60_000

// Of 256 bits by chance: there is nothing to guess, so a hash that is quick to make is enough.
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

const read = ({ id, name, site, scopes, prefix, created_at, expires_at, last_used_at }: Tables['api_keys']): Key => ({
  ...{ id, name, site, prefix, created_at, expires_at, last_used_at },
  scopes: JSON.parse(scopes) as KeyScope[],
})

/** Whether a key is for a site. */
export const isOfSite = (key: Pick<Key, 'site'>, site: string): boolean => key.site === everySite || key.site === site

export const keysOf = (database: Metadata): Keys => ({
  async list() {
    const rows = await database.selectFrom('api_keys').selectAll().orderBy('created_at').orderBy('id').execute()
    return rows.map(read)
  },
  async add({ name, site, scopes, expires_at = null }) {
    const key = keyBeginning + randomBytes(keyBytes).toString('base64url')
    const row = {
      ...{ id: randomUUID(), name, site, scopes: JSON.stringify(scopes), prefix: key.slice(0, shownLength) },
      ...{ hash: hashOf(key), created_at: new Date().toISOString(), expires_at, last_used_at: null },
    }
    await database.insertInto('api_keys').values(row).execute()
    return { ...read(row), key }
  },
  async remove(id) {
    const row = await database.deleteFrom('api_keys').where('id', '=', id).returningAll().executeTakeFirst()
    if (!row) throw new ClickWatchError('not_found', 404, 'There is no such key.')
    return read(row)
  },
  async find(text, nowMs) {
    const row = await database.selectFrom('api_keys').selectAll().where('hash', '=', hashOf(text)).executeTakeFirst()
    if (!row) return undefined
    const isOver = row.expires_at !== null && new Date(nowMs).toISOString().slice(0, 10) > row.expires_at
    if (isOver) throw new ClickWatchError('key_expired', 401, `This key was good until ${row.expires_at}.`)
    return read(row)
  },
  async used({ id, last_used_at }, nowMs) {
    if (last_used_at !== null && nowMs - Date.parse(last_used_at) < noteEveryMs) return
    const at = new Date(nowMs).toISOString()
    await database.updateTable('api_keys').set({ last_used_at: at }).where('id', '=', id).execute()
  },
})
