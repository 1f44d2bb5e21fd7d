import type { Store } from './store.ts'

/** What a view of gold is made by, of some rows of its table: a SELECT, or one in brackets. */
export const selectFrom = async (store: Store, view: string, from: string, some: string): Promise<string> => {
  const [row] = await store.query<{ as_select: string }>(
    "SELECT as_select FROM system.tables WHERE database = 'gold' AND name = {view:String}",
    { view },
  )
  if (!row) throw new Error(`gold.${view} is missing`)
  return row.as_select.replace(`FROM ${from}`, `FROM ${some} AS ${from.split('.')[1]}`)
}

const timeOf = { 'silver.events': 'time', 'silver.sessions': 'start' } as const

/**
 * Makes gold anew from silver, day by day, which takes the memory of a day; what is rolled up of gold follows by its views. Cut off, it is
 * done again from the beginning. Days of which silver is no longer kept are not in gold any more.
 * @param onDay gets each day that is done
 */
export const refillGold = async (store: Store, onDay: (day: string) => void): Promise<void> => {
  const tables = await store.query<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = 'gold' AND engine != 'MaterializedView'",
  )
  for (const { name } of tables) await store.execute(`TRUNCATE TABLE gold.${name} SYNC`)
  const views = await store.query<{ name: string; sql: string }>(
    "SELECT name, create_table_query AS sql FROM system.tables WHERE database = 'gold' AND engine = 'MaterializedView' ORDER BY name",
  )
  for (const from of ['silver.events', 'silver.sessions'] as const) {
    const time = timeOf[from]
    const days = await store.query<{ day: string }>(
      `SELECT DISTINCT toString(toDate(${time})) AS day FROM ${from} ORDER BY day`,
    )
    const ofThis = views.filter(({ sql }) => sql.includes(`FROM ${from}`))
    for (const { day } of days) {
      for (const { name, sql } of ofThis) {
        const [, table = ''] = / TO (gold\.\w+)/.exec(sql) ?? []
        const some = `(SELECT * FROM ${from} FINAL WHERE ${time} >= toDateTime64({day:String}, 3, 'UTC') AND ${time} < toDateTime64({day:String}, 3, 'UTC') + INTERVAL 1 DAY)`
        const rows = await selectFrom(store, name, from, some)
        await store.execute(`INSERT INTO ${table} ${rows} SETTINGS insert_deduplicate = 0`, { day })
      }
      onDay(day)
    }
  }
}
