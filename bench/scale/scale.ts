import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { readConfig } from '../../packages/server/src/config.ts'
import { openStore } from '../../packages/server/src/store/open.ts'
import type { Store } from '../../packages/server/src/store/store.ts'
import { eventually, startClickWatch, untilStored } from '../../test/fixtures/clickwatch.ts'
import { type Backing, type Cluster, newInstallation, startBacking, startCluster } from '../../test/fixtures/cluster.ts'
import { operateOn } from '../../test/fixtures/cluster-chaos.ts'
import { execute } from '../../test/fixtures/postgres.ts'
import { loadDashboard } from '../dashboard-load.ts'
import { median, report } from '../figures.ts'
import { growStore } from '../grown-store.ts'
import { processorSeconds } from '../processor-time.ts'
import { measuredHere } from '../results.ts'
import { eventsOfVisit, sumOf } from '../sent-visits.ts'
import { type Form, type Load, measureLoad, sendThrough, sum } from './load.ts'
import { writeScalePage } from './page.ts'
import { type ApartLoad, type Questions, type ScaleResults, writeScale } from './results.ts'

// `npm run bench:scale [-- --events N] [-- --asked N]`: N events (90,000) through the embedded form, and through one, two and three
// ClickHouse nodes with one, two and four pipelines: how fast, and what of a processor each part takes for it. Then what opening the
// dashboard takes over a site of so many events. Writes docs/scale.md. On Linux; the distributed form needs what `npm run cluster` does.

const { values: given } = parseArgs({
  options: { events: { type: 'string', default: '90000' }, asked: { type: 'string', default: '1000000' } },
})
const numberOf = (name: keyof typeof given): number => {
  const number = Number(given[name])
  if (Number.isInteger(number) && number >= 6000) return number
  throw new Error(`--${name} is '${given[name]}'; a whole number from 6000 on is expected.`)
}
const visits = Math.ceil(numberOf('events') / eventsOfVisit)
const asked = numberOf('asked')
/** Before anything is measured: programs are compiled while they run. */
const warmingVisits = 2000
const partitions = 4
const shardCounts = [1, 2, 3]
const pipelineCounts = [1, 2, 4]
const turns = 5
/** Of each node: what a site is made with in one statement takes more than traffic does. */
const nodeMemoryBytes = 3_000_000_000
const say = (line: string) => process.stdout.write(`${line}\n`)

/** Numbers of visits go on, so that each visit is a new one. */
let sent = 0
const measured = async (name: string, form: Form): Promise<Load> => {
  const load = await measureLoad(form, visits, sent)
  sent += visits
  const parts = Object.entries(load.processor_seconds_per_million).map(([part, each]) => `${part} ${each.toFixed(0)}`)
  const total = sum(Object.values(load.processor_seconds_per_million)).toFixed(0)
  say(
    `${name}: ${load.events_per_second.toFixed(0)} events/s, ${total} s of a processor a million: ${parts.join(', ')}`,
  )
  return load
}
const warm = async (form: Form): Promise<void> => {
  await sendThrough(form, warmingVisits, sent)
  sent += warmingVisits
}

const measureEmbedded = async (): Promise<Load> => {
  const clickWatch = await startClickWatch()
  try {
    const form: Form = {
      baseUrl: clickWatch.baseUrl,
      parts: () => ({ collector: [clickWatch.pidOf('collector')], engine: [clickWatch.pidOf('engine')] }),
      counted: async () =>
        sumOf(await (await fetch(`${clickWatch.baseUrl}/metrics`)).text(), 'clickwatch_events_total'),
    }
    await warm(form)
    const load = await measured('embedded', form)
    await untilStored(clickWatch)
    return load
  } finally {
    await clickWatch.dispose()
  }
}

const pidsOf = (processes: readonly { pid(): number | undefined }[]): number[] =>
  processes.flatMap((each) => each.pid() ?? [])

const partsOf = (backing: Backing, cluster: Cluster, shards: number): Record<string, number[]> => ({
  collector: pidsOf(cluster.collectors),
  kafka: pidsOf([backing.kafka]),
  pipeline: pidsOf(cluster.pipelines),
  clickhouse: pidsOf(backing.clickHouse.nodes.slice(0, shards)),
  postgresql: pidsOf([backing.postgres]),
  api: pidsOf(cluster.apis),
})

