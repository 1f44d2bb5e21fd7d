import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readStatement } from '../../packages/server/src/store/console/statement.ts'
import { migrate } from '../../packages/server/src/store/migrate.ts'
import { temporaryFolder } from '../fixtures/clickwatch.ts'
import { openTestStore } from '../fixtures/store.ts'

// That the rows of another site are there changes no answer and no error of the SQL console: of every way to fail on a value, on every
// kind of column, in every place of a question.

/** Tables whose rows are put together when they are read, and one whose rows are read as they are. */
const tables: Record<string, string[]> = {
  events: [
    ...['time', 'received_at', 'toStartOfHour(time)', 'type', 'path', 'title', 'visitor_id', 'session_id', 'seq'],
    ...['scroll_depth', 'revenue', "props['a']", 'country', 'visit_number'],
  ],
  excluded: ['time', 'reason', 'path', 'events'],
}
const failing: ((column: string) => string)[] = [
  (column) => `toInt64(toString(${column}))`,
  (column) => `intDiv(1, toInt64OrZero(toString(${column})) - 7)`,
  (column) => `intDiv(1, length(toString(${column})) - 6)`,
  (column) => `accurateCast(length(toString(${column})) + toInt64OrZero(toString(${column})), 'Bool')`,
  (column) => `toDecimal32(toFloat64OrZero(toString(${column})), 8)`,
  // Of what parts are told apart by, and nothing else.
  () => 'intDiv(1, toYYYYMM(time) - 202604)',
  (column) => `toUUID(toString(${column}))`,
  (column) => `parseDateTime(toString(${column}), '%Y')`,
  (column) =>
    `intDiv(1, toUnixTimestamp(toDateTime(toUInt32(time))) - toUInt32(${Date.parse('2026-04-01T12:00:00Z') / 1000})) + length(toString(${column}))`,
]
const places: ((value: string, table: string) => string)[] = [
  (value, table) => `SELECT count() FROM ${table} WHERE ${value} IS NOT NULL`,
  (value, table) => `SELECT count() FROM ${table} WHERE ${value} = 0`,
  (value, table) =>
    `SELECT count() FROM ${table} AS e JOIN ${table} AS f ON ${value.replaceAll(/\b(path|title|type|reason)\b/g, 'e.$1')} = ${value.replaceAll(/\b(path|title|type|reason)\b/g, 'f.$1')}`,
  (value, table) => `SELECT count() FROM ${table} PREWHERE toString(${value}) != ''`,
  (value, table) =>
    `SELECT ${value} AS v, count() FROM ${table} GROUP BY v HAVING toString(v) != '' ORDER BY v LIMIT 1`,
  (value, table) => `SELECT path FROM ${table} ORDER BY ${value} LIMIT 1`,
  (value, table) =>
    `SELECT count() FROM ${table} AS e JOIN (SELECT * FROM ${table}) AS f ON toString(${value}) = f.path`,
  (value, table) => `SELECT count() FROM ${table} WHERE path IN (SELECT toString(${value}) FROM ${table})`,
  (value, table) => `SELECT count() FROM (SELECT * FROM ${table}) WHERE ${value} IS NOT NULL AND path != ''`,
  (value, table) => `SELECT each FROM ${table} ARRAY JOIN [toString(${value})] AS each LIMIT 1`,
  (value, table) => `SELECT row_number() OVER (PARTITION BY ${value} ORDER BY path) FROM ${table} LIMIT 1`,
  (value, table) => `SELECT path FROM ${table} QUALIFY rank() OVER (ORDER BY ${value}) = 1 LIMIT 1`,
  (value, table) => `SELECT path FROM ${table} LIMIT 1 BY ${value}`,
  (value, table) =>
    `SELECT uniqExactIf(path, toString(${value}) != '') FROM ${table} UNION ALL SELECT count() FROM ${table} WHERE ${value} IS NULL`,
]

const viewed = (site: string, index: number, value: string, month: string) => ({
  site,
  event_id: `${site}-${index}`,
  seq: index,
  time: `2026-${month}-01 12:00:00`,
  received_at: `2026-${month}-01 12:00:00`,
  visitor_id: value,
  session_id: value,
  type: value,
  path: value,
  title: value,
  country: value,
  props: { a: value },
  revenue: index,
  scroll_depth: index,
  visit_number: index,
  sign: 1,
  version: 1,
})

it('is held in every place of a question', async () => {
  const folder = temporaryFolder()
  const store = await openTestStore(join(folder, 'store'))
  try {
    await migrate(store, async () => undefined)
    const bounds = { seconds: 30, memoryBytes: 1e9, rows: 1e9, resultRows: 1000, resultBytes: 1e6 }
    const outcomeOf = async (sql: string): Promise<string> => {
      try {
        const text = await readStatement(store, sql)
        const answer = await store.own({ site: 'shop', sql: text, format: 'JSONCompactEachRow', bounds })
        // The parts of a UNION are answered in any order.
        return `answered ${answer.toString().split('\n').sort().join('\n')}`
      } catch (error) {
        return `refused ${error instanceof Error ? error.message : String(error)}`
      }
    }
    const insert = async (rows: ReturnType<typeof viewed>[], token: string) => {
      const excluded = rows.map(({ site, time, title, path, seq }) => ({
        site,
        time,
        reason: title,
        path,
        events: seq,
      }))
      const lines = (of: object[]) => Buffer.from(of.map((row) => JSON.stringify(row)).join('\n'))
      await store.insert('silver.events', lines(rows), token)
      await store.insert('silver.excluded', lines(excluded), token)
    }
    const all = Object.entries(tables).flatMap(([table, columns]) =>
      columns.flatMap((column) => failing.flatMap((fails) => places.map((place) => place(fails(column), table)))),
    )
    const questions = [...new Set(all)]
    await insert([viewed('shop', 1, '1', '03'), viewed('shop', 2, '2', '03')], 'shop')
    const alone = new Map<string, string>()
    for (const sql of questions) alone.set(sql, await outcomeOf(sql))
    // The same month and another one, values that fail where those of the shop do not, and some that are told in the error.
    await insert(
      [viewed('other', 7, 'SECRET', '03'), viewed('other', 8, '7', '04'), viewed('other', 9, '12345678901234', '05')],
      'other',
    )
    const differing: string[] = []
    for (const sql of questions) if ((await outcomeOf(sql)) !== alone.get(sql)) differing.push(sql)
    expect(differing).toEqual([])
    const answered = [...alone.values()].filter((outcome) => outcome.startsWith('answered')).length
    // Were all of them refused, nothing would be shown by that.
    expect(answered).toBeGreaterThan(questions.length / 4)
  } finally {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
