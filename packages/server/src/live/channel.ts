import { sql } from 'kysely'
import type { Logger } from 'pino'
import type { Metadata } from '../metadata/database.ts'
import { listenTo } from '../metadata/postgres.ts'
import type { LiveHub } from './hub.ts'

const channel = 'clickwatch_live'
/** PostgreSQL takes less than 8,000 bytes at once. */
const sitesAtOnce = 40

type Change = [site: string, events: number]

/** Tells the dashboards of all API processes what a stored batch changed. Who misses it hears of the next one. */
export const announceTo =
  (metadata: Metadata, logger: Logger) =>
  async (newEvents: ReadonlyMap<string, number>): Promise<void> => {
    const changes: Change[] = [...newEvents]
    try {
      for (let first = 0; first < changes.length; first += sitesAtOnce) {
        const payload = JSON.stringify(changes.slice(first, first + sitesAtOnce))
        await sql`SELECT pg_notify(${channel}, ${payload})`.execute(metadata)
      }
    } catch (error) {
      logger.warn({ err: error }, 'open dashboards could not be told of a change')
    }
  }

/** Has `hub` tell its dashboards what pipelines anywhere have changed. */
export const hearOf = (databaseUrl: string, hub: LiveHub, logger: Logger): { close(): Promise<void> } =>
  listenTo(databaseUrl, channel, {
    told: (payload) => hub.publish(new Map(JSON.parse(payload) as Change[])),
    back: () => hub.publishToAll(),
    lost: (reason) => logger.warn(`what changes is not heard of (${reason}); trying again`),
  })
