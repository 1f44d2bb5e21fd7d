import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Scope } from '@clickwatch/contract'
import { openEmbeddedStore } from '../../store/embedded.ts'
import { migrate } from '../../store/migrate.ts'
import type { Store } from '../../store/store.ts'
import { type Context, scopeOf } from '../scope.ts'
import { aliasesOf } from './aliases.ts'
import type { Question } from './question.ts'

// What the tests of this folder ask: a real store, and rows as the pipeline writes them.

/** An event as silver keeps it; what is left out is empty. */
export type StoredEvent = {
  site?: string
  event_id: string
  seq?: number
  /** Milliseconds since 1970. */
  time: number
  visitor_id: string
  session_id?: string
  type: string
  [column: string]: unknown
}
export type StoredVisit = {
  site?: string
  session_id: string
  visitor_id: string
  start: number
  end: number
  [column: string]: unknown
}

const lines = (rows: readonly object[]): Buffer => Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'))

export const site = 'shop'
export const nowMs = Date.UTC(2026, 5, 30, 12)

export type Fixture = {
  store: Store
  addEvents(rows: readonly StoredEvent[]): Promise<void>
  addVisits(rows: readonly StoredVisit[]): Promise<void>
  clear(): Promise<void>
  /** A question about everything of the site, in UTC, unless said otherwise. */
  question(scope?: Partial<Scope>, context?: Partial<Context>): Question
  close(): Promise<void>
}

export const openFixture = async (): Promise<Fixture> => {
  const folder = mkdtempSync(join(tmpdir(), 'clickwatch-behaviour-'))
  const store = openEmbeddedStore(folder)
  await migrate(store, async () => undefined)
  let inserts = 0
  const add = async (table: string, rows: readonly object[]): Promise<void> => {
    if (rows.length > 0) await store.insert(table, lines(rows), `insert ${inserts++}`)
  }
  return {
    store,
    addEvents: (rows) =>
      add(
        'silver.events',
        rows.map((row) => ({ site, session_id: `visit of ${row.visitor_id}`, sign: 1, version: 1, ...row })),
      ),
    addVisits: (rows) =>
      add(
        'silver.sessions',
        rows.map((row) => ({ site, sign: 1, version: 1, ...row })),
      ),
    async clear() {
      for (const table of ['events', 'events_by_visitor', 'sessions', 'sessions_by_visitor']) {
        await store.execute(`TRUNCATE TABLE silver.${table}`)
      }
    },
    question(scope, context) {
      const known = {
        timeZone: 'UTC',
        nowMs,
        weekStart: 1,
        currency: '',
        firstDate: '2026-01-01',
        goals: [],
        segments: [],
        ...context,
      }
      return {
        store,
        aliases: aliasesOf(Buffer.alloc(32, 7)),
        site: scope?.site_id ?? site,
        scope: scopeOf({ site_id: site, date_range: 'all', ...scope }, known),
        goals: known.goals,
        weekStart: known.weekStart,
        nowMs: known.nowMs,
      }
    },
    async close() {
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
