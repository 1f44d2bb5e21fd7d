import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { Lake } from '../packages/server/src/lake/lake.ts'
import { readRetention } from '../packages/server/src/metadata/sites.ts'
import { openEmbeddedStore } from '../packages/server/src/store/embedded.ts'
import { migrate } from '../packages/server/src/store/migrate.ts'
import { report } from './figures.ts'
import { growStore } from './grown-store.ts'

// `npm run bench:lake [-- --events N]`: N events (10 million) in 30 days, with their visits and the sums by day, written as Delta tables into
// a folder; then what an event takes there, in ClickHouse itself, and as plain JSON. And one more batch, as it comes every minute.

const { values: given } = parseArgs({ options: { events: { type: 'string', default: '10000000' } } })
const events = Number(given.events)
const say = (line: string) => process.stdout.write(`${line}\n`)
const folder = mkdtempSync(join(process.env.CLICKWATCH_BENCH_FOLDER ?? tmpdir(), 'clickwatch-bench-'))

const store = openEmbeddedStore(join(folder, 'store'))
await migrate(store, async () => undefined)
await growStore(store, events, say)

const visits = Math.round(events / 5)
let reached = visits
const lake = await Lake.open({
  config: {
    target: { kind: 'folder', path: join(folder, 'lake') },
    everyMs: 60_000,
    everyRecords: 100_000,
    rewriteEveryMs: 900_000,
    fileRetentionHours: 168,
  },
  store: openEmbeddedStore(join(folder, 'store')),
  reached: async () => [reached],
  retention: () => readRetention(undefined),
  wholeFromMs: () => undefined,
  logger: pino({ level: 'silent' }),
  kill: async () => undefined,
})

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now()
  await work()
  return (performance.now() - startedAt) / 1000
}

const seconds = await timed(() => lake.catchUp())
const { tables } = await lake.status()
for (const { name, rows, files, bytes } of tables)
  say(`${name}: ${rows} rows in ${files} files, ${(bytes / 1e6).toFixed(1)} MB`)
const eventsOf = async () => (await lake.status()).tables.find(({ name }) => name === 'silver.events')
const written = await eventsOf()

// A minute's worth: a thousand visits that are new.
await store.execute(
  `INSERT INTO silver.events SELECT * REPLACE (event_id || '-new' AS event_id, stream_offset + {visits:UInt64} AS stream_offset)
   FROM (SELECT * FROM silver.events WHERE stream_offset < 1000)`,
  { visits },
)
reached += 1000
const minute = await timed(() => lake.catchUp())
const after = await eventsOf()

const [stored] = await store.query<{ bytes: number; json: number }>(
  `SELECT (SELECT sum(data_compressed_bytes) FROM system.parts WHERE active AND database = 'silver' AND table = 'events') / {events:Float64} AS bytes,
     (SELECT avg(length(formatRow('JSONEachRow', *))) FROM (SELECT * FROM silver.events LIMIT 100000)) AS json`,
  { events },
)
await lake.stop()
await store.close()
rmSync(folder, { recursive: true, force: true })

const bytes = (written?.bytes ?? Number.NaN) / events
say(
  `bytes_per_event: lake ${bytes.toFixed(1)}, ClickHouse ${stored?.bytes.toFixed(1)}, JSON ${stored?.json.toFixed(0)}`,
)
const found = [written?.rows, after?.rows]
if (found[0] !== events || found[1] !== events + 5000) throw new Error(`${found} of ${events} and 5000 are in the lake`)
report([
  { name: 'lake_events_per_second', value: events / seconds, atLeast: 100_000 },
  { name: 'lake_bytes_per_event', value: bytes, atMost: 40 },
  { name: 'lake_bytes_to_json', value: bytes / (stored?.json ?? Number.NaN), atMost: 0.05 },
  { name: 'lake_minute_seconds', value: minute, atMost: 5 },
])
