import { setTimeout as sleep } from 'node:timers/promises'
import autocannon, { type Options, type Result } from 'autocannon'
import { batch, event } from '../test/fixtures/events.ts'

/** A body of `POST /e` with one page view by a visitor of its own. */
export const singleEvent = (visitor: string): string => JSON.stringify(batch(visitor, `session-${visitor}`, [event()]))

let sent = 0

const options = (baseUrl: string, site: string): Options => ({
  url: `${baseUrl}/e?site=${site}`,
  method: 'POST',
  headers: { 'content-type': 'text/plain' },
  requests: [{ setupRequest: (request) => ({ ...request, body: singleEvent(`${site}-${++sent}`) }) }],
})

/** So many single-event requests over so many connections, as fast as they are answered, each by another visitor. */
export const load = (baseUrl: string, site: string, connections: number, requests: number): Promise<Result> =>
  autocannon({ ...options(baseUrl, site), connections, amount: requests })

const shards = 20
const longestS = 600

/** Single-event requests at a rate, until it is stopped; `stop` answers how many a second were answered 2xx. */
export const steadyLoad = async (baseUrl: string, site: string, perSecond: number) => {
  const beganAt = performance.now()
  const running: ReturnType<typeof autocannon>[] = []
  // Each sends its share of a second at once, so they take turns.
  for (let shard = 0; shard < shards; shard++) {
    running.push(
      autocannon({ ...options(baseUrl, site), connections: 2, duration: longestS, overallRate: perSecond / shards }),
    )
    await sleep(1000 / shards)
  }
  return {
    async stop(): Promise<number> {
      const seconds = (performance.now() - beganAt) / 1000
      for (const instance of running) (instance as unknown as { stop(): void }).stop()
      const results = await Promise.all(running)
      return results.reduce((sum, result) => sum + result['2xx'], 0) / seconds
    },
  }
}
