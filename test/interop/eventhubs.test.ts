import { setTimeout as sleep } from 'node:timers/promises'
import { EventHubProducerClient } from '@azure/event-hubs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type ClickWatch, eventually, freePort, startClickWatch, temporaryFolder } from '../fixtures/clickwatch.ts'
import { type EventHubs, startEventHubs } from '../fixtures/event-hubs.ts'
import {
  askStored,
  countRows,
  everythingStored,
  lostAndDoubled,
  sessionDocuments,
  startVisitors,
  verified,
} from '../fixtures/streamed.ts'

// ClickWatch over Azure Event Hubs' own SDK, with the connection string as Azure prints it; what answers is the tests' own endpoint.

let eventHubs: EventHubs
beforeAll(async () => {
  eventHubs = await startEventHubs(await freePort())
})
afterAll(() => eventHubs?.stop())

let clickWatch: ClickWatch | undefined
afterEach(async () => {
  await clickWatch?.dispose()
  clickWatch = undefined
})

const start = async (hub: string, partitions: number) => {
  eventHubs.create(hub, partitions)
  const dataFolder = temporaryFolder()
  const env = { CLICKWATCH_STREAM: eventHubs.connectionString(hub) }
  const started = await startClickWatch({ dataFolder, env })
  clickWatch = started
  return { started, env, dataFolder }
}

describe('an event hub', () => {
  it('gives rows with its partition and time for what the SDK sends, one document or several to an event', async () => {
    const { started, env, dataFolder } = await start('webtraffic', 3)
    const documents = sessionDocuments(1000)
    const before = Date.now()
    const producer = new EventHubProducerClient(env.CLICKWATCH_STREAM, 'webtraffic')
    for (let at = 0; at < 500; at += 50) {
      await producer.sendBatch(documents.slice(at, at + 50).map((body) => ({ body })))
    }
    for (let at = 500; at < 1000; at += 50) await producer.sendBatch([{ body: documents.slice(at, at + 50) }])
    await producer.sendBatch([{ body: Buffer.from('{"cut off') }])
    await producer.close()
    const expected = documents.reduce((sum, { events }) => sum + (events?.length ?? 0), 0)
    await everythingStored(started)
    expect(await countRows(started, 'final_cookies')).toBe(expected)
    const after = Date.now()
    expect(await verified(started, env)).toContain('Everything adds up.')
    await started.interrupt()
    const [stored] = await askStored<{ rows: number; partitions: number; first: number; last: number }>(
      dataFolder,
      `SELECT count() AS rows, uniqExact(PartitionId) AS partitions,
         toUnixTimestamp64Milli(min(EventEnqueuedUtcTime)) AS first, toUnixTimestamp64Milli(max(EventEnqueuedUtcTime)) AS last
       FROM silver.final_cookies`,
    )
    expect(stored?.rows).toBe(expected)
    expect(stored?.partitions).toBe(3)
    expect(stored?.first).toBeGreaterThanOrEqual(before)
    expect(stored?.last).toBeLessThanOrEqual(after)
    const [messages] = await askStored<{ messages: number; documents: number }>(
      dataFolder,
      'SELECT uniqExact(PartitionId, MessageOffset) AS messages, count() AS documents FROM bronze.web_cookies',
    )
    expect(messages).toEqual({ messages: 510, documents: 1000 })
    const letters = await askStored<{ document: string }>(dataFolder, 'SELECT document FROM bronze.dead_letters')
    expect(letters).toEqual([{ document: '{"cut off' }])
  })

  it('that goes away and comes back, with engine and collector killed, loses and doubles nothing', async () => {
    const { started, env, dataFolder } = await start('chaos', 2)
    const visitors = startVisitors(started, 10)
    await sleep(2000)
    process.kill(started.pidOf('engine'), 'SIGKILL')
    await sleep(1000)
    await eventHubs.stop()
    const before = visitors.acknowledged.size
    await eventually('collection to go on', async () => (visitors.acknowledged.size > before + 50 ? true : undefined))
    expect(visitors.refusals.size).toBe(0)
    process.kill(started.pidOf('collector'), 'SIGKILL')
    await sleep(1000)
    await eventHubs.start()
    await sleep(2000)
    process.kill(started.pidOf('collector'), 'SIGKILL')
    await sleep(1500)
    await visitors.stop()
    await everythingStored(started)
    expect(await verified(started, env)).toContain('Everything adds up.')
    await started.interrupt()
    expect(visitors.acknowledged.size).toBeGreaterThan(100)
    expect(await lostAndDoubled(dataFolder, visitors.acknowledged)).toEqual({ lost: 0, doubled: 0 })
  })
})
