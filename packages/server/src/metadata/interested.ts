import { randomUUID } from 'node:crypto'
import type { Interested } from '@clickwatch/contract'
import { ClickWatchError } from '../errors.ts'
import type { Metadata } from './database.ts'

/**
 * Who left an address on an idea's door page. This is personal data: it is kept for the owner to write to them, tied to no visitor, and
 * gone when it is erased.
 */
export type InterestedPeople = {
  /** The latest last. */
  list(idea: string): Promise<Interested[]>
  /** The same address twice is one. */
  add(idea: string, address: string, at: string): Promise<void>
  /** Erases one, or all; of an idea that has no such, 404 not_found. */
  erase(idea: string, id?: string): Promise<void>
}

type Body = { address: string }

export const interestedOf = (database: Metadata): InterestedPeople => {
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
      const same = (await list(idea)).some((each) => each.address.toLowerCase() === address.toLowerCase())
      if (same) return
      const body = JSON.stringify({ address } satisfies Body)
      await database.insertInto('interested').values({ id: randomUUID(), idea, at, body }).execute()
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
