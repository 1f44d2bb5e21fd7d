import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { SessionDocument } from '@clickwatch/contract'
import { pino } from 'pino'
import { enrichSession } from '../packages/server/src/collect/session-document.ts'
import { usualPartitions } from '../packages/server/src/config.ts'
import { generate } from '../packages/server/src/demo/generate.ts'
import { Lake } from '../packages/server/src/lake/lake.ts'
import { readRetention } from '../packages/server/src/metadata/sites.ts'
import { jsonEachRow } from '../packages/server/src/pipeline/json-each-row.ts'
import { Pipeline } from '../packages/server/src/pipeline/pipeline.ts'
import { openPositions } from '../packages/server/src/pipeline/positions.ts'
import { finalCookiesOfDocument } from '../packages/server/src/pipeline/rows.ts'
import { openEmbeddedStore } from '../packages/server/src/store/embedded.ts'
import { migrate } from '../packages/server/src/store/migrate.ts'
import { encodeDocument } from '../packages/server/src/stream/document.ts'
import { openEmbeddedReader, openEmbeddedWriter } from '../packages/server/src/stream/embedded.ts'
import { installSparkSubmit, type Taken } from '../test/fixtures/delta/python.ts'
import { compareSilver } from '../test/fixtures/delta/silver-rows.ts'
import { report } from './figures.ts'
import { untilAllStored } from './until-stored.ts'

// `npm run bench:spark [-- --documents 1000000]`: the reference's two tables out of bronze, made by Spark and by ClickWatch, side by side; and
// what ClickWatch takes for everything it makes of the same documents, and for its lake.

const { values } = parseArgs({ options: { documents: { type: 'string', default: '1000000' } } })
const documents = Number(values.documents)
const step = 50_000
const days = 60
const site = 'bench'
const firstMs = Date.UTC(2026, 5, 1)
const say = (line: string) => process.stdout.write(`${line}\n`)

const folder = mkdtempSync(join(process.env.CLICKWATCH_BENCH_FOLDER ?? tmpdir(), 'clickwatch-bench-'))
// ClickHouse reads local Delta tables below the folder that it runs in.
process.chdir(folder)
const submit = installSparkSubmit()
const store = openEmbeddedStore(join(folder, 'store'))
await migrate(store, async () => undefined)
const partitions = usualPartitions({ kind: 'embedded' })
const writer = await openEmbeddedWriter(join(folder, 'stream'), partitions)
const reader = openEmbeddedReader(join(folder, 'stream'))
const positions = openPositions(join(folder, 'positions'))
const logger = pino({ level: 'error' })
const rules = { inactivityMs: 30 * 60_000, campaignBegins: false, trustsTracker: true }
const pipeline = new Pipeline({
  stream: reader,
  positions,
  store,
  rulesOf: () => rules,
  logger,
  onStored: () => undefined,
})

const none: Taken = { wallSeconds: 0, cpuSeconds: 0 }
const added = (one: Taken, other: Taken): Taken => ({
  wallSeconds: one.wallSeconds + other.wallSeconds,
  cpuSeconds: one.cpuSeconds + other.cpuSeconds,
})

/** How long some work of this process takes, ClickHouse's threads included. */
const taken = async (work: () => Promise<unknown>): Promise<Taken> => {
  const [startedAt, before] = [performance.now(), process.cpuUsage()]
  await work()
  const { user, system } = process.cpuUsage(before)
  return { wallSeconds: (performance.now() - startedAt) / 1000, cpuSeconds: (user + system) / 1e6 }
}

const sayTaken = (name: string, { wallSeconds, cpuSeconds }: Taken): void => {
  say(`${name}_wall_s=${wallSeconds.toFixed(1)}`)
  say(`${name}_cpu_s=${cpuSeconds.toFixed(1)}`)
}

