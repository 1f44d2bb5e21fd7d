import { setTimeout as sleep } from 'node:timers/promises'
import type { SessionDocument } from '@clickwatch/contract'
import { Admin, Producer } from '@platformatic/kafka'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type ClickWatch, eventually, runCommand, startClickWatch, temporaryFolder } from '../fixtures/clickwatch.ts'
import { batch, event } from '../fixtures/events.ts'
import { type Kafka, startKafka } from '../fixtures/kafka.ts'
import {
  askStored,
  countRows,
  everythingStored,
  expectedOf,
  lostAndDoubled,
  sessionDocuments,
  startVisitors,
  storedOf,
  verified,
} from '../fixtures/streamed.ts'

// ClickWatch over Apache Kafka itself: what anyone writes there is read, and nothing is lost or doubled whatever ends when.

let kafka: Kafka
beforeAll(async () => {
  kafka = await startKafka()
})
afterAll(() => kafka?.dispose())

let clickWatch: ClickWatch | undefined
afterEach(async () => {
  await clickWatch?.dispose()
  clickWatch = undefined
})

const partitions = '3'
const start = async (topic: string, env: Record<string, string> = {}, dataFolder = temporaryFolder()) => {
  const all = { CLICKWATCH_STREAM: `kafka://${kafka.broker}/${topic}`, CLICKWATCH_PARTITIONS: partitions, ...env }
  const started = await startClickWatch({ dataFolder, env: all })
  clickWatch = started
  return { started, env: all, dataFolder }
}

