import { fork } from 'node:child_process'
import { once } from 'node:events'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { type ClickWatch, eventually, startClickWatch } from '../test/fixtures/clickwatch.ts'
import { median, report } from './figures.ts'
import { load } from './load.ts'

// How many single-event POST /e a second, each on disk before its 202, beside a server that only answers 202.

const connections = 64
const rounds = 3
const requests = 20_000
const site = 'bench'

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
let answered = 0
let counted = 0
let failed = 0

/** One round; answers requests a second. Waits until the pipeline has caught up, so that no round pays for another's. */
const measure = async (name: string, baseUrl: string): Promise<number> => {
  const result = await load(baseUrl, site, connections, requests)
  failed += result.non2xx + result.errors
  if (baseUrl === clickWatch.baseUrl) {
    answered += result['2xx']
    counted = await eventually(
      'the pipeline to catch up',
      async () => {
        const events = await countEvents(clickWatch)
        return events >= answered ? events : undefined
      },
      120_000,
    )
  }
  const { p50, p99 } = result.latency
  process.stdout.write(
    `  ${name.padEnd(11)} ${Math.round(result['2xx'] / result.duration)}/s   p50 ${p50} ms   p99 ${p99} ms\n`,
  )
  return result['2xx'] / result.duration
}

try {
  process.stdout.write(`POST /e, one event a request, ${connections} connections, ${rounds} rounds of ${requests}\n`)
  process.stdout.write(
    `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}; load, collector and engine share them\n`,
  )
  await load(clickWatch.baseUrl, 'warm-up', connections, requests / 4)
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < rounds; round++) {
    theirs.push(await measure('bare 202', bare.baseUrl))
    ours.push(await measure('ClickWatch', clickWatch.baseUrl))
  }
  process.stdout.write('\n')
  report([
    { name: 'ingest_per_second', value: median(ours), atLeast: 2000 },
    { name: 'ingest_ratio', value: median(ours) / median(theirs), atLeast: 0.5 },
    { name: 'ingest_failed', value: failed, atMost: 0 },
    { name: 'ingest_counted_too_often', value: counted - answered, atMost: 0 },
  ])
} finally {
  bare.stop()
  await clickWatch.dispose()
}
