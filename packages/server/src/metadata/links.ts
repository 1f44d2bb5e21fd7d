import { randomBytes, randomUUID } from 'node:crypto'
import type { Link, NewLink } from '@clickwatch/contract'
import { ClickWatchError } from '../errors.ts'
import type { Metadata } from './database.ts'
import type { KeptOf } from './kept.ts'
import { hashPassword } from './passwords.ts'
import type { Tables } from './schema.ts'

type LinkBody = Omit<NewLink, 'password' | 'idea'>
type LinkState = { last_used_at?: string }

/** A link as whoever holds its token meets it. */
export type FoundLink = LinkBody & {
  id: string
  site: string
  token: string
  passwordHash: string | null
  /** The id of the idea that it shows; null where it shows the dashboard. */
  idea: string | null
}

export type Links = Omit<KeptOf<NewLink>, 'list' | 'add' | 'replace'> & {
  list(site: string): Promise<Link[]>
  add(site: string, body: NewLink): Promise<Link>
  /** The password stays as it is where none is given. */
  replace(site: string, id: string, body: NewLink): Promise<Link>
  find(token: string): Promise<FoundLink | undefined>
  /** Notes that it was used, at most once a minute. */
  used(id: string, nowMs: number): Promise<void>
}

const tokenBytes = 16
const noteEveryMs = 60_000

const read = ({ id, body, idea, token, password_hash, state, created_at }: Tables['links']): Link => ({
  ...(JSON.parse(body) as LinkBody),
  ...(idea === null ? {} : { idea }),
  id,
  path: `/share/${token}`,
  has_password: password_hash !== null,
  created_at,
  last_used_at: (JSON.parse(state) as LinkState).last_used_at ?? null,
})

const missing = () => new ClickWatchError('not_found', 404, 'This site has no such link.')

/** The links of sites. A token is kept as it is, for its owner to copy again: it opens no more than whoever reads this file has. */
export const linksOf = (database: Metadata): Links => ({
  async list(site) {
    const rows = await database.selectFrom('links').selectAll().where('site', '=', site).orderBy('created_at').execute()
    return rows.map(read)
  },
  async add(site, { password, idea = null, ...body }) {
    const row = {
      id: randomUUID(),
      site,
      name: body.name,
      body: JSON.stringify(body),
      state: '{}',
      idea,
      token: randomBytes(tokenBytes).toString('base64url'),
      password_hash: password === undefined ? null : await hashPassword(password),
      created_at: new Date().toISOString(),
    }
    await database.insertInto('links').values(row).execute()
    return read(row)
  },
  async replace(site, id, { password, idea = null, ...body }) {
    const row = await database
      .updateTable('links')
      .set({
        name: body.name,
        body: JSON.stringify(body),
        idea,
        ...(password === undefined ? {} : { password_hash: await hashPassword(password) }),
      })
      .where('site', '=', site)
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst()
    if (!row) throw missing()
    return read(row)
  },
  async remove(site, id) {
    const { numDeletedRows } = await database
      .deleteFrom('links')
      .where('site', '=', site)
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    if (numDeletedRows === 0n) throw missing()
  },
  async find(token) {
    const row = await database.selectFrom('links').selectAll().where('token', '=', token).executeTakeFirst()
    if (!row) return undefined
    const { id, site, body, idea, password_hash } = row
    return { ...(JSON.parse(body) as LinkBody), id, site, idea, token, passwordHash: password_hash }
  },
  async used(id, nowMs) {
    const row = await database.selectFrom('links').select('state').where('id', '=', id).executeTakeFirst()
    if (!row) return
    const { last_used_at } = JSON.parse(row.state) as LinkState
    if (last_used_at !== undefined && nowMs - Date.parse(last_used_at) < noteEveryMs) return
    const state = JSON.stringify({ last_used_at: new Date(nowMs).toISOString() })
    await database.updateTable('links').set({ state }).where('id', '=', id).execute()
  },
})