describe('what anyone writes to the topic', () => {
  it('becomes rows with the partition and the time of the broker, one document or several to a message', async () => {
    const { started, env, dataFolder } = await start('seed')
    const documents = sessionDocuments(1000)
    const lines = documents.slice(0, 400).map((document) => JSON.stringify(document))
    for (let at = 400; at < 1000; at += 20) lines.push(JSON.stringify(documents.slice(at, at + 20)))
    await kafka.produce('seed', lines)
    const expected = documents.reduce((sum, { events }) => sum + (events?.length ?? 0), 0)
    await eventually(
      `${expected} rows`,
      async () => ((await countRows(started, 'final_cookies')) >= expected ? true : undefined),
      120_000,
    )
    expect(await verified(started, env)).toContain('Everything adds up.')
    await started.interrupt()

    const messages = (await kafka.consume('seed', lines.length)).map(({ partition, time, value }) => ({
      partition,
      time,
      documents: [JSON.parse(value)].flat() as SessionDocument[],
    }))
    expect(messages.flatMap((message) => message.documents)).toHaveLength(1000)
    expect(new Set(messages.map(({ partition }) => partition)).size).toBeGreaterThan(1)
    expect(await storedOf(dataFolder)).toEqual(expectedOf(messages))
    // What the broker calls the messages by, which several documents of one have in common.
    const named = await askStored<{ messages: number; documents: number }>(
      dataFolder,
      'SELECT uniqExact(PartitionId, MessageOffset) AS messages, count() AS documents FROM bronze.web_cookies',
    )
    expect(named).toEqual([{ messages: 430, documents: 1000 }])
  })

  it('is an event, an envelope of them, or any of all in an array; what is none of it is kept and blocks nothing', async () => {
    const { started, dataFolder } = await start('mixed')
    const [document] = sessionDocuments(1)
    const own = (id: string) => ({
      id,
      type: 'page_view',
      url: 'https://shop.example/',
      visitor_id: `visitor of ${id}`,
    })
    await kafka.produce('mixed', [
      '{"cut off',
      JSON.stringify(own('single')),
      '42',
      JSON.stringify({ site: 'shop', events: [own('enveloped'), { type: 'page_view' }] }),
      '[]',
      JSON.stringify([document, own('beside'), { session_id: 'without user' }]),
      // As a collector writes it, from someone who is none.
      JSON.stringify({ kind: 'tracker', site: 'default', received_at: 1, document: { events: [] } }),
    ])
    const producer = new Producer({ clientId: 'test', bootstrapBrokers: [kafka.broker] })
    await producer.send({ messages: [{ topic: 'mixed', key: Buffer.from('a tombstone') }] })
    await producer.send({ messages: [{ topic: 'mixed', value: Buffer.from(JSON.stringify(own('last'))) }] })
    await producer.close()
    await everythingStored(started)
    await started.interrupt()
    const events = await askStored<{ event_id: string; site: string }>(
      dataFolder,
      "SELECT event_id, site FROM silver.events WHERE visitor_id LIKE 'visitor of%' ORDER BY event_id",
    )
    expect(events).toEqual([
      { event_id: 'beside', site: 'default' },
      { event_id: 'enveloped', site: 'shop' },
      { event_id: 'last', site: 'default' },
      { event_id: 'single', site: 'default' },
    ])
    const letters = await askStored<{ detail: string; document: string }>(
      dataFolder,
      'SELECT detail, document FROM bronze.dead_letters ORDER BY document',
    )
    const of = (text: string) => letters.find(({ document }) => document === text)?.detail
    expect(of('{"cut off')).toContain('is not valid JSON')
    expect(of('42')).toContain('expected')
    expect(of('[]')).toContain('the array is empty')
    expect(of('{"type":"page_view"}')).toContain('url')
    expect(of('{"session_id":"without user"}')).toContain('user_id')
    expect(of('')).toContain('is empty')
    expect(letters.some(({ document }) => document.includes('"kind":"tracker"'))).toBe(true)
    expect(letters).toHaveLength(7)
  })

  it('of a transaction that was given up is not read', async () => {
    const { started } = await start('transactions')
    const producer = new Producer({
      clientId: 'test',
      bootstrapBrokers: [kafka.broker],
      idempotent: true,
      transactionalId: 'test',
    })
    const send = async (id: string, isKept: boolean) => {
      const transaction = await producer.beginTransaction()
      const value = Buffer.from(
        JSON.stringify({ id, type: 'page_view', url: 'https://shop.example/', visitor_id: 'one' }),
      )
      await transaction.send({ messages: [{ topic: 'transactions', partition: 0, value }] })
      await (isKept ? transaction.commit() : transaction.abort())
    }
    await send('kept', true)
    await send('given up', false)
    await send('kept too', true)
    await producer.close()
    await everythingStored(started)
    const { results } = await started.query({ metrics: ['events'], date_range: 'all' })
    expect(results[0]?.metrics).toEqual([2])
  })
})

