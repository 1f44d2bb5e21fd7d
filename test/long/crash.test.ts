import { getPriority } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { type ClickWatch, eventually, startClickWatch, temporaryFolder } from '../fixtures/clickwatch.ts'
import { batch, event } from '../fixtures/events.ts'

let clickWatch: ClickWatch
let stopLoad = async (): Promise<void> => undefined
afterEach(async () => {
  // Where a test fails, its visitors would go on with the next one's server.
  await stopLoad()
  await clickWatch.dispose()
})

/** Sends single-event batches from some visitors at once until told to stop; counts what was acknowledged. */
const load = (visitors: number) => {
  let isOver = false
  let acknowledged = 0
  let refused = 0
  const visitor = async (index: number) => {
    for (let turn = 0; !isOver; turn++) {
      const session = `visitor-${index}-session-${Math.floor(turn / 5)}`
      try {
        const response = await clickWatch.post('/e', batch(`visitor-${index}`, session, [event()]))
        if (response.status === 202) acknowledged++
        else refused++
        await response.arrayBuffer()
      } catch {
        // The collector itself was killed: nothing was acknowledged.
        refused++
        await sleep(20)
      }
    }
  }
  const running = Promise.all(Array.from({ length: visitors }, (_, index) => visitor(index)))
  stopLoad = async () => {
    isOver = true
    await running
  }
  return { acknowledged: () => acknowledged, refused: () => refused, stop: stopLoad }
}

const counted = async () => {
  const answer = await clickWatch.query({ metrics: ['events', 'pageviews', 'visits', 'visitors'], date_range: 'all' })
  return answer.results[0]?.metrics
}

const rawCount = async () => {
  const question = { metrics: ['events', 'visits'], date_range: 'all', filters: [['contains', 'visit:source', ['']]] }
  return (await clickWatch.query(question)).results[0]?.metrics
}

describe('a killed process', () => {
  it('of the engine stops no collection, is back by itself, and counts every acknowledged event once', async () => {
    clickWatch = await startClickWatch()
    const visitors = load(20)
    for (let kill = 0; kill < 4; kill++) {
      await sleep(700)
      process.kill(clickWatch.pidOf('engine'), 'SIGKILL')
      const before = visitors.acknowledged()
      await eventually('the engine to be back', async () =>
        (await clickWatch.get<{ engine: string }>('/readyz')).engine === 'ready' ? true : undefined,
      )
      expect(visitors.acknowledged()).toBeGreaterThan(before)
      // It gives way to what arrives, the one that was started again as well.
      expect(getPriority(clickWatch.pidOf('engine'))).toBeGreaterThan(getPriority(clickWatch.pidOf('collector')))
    }
    await visitors.stop()
    expect(visitors.refused()).toBe(0)

    const acknowledged = visitors.acknowledged()
    const metrics = await eventually(`${acknowledged} events; there are ${await counted()}`, async () => {
      const found = await counted()
      return (found?.[0] ?? 0) >= acknowledged ? found : undefined
    })
    expect(metrics?.slice(0, 2)).toEqual([acknowledged, acknowledged])
    expect(metrics?.[3]).toBe(20)
    // One insert fills one roll-up after the other: what the first of them counts, the next may not have for a moment.
    const raw = await eventually('the other roll-ups', async () => {
      const found = await rawCount()
      return (found?.[0] ?? 0) >= acknowledged ? found : undefined
    })
    expect(raw).toEqual([acknowledged, metrics?.[2]])
  })

  it('of the collector loses nothing it had acknowledged', async () => {
    clickWatch = await startClickWatch()
    const visitors = load(10)
    await sleep(500)
    process.kill(clickWatch.pidOf('collector'), 'SIGKILL')
    const before = visitors.acknowledged()
    await eventually('the collector to be back', async () =>
      visitors.acknowledged() > before + 100 ? true : undefined,
    )
    await visitors.stop()
    const acknowledged = visitors.acknowledged()
    const found = await eventually(`${acknowledged} events`, async () => {
      const metrics = await counted()
      return (metrics?.[0] ?? 0) >= acknowledged ? metrics?.[0] : undefined
    })
    // What was on its way when the collector died may be on disk too, though nobody was told: one event a visitor at most.
    expect(found).toBeLessThanOrEqual(acknowledged + 10)
  })

  it('of everything at once leaves a data folder that the next start goes on with', async () => {
    const dataFolder = temporaryFolder()
    clickWatch = await startClickWatch({ dataFolder })
    const visitors = load(10)
    await sleep(800)
    const pids = [clickWatch.pidOf('engine'), clickWatch.pidOf('collector')]
    await visitors.stop()
    for (const pid of pids) process.kill(pid, 'SIGKILL')
    await clickWatch.interrupt()
    const acknowledged = visitors.acknowledged()

    clickWatch = await startClickWatch({ dataFolder })
    const metrics = await eventually(`${acknowledged} events`, async () => {
      const found = await counted()
      return (found?.[0] ?? 0) >= acknowledged ? found : undefined
    })
    expect(metrics?.[0]).toBe(acknowledged)
  })
})
