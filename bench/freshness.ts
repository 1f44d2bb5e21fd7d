import { setTimeout as sleep } from 'node:timers/promises'
import { createParser } from 'eventsource-parser'
import { type ClickWatch, startClickWatch } from '../test/fixtures/clickwatch.ts'
import { batch, event } from '../test/fixtures/events.ts'
import { percentile, report } from './figures.ts'
import { steadyLoad } from './load.ts'
import { verifiedAfter } from './verified.ts'

// How long from an event's 202 until a dashboard that listens can show it: the notice over server-sent events, then the answer to a
// query in which it is counted.

const idleProbes = 100
const loadedProbes = 60
const loadPerSecond = 10_000
const perRequest = 20
const warmUpMs = 2000

/** A dashboard's open connection; `next` resolves at the next change of its site. */
const listen = async (clickWatch: ClickWatch, site: string) => {
  const abort = new AbortController()
  const response = await fetch(`${clickWatch.baseUrl}/api/live?site=${site}`, { signal: abort.signal })
  let wake = Promise.withResolvers<void>()
  const parser = createParser({
    onEvent: () => {
      wake.resolve()
      wake = Promise.withResolvers<void>()
    },
  })
  const read = async () => {
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) parser.feed(chunk)
  }
  read().catch(() => undefined)
  return { next: () => wake.promise, stop: () => abort.abort() }
}

/** Milliseconds from 202 to counted, of one event after the other; `pauseMs` lies between them. */
const probe = async (clickWatch: ClickWatch, site: string, probes: number, pauseMs: number): Promise<number[]> => {
  const live = await listen(clickWatch, site)
  const times: number[] = []
  for (let sent = 1; sent <= probes; sent++) {
    await clickWatch.post(`/e?site=${site}`, batch(`visitor-${sent}`, `session-${sent}`, [event()]))
    const answeredAt = performance.now()
    for (;;) {
      const changed = live.next()
      const { results } = await clickWatch.query({ site_id: site, metrics: ['visitors'], date_range: 'day' })
      if ((results[0]?.metrics[0] ?? 0) >= sent) break
      // As the dashboard does: it asks again when it is told that something changed.
      await Promise.race([changed, sleep(1000)])
    }
    times.push(performance.now() - answeredAt)
    await sleep(pauseMs)
  }
  live.stop()
  return times
}

const clickWatch = await startClickWatch()
try {
  process.stdout.write('From 202 to counted in a query\n')
  await probe(clickWatch, 'warm-up', 10, 10)
  const idle = await probe(clickWatch, 'idle', idleProbes, 20)
  process.stdout.write(`  idle: ${idleProbes} events, one at a time\n`)

  const crowd = await steadyLoad(clickWatch.baseUrl, 'crowd', loadPerSecond / perRequest, perRequest)
  await sleep(warmUpMs)
  const loaded = await probe(clickWatch, 'loaded', loadedProbes, 200)
  const rate = (await crowd.stop()).perSecond * perRequest
  process.stdout.write(`  loaded: ${loadedProbes} events beside ${Math.round(rate)} others a second\n\n`)
  const verified = await verifiedAfter('freshness', clickWatch)
  report([
    verified,
    { name: 'freshness_idle_p50_ms', value: percentile(idle, 0.5), atMost: 300 },
    { name: 'freshness_idle_p99_ms', value: percentile(idle, 0.99), atMost: 300 },
    { name: 'freshness_load_p50_ms', value: percentile(loaded, 0.5), atMost: 1000 },
    { name: 'freshness_load_p99_ms', value: percentile(loaded, 0.99), atMost: 1000 },
    { name: 'freshness_load_per_second', value: rate, atLeast: 0.9 * loadPerSecond },
  ])
} finally {
  await clickWatch.dispose()
}
