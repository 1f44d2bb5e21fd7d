import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../../../test/fixtures/clickwatch.ts'
import { openTestStore } from '../../../../../test/fixtures/store.ts'
import { migrate } from '../migrate.ts'
import type { OwnBounds, Store } from '../store.ts'
import { mayBeCalled } from './functions.ts'
import { readStatement } from './statement.ts'
import { consoleTables, describeConsole } from './tables.ts'

// Runs over ClickHouse in the process and, with the others of its kind, over ClickHouse servers.

const folder = temporaryFolder()
const bounds: OwnBounds = { seconds: 10, memoryBytes: 5e8, rows: 1e7, resultRows: 1000, resultBytes: 1e6 }
let store: Store
/** Seconds of work, of which little has to be held. */
const slow = 'SELECT max(SHA256(SHA256(SHA256(SHA256(toString(number)))))) FROM numbers(9000000)'

const viewed = (site: string, index: number, title: string) => ({
  site,
  event_id: `${site}-${index}`,
  time: '2026-03-01 12:00:00',
  received_at: '2026-03-01 12:00:00',
  visitor_id: `${site}-visitor-${index}`,
  session_id: `${site}-session-${index}`,
  // Part of the key that rows are sorted by, which is looked at before rows are.
  type: title === 'SECRET' ? 'SECRET' : '1',
  path: `/${site}`,
  title,
  sign: 1,
  version: 1,
})

const ask = async (sql: string, changes: Partial<OwnBounds> = {}, site = 'shop'): Promise<unknown[][]> => {
  const text = await readStatement(store, sql)
  const answer = await store.own({ site, sql: text, format: 'JSONCompact', bounds: { ...bounds, ...changes } })
  return (JSON.parse(answer.toString()) as { data: unknown[][] }).data
}

/** Questions whose conditions would fail, and say with what, were they tried on a row, a part or an index of another site. */
const probes = [
  'SELECT count() FROM events WHERE toInt64(title) > 0',
  'SELECT count() FROM events PREWHERE toInt64(title) > 0',
  'SELECT count() FROM (SELECT toInt64(title) AS n FROM events) WHERE n > 0',
  "SELECT max(toInt64(title)) FROM events WHERE time > '2020-01-01' ORDER BY 1",
  'SELECT count() FROM events e JOIN events f ON toInt64(e.title) = toInt64(f.title)',
  "SELECT sum(intDiv(1, title != 'SECRET')) FROM events",
  'SELECT count() FROM events WHERE toInt64(type) > 0',
  'SELECT count() FROM events WHERE toInt64(type) IN (1, 2)',
  'SELECT count() FROM events WHERE toInt64(toString(type)) BETWEEN 0 AND 5 AND time > 0',
  'SELECT count() FROM events WHERE intDiv(1, length(type) - 6) = 0',
  'SELECT count() FROM events WHERE intDiv(1, toYYYYMM(time) - 202604) = 0',
  // The least and the most of a part, which are exactly those of the other site.
  `SELECT count() FROM events WHERE intDiv(1000, toUnixTimestamp(time) - ${Date.parse('2026-04-01T12:00:00Z') / 1000}) > 5`,
  `SELECT count() FROM events WHERE 1000 % (toUnixTimestamp(time) - ${Date.parse('2026-04-01T12:00:00Z') / 1000}) > 5`,
  'SELECT count() FROM events WHERE toDecimal64(toUnixTimestamp(time), 8) > 5',
  "SELECT count() FROM events WHERE accurateCast(toMonth(time), 'Bool') AND time < '2027-01-01'",
  "SELECT count() FROM events WHERE accurateCast(toUnixTimestamp(time) - 1772366400, 'UInt8') = 0",
  'SELECT min(toInt64(type)), max(type) FROM events',
  'SELECT toInt64(type) AS n FROM events ORDER BY n LIMIT 1',
  'SELECT count() FROM events WHERE (type, title) IN (SELECT toString(toInt64(type)), title FROM events)',
  'SELECT DISTINCT toInt64(type) FROM events LIMIT 1 BY toInt64(type)',
  'SELECT count() FROM (SELECT * FROM events ORDER BY time LIMIT 5) WHERE toInt64(title) > 0',
  'SELECT sumIf(toInt64(title), toInt64(type) > 0) FROM events GROUP BY toStartOfHour(time) WITH ROLLUP',
  'SELECT toInt64(title) AS n, count() FROM events GROUP BY n HAVING n > 0 ORDER BY n LIMIT 1',
]
/** How each is answered while only one site is there. */
const alone = new Map<string, unknown>()
const outcomeOf = (sql: string): Promise<unknown> =>
  ask(sql).catch((error: unknown) => (error instanceof Error ? error.message : error))