describe('nothing is lost and nothing doubled', () => {
  it('when the broker dies and comes back, the engine is killed, and the collector too', async () => {
    const { started, env, dataFolder } = await start('chaos')
    const visitors = startVisitors(started, 20)
    await sleep(1500)
    process.kill(started.pidOf('engine'), 'SIGKILL')
    await sleep(1500)
    await kafka.kill()
    const before = visitors.acknowledged.size
    await sleep(3000)
    // The broker is away, and the collector goes on.
    expect(visitors.acknowledged.size).toBeGreaterThan(before + 100)
    expect(visitors.refusals.size).toBe(0)
    process.kill(started.pidOf('collector'), 'SIGKILL')
    await sleep(1500)
    await kafka.start()
    await sleep(2000)
    // The collector may have sent what it could not strike off any more.
    process.kill(started.pidOf('collector'), 'SIGKILL')
    process.kill(started.pidOf('engine'), 'SIGKILL')
    await sleep(1500)
    await kafka.stop()
    await kafka.start()
    await sleep(1000)
    await visitors.stop()
    await everythingStored(started)
    expect(await verified(started, env)).toContain('Everything adds up.')
    await started.interrupt()
    expect(visitors.acknowledged.size).toBeGreaterThan(1000)
    expect(await lostAndDoubled(dataFolder, visitors.acknowledged)).toEqual({ lost: 0, doubled: 0 })
    // Not the ids of events alone make it so: of all messages of collectors each was taken once.
    const [books] = await askStored<{ doubled: number }>(
      dataFolder,
      "SELECT sum(events) AS doubled FROM silver.ledger WHERE kind = 'doubled'",
    )
    expect(books?.doubled).toBe(0)
  }, 600_000)

  it('when the broker is away for longer than there is room: then nothing more is acknowledged, until it is back', async () => {
    const { started, dataFolder } = await start('full', { CLICKWATCH_SPOOL_LIMIT_BYTES: '50000' })
    await kafka.stop()
    const visitors = startVisitors(started, 5)
    await eventually('the spool to be full', async () => (visitors.refusals.size > 0 ? true : undefined))
    expect([...visitors.refusals.keys()]).toEqual(['stream_away'])
    const refused = await started.post('/e', batch('visitor', 'session', [event()]))
    expect(refused.status).toBe(503)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    const atFull = visitors.acknowledged.size
    await kafka.start()
    await eventually('it to go on', async () => (visitors.acknowledged.size > atFull + 20 ? true : undefined))
    await visitors.stop()
    await everythingStored(started)
    await started.interrupt()
    expect(await lostAndDoubled(dataFolder, visitors.acknowledged)).toEqual({ lost: 0, doubled: 0 })
  })

  it('when everything starts while the broker is away', async () => {
    const { started, env, dataFolder } = await start('later')
    await started.interrupt()
    await kafka.stop()
    const { started: again } = await start('later', env, dataFolder)
    const visitors = startVisitors(again, 3)
    await sleep(500)
    await visitors.stop()
    await kafka.start()
    await eventually('everything to be stored', async () => {
      const { results } = await again.query({ metrics: ['events'], date_range: 'all' })
      return results[0]?.metrics[0] === visitors.acknowledged.size ? true : undefined
    })
    expect(visitors.acknowledged.size).toBeGreaterThan(10)
  })
})

describe('a topic', () => {
  it('that is there keeps its partitions, and one that is not is made', async () => {
    const admin = new Admin({ clientId: 'test', bootstrapBrokers: [kafka.broker] })
    await admin.createTopics({ topics: ['five'], partitions: 5, replicas: 1 })
    const { started } = await start('five')
    const metadata = await admin.metadata({ topics: ['five'], forceUpdate: true })
    expect(metadata.topics.get('five')?.partitionsCount).toBe(5)
    await admin.close()
    const lags = await (await fetch(`${started.baseUrl}/metrics`)).text()
    expect(lags).toMatch(/clickwatch_stream_lag_records\{[^}]*partition="4"/)
  })

  it('is begun where it begins, where what was not read yet is kept no longer', async () => {
    const admin = new Admin({ clientId: 'test', bootstrapBrokers: [kafka.broker] })
    await admin.createTopics({ topics: ['expired'], partitions: 1, replicas: 1 })
    const own = (id: string) =>
      JSON.stringify({ id, type: 'page_view', url: 'https://shop.example/', visitor_id: 'one' })
    await kafka.produce('expired', [own('gone'), own('gone too'), own('there')])
    await admin.deleteRecords({ topics: [{ name: 'expired', partitions: [{ partition: 0, offset: 2n }] }] })
    await admin.close()
    const { started } = await start('expired')
    await eventually('what is there', async () => {
      const { results } = await started.query({ metrics: ['events'], date_range: 'all' })
      return results[0]?.metrics[0] === 1 ? true : undefined
    })
    await everythingStored(started)
  })

  it('that cannot be had says so at the start', async () => {
    const { exited, output } = runCommand(['serve', '--port', '0'], {
      CLICKWATCH_DATA: temporaryFolder(),
      CLICKWATCH_STREAM: 'kafka://127.0.0.1:1/nowhere',
    })
    expect(await exited).toBe(1)
    expect(output()).toContain('The stream kafka/nowhere cannot be reached')
  })
})
