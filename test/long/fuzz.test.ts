import { Agent, request } from 'node:http'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ClickWatch, eventually, startClickWatch } from '../fixtures/clickwatch.ts'
import { batch, event } from '../fixtures/events.ts'
import { bodiesOf } from '../fixtures/fuzzed.ts'
import { heapEnv, openHeap } from '../fixtures/heap.ts'

// Bodies nobody would write, at every door that strangers may knock at. `CLICKWATCH_FUZZ` is how many; the seed is told when one
// of them is answered as none should be.

const bodies = Number(process.env.CLICKWATCH_FUZZ ?? 100_000)
const atOnce = 32
const chunk = 500
/** What all but the first tenth may add to what the collector holds: its caches are full by then. */
const mostGrowthMb = 20

let clickWatch: ClickWatch
beforeAll(async () => {
  clickWatch = await startClickWatch({ env: heapEnv })
})
afterAll(() => clickWatch.dispose())

const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
type Fuzzed = { path: string; body: Uint8Array }

const statusOf = ({ path, body }: Fuzzed): Promise<number> =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'text/plain', 'content-length': body.length }
    request(`${clickWatch.baseUrl}${path}`, { method: 'POST', agent, headers }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0))
    })
      .once('error', reject)
      .end(body)
  })

it('no body gives an answer of 5xx, nor memory that does not come back', { timeout: 600_000 }, async () => {
  const seed = Number(process.env.CLICKWATCH_FUZZ_SEED ?? Date.now())
  const statuses = new Map<number, number>()
  const sendChunk = async (index: number, size: number) => {
    const queue = fc.sample(bodiesOf(), { seed: seed + index, numRuns: size }).values()
    const work = async () => {
      for (const fuzzed of queue) {
        const status = await statusOf(fuzzed)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        const told = `${status} at ${fuzzed.path} (seed ${seed + index}): ${Buffer.from(fuzzed.body).toString('base64')}`
        if (status < 200 || status >= 500) throw new Error(told)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, work))
  }
  const chunks = Math.ceil(bodies / chunk)
  const heap = await openHeap(clickWatch, 'collector')
  let settledMb = 0
  for (let index = 0; index < chunks; index++) {
    await sendChunk(index, Math.min(chunk, bodies - index * chunk))
    if (index === Math.floor(chunks / 10)) settledMb = await heap.usedMb()
  }
  const grownMb = (await heap.usedMb()) - settledMb
  heap.close()
  agent.destroy()
  expect([...statuses.values()].reduce((sum, count) => sum + count, 0)).toBe(bodies)
  // Both what is good and what is not was among them.
  expect([...statuses.keys()].some((status) => status < 300)).toBe(true)
  expect([...statuses.keys()].some((status) => status >= 400)).toBe(true)
  expect(settledMb).toBeGreaterThan(1)
  expect(grownMb).toBeLessThan(mostGrowthMb)

  expect((await clickWatch.post('/e?site=after', batch('v', 's', [event()]))).status).toBe(202)
  await eventually(
    'the good event after them',
    async () => {
      const { results } = await clickWatch.query({ site_id: 'after', metrics: ['events'], date_range: 'all' })
      return results[0]?.metrics[0] === 1 ? true : undefined
    },
    180_000,
  )
})
