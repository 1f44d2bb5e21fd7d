import { setTimeout as sleep } from 'node:timers/promises'
import autocannon, { type Client, type Options, type Result } from 'autocannon'
import { batch, event } from '../test/fixtures/events.ts'

let sent = 0

/** A body of `POST /e` with so many page views by a visitor of its own. */
const bodyOf = (site: string, events: number): string => {
  const visitor = `${site}-${++sent}`
  return JSON.stringify(
    batch(
      visitor,
      `session-${visitor}`,
      Array.from({ length: events }, () => event()),
    ),
  )
}

const options = (baseUrl: string, site: string, perRequest: number): Options => ({
  url: `${baseUrl}/e?site=${site}`,
  method: 'POST',
  headers: { 'content-type': 'text/plain' },
  requests: [{ setupRequest: (request) => ({ ...request, body: bodyOf(site, perRequest) }) }],
})

/**
 * So many requests over so many connections, as fast as they are answered, each by another visitor with so many events.
 * Its `duration` is the seconds until the last answer: autocannon's own are whole ones, since it looks once a second whether it is done.
 */
export const load = async (
  baseUrl: string,
  site: string,
  connections: number,
  requests: number,
  perRequest = 1,
): Promise<Result> => {
  const beganAt = performance.now()
  let answeredAt = beganAt
  const setupClient = (client: Client): void => {
    client.on('response', () => {
      answeredAt = performance.now()
    })
  }
  const result = await autocannon({
    ...options(baseUrl, site, perRequest),
    ...{ connections, amount: requests, setupClient },
  })
  if (answeredAt === beganAt) throw new Error(`${baseUrl} answered none of ${requests} requests`)
  return { ...result, duration: (answeredAt - beganAt) / 1000 }
}

const shards = 20
const longestS = 4 * 3600

/** What became of requests at a rate: how many a second were answered 2xx, and what each answer took. */
export type Steady = { perSecond: number; milliseconds: number[]; failed: number }

/** Requests at a rate, each with so many events, until it is stopped. */
export const steadyLoad = async (baseUrl: string, site: string, perSecond: number, perRequest = 1) => {
  const beganAt = performance.now()
  const milliseconds: number[] = []
  const setupClient = (client: Client): void => {
    client.on('response', (_status: number, _bytes: number, took: number) => milliseconds.push(took))
  }
  const running: ReturnType<typeof autocannon>[] = []
  // Each sends its share of a second at once, so they take turns.
  for (let shard = 0; shard < shards; shard++) {
    const rate = { connections: 2, duration: longestS, overallRate: perSecond / shards, setupClient }
    running.push(autocannon({ ...options(baseUrl, site, perRequest), ...rate }))
    await sleep(1000 / shards)
  }
  return {
    /** What each answer has taken so far. */
    milliseconds: milliseconds as readonly number[],
    async stop(): Promise<Steady> {
      const seconds = (performance.now() - beganAt) / 1000
      for (const instance of running) (instance as unknown as { stop(): void }).stop()
      const results = await Promise.all(running)
      const good = results.reduce((sum, result) => sum + result['2xx'], 0)
      const failed = results.reduce((sum, { non2xx, errors }) => sum + non2xx + errors, 0)
      return { perSecond: good / seconds, milliseconds, failed }
    },
  }
}
