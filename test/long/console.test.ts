import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readStatement } from '../../packages/server/src/store/console/statement.ts'
import { migrate } from '../../packages/server/src/store/migrate.ts'
import { temporaryFolder } from '../fixtures/clickwatch.ts'
import { openTestStore } from '../fixtures/store.ts'

// That the rows of another site are there changes no answer and no error of the SQL console: of every way to fail on a value, on every
// kind of column, in every place of a question.

const columns = [
  ...['time', 'received_at', 'toStartOfHour(time)', 'type', 'path', 'title', 'visitor_id', 'session_id', 'seq'],
  ...['scroll_depth', 'revenue', "props['a']", 'country', 'visit_number'],
]
const failing: ((column: string) => string)[] = [
  (column) => `toInt64(toString(${column}))`,
  (column) => `intDiv(1, toInt64OrZero(toString(${column})) - 7)`,
  (column) => `intDiv(1, length(toString(${column})) - 6)`,
  (column) => `accurateCast(length(toString(${column})) + toInt64OrZero(toString(${column})), 'Bool')`,
  (column) => `toDecimal32(toFloat64OrZero(toString(${column})), 8)`,
  (column) => `toUUID(toString(${column}))`,
  (column) => `parseDateTime(toString(${column}), '%Y')`,
  (column) =>
    `intDiv(1, toUnixTimestamp(toDateTime(toUInt32(time))) - toUInt32(${Date.parse('2026-04-01T12:00:00Z') / 1000})) + length(toString(${column}))`,
]
const places: ((value: string) => string)[] = [
  (value) => `SELECT count() FROM events WHERE ${value} IS NOT NULL`,
  (value) => `SELECT count() FROM events PREWHERE toString(${value}) != ''`,
  (value) => `SELECT ${value} AS v, count() FROM events GROUP BY v HAVING toString(v) != '' ORDER BY v LIMIT 1`,
  (value) => `SELECT path FROM events ORDER BY ${value} LIMIT 1`,
  (value) => `SELECT count() FROM events AS e JOIN (SELECT * FROM events) AS f ON toString(${value}) = f.title`,
  (value) => `SELECT count() FROM events WHERE title IN (SELECT toString(${value}) FROM events)`,
  (value) => `SELECT count() FROM (SELECT * FROM events) WHERE ${value} IS NOT NULL AND type != ''`,
  (value) => `SELECT each FROM events ARRAY JOIN [toString(${value})] AS each LIMIT 1`,
  (value) => `SELECT row_number() OVER (PARTITION BY ${value} ORDER BY path) FROM events LIMIT 1`,
  (value) => `SELECT path FROM events QUALIFY rank() OVER (ORDER BY ${value}) = 1 LIMIT 1`,
  (value) => `SELECT title FROM events LIMIT 1 BY ${value}`,
  (value) =>
    `SELECT uniqExactIf(path, toString(${value}) != '') FROM events UNION ALL SELECT count() FROM events WHERE ${value} IS NULL`,
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
    const insert = (rows: object[], token: string) =>
      store.insert('silver.events', Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n')), token)
    const questions = columns.flatMap((column) =>
      failing.flatMap((fails) => places.map((place) => place(fails(column)))),
    )
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
