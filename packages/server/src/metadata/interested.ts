import { randomUUID } from 'node:crypto'
import type { Interested } from '@clickwatch/contract'
import { LRUCache } from 'lru-cache'
import { ClickWatchError } from '../errors.ts'
import type { Metadata } from './database.ts'

/**
 * Who left an address on an idea's door page. This is personal data: it is kept for the owner to write to them, tied to no visitor, and
 * gone when it is erased.
 */
export type InterestedPeople = {
  /** The latest last. */
  list(idea: string): Promise<Interested[]>
  /**
   * The same address twice is one.
   * @throws {ClickWatchError} 409 too_many_addresses
   */
  add(idea: string, address: string, at: string): Promise<void>
  /** Erases one, or all; of an idea that has no such, 404 not_found. */
  erase(idea: string, id?: string): Promise<void>
}

/** Of one idea; whoever has so many does not write to them by hand, and anybody may leave some. */
export const mostAddresses = 100_000
/** So long a count of them is believed. */
const countedMs = 60_000

type Body = { address: string }

export const interestedOf = (
  database: Metadata,
  most = mostAddresses,
  now: () => number = Date.now,
): InterestedPeople => {
  // Nobody can have all of them counted with each that is left.
  const counts = new LRUCache<string, { count: number; atMs: number }>({ max: 1000 })
  const countOf = async (idea: string): Promise<number> => {
    const known = counts.get(idea)
    if (known && now() - known.atMs < countedMs) return ++known.count
    const { count } = await database
      .selectFrom('interested')
      .select((all) => all.fn.countAll().as('count'))
      .where('idea', '=', idea)
      .executeTakeFirstOrThrow()
    counts.set(idea, { count: Number(count) + 1, atMs: now() })
    return Number(count) + 1
  }
  const list = async (idea: string): Promise<Interested[]> => {
    const rows = await database
      .selectFrom('interested')
      .selectAll()
      .where('idea', '=', idea)
      .orderBy('at')
      .orderBy('id')
      .execute()
    return rows.map(({ id, at, body }) => ({ id, at, ...(JSON.parse(body) as Body) }))
  }
  return {
    list,
    async add(idea, address, at) {
      if ((await countOf(idea)) > most) {
        throw new ClickWatchError('too_many_addresses', 409, 'This idea has as many addresses as are kept.')
      }
      const body = JSON.stringify({ address } satisfies Body)
      await database
        .insertInto('interested')
        .values({ id: randomUUID(), idea, at, address_key: address.toLowerCase(), body })
        .onConflict((conflict) => conflict.columns(['idea', 'address_key']).doNothing())
        .execute()
    },
    async erase(idea, id) {
      const all = database.deleteFrom('interested').where('idea', '=', idea)
      const { numDeletedRows } = await (id === undefined ? all : all.where('id', '=', id)).executeTakeFirstOrThrow()
      if (id !== undefined && numDeletedRows === 0n) {
        throw new ClickWatchError('not_found', 404, 'This idea has no such address.')
      }
    },
  }
}
