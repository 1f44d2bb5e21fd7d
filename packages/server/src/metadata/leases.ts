import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Logger } from 'pino'
import type { Shared } from './shared.ts'

/** A lease that somebody has at this moment; `epoch` rises each time that it is taken. */
export type Lease = { name: string; owner: string; epoch: number }

/**
 * What this process takes for itself for a while, so that no two do the same at once. PostgreSQL's clock says whose a lease is; this
 * process takes it for lost a little before, whatever happened to it meanwhile.
 */
export type Leases = {
  readonly owner: string
  /** Takes a lease that nobody has; its epoch, also where this process had it; undefined where another has it. */
  take(name: string): Promise<number | undefined>
  /** The epoch of a lease that is surely this process's at this moment. */
  has(name: string): number | undefined
  /** Lets others have it at once. */
  release(...names: string[]): Promise<void>
  /** Everything that anybody has. */
  all(): Promise<Lease[]>
  /** Lets go of everything. */
  close(): Promise<void>
}

/** How long a lease that is not renewed is somebody's. */
export const leaseMs = 6000
const renewEveryMs = 1500
/** What clocks may differ by within one lease. */
const marginMs = 500
/** Names of processes that are gone are no use to anybody. */
const forgottenAfter = '1 hour'

const now = sql<Date>`clock_timestamp()`
const lasting = sql<Date>`clock_timestamp() + make_interval(secs => ${leaseMs / 1000})`

// The one stands still while the machine sleeps, the other may be set.
type Moment = { runningMs: number; clockMs: number }
const moment = (): Moment => ({ runningMs: performance.now(), clockMs: Date.now() })
const isWithin = (since: Moment, limitMs: number): boolean => {
  const { runningMs, clockMs } = moment()
  return runningMs - since.runningMs < limitMs && clockMs - since.clockMs < limitMs
}

/** Begins to keep leases for this process, under a name that no other has or had. */
export const openLeases = (shared: Shared, logger: Logger): Leases => {
  const owner = randomUUID()
  const held = new Map<string, { epoch: number; renewed: Moment }>()

  const has = (name: string): number | undefined => {
    const lease = held.get(name)
    return lease && isWithin(lease.renewed, leaseMs - marginMs) ? lease.epoch : undefined
  }

  const renew = async (): Promise<void> => {
    const renewed = moment()
    const rows = await shared
      .updateTable('leases')
      .set({ until: lasting })
      .where('owner', '=', owner)
      .where('until', '>', now)
      .returning(['name', 'epoch'])
      .execute()
    const kept = new Map(rows.map(({ name, epoch }) => [name, Number(epoch)]))
    for (const [name, { epoch }] of held) {
      if (kept.get(name) === epoch) held.set(name, { epoch, renewed })
    }
  }
  let renewing: Promise<void> | undefined
  const timer = setInterval(() => {
    // What is not renewed ends by itself.
    renewing ??= (held.size === 0 ? Promise.resolve() : renew())
      .catch((error: unknown) => logger.warn({ err: error }, 'what this process keeps for itself could not be renewed'))
      .finally(() => {
        renewing = undefined
      })
  }, renewEveryMs)

  const release = async (...names: string[]): Promise<void> => {
    for (const name of names) held.delete(name)
    if (names.length === 0) return
    await shared
      .updateTable('leases')
      .set({ until: now })
      .where('owner', '=', owner)
      .where('name', 'in', names)
      .execute()
  }

  return {
    owner,
    has,
    async take(name) {
      const mine = has(name)
      if (mine !== undefined) return mine
      const renewed = moment()
      const taken = await sql<{ epoch: string }>`
        INSERT INTO leases (name, owner, epoch, until) VALUES (${name}, ${owner}, 1, ${lasting})
        ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, epoch = leases.epoch + 1, until = ${lasting}
        WHERE leases.until <= clock_timestamp()
        RETURNING epoch`.execute(shared)
      const [row] = taken.rows
      if (!row) return undefined
      const epoch = Number(row.epoch)
      held.set(name, { epoch, renewed })
      return epoch
    },
    release,
    async all() {
      const rows = await shared
        .selectFrom('leases')
        .select(['name', 'owner', 'epoch'])
        .where('until', '>', now)
        .orderBy('name')
        .execute()
      return rows.map(({ name, owner, epoch }) => ({ name, owner, epoch: Number(epoch) }))
    },
    async close() {
      clearInterval(timer)
      await renewing
      await release(...held.keys())
      await sql`DELETE FROM leases WHERE name LIKE 'member/%' AND until < clock_timestamp() - ${forgottenAfter}::interval`.execute(
        shared,
      )
    },
  }
}
