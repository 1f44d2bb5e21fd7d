import { mkdirSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startClickWatch, temporaryFolder } from '../test/fixtures/clickwatch.ts'
import { median, report, withSpread } from './figures.ts'
import { load, steadyLoad } from './load.ts'
import { residentMb } from './resident.ts'
import { verifiedAfter } from './verified.ts'

// `npm run bench:memory [-- --store FOLDER]`: how long an installation takes to start, and what its processes have in memory when nothing
// happens and when as much comes as it is made for, over a store that has grown in FOLDER, which gets what is sent, or over an empty one.

const { values: given } = parseArgs({ options: { store: { type: 'string' } } })
const starts = 3
const perSecond = 10_000
const perRequest = 20
const idleMs = 5000
const ingestMs = 30_000
const say = (line: string) => process.stdout.write(`${line}\n`)

const dataFolder = temporaryFolder()
if (given.store) {
  mkdirSync(dataFolder, { recursive: true })
  symlinkSync(resolve(given.store), join(dataFolder, 'store'))
}

const startMs: number[] = []
for (let turn = 1; turn < starts; turn++) {
  const startedAt = performance.now()
  const { interrupt } = await startClickWatch({ dataFolder })
  startMs.push(performance.now() - startedAt)
  await interrupt()
}
const startedAt = performance.now()
const clickWatch = await startClickWatch({ dataFolder })
startMs.push(performance.now() - startedAt)
try {
  await sleep(idleMs)
  const idle = residentMb(process.pid)
  say(`idle: ${JSON.stringify(idle)}`)
  // What is asked and sent once is in caches from then on.
  await load(clickWatch.baseUrl, 'memory', 16, 2000)
  const crowd = await steadyLoad(clickWatch.baseUrl, 'memory', perSecond / perRequest, perRequest)
  const seen: number[] = []
  for (const until = Date.now() + ingestMs; Date.now() < until; await sleep(1000)) {
    seen.push(residentMb(process.pid).all)
  }
  const steady = await crowd.stop()
  const busy = residentMb(process.pid)
  // A store that was grown for a benchmark has no ledger of what came: there is nothing to hold it against.
  const verified = given.store ? [] : [await verifiedAfter('memory', clickWatch)]
  say(`at ${Math.round(steady.perSecond * perRequest)} events a second: ${JSON.stringify(busy)}`)
  say(`start ${withSpread(startMs)} ms\n`)
  report([
    { name: 'start_to_ready_ms', value: median(startMs), atMost: 3000 },
    { name: 'memory_idle_mb', value: idle.all, atMost: 500 },
    { name: 'memory_ingest_mb', value: Math.max(...seen), atMost: 1500 },
    ...verified,
    { name: 'memory_ingest_failed', value: steady.failed, atMost: 0 },
  ])
} finally {
  await clickWatch.dispose()
}
