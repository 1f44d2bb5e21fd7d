import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Query } from '@clickwatch/contract'
import { pino } from 'pino'
import { usualPartitions } from '../packages/server/src/config.ts'
import { Pipeline } from '../packages/server/src/pipeline/pipeline.ts'
import { openPositions } from '../packages/server/src/pipeline/positions.ts'
import { rebuild } from '../packages/server/src/pipeline/rebuild.ts'
import { verify } from '../packages/server/src/pipeline/verify.ts'
import { runQuery } from '../packages/server/src/query/run.ts'
import { openEmbeddedStore } from '../packages/server/src/store/embedded.ts'
import { migrate } from '../packages/server/src/store/migrate.ts'
import { openEmbeddedReader, openEmbeddedWriter } from '../packages/server/src/stream/embedded.ts'
import { type Figure, percentile, report } from './figures.ts'
import { visitOf } from './stream-of.ts'
import { untilAllStored } from './until-stored.ts'

// `npm run bench:pipeline [-- millions grown]`: so many million events from the stream to gold, then gold against silver, then a rebuild
// under questions, then the same pipeline over a store that ClickHouse itself has grown to `grown` million events.

const millions = Number(process.argv[2] ?? 5)
const grownMillions = Number(process.argv[3] ?? 50)
const events = millions * 1_000_000
const visits = events / visitOf.events
const step = 50_000
const rules = { inactivityMs: 30 * 60_000, campaignBegins: false, trustsTracker: true }
const rulesOf = () => rules
const say = (line: string) => process.stdout.write(`${line}\n`)
const rssMb = (): number => Math.round(process.memoryUsage().rss / 1024 ** 2)

const folder = mkdtempSync(join(process.env.CLICKWATCH_BENCH_FOLDER ?? tmpdir(), 'clickwatch-bench-'))
const store = openEmbeddedStore(join(folder, 'store'))
await migrate(store, async () => undefined)
const partitions = usualPartitions({ kind: 'embedded' })
const writer = await openEmbeddedWriter(join(folder, 'stream'), partitions)
const reader = openEmbeddedReader(join(folder, 'stream'))
const positions = openPositions(join(folder, 'positions'))
const pipeline = new Pipeline({
  stream: reader,
  positions,
  store,
  rulesOf,
  logger: pino({ level: 'error' }),
  onStored: () => undefined,
})

/** Puts some visits on the stream and has them processed; answers events per second, of the processing alone. */
const processVisits = async (from: number, until: number): Promise<number> => {
  let seconds = 0
  for (let at = from; at < until; at += step) {
    await pipeline.still(async () => {
      const records = Array.from({ length: Math.min(step, until - at) }, (_, index) => visitOf(at + index, visits))
      await Promise.all(records.map(({ key, value }) => writer.append(key, value)))
    })
    const startedAt = performance.now()
    await untilAllStored(pipeline)
    seconds += (performance.now() - startedAt) / 1000
  }
  for (let partition = 0; partition < partitions; partition++) {
    await writer.trim(partition, positions.next(partition), Date.now() + 1)
  }
  return ((until - from) * visitOf.events) / seconds
}

/** The reference: the rows of one batch into a table that nothing hangs on. */
const measurePlain = async (): Promise<number> => {
  await store.execute('CREATE DATABASE IF NOT EXISTS bench')
  await store.execute(
    `CREATE TABLE bench.plain ENGINE = MergeTree ORDER BY (site, time)
     SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000
     AS SELECT * FROM silver.events WHERE 0`,
  )
  const rows = await store.query<object>('SELECT * FROM silver.events LIMIT 25000')
  const bytes = Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'))
  const turns = 20
  const startedAt = performance.now()
  for (let turn = 0; turn < turns; turn++) await store.insert('bench.plain', bytes, `plain:${turn}`)
  const perSecond = (turns * rows.length) / ((performance.now() - startedAt) / 1000)
  await store.execute('DROP TABLE bench.plain SYNC')
  return perSecond
}

await pipeline.start()
const rates: number[] = []
const memory: number[] = []
for (let million = 0; million < millions; million++) {
  const perMillion = 1_000_000 / visitOf.events
  const rate = await processVisits(million * perMillion, (million + 1) * perMillion)
  rates.push(rate)
  memory.push(rssMb())
  say(`${million + 1} million events: ${Math.round(rate)} events/s, ${rssMb()} MB`)
}
const plain = await measurePlain()
say(`plain inserts: ${Math.round(plain)} events/s`)
const first = rates[0] ?? Number.NaN
const figures: Figure[] = [
  { name: 'pipeline_events_per_second', value: Math.min(...rates), atLeast: 5000 },
  { name: 'pipeline_to_plain_insert', value: percentile(rates, 0.5) / plain, atLeast: 0.1 },
  { name: 'pipeline_cost_last_to_first_million', value: first / (rates.at(-1) ?? Number.NaN), atMost: 1.3 },
  {
    name: 'pipeline_memory_last_to_second_mb',
    value: (memory.at(-1) ?? 0) - (memory[1] ?? memory[0] ?? 0),
    atMost: 500,
  },
]

