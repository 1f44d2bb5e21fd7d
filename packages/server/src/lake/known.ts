import { ClickWatchError } from '../errors.ts'
import { type Ground, isOf, openExisting } from './ground.ts'
import { type LakeTable, lakeTables, nameOf } from './tables.ts'
import { askFiles, filesAtOnce } from './write.ts'

/** A table that is not there yet has none. */
const filesOf = async (ground: Pick<Ground, 'place'>, table: LakeTable, site: string): Promise<string[]> => {
  try {
    const { known } = await openExisting(ground, table)
    return known.files(isOf({ site })).map(({ path }) => path)
  } catch (error) {
    if (error instanceof ClickWatchError && error.code === 'no_lake') return []
    throw error
  }
}

/** What the lake holds of one visitor, by its tables: it may keep what the store has let go of. */
export const knownToLake = async (
  ground: Pick<Ground, 'store' | 'place'>,
  site: string,
  visitor: string,
): Promise<Record<string, Record<string, unknown>[]>> => {
  const known: Record<string, Record<string, unknown>[]> = {}
  for (const table of lakeTables) {
    if (!table.ofVisitor) continue
    const paths = await filesOf(ground, table, site)
    const rows: Record<string, unknown>[] = []
    for (let from = 0; from < paths.length; from += filesAtOnce) {
      const [first, ...others] = paths.slice(from, from + filesAtOnce)
      if (first === undefined) break
      const ask = (files: string) => `SELECT * FROM ${files} WHERE ${table.ofVisitor}`
      rows.push(...(await askFiles<Record<string, unknown>>(ground, table, [first, ...others], ask, { visitor })))
    }
    known[nameOf(table)] = rows
  }
  return known
}
