import { randomUUID } from 'node:crypto'
import type { NewAlert, NewReport } from '@clickwatch/contract'
import { ClickWatchError } from '../errors.ts'
import type { Metadata } from './database.ts'
import type { KeptOf } from './kept.ts'
import type { Noted } from './schema.ts'

type NotedThing<Body, State> = Body & State & { id: string; created_at: string }

/** What is kept of a noun of which the server notes something by itself: when it was sent, what went wrong. */
export type NotedOf<Body extends object, State extends object> = KeptOf<Body> & {
  list(site: string): Promise<NotedThing<Body, State>[]>
  /** Of every site. */
  all(): Promise<(NotedThing<Body, State> & { site: string })[]>
  /** @throws {ClickWatchError} 404 not_found */
  get(site: string, id: string): Promise<NotedThing<Body, State>>
  /** Changes what `change` names of what is noted, of what is still there. */
  note(id: string, change: Partial<State>): Promise<void>
}

/**
 * A noun's table as a site sees it.
 * @param noun in the singular, for people
 * @param initial what is noted of one that is new, or has become another
 */
export const notedOf = <Body extends { name: string }, State extends object>(
  database: Metadata,
  table: 'reports' | 'alerts',
  noun: string,
  initial: State,
): NotedOf<Body, State> => {
  const missing = () => new ClickWatchError('not_found', 404, `This site has no such ${noun}.`)
  const read = ({ id, body, state, created_at }: Noted): NotedThing<Body, State> => ({
    ...(JSON.parse(body) as Body),
    ...initial,
    ...(JSON.parse(state) as Partial<State>),
    id,
    created_at,
  })
  return {
    async list(site) {
      const rows = await database
        .selectFrom(table)
        .selectAll()
        .where('site', '=', site)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      return rows.map(read)
    },
    async all() {
      const rows = await database.selectFrom(table).selectAll().orderBy('created_at').execute()
      return rows.map((row) => ({ ...read(row), site: row.site }))
    },
    async get(site, id) {
      const query = database.selectFrom(table).selectAll().where('site', '=', site).where('id', '=', id)
      const row = await query.executeTakeFirst()
      if (!row) throw missing()
      return read(row)
    },
    async add(site, body) {
      const row = {
        id: randomUUID(),
        site,
        name: body.name,
        body: JSON.stringify(body),
        state: '{}',
        created_at: new Date().toISOString(),
      }
      await database.insertInto(table).values(row).execute()
      return read(row)
    },
    async replace(site, id, body) {
      const row = await database
        .updateTable(table)
        .set({ name: body.name, body: JSON.stringify(body), state: '{}' })
        .where('site', '=', site)
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst()
      if (!row) throw missing()
      return read(row)
    },
    async note(id, change) {
      const row = await database.selectFrom(table).select('state').where('id', '=', id).executeTakeFirst()
      if (!row) return
      const state = JSON.stringify({ ...(JSON.parse(row.state) as Partial<State>), ...change })
      await database.updateTable(table).set({ state }).where('id', '=', id).execute()
    },
    async remove(site, id) {
      const { numDeletedRows } = await database
        .deleteFrom(table)
        .where('site', '=', site)
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      if (numDeletedRows === 0n) throw missing()
    },
  }
}

export type ReportState = { last_sent_at: string | null; last_error: string | null }
export type AlertState = { last_fired_at: string | null; last_error: string | null; is_on: boolean }
export type Reports = NotedOf<NewReport, ReportState>
export type Alerts = NotedOf<NewAlert, AlertState>

export const reportsOf = (database: Metadata): Reports =>
  notedOf(database, 'reports', 'report', { last_sent_at: null, last_error: null })
export const alertsOf = (database: Metadata): Alerts =>
  notedOf(database, 'alerts', 'alert', { last_fired_at: null, last_error: null, is_on: false })
