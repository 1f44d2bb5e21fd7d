import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import type { Shared } from './shared.ts'

/** What the ids of visitors who keep none are made of: a secret for each day (UTC), which is thrown away after it. */
export type Salts = {
  /** The same for every process that shares them. */
  of(day: string): string
  close(): Promise<void>
}

const dayMs = 86_400_000
const lookEveryMs = 60_000
const dayOf = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 10)

export const freshSalt = (): string => randomBytes(32).toString('hex')

/**
 * Salts that the processes of a cluster have in common. Each has that of tomorrow before it begins, so that PostgreSQL may be away at
 * midnight; a process that has not had it for a whole day goes on with one of its own.
 */
export const sharedSalts = async (shared: Shared, logger: Logger, now = Date.now): Promise<Salts> => {
  const known = new Map<string, string>()
  const fetch = async (day: string): Promise<void> => {
    if (known.has(day)) return
    await shared
      .insertInto('salts')
      .values({ day, value: freshSalt() })
      .onConflict((conflict) => conflict.column('day').doNothing())
      .execute()
    const { value } = await shared.selectFrom('salts').select('value').where('day', '=', day).executeTakeFirstOrThrow()
    known.set(day, value)
  }
  const look = async (): Promise<void> => {
    const today = dayOf(now())
    await fetch(today)
    await fetch(dayOf(now() + dayMs))
    await shared.deleteFrom('salts').where('day', '<', today).execute()
    for (const day of known.keys()) if (day < today) known.delete(day)
  }
  await look()
  let looking = Promise.resolve()
  const timer = setInterval(() => {
    looking = look().catch((error: unknown) =>
      logger.warn({ err: error }, 'the salt of tomorrow could not be fetched; it is tried again in a minute'),
    )
  }, lookEveryMs)
  return {
    of: (day) => known.get(day) ?? freshSalt(),
    async close() {
      clearInterval(timer)
      await looking
    },
  }
}