/** Resolves once each of some pipelines has its share of the partitions. */
const sharedOut = (cluster: Cluster, pipelines: number): Promise<true> =>
  eventually(
    `${pipelines} pipelines to share the partitions`,
    async () => {
      const shares = await Promise.all(
        cluster.pipelines.slice(0, pipelines).map(async ({ port }) => {
          const answer = await fetch(`http://127.0.0.1:${port}/readyz`)
          return answer.ok ? ((await answer.json()) as { partitions: number[] }).partitions.length : 0
        }),
      )
      return shares.every((share) => share === partitions / pipelines) ? true : sleep(200, undefined)
    },
    60_000,
  )

const sumOver = async (store: Store, sql: string): Promise<number> =>
  sum(
    await Promise.all(
      store.nodes().map(async (node) => Number((await node.query<{ number: number }>(sql))[0]?.number ?? 0)),
    ),
  )

/** What PostgreSQL has written ahead, in bytes. */
const writtenAhead = async (database: string): Promise<number> => {
  const [row] = await execute(database, "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn AS bytes")
  return Number(row?.bytes)
}

const inserts = (store: Store): Promise<number> =>
  sumOver(store, "SELECT value AS number FROM system.events WHERE event = 'InsertQuery'")

const batches = async ({ pipelines }: Cluster, running: number): Promise<number> => {
  const texts = await Promise.all(
    pipelines.slice(0, running).map(async ({ port }) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()),
  )
  return sum(texts.map((text) => sumOf(text, 'clickwatch_batch_records_count')))
}

/** Events of a site of its own, each visitor's where they belong. */
const growAcross = (store: Store): Promise<void> => {
  const nodes = store.nodes()
  const execute = async (sql: string): Promise<void> => {
    for (const [place, node] of nodes.entries()) {
      await node.execute(`${sql} WHERE CRC32(visitor_id) % {places:UInt16} = {place:UInt16}`, {
        places: nodes.length,
        place,
      })
    }
  }
  return growStore({ execute }, asked, () => undefined)
}

const measureQuestions = async (backing: Backing, store: Store, shards: number): Promise<Questions> => {
  await growAcross(store)
  const pids = { clickhouse: pidsOf(backing.clickHouse.nodes.slice(0, shards)) }
  const timed = async (...args: [Parameters<typeof loadDashboard>[1]?, Parameters<typeof loadDashboard>[2]?]) => {
    await loadDashboard(store, ...args)
    const before = processorSeconds(pids).clickhouse ?? 0
    const times: number[] = []
    for (let turn = 0; turn < turns; turn++) {
      const beganAt = performance.now()
      await loadDashboard(store, ...args)
      times.push(performance.now() - beganAt)
    }
    return { ms: median(times), processorMs: (((processorSeconds(pids).clickhouse ?? 0) - before) * 1000) / turns }
  }
  const open = await timed()
  const filtered = await timed([['is', 'visit:country', ['DE']]])
  const wholeRows = await timed([], ['silver'])
  const questions = {
    shards,
    open_ms: open.ms,
    filtered_ms: filtered.ms,
    whole_rows_ms: wholeRows.ms,
    open_processor_ms: open.processorMs,
  }
  say(`${shards} shards, milliseconds for a dashboard: ${JSON.stringify(questions)}`)
  return questions
}

type OfShards = { loads: ApartLoad[]; questions: Questions; tableBytes: number; addsUp: boolean }

