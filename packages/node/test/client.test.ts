import { spawn } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { ServerEvent } from '@clickwatch/contract'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, expectTypeOf, it } from 'vitest'
import { eventually, type ClickWatch as Started, startClickWatch } from '../../../test/fixtures/clickwatch.ts'
import { ClickWatch } from '../src/client.ts'
import type { Event } from '../src/event.ts'

/** A server that answers as it is told to, and 202 after. */
let server: Server
let url: string
let answers: { status: number; headers?: Record<string, string>; body?: object }[]
let arrived: { authorization: string | undefined; events: Event[]; atMs: number }[]

beforeEach(async () => {
  answers = []
  arrived = []
  server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    request.on('end', () => {
      const { events } = JSON.parse(text) as { events: Event[] }
      arrived.push({ authorization: request.headers.authorization, events, atMs: Date.now() })
      const { status, headers, body } = answers.shift() ?? { status: 202 }
      response.writeHead(status, headers).end(JSON.stringify(body ?? {}))
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const names = () => arrived.map(({ events }) => events.map(({ name }) => name))

describe('a server’s events', () => {
  it('are what the API takes', () => expectTypeOf<Event>().toExtend<ServerEvent>())

  it('go together, with the key, and each with an id and a time', async () => {
    const clickwatch = new ClickWatch({ url, apiKey: 'secret', site: 'shop', flushAfterMs: 20 })
    clickwatch.event({ name: 'a', user_id: 'u' })
    clickwatch.event({ name: 'b', user_id: 'u' })
    await eventually('the batch', async () => arrived[0])
    expect(names()).toEqual([['a', 'b']])
    expect(arrived[0]?.authorization).toBe('Bearer secret')
    expect(new Set(arrived[0]?.events.map(({ id }) => id)).size).toBe(2)
    expect(await clickwatch.close()).toBe(0)
  })

  it('go at once when a batch is full, in order', async () => {
    const clickwatch = new ClickWatch({ url, batchSize: 2, flushAfterMs: 60_000 })
    for (const name of ['a', 'b', 'c', 'd', 'e']) clickwatch.event({ name, user_id: 'u' })
    await clickwatch.flush()
    expect(names()).toEqual([['a', 'b'], ['c', 'd'], ['e']])
    await clickwatch.close()
  })

  it('are sent again under the same ids, no sooner than the server asks', async () => {
    answers = [{ status: 503, headers: { 'retry-after': '1' } }, { status: 429 }]
    const clickwatch = new ClickWatch({ url })
    clickwatch.event({ name: 'a', user_id: 'u' })
    await clickwatch.flush()
    expect(names()).toEqual([['a'], ['a'], ['a']])
    expect(new Set(arrived.map(({ events }) => events[0]?.id)).size).toBe(1)
    expect((arrived[1]?.atMs ?? 0) - (arrived[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(1000)
    await clickwatch.close()
  })

  it('that the server refuses are told of, and do not hold up the others', async () => {
    const lost: [string[], string][] = []
    answers = [
      { status: 202, body: { accepted: 1, rejected: [{ index: 1, field: 'time', reason: 'is no time' }] } },
      { status: 401, body: { error: { message: 'This needs the access key.' } } },
    ]
    const onLost = (events: readonly Event[], reason: string) =>
      lost.push([events.map(({ name = '' }) => name), reason])
    const clickwatch = new ClickWatch({ url, batchSize: 2, onLost })
    for (const name of ['a', 'b', 'c', 'd', 'e']) clickwatch.event({ name, user_id: 'u' })
    await clickwatch.flush()
    expect(lost).toEqual([
      [['b'], 'time is no time'],
      [['c', 'd'], 'This needs the access key.'],
    ])
    expect(names().at(-1)).toEqual(['e'])
    await clickwatch.close()
  })

  it('that are no JSON, and a listener that fails, hold up nothing', async () => {
    const reasons: string[] = []
    const onLost = (_events: readonly Event[], reason: string) => {
      reasons.push(reason)
      throw new Error('the listener failed')
    }
    const clickwatch = new ClickWatch({ url, onLost })
    clickwatch.event({ name: 'a', user_id: 'u', props: { seats: 3n as unknown as number } })
    clickwatch.event({ name: 'b', user_id: 'u' })
    await clickwatch.flush()
    expect(reasons).toEqual([expect.stringContaining('BigInt')])
    expect(names()).toEqual([['b']])
    await clickwatch.close()
  })

  it('wait in bounded number for a server that is away, and `close` says how many are left', async () => {
    server.close()
    const lost: string[] = []
    const onLost = ([event]: readonly Event[]) => void lost.push(event?.name ?? '')
    const clickwatch = new ClickWatch({ url, maxQueued: 2, onLost, closeWithinMs: 100 })
    for (const name of ['a', 'b', 'c']) clickwatch.event({ name, user_id: 'u' })
    expect(lost).toEqual(['a'])
    expect(await clickwatch.close()).toBe(2)
  })

  const child = (source: string) =>
    spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', source], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
  const module = JSON.stringify(join(import.meta.dirname, '../src/client.ts'))
  const telling = () =>
    `import { ClickWatch } from ${module}
     new ClickWatch({ url: '${url}', flushAfterMs: 60000 }).event({ name: 'last', user_id: 'u' });`

  it('are sent when the process ends by itself', async () => {
    const ended = await new Promise((resolve) => child(telling()).once('exit', resolve))
    expect(ended).toBe(0)
    expect(names()).toEqual([['last']])
  })

  it('are sent when the process is asked to stop, and it stops', async () => {
    const process = child(`${telling()} console.log('ready'); setInterval(() => undefined, 1000)`)
    await new Promise((resolve) => process.stdout.once('data', resolve))
    const ended = new Promise((resolve) => process.once('exit', (_code, signal) => resolve(signal)))
    process.kill('SIGTERM')
    expect(await ended).toBe('SIGTERM')
    expect(names()).toEqual([['last']])
  })
})

describe('with ClickWatch itself', () => {
  let started: Started
  beforeAll(async () => {
    started = await startClickWatch({ env: { CLICKWATCH_API_KEY: 'secret' } })
  })
  afterAll(() => started.dispose())

  it('events are counted', async () => {
    const clickwatch = new ClickWatch({ url: started.baseUrl, apiKey: 'secret', site: 'shop' })
    clickwatch.event({ name: 'Paid', visitor_id: 'v1', revenue: { amount: 5, currency: 'EUR' } })
    clickwatch.event({ name: 'Paid', user_id: 'u1' })
    expect(await clickwatch.close()).toBe(0)
    await eventually('both', async () => {
      const answer = await fetch(`${started.baseUrl}/api/v2/query`, {
        method: 'POST',
        headers: { authorization: 'Bearer secret', 'content-type': 'application/json' },
        body: JSON.stringify({ site_id: 'shop', metrics: ['visitors', 'events'], date_range: 'all' }),
      })
      const { results } = (await answer.json()) as { results: { metrics: number[] }[] }
      return results[0]?.metrics.join() === '2,2' ? true : undefined
    })
  })
})
