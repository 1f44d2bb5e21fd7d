import { type Ground, isOf, tableOf } from './ground.ts'
import { lakeTables, nameOf } from './tables.ts'
import { askFiles, filesAtOnce } from './write.ts'

/** What the lake holds of one visitor, by its tables: it may keep what the store has let go of. */
export const knownToLake = async (
  ground: Ground,
  site: string,
  visitor: string,
): Promise<Record<string, Record<string, unknown>[]>> => {
  const known: Record<string, Record<string, unknown>[]> = {}
  for (const table of lakeTables) {
    if (!table.ofVisitor) continue
    const paths = (await tableOf(ground, table).delta.latest()).files(isOf({ site })).map(({ path }) => path)
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