const measureApart = async (backing: Backing, shards: number): Promise<OfShards> => {
  const env = await newInstallation(backing, { partitions, shards })
  const most = Math.max(...pipelineCounts)
  const cluster = await startCluster(env, { collectors: 1, pipelines: most, apis: 1, areWaiting: true })
  let store: Store | undefined
  try {
    const [first, ...others] = cluster.pipelines
    await first?.start()
    for (const member of [...cluster.collectors, ...cluster.apis]) await member.start()
    const tables = await openStore(readConfig(env).clickhouse, '')
    store = tables
    const form: Form = {
      baseUrl: `http://127.0.0.1:${cluster.collectors[0]?.port}`,
      parts: () => partsOf(backing, cluster, shards),
      counted: async () => {
        const sql = "SELECT sum(events) AS events FROM silver.ledger WHERE kind = 'counted'"
        return Number((await tables.query<{ events: number }>(sql))[0]?.events ?? 0)
      },
    }
    const sentBefore = sent
    await warm(form)
    const loads: ApartLoad[] = []
    for (const pipelines of pipelineCounts) {
      for (const member of others.slice(0, pipelines - 1)) if (member.pid() === undefined) await member.start()
      await sharedOut(cluster, pipelines)
      const counts = async () => ({
        bytes: await writtenAhead(env.CLICKWATCH_DATABASE ?? ''),
        inserts: await inserts(tables),
        batches: await batches(cluster, pipelines),
      })
      const before = await counts()
      const load = await measured(`${shards} × ${pipelines}`, form)
      const after = await counts()
      const events = visits * eventsOfVisit
      const inserted = after.inserts - before.inserts
      loads.push({
        shards,
        pipelines,
        ...load,
        database_bytes_per_event: (after.bytes - before.bytes) / events,
        inserts_per_million: (inserted / events) * 1e6,
        inserts_per_batch: inserted / (after.batches - before.batches) / shards,
      })
    }
    const bytes = await sumOver(
      tables,
      "SELECT sum(bytes_on_disk) AS number FROM system.parts WHERE active AND database IN ('bronze', 'silver', 'gold')",
    )
    const verified = await operateOn(env, 'verify')
    const addsUp = verified.includes('Everything adds up.')
    if (!addsUp) say(verified)
    return {
      loads,
      questions: await measureQuestions(backing, tables, shards),
      tableBytes: bytes / ((sent - sentBefore) * eventsOfVisit),
      addsUp,
    }
  } finally {
    await store?.close()
    await cluster.dispose()
  }
}

const beganAt = performance.now()
const embedded = await measureEmbedded()
const backing = await startBacking(Math.max(...shardCounts), nodeMemoryBytes)
const apart: OfShards[] = []
try {
  for (const shards of shardCounts) apart.push(await measureApart(backing, shards))
} finally {
  await backing.dispose()
}
const loads = apart.flatMap((each) => each.loads)
const results: ScaleResults = {
  ...measuredHere('chdb', 'fastify', 'pg'),
  events: visits * eventsOfVisit,
  asked_events: asked,
  table_bytes_per_event: apart.at(-1)?.tableBytes ?? Number.NaN,
  embedded,
  apart: loads,
  questions: apart.map(({ questions }) => questions),
}
writeScale(results)
say(`\n${writeScalePage(results)}\n`)
say(`measured in ${Math.round((performance.now() - beganAt) / 1000)} s\n`)

const costOf = ({ processor_seconds_per_million }: Load): number => sum(Object.values(processor_seconds_per_million))
const loadOf = (shards: number, pipelines: number): ApartLoad => {
  const found = loads.find((load) => load.shards === shards && load.pipelines === pipelines)
  if (!found) throw new Error(`${shards} × ${pipelines} was not measured`)
  return found
}
const [one, widest] = [results.questions[0], results.questions.at(-1)]
report([
  { name: 'scale_embedded_events_per_second', value: embedded.events_per_second, atLeast: 1000 },
  { name: 'scale_embedded_cpu_seconds_per_million', value: costOf(embedded), atMost: 400 },
  ...loads.flatMap((load) => [
    { name: `scale_${load.shards}x${load.pipelines}_events_per_second`, value: load.events_per_second, atLeast: 1000 },
    { name: `scale_${load.shards}x${load.pipelines}_cpu_seconds_per_million`, value: costOf(load), atMost: 800 },
  ]),
  // What it costs to be apart, and to be more.
  { name: 'scale_apart_to_embedded_cpu', value: costOf(loadOf(1, 1)) / costOf(embedded), atMost: 2 },
  { name: 'scale_3_shards_to_1_cpu', value: costOf(loadOf(3, 1)) / costOf(loadOf(1, 1)), atMost: 1.5 },
  { name: 'scale_4_pipelines_to_1_cpu', value: costOf(loadOf(1, 4)) / costOf(loadOf(1, 1)), atMost: 1.5 },
  ...results.questions.map(({ shards, open_ms }) => ({
    name: `scale_${shards}_shards_open_ms`,
    value: open_ms,
    atMost: 1000,
  })),
  {
    name: 'scale_3_shards_to_1_open_cpu',
    value: (widest?.open_processor_ms ?? Number.NaN) / (one?.open_processor_ms ?? Number.NaN),
    atMost: 2,
  },
  { name: 'scale_installations_that_do_not_add_up', value: apart.filter(({ addsUp }) => !addsUp).length, atMost: 0 },
])