beforeAll(async () => {
  store = await openTestStore(join(folder, 'store'))
  await migrate(store, async () => undefined)
  const insert = (rows: object[], token: string) =>
    store.insert('silver.events', Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n')), token)
  await insert([viewed('shop', 1, '1'), viewed('shop', 2, '2')], 'shop')
  for (const sql of probes) alone.set(sql, await outcomeOf(sql))
  await insert(
    [viewed('other', 1, 'SECRET'), { ...viewed('other', 2, 'SECRET'), time: '2026-04-01 12:00:00' }],
    'other',
  )
})
afterAll(async () => {
  await store?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What is run though nobody has looked at it: what is left then is what ClickHouse itself lets the account do. */
const runUnread = (sql: string) => store.own({ site: 'shop', sql, format: 'JSONCompact', bounds })

describe("somebody's own SELECT", () => {
  it('reads the rows of its site', async () => {
    expect(await ask('SELECT path, count() FROM events GROUP BY path')).toEqual([['/shop', 2]])
    expect(await ask('SELECT uniqExact(visitor_id) FROM events', {}, 'other')).toEqual([[2]])
    expect(await ask('SELECT count() FROM events', {}, 'nothing')).toEqual([[0]])
  })

  it('may be of anything that a SELECT is made of', async () => {
    for (const sql of [
      'WITH t AS (SELECT visitor_id AS v FROM events) SELECT v, row_number() OVER (PARTITION BY v ORDER BY v) FROM t ORDER BY v LIMIT 1 WITH TIES',
      'SELECT e.path, s.events FROM events e ANY LEFT JOIN sessions s USING (session_id)',
      'SELECT * EXCEPT (title) FROM events LIMIT 1 BY path',
      "SELECT COLUMNS('utm_.*') FROM events QUALIFY rank() OVER (ORDER BY time) = 1",
      'SELECT 1 UNION ALL SELECT 2 INTERSECT SELECT 2',
      'SELECT arrayMap(x -> x + 1, [1, 2])[1], CASE WHEN 1 THEN 2 ELSE 3 END, CAST(1 AS String), 1::Int8, INTERVAL 1 DAY',
      'SELECT number, quantile(0.5)(number) FROM numbers(3) WHERE number IN (SELECT 1) GROUP BY number WITH TOTALS HAVING number >= 0',
      'SELECT toDate(time) AS day, count() FROM events GROUP BY day ORDER BY day WITH FILL INTERPOLATE',
      'SELECT uniqCombinedMerge(15)(visitors), sum(events) FROM traffic',
      'SELECT key, value FROM events ARRAY JOIN mapKeys(props) AS key, mapValues(props) AS value',
      'SELECT path FROM events GROUP BY GROUPING SETS ((path), ())',
    ]) {
      await expect(ask(sql), sql).resolves.toBeInstanceOf(Array)
    }
  })

  it('is told what ClickHouse says of its mistakes', async () => {
    await expect(ask('SELECT FROM WHERE')).rejects.toMatchObject({
      status: 400,
      field: 'sql',
      message: expect.stringContaining('position 18'),
    })
    await expect(ask('SELECT nothing FROM events')).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('nothing'),
    })
    await expect(ask('')).rejects.toMatchObject({ status: 400, message: expect.stringContaining('empty') })
  })

  it('ends at its bounds', async () => {
    const tooCostly = { status: 422, code: 'query_too_costly' }
    await expect(ask('SELECT number FROM numbers(5000)')).rejects.toMatchObject(tooCostly)
    await expect(ask('SELECT count() FROM numbers(1e8)')).rejects.toMatchObject(tooCostly)
    await expect(
      ask('SELECT groupArray(toString(number)) FROM numbers(5000000)', { memoryBytes: 1e7 }),
    ).rejects.toMatchObject(tooCostly)
  })

  it('ends when whoever asked leaves', async () => {
    const asker = new AbortController()
    const asked = ask(slow, { signal: asker.signal })
    setTimeout(() => asker.abort(), 200)
    await expect(asked).rejects.toMatchObject({ status: 499 })
  })
})

describe('an attack on the console', () => {
  it.each([
    "SELECT * FROM events WHERE site = 'other'",
    'SELECT * FROM silver.events',
    'SELECT * FROM bronze.web_cookies',
    'SELECT * FROM clickwatch_console.events',
    'SELECT * FROM system.tables',
    'SELECT * FROM INFORMATION_SCHEMA.TABLES',
    "SELECT ('a', 'b') IN (system.one)",
    'SELECT 1 GLOBAL NOT IN system.one',
    "SELECT file('/etc/passwd')",
    "SELECT * FROM file('/etc/passwd', 'LineAsString')",
    "SELECT * FROM url('http://169.254.169.254/', 'LineAsString')",
    "SELECT * FROM s3('http://127.0.0.1/x', 'CSV')",
    "SELECT * FROM remote('127.0.0.1', system.one)",
    "SELECT * FROM merge('silver', '.*')",
    "SELECT * FROM mergeTreeIndex('silver', 'events')",
    'SELECT * FROM loop(silver.events)',
    'SELECT * FROM view(SELECT * FROM silver.events)',
    "SELECT * FROM executable('x', 'TSV', 'a String', (SELECT 1))",
    'SELECT * FROM (EXPLAIN SELECT 1)',
    'EXPLAIN indexes = 1 SELECT * FROM events',
    'SHOW TABLES',
    'SHOW GRANTS',
    'DESCRIBE TABLE silver.events',
    'INSERT INTO events SELECT * FROM events',
    'DROP TABLE silver.events',
    'CREATE TABLE x (a Int8) ENGINE = Memory',
    'ALTER TABLE silver.events DELETE WHERE 1',
    'SYSTEM SHUTDOWN',
    'SET ROLE engine',
    'SET readonly = 0',
    'EXECUTE AS default SELECT 1',
    'KILL QUERY WHERE 1',
    'USE silver',
    'SELECT 1; SELECT * FROM silver.events',
    'SELECT 1; SET ROLE engine; SELECT * FROM silver.events',
    "SELECT 1 INTO OUTFILE '/tmp/clickwatch-attack'",
    'SELECT 1 FORMAT CSV',
    'SELECT 1 SETTINGS max_threads = 64',
    "SELECT * FROM (SELECT * FROM events SETTINGS log_comment = '5ab107d7-6563-2560-d916-dab1a40e48d8 other')",
    'SELECT * APPLY(file) FROM events',
    "SELECT getSetting('log_comment')",
    'SELECT currentUser(), hostName(), version()',
    "SELECT dictGet('a', 'b', 1)",
    "SELECT joinGet('silver.events', 'site', 1)",
    'SELECT sleep(3)',
    'SELECT chdb(1)',
    "SELECT aiGenerate('x')",
    'SELECT {site:String}',
    '/* */ -- \n SELECT 1) UNION ALL (SELECT * FROM silver.events',
    'SELECT `a\n`, file(1)',
    `SELECT ${'('.repeat(5000)}1${')'.repeat(5000)}`,
    `SELECT '${'x'.repeat(20_000)}'`,
  ])('%j is refused before it is run', async (sql) => {
    await expect(ask(sql)).rejects.toMatchObject({ status: 400, field: 'sql' })
  })

  it.each([
    'SELECT * FROM silver.events',
    'SELECT * FROM bronze.web_cookies',
    'SELECT * FROM clickwatch.migrations',
    "SELECT * FROM file('/etc/passwd', 'LineAsString')",
    "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
    "SELECT * FROM s3('http://127.0.0.1:1/x', 'CSV', 'a String')",
    "SELECT * FROM remote('127.0.0.1', silver.events)",
    "SELECT * FROM mergeTreeIndex('silver', 'events')",
    "SELECT * FROM merge('silver', 'events')",
    'SELECT * FROM view(SELECT * FROM silver.events)',
    'INSERT INTO silver.events (site) VALUES (1)',
    'ALTER TABLE silver.events DELETE WHERE 1',
    'DROP TABLE silver.events',
    'DROP VIEW clickwatch_console.events',
    'CREATE TABLE default.x (a Int8) ENGINE = Memory',
    'SET readonly = 0',
    "SELECT * FROM events SETTINGS log_comment = '5ab107d7-6563-2560-d916-dab1a40e48d8 other'",
  ])('%s shows nothing of another site even where it is run', async (sql) => {
    const answer = await runUnread(sql).catch((error: unknown) => error)
    const text = Buffer.isBuffer(answer) ? answer.toString() : ''
    expect(text).not.toMatch(/SECRET|"other"|root:/)
    if (Buffer.isBuffer(answer)) expect(sql).toMatch(/^SELECT \* FROM (silver|bronze|merge|view)/)
    expect(await ask('SELECT count() FROM events', {}, 'other')).toEqual([[2]])
  })

  it.each(probes)('%s is answered as if nothing of another site were there, by no error either', async (sql) => {
    expect(await outcomeOf(sql)).toEqual(alone.get(sql))
  })

  it('counts only what it may see, by no shortcut', async () => {
    const trivial = 'SELECT count(), min(time), max(time), uniqExact(path) FROM events'
    expect((await ask(trivial, {}, 'nothing'))[0]?.slice(0, 1)).toEqual([0])
    expect(await ask("SELECT count() FROM events WHERE path = '/other'")).toEqual([[0]])
    expect(await ask('SELECT count() FROM web_cookies')).toEqual([[0]])
  })

  it('leaves what others ask as it was', async () => {
    expect(await store.query('SELECT count() AS rows FROM silver.events')).toEqual([{ rows: 4 }])
  })
})

describe('the tables of the console', () => {
  it('are told with their columns, none of which says how rows are kept', async () => {
    const tables = await describeConsole(store)
    expect(tables.map(({ name }) => name)).toEqual(Object.keys(consoleTables))
    for (const { name, columns } of tables) {
      expect(columns.length, name).toBeGreaterThan(0)
      expect(columns.map((column) => column.name)).not.toContain('site')
      await expect(
        ask(`SELECT ${columns.map((column) => `\`${column.name}\``).join(', ')} FROM ${name} LIMIT 1`),
        name,
      ).resolves.toBeInstanceOf(Array)
    }
  })
})

describe('what may be called', () => {
  it.each(['count', 'COUNT', 'sumIf', 'uniqCombined64MergeState', 'toStartOfHour', 'multiIf', 'numbers'])(
    '%s may',
    (name) => expect(mayBeCalled(name)).toBe(true),
  )
  it.each([
    'file',
    'FILE',
    'fileIf',
    'url',
    's3',
    'remote',
    'chdb',
    'getSetting',
    'dictGet',
    'sleep',
    'hasColumnInTable',
  ])('%s may not', (name) => expect(mayBeCalled(name)).toBe(false))
})
