import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Logger } from 'pino'
import type { Shared } from './shared.ts'

/** A lease as it stands; `epoch` rises each time that it is taken. */
export type Lease = { name: string; owner: string; epoch: number; isOver: boolean }

/**
 * What this process takes for itself for a while, so that no two do the same at once. PostgreSQL's clock says whose a lease is; this
 * process takes it for lost a little before, whatever happened to it meanwhile.
 */
export type Leases = {
  readonly owner: string
  /**
   * Takes a lease that nobody has; its epoch, also where this process had it; undefined where another has it.
   * @param lastsMs how long it is this process's without being renewed
   */
  take(name: string, lastsMs?: number): Promise<number | undefined>
  /** The epoch of a lease that is surely this process's at this moment. */
  has(name: string): number | undefined
  /**
   * Makes the epoch of a lease that this process has a higher one than some other; that of who takes it later is higher still.
   * @returns the epoch; undefined where another has it
   */
  raise(name: string, above: number): Promise<number | undefined>
  /** Lets others have it at once. */
  release(...names: string[]): Promise<void>
  /** Lets it run out without a release, as if this process had died: what was done under it is to be put in order. */
  abandon(name: string): void
  /** Everything that anybody has, and what was neither renewed nor released: its owner died over it. */
  all(): Promise<Lease[]>
  /** Lets go of everything. */
  close(): Promise<void>
}

/** How long a lease that is not renewed is somebody's, where nothing else is said. */
export const leaseMs = 6000
const renewEveryMs = 1500
/** What clocks may differ by within one lease. */
const marginMs = 500
/** What each pipeline has under a name of its own, so that they know how many they are. */
export const memberPrefix = 'member/'

const now = sql<Date>`clock_timestamp()`
const nobody = ''

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
  const held = new Map<string, { epoch: number; lastsMs: number; renewed: Moment }>()

  const has = (name: string): number | undefined => {
    const lease = held.get(name)
    return lease && isWithin(lease.renewed, lease.lastsMs - marginMs) ? lease.epoch : undefined
  }

  const renew = async (): Promise<void> => {
    const renewed = moment()
    const rows = await shared
      .updateTable('leases')
      .set({ until: sql<Date>`clock_timestamp() + make_interval(secs => lasts_ms / 1000.0)` })
      .where('owner', '=', owner)
      .where('name', 'in', [...held.keys()])
      .where('until', '>', now)
      .returning(['name', 'epoch'])
      .execute()
    const kept = new Map(rows.map(({ name, epoch }) => [name, Number(epoch)]))
    for (const [name, lease] of held) if (kept.get(name) === lease.epoch) lease.renewed = renewed
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
      .set({ owner: nobody, until: now })
      .where('owner', '=', owner)
      .where('name', 'in', names)
      .execute()
  }

  return {
    owner,
    has,
    async take(name, lastsMs = leaseMs) {
      const mine = has(name)
      if (mine !== undefined) return mine
      const renewed = moment()
      const taken = await sql<{ epoch: string }>`
        INSERT INTO leases (name, owner, epoch, lasts_ms, until)
        VALUES (${name}, ${owner}, 1, ${lastsMs}, clock_timestamp() + make_interval(secs => ${lastsMs / 1000}))
        ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, epoch = leases.epoch + 1, lasts_ms = excluded.lasts_ms,
          until = clock_timestamp() + make_interval(secs => ${lastsMs / 1000})
        WHERE leases.until <= clock_timestamp()
        RETURNING epoch`.execute(shared)
      const [row] = taken.rows
      if (!row) return undefined
      const epoch = Number(row.epoch)
      held.set(name, { epoch, lastsMs, renewed })
      return epoch
    },
    async raise(name, above) {
      const lease = held.get(name)
      // Where the answer is lost, nobody knows which epoch it is: it runs out.
      held.delete(name)
      const raised = await sql<{ epoch: string }>`
        UPDATE leases SET epoch = GREATEST(epoch, ${above}::bigint + 1)
        WHERE name = ${name} AND owner = ${owner} AND epoch = ${lease?.epoch ?? 0} AND until > clock_timestamp()
        RETURNING epoch`.execute(shared)
      const [row] = raised.rows
      if (!row || !lease) return undefined
      const epoch = Number(row.epoch)
      held.set(name, { ...lease, epoch })
      return epoch
    },
    release,
    abandon: (name) => {
      held.delete(name)
    },
    async all() {
      const rows = await shared
        .selectFrom('leases')
        .select(['name', 'owner', 'epoch', sql<boolean>`until <= clock_timestamp()`.as('isOver')])
        .where('owner', '!=', nobody)
        .orderBy('name')
        .execute()
      return rows.map((lease) => ({ ...lease, epoch: Number(lease.epoch) }))
    },
    async close() {
      clearInterval(timer)
      await renewing
      await release(...held.keys())
      await sql`DELETE FROM leases WHERE name LIKE ${`${memberPrefix}%`} AND until <= clock_timestamp()`.execute(shared)
    },
  }
}
