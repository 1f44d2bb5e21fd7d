import { setTimeout as sleep } from 'node:timers/promises'
import { EventHubConsumerClient, EventHubProducerClient, earliestEventPosition } from '@azure/event-hubs'
import type { SessionDocument } from '@clickwatch/contract'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type ClickWatch, eventually, freePort, startClickWatch, temporaryFolder } from '../fixtures/clickwatch.ts'
import { type EventHubs, startEventHubs } from '../fixtures/event-hubs.ts'
import {
  askStored,
  countRows,
  everythingStored,
  expectedOf,
  lostAndDoubled,
  type Message,
  sessionDocuments,
  startVisitors,
  storedOf,
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

/** The first so many messages, as the SDK's consumer tells them to whoever asks; what is no document has none. */
const messagesOf = async (connectionString: string, count: number): Promise<Message[]> => {
  const consumer = new EventHubConsumerClient('$Default', connectionString, 'webtraffic')
  const messages: Message[] = []
  const subscription = consumer.subscribe(
    {
      async processEvents(events, { partitionId }) {
        for (const { body, enqueuedTimeUtc } of events) {
          const documents = [body].flat().filter((each) => typeof each?.session_id === 'string') as SessionDocument[]
          messages.push({ partition: Number(partitionId), time: enqueuedTimeUtc.getTime(), documents })
        }
      },
      processError: async (error) => expect.fail(error.message),
    },
    { startPosition: earliestEventPosition },
  )
  await eventually(`${count} messages`, async () => (messages.length >= count ? true : undefined))
  await subscription.close()
  await consumer.close()
  return messages
}

describe('an event hub', () => {
  it('gives rows with its partition and time for what the SDK sends, one document or several to an event', async () => {
    const { started, env, dataFolder } = await start('webtraffic', 3)
    const documents = sessionDocuments(1000)
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
    expect(await verified(started, env)).toContain('Everything adds up.')
    await started.interrupt()
    const messages = await messagesOf(env.CLICKWATCH_STREAM, 511)
    expect(messages.flatMap((message) => message.documents)).toHaveLength(1000)
    expect(new Set(messages.map(({ partition }) => partition)).size).toBe(3)
    expect(await storedOf(dataFolder)).toEqual(expectedOf(messages))
    const [named] = await askStored<{ messages: number; documents: number }>(
      dataFolder,
      'SELECT uniqExact(PartitionId, MessageOffset) AS messages, count() AS documents FROM bronze.web_cookies',
    )
    expect(named).toEqual({ messages: 510, documents: 1000 })
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