// Gold against silver.
const dimensions = ['event:page', 'visit:source', 'visit:country', 'visit:browser'] as const
const columns = {
  'event:page': 'path',
  'visit:source': 'source',
  'visit:country': 'country',
  'visit:browser': 'browser',
}
const ask = (query: Partial<Query>) =>
  runQuery(
    store,
    {
      site_id: 'bench',
      date_range: ['2026-06-01', '2026-07-31'],
      metrics: ['visitors', 'pageviews', 'events'],
      ...query,
    } as Query,
    {
      timeZone: 'Asia/Kathmandu',
      nowMs: Date.now(),
      weekStart: 1,
      currency: '',
      firstDate: undefined,
      goals: [],
      segments: [],
    },
  )
let sumsDiffer = 0
let worstUniques = 0
const inRange =
  "toDateTime('2026-06-01 00:00:00', 'Asia/Kathmandu') AND time < toDateTime('2026-08-01 00:00:00', 'Asia/Kathmandu')"
for (const dimension of [undefined, ...dimensions]) {
  const answer = await ask(dimension ? { dimensions: [dimension] } : {})
  const by = dimension ? columns[dimension] : "''"
  const rows = await store.query<{ value: string; visitors: number; pageviews: number; events: number }>(
    `SELECT ${by} AS value, uniqExactIf(visitor_id, sign = 1) AS visitors, sum(sign * (type = 'page_view')) AS pageviews, sum(sign) AS events
     FROM silver.events WHERE site = 'bench' AND time >= ${inRange} GROUP BY value`,
  )
  const truth = new Map(rows.map((row) => [row.value, row]))
  if (answer.results.length !== rows.length) sumsDiffer++
  for (const { dimensions: [value = ''] = [], metrics } of answer.results) {
    const exact = truth.get(String(value))
    if (!exact || metrics[1] !== exact.pageviews || metrics[2] !== exact.events) sumsDiffer++
    if (exact) worstUniques = Math.max(worstUniques, Math.abs(Number(metrics[0]) / exact.visitors - 1))
  }
}
const differing = await pipeline.still(() => verify({ store, positions, partitions, onCheck: () => undefined }))
figures.push(
  { name: 'gold_sums_that_differ', value: sumsDiffer + differing, atMost: 0 },
  { name: 'gold_worst_uniques_error', value: worstUniques, atMost: 0.02 },
)

// A rebuild, under questions.
const question: Partial<Query> = {
  metrics: ['visitors', 'visits', 'pageviews', 'bounce_rate'],
  dimensions: ['time:day'],
}
const before = JSON.stringify((await ask(question)).results)
const answeredMs: number[] = []
let wrong = 0
let isRebuilding = true
const asking = (async () => {
  while (isRebuilding) {
    const startedAt = performance.now()
    if (JSON.stringify((await ask(question)).results) !== before) wrong++
    answeredMs.push(performance.now() - startedAt)
    await sleep(250)
  }
})()
const rebuiltAt = performance.now()
await rebuild({
  store,
  rulesOf,
  between: (work) => pipeline.between(work),
  onProgress: ({ records, total, etaS }) => {
    if (records % 200_000 === 0) say(`rebuild: ${records} of ${total} records, about ${etaS} s to go`)
  },
})
const rebuildS = (performance.now() - rebuiltAt) / 1000
isRebuilding = false
await asking
say(`rebuilt ${events} events in ${Math.round(rebuildS)} s, ${answeredMs.length} questions answered meanwhile`)
figures.push(
  { name: 'rebuild_events_per_second', value: events / rebuildS, atLeast: 5000 },
  {
    name: 'rebuild_wrong_answers',
    value: wrong + (JSON.stringify((await ask(question)).results) === before ? 0 : 1),
    atMost: 0,
  },
  { name: 'rebuild_question_p99_ms', value: percentile(answeredMs, 0.99), atMost: 2000 },
)

// The same over a store that is ten times as large: events of other visitors, as ClickHouse copies them.
if (grownMillions > millions) {
  for (let copy = 1; copy < grownMillions / millions; copy++) {
    for (const table of ['silver.sessions', 'silver.events']) {
      await store.execute(
        `INSERT INTO ${table} SELECT * REPLACE (visitor_id || '-${copy}' AS visitor_id, session_id || '-${copy}' AS session_id)
         FROM ${table} WHERE NOT match(visitor_id, '-') SETTINGS max_insert_block_size = 200000`,
      )
    }
    say(`grown to ${(copy + 1) * millions} million events, ${rssMb()} MB`)
  }
  const memoryBefore = rssMb()
  // Visitors of before come again, and are read from the store: after a rebuild nothing is remembered.
  const rate = await processVisits(visits, visits + 1_000_000 / visitOf.events)
  say(`over ${grownMillions} million events: ${Math.round(rate)} events/s, ${rssMb()} MB`)
  figures.push(
    { name: 'pipeline_cost_grown_to_first_million', value: first / rate, atMost: 1.3 },
    { name: 'pipeline_memory_grown_mb', value: rssMb() - memoryBefore, atMost: 500 },
  )
}

await pipeline.stop()
await Promise.all([store.close(), writer.close(), reader.close(), positions.close()])
rmSync(folder, { recursive: true, force: true })
say('')
report(figures)
