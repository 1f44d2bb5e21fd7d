import { fork } from 'node:child_process'
import { once } from 'node:events'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ClickWatch, startClickWatch, untilStored } from '../test/fixtures/clickwatch.ts'
import { median, percentile, report, withSpread } from './figures.ts'
import { load, steadyLoad } from './load.ts'
import { verifiedAfter } from './verified.ts'

// How many POST /e a second, each on disk before its 202, beside a server that only answers 202: with one event each, and with twenty, as a
// page sends them. Then what an answer takes at seven tenths of that.

const connections = 64
const rounds = 3
const requests = 20_000
const perBatch = 20
const batches = 10_000
const steadyShare = 0.7
const steadyMs = 10_000
const site = 'bench'
const say = (line: string) => process.stdout.write(`${line}\n`)

const startBare = async () => {
  const child = fork(join(import.meta.dirname, 'bare-server.ts'), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  const [port] = (await once(child, 'message')) as [number]
  return { baseUrl: `http://127.0.0.1:${port}`, stop: () => child.disconnect() }
}

const countEvents = async (clickWatch: ClickWatch): Promise<number> => {
  const { results } = await clickWatch.query({ site_id: site, metrics: ['events'], date_range: 'all' })
  return results[0]?.metrics[0] ?? 0
}

const clickWatch = await startClickWatch()
const bare = await startBare()
let acknowledged = 0
let failed = 0

/** One round; answers requests a second. Waits until the pipeline has caught up, so that no round pays for another's. */
const measure = async (name: string, baseUrl: string, amount: number, perRequest: number): Promise<number> => {
  const result = await load(baseUrl, site, connections, amount, perRequest)
  failed += result.non2xx + result.errors
  if (baseUrl === clickWatch.baseUrl) {
    acknowledged += result['2xx'] * perRequest
    await untilStored(clickWatch)
  }
  const { p50, p99 } = result.latency
  const perSecond = result['2xx'] / result.duration
  say(`  ${name.padEnd(22)} ${Math.round(perSecond)} requests/s   p50 ${p50} ms   p99 ${p99} ms`)
  return perSecond
}

try {
  say(
    `POST /e, ${connections} connections, ${rounds} rounds of ${requests} single events and ${batches} times ${perBatch}`,
  )
  say(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}; load, collector and engine share them`)
  await load(clickWatch.baseUrl, 'warm-up', connections, requests / 4)
  const single: number[] = []
  const twenty: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < rounds; round++) {
    theirs.push(await measure('bare 202', bare.baseUrl, requests, 1))
    single.push(await measure('ClickWatch, one event', clickWatch.baseUrl, requests, 1))
    twenty.push(await measure(`ClickWatch, ${perBatch} events`, clickWatch.baseUrl, batches, perBatch))
  }
  const crowd = await steadyLoad(clickWatch.baseUrl, site, median(single) * steadyShare)
  await sleep(steadyMs)
  const steady = await crowd.stop()
  acknowledged += steady.milliseconds.length - steady.failed
  failed += steady.failed
  await untilStored(clickWatch)
  const counted = await countEvents(clickWatch)
  say(
    `  at ${Math.round(steady.perSecond)} requests/s        p50 ${percentile(steady.milliseconds, 0.5).toFixed(1)} ms`,
  )
  say(`  bare ${withSpread(theirs)}, one event ${withSpread(single)}, ${perBatch} events ${withSpread(twenty)}\n`)
  const verified = await verifiedAfter('ingest', clickWatch)
  report([
    { name: 'ingest_per_second', value: median(single), atLeast: 2000 },
    { name: 'ingest_ratio', value: median(single) / median(theirs), atLeast: 0.5 },
    { name: 'ingest_batches_events_per_second', value: median(twenty) * perBatch, atLeast: 250_000 },
    { name: 'ingest_steady_p99_ms', value: percentile(steady.milliseconds, 0.99), atMost: 50 },
    verified,
    { name: 'ingest_failed', value: failed, atMost: 0 },
    { name: 'ingest_counted_too_few', value: acknowledged - counted, atMost: 0 },
    // What the load generator itself gave up on, when it was stopped, may have been taken in.
    { name: 'ingest_counted_too_often', value: Math.max(0, counted - acknowledged - connections), atMost: 0 },
  ])
} finally {
  bare.stop()
  await clickWatch.dispose()
}
