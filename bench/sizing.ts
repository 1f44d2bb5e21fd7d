import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openEmbeddedStore } from '../packages/server/src/store/embedded.ts'
import { eventually, startClickWatch } from '../test/fixtures/clickwatch.ts'
import { batch, event } from '../test/fixtures/events.ts'
import { report } from './figures.ts'
import { eventsOfVisit, sendVisits, sumOf } from './sent-visits.ts'

// What one event costs a whole installation, from the request to gold: seconds of a processor, bytes on the disk, memory. The table that
// docs/operate/sizing.md has is made of it.

const { values } = parseArgs({ options: { events: { type: 'string', default: '300000' } } })
const events = Number(values.events)
/** ClickHouse merges what came in small parts; what a day costs is what is left after that. */
const settleMs = 30_000

/** A little, all the time: what that costs is what batches cost, whatever is in them. Some time passes until they keep a steady pace. */
const trickle = { perSecond: 10, warmUpMs: 40_000, ms: 60_000 }

/** How much more comes in the busiest seconds of a day than on average, and how much of a processor may be used then. */
const peak = 5
const use = 0.5

const clickWatch = await startClickWatch()
const metrics = async (): Promise<string> => (await fetch(`${clickWatch.baseUrl}/metrics`)).text()
const streamBytesOf = (folder: string): number =>
  Number(
    execFileSync('du', ['-sb', join(folder, 'stream')])
      .toString()
      .split('\t')[0],
  )

const cpuSeconds = async (): Promise<number> => sumOf(await metrics(), 'process_cpu_seconds_total')

/** Sends an event of another visitor now and again. */
const trickleFor = async (milliseconds: number): Promise<void> => {
  for (
    const until = performance.now() + milliseconds;
    performance.now() < until;
    await sleep(1000 / trickle.perSecond)
  ) {
    const visitor = randomUUID()
    await clickWatch.post('/e?site=trickle', batch(visitor, visitor, [event()]))
  }
}

/** What tables take on the disk, by layer; parts that were merged into others and are not yet removed do not count. */
const layersIn = async (folder: string): Promise<Record<string, number>> => {
  const store = openEmbeddedStore(join(folder, 'store'))
  const rows = await store.query<{ layer: string; bytes: number }>(
    `SELECT database AS layer, sum(bytes_on_disk) AS bytes FROM system.parts
     WHERE active AND database IN ('bronze', 'silver', 'gold') GROUP BY layer`,
  )
  await store.close()
  return Object.fromEntries(rows.map(({ layer, bytes }) => [layer, Number(bytes)]))
}

try {
  await trickleFor(trickle.warmUpMs)
  const beforeTrickle = await cpuSeconds()
  await trickleFor(trickle.ms)
  const trickleProcessors = ((await cpuSeconds()) - beforeTrickle) / (trickle.ms / 1000)

  const visits = Math.ceil(events / eventsOfVisit)
  const counted = sumOf(await metrics(), 'clickwatch_events_total')
  const before = await cpuSeconds()
  const beganAt = performance.now()
  await sendVisits(clickWatch.baseUrl, visits)
  await eventually(
    'all of it to be counted',
    async () => {
      const text = await metrics()
      return sumOf(text, 'clickwatch_events_total') >= counted + visits * eventsOfVisit ? true : sleep(500, undefined)
    },
    600_000,
  )
  const seconds = (performance.now() - beganAt) / 1000
  await sleep(settleMs)
  const after = await metrics()
  const cpu = sumOf(after, 'process_cpu_seconds_total') - before
  const perMillion = (cpu / (visits * eventsOfVisit)) * 1e6
  const streamBytes = streamBytesOf(clickWatch.dataFolder) / (visits * eventsOfVisit)
  const memory = sumOf(after, 'process_resident_memory_bytes')

  await clickWatch.interrupt()
  const layers = await layersIn(clickWatch.dataFolder)
  const perEvent = (layer: string): number => (layers[layer] ?? 0) / (visits * eventsOfVisit)
  const storeBytes = perEvent('bronze') + perEvent('silver') + perEvent('gold')

  process.stdout.write(`${visits * eventsOfVisit} events of ${visits} visits, through in ${seconds.toFixed(0)} s\n\n`)
  process.stdout.write('| events a day | at the busiest, a second | processors | disk a year |\n|---|---|---|---|\n')
  for (const perDay of [100_000, 1e6, 1e7, 5e7]) {
    const busiest = (perDay / 86_400) * peak
    const processors = (busiest * perMillion) / 1e6 / use
    const gigabytes = (perDay * 365 * storeBytes + perDay * streamBytes) / 1e9
    const cells = [
      perDay.toLocaleString('en'),
      busiest.toFixed(0),
      Math.max(0.01, processors).toFixed(2),
      `${gigabytes.toFixed(0)} GB`,
    ]
    process.stdout.write(`| ${cells.join(' | ')} |\n`)
  }
  process.stdout.write('\n')
  report([
    { name: `sizing_processors_at_${trickle.perSecond}_a_second`, value: trickleProcessors, atMost: 0.3 },
    { name: 'sizing_cpu_seconds_per_million_events', value: perMillion, atMost: 400 },
    { name: 'sizing_bronze_bytes_per_event', value: perEvent('bronze'), atMost: 100 },
    { name: 'sizing_silver_bytes_per_event', value: perEvent('silver'), atMost: 200 },
    { name: 'sizing_gold_bytes_per_event', value: perEvent('gold'), atMost: 200 },
    { name: 'sizing_stream_bytes_per_event', value: streamBytes, atMost: 1000 },
    { name: 'sizing_memory_bytes', value: memory, atMost: 3e9 },
  ])
} finally {
  await clickWatch.dispose()
}
