import { randomUUID } from 'node:crypto'
import type { NewGoal } from '@clickwatch/contract'
import { ClickWatchError } from '../errors.ts'
import type { Metadata } from './database.ts'
import type { Kept } from './schema.ts'

type KeptTable = 'goals' | 'segments' | 'annotations' | 'funnels'

/** What is kept of a noun, by site. `Body` is its contract, without what is made here. */
export type KeptOf<Body extends object> = {
  /** The latest last. */
  list(site: string): Promise<(Body & { id: string; created_at: string })[]>
  add(site: string, body: Body): Promise<Body & { id: string; created_at: string }>
  /** @throws {ClickWatchError} 404 not_found */
  replace(site: string, id: string, body: Body): Promise<Body & { id: string; created_at: string }>
  /** @throws {ClickWatchError} 404 not_found */
  remove(site: string, id: string): Promise<void>
}

const read = <Body extends object>({ id, body, created_at }: Kept) => ({
  ...(JSON.parse(body) as Body),
  id,
  created_at,
})

/**
 * A noun's table as a site sees it.
 * @param noun in the singular, for people
 * @param nameOf what has to be unique within the site; undefined where nothing has
 */
export const keptOf = <Body extends object>(
  database: Metadata,
  table: KeptTable,
  noun: string,
  nameOf?: (body: Body) => string,
): KeptOf<Body> => {
  const missing = () => new ClickWatchError('not_found', 404, `This site has no such ${noun}.`)
  const refuseSecond = async (site: string, name: string, id: string): Promise<void> => {
    if (!nameOf) return
    const other = await database
      .selectFrom(table)
      .select('id')
      .where('site', '=', site)
      .where('name', '=', name)
      .where('id', '!=', id)
      .executeTakeFirst()
    if (other) throw new ClickWatchError('name_taken', 409, `This site has a ${noun} of that name.`, { field: 'name' })
  }
  return {
    async list(site) {
      const rows = await database
        .selectFrom(table)
        .selectAll()
        .where('site', '=', site)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      return rows.map(read<Body>)
    },
    async add(site, body) {
      const name = nameOf?.(body) ?? ''
      await refuseSecond(site, name, '')
      const row = { id: randomUUID(), site, name, body: JSON.stringify(body), created_at: new Date().toISOString() }
      await database.insertInto(table).values(row).execute()
      return read<Body>(row)
    },
    async replace(site, id, body) {
      const name = nameOf?.(body) ?? ''
      await refuseSecond(site, name, id)
      const row = await database
        .updateTable(table)
        .set({ name, body: JSON.stringify(body) })
        .where('site', '=', site)
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst()
      if (!row) throw missing()
      return read<Body>(row)
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

export const goalsOf = (database: Metadata): KeptOf<NewGoal> =>
  keptOf<NewGoal>(database, 'goals', 'goal', ({ name }) => name)