// Everything: from the stream to bronze, silver and gold. Putting documents on the stream is not in the time.
await pipeline.start()
let everything = none
const plan = { seed: 7, sessions: documents, fromMs: firstMs, untilMs: firstMs + days * 86_400_000 }
const waiting: SessionDocument[] = []
const processWaiting = async (): Promise<void> => {
  await pipeline.still(async () => {
    const records = waiting.map((document) => ({
      key: `${site}/${document.user_id}`,
      value: encodeDocument(enrichSession(document, site)),
    }))
    await Promise.all(records.map(({ key, value }) => writer.append(key, value)))
  })
  waiting.length = 0
  everything = added(everything, await taken(() => untilAllStored(pipeline)))
}
for (const document of generate(plan)) {
  waiting.push(document)
  if (waiting.length === step) await processWaiting()
}
if (waiting.length > 0) await processWaiting()
await pipeline.stop()
sayTaken('clickwatch_everything', everything)

// The lake: all of its seven tables, written from what is stored.
const root = join(folder, 'lake')
const lake = await Lake.open({
  config: {
    target: { kind: 'folder', path: root },
    everyMs: 60_000,
    everyRecords: 100_000,
    rewriteEveryMs: 900_000,
    fileRetentionHours: 168,
  },
  store: openEmbeddedStore(join(folder, 'store')),
  reached: async () => Array.from({ length: partitions }, (_, partition) => positions.next(partition)),
  retention: () => readRetention(undefined),
  wholeFromMs: () => undefined,
  logger,
  kill: async () => undefined,
})
sayTaken('clickwatch_lake', await taken(() => lake.catchUp()))
await lake.stop()

// The two tables alone, out of bronze: what Spark is asked for.
await store.execute('CREATE DATABASE bench')
await store.execute('CREATE TABLE bench.final_cookies AS silver.final_cookies')
await store.execute('CREATE TABLE bench.visit_count AS silver.visit_count')
await store.execute(`CREATE MATERIALIZED VIEW bench.counted TO bench.visit_count AS
  SELECT site, user_id, sum(visit_count) AS visitor_count FROM bench.final_cookies GROUP BY site, user_id`)
type Bronze = { document: string; PartitionId: number; Offset: number; enqueuedAtMs: number }
const ofClickWatch = await taken(async () => {
  for (let partition = 0; partition < partitions; partition++) {
    for (let at = 0; at < positions.next(partition); at += step) {
      const rows = await store.query<Bronze>(
        `SELECT document, PartitionId, Offset, toUnixTimestamp64Milli(EventEnqueuedUtcTime) AS enqueuedAtMs FROM bronze.web_cookies
         WHERE kind = 'session' AND PartitionId = {partition:UInt16} AND Offset >= {at:UInt64} AND Offset < {end:UInt64}`,
        { partition, at, end: at + step },
      )
      const cookies = rows.flatMap(({ document, PartitionId, Offset, enqueuedAtMs }) => {
        const record = { partition: PartitionId, offset: Offset, enqueuedAtMs, value: Buffer.alloc(0) }
        return finalCookiesOfDocument(JSON.parse(document) as SessionDocument, site, record)
      })
      await store.insert('bench.final_cookies', jsonEachRow(cookies), `${partition}:${at}`)
    }
  }
})

const program = join(import.meta.dirname, '../integrations/spark/clickwatch_silver.py')
const ofSpark = await submit(program, ['--from', root, '--to', join(folder, 'spark')])
sayTaken('clickwatch_two_tables', ofClickWatch)
sayTaken('spark_two_tables', ofSpark)

const compared = [
  await compareSilver(store, join(folder, 'spark'), 'final_cookies'),
  await compareSilver(store, join(folder, 'spark'), 'visit_count'),
]
say(`documents=${documents}`)
say(`final_cookies_rows=${compared[0]?.rows}`)
await Promise.all([store.close(), writer.close(), reader.close(), positions.close()])
rmSync(folder, { recursive: true, force: true })
report([
  { name: 'rows_that_differ', value: compared.reduce((sum, { different }) => sum + different, 0), atMost: 0 },
  { name: 'clickwatch_to_spark_wall', value: ofClickWatch.wallSeconds / ofSpark.wallSeconds, atMost: 1 },
  { name: 'clickwatch_to_spark_cpu', value: ofClickWatch.cpuSeconds / ofSpark.cpuSeconds, atMost: 1 },
])
