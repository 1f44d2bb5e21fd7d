import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { usualPartitions } from '../packages/server/src/config.ts'
import { Pipeline } from '../packages/server/src/pipeline/pipeline.ts'
import { openPositions } from '../packages/server/src/pipeline/positions.ts'
import { openEmbeddedStore } from '../packages/server/src/store/embedded.ts'
import { migrate } from '../packages/server/src/store/migrate.ts'
import { openEmbeddedReader, openEmbeddedWriter } from '../packages/server/src/stream/embedded.ts'
import { loadDashboard } from './dashboard-load.ts'
import { type Figure, median, report } from './figures.ts'
import { growStore } from './grown-store.ts'
import { writePlots } from './plot.ts'
import { visitOf } from './stream-of.ts'
import { untilAllStored } from './until-stored.ts'

// `npm run bench:growth [-- --millions 10 --store FOLDER]`: what an event, a question and a byte cost while a store grows from one million
// events to so many, plotted into docs/images/growth.svg. The events of a month: more of them are a busier month. Costs are time of processors,
// so that it does not matter what else runs. A store in FOLDER, which may not be there yet, is kept: `npm run bench:query` measures it.

const { values: given } = parseArgs({
  options: { millions: { type: 'string', default: '10' }, store: { type: 'string' } },
})
const most = Number(given.millions)
const steps = [1, 2, 5, 10, 20, 50, 100].filter((step) => step <= most)
const probedVisits = 20_000
const rules = { inactivityMs: 30 * 60_000, campaignBegins: false, trustsTracker: true }
const say = (line: string) => process.stdout.write(`${line}\n`)

if (given.store !== undefined && existsSync(given.store)) throw new Error(`--store: ${given.store} is there already`)
const folder = mkdtempSync(join(process.env.CLICKWATCH_BENCH_FOLDER ?? tmpdir(), 'clickwatch-bench-'))
const store = openEmbeddedStore(given.store ?? join(folder, 'store'))
await migrate(store, async () => undefined)
const writer = await openEmbeddedWriter(join(folder, 'stream'), usualPartitions({ kind: 'embedded' }))
const reader = openEmbeddedReader(join(folder, 'stream'))
const positions = openPositions(join(folder, 'positions'))
const pipeline = new Pipeline({
  stream: reader,
  positions,
  store,
  rulesOf: () => rules,
  logger: pino({ level: 'error' }),
  onStored: () => undefined,
})
await pipeline.start()

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Merges of what came before are not to be paid for by what is measured next. */
const untilMerged = async (): Promise<void> => {
  const merging = 'SELECT count() AS merges FROM system.merges'
  while (Number((await store.query<{ merges: number }>(merging))[0]?.merges) > 0) await sleep(200)
}

/** Sends new visits through the pipeline; answers microseconds of a processor for an event, merging included. */
const costOfEvent = async (from: number): Promise<number> => {
  await pipeline.still(async () => {
    const records = Array.from({ length: probedVisits }, (_, index) =>
      visitOf(from + index, probedVisits * steps.length),
    )
    await Promise.all(records.map(({ key, value }) => writer.append(key, value)))
  })
  const before = cpuMs()
  await untilAllStored(pipeline)
  return ((cpuMs() - before) * 1000) / (probedVisits * visitOf.events)
}

/** Milliseconds of a processor for all that opening the dashboard asks. */
const costOfDashboard = async (): Promise<number> => {
  await loadDashboard(store)
  const times: number[] = []
  for (let turn = 0; turn < 5; turn++) {
    const before = cpuMs()
    await loadDashboard(store)
    times.push(cpuMs() - before)
  }
  return median(times)
}

type Measured = {
  events: number
  ingestUs: number
  growUs: number
  dashboardMs: number
  memoryMb: number
  bytes: number
}
const measured: Measured[] = []
let grown = 0
for (const [place, step] of steps.entries()) {
  const events = step * 1_000_000
  const before = cpuMs()
  await growStore(store, events, () => undefined, grown)
  const growUs = ((cpuMs() - before) * 1000) / (events - grown)
  grown = events
  await untilMerged()
  const ingestUs = await costOfEvent(place * probedVisits)
  await untilMerged()
  const dashboardMs = await costOfDashboard()
  const [size] = await store.query<{ bytes: number }>(
    "SELECT sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND database IN ('silver', 'gold')",
  )
  const one = {
    events: step,
    ingestUs,
    growUs,
    dashboardMs,
    memoryMb: process.memoryUsage().rss / 1e6,
    bytes: Number(size?.bytes) / events,
  }
  measured.push(one)
  say(
    `${step} million: an event ${ingestUs.toFixed(0)} µs (${growUs.toFixed(0)} µs put in and merged by ClickHouse alone), dashboard ${dashboardMs.toFixed(0)} ms, ${one.memoryMb.toFixed(0)} MB, ${one.bytes.toFixed(0)} bytes an event`,
  )
}
await pipeline.stop()
await Promise.all([store.close(), writer.close(), reader.close(), positions.close()])
rmSync(folder, { recursive: true, force: true })

const curve = (name: string, of: (one: Measured) => number) => ({
  name,
  points: measured.map((one) => [one.events, of(one)] as const),
})
writePlots('growth.svg', { name: 'million events stored', isLog: true }, [
  {
    title: 'A processor for an event',
    unit: 'µs',
    curves: [
      curve('from the stream to gold', ({ ingestUs }) => ingestUs),
      curve('inserts and merges alone', ({ growUs }) => growUs),
    ],
  },
  {
    title: 'A dashboard of 28 days, all its questions',
    unit: 'ms of a processor',
    curves: [curve('dashboard', ({ dashboardMs }) => dashboardMs)],
  },
  { title: 'Memory of the process', unit: 'MB', curves: [curve('memory', ({ memoryMb }) => memoryMb)] },
  {
    title: 'On the disk, all layers but bronze',
    unit: 'bytes an event',
    curves: [curve('bytes', ({ bytes }) => bytes)],
  },
])
const [first, last] = [measured[0], measured.at(-1)]
const figures: Figure[] = [
  {
    name: 'growth_ingest_cost_last_to_first',
    value: (last?.ingestUs ?? Number.NaN) / (first?.ingestUs ?? Number.NaN),
    atMost: 1.3,
  },
]
say('')
report(figures)
