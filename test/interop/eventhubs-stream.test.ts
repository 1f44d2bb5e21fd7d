import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { contractPartitions, describeStream } from '../../packages/server/src/stream/contract.ts'
import { readStreamCredentials } from '../../packages/server/src/stream/credentials.ts'
import { openStreamReader, openStreamWriter } from '../../packages/server/src/stream/open.ts'
import { readStreamTarget } from '../../packages/server/src/stream/target.ts'
import { freePort, temporaryFolder } from '../fixtures/clickwatch.ts'
import { type EventHubs, startEventHubs } from '../fixtures/event-hubs.ts'

// The stream over Azure Event Hubs by its own SDK, against an endpoint of AMQP 1.0 that the tests have themselves.

let eventHubs: EventHubs
beforeAll(async () => {
  eventHubs = await startEventHubs(await freePort())
})
afterAll(() => eventHubs?.stop())

const logger = pino({ level: 'fatal' })

const optionsOf = (connectionString: string) => ({
  target: readStreamTarget(connectionString),
  credentials: readStreamCredentials({}),
  partitions: contractPartitions,
  logger,
})

describeStream('the stream over Event Hubs', async () => {
  const hub = `hub-${randomUUID()}`
  eventHubs.create(hub, contractPartitions)
  const folder = temporaryFolder()
  const options = { ...optionsOf(eventHubs.connectionString(hub)), folder }
  return {
    openWriter: () => openStreamWriter({ ...options, spoolFolder: folder, spoolLimitBytes: 1e9 }),
    openReader: () => openStreamReader({ ...options, knownPartitions: 0 }),
    dispose: async () => rmSync(folder, { recursive: true, force: true }),
  }
})

it('is not opened by a wrong key, and the sentence does not hold it', async () => {
  eventHubs.create('guarded', contractPartitions)
  const options = optionsOf(eventHubs.connectionString('guarded', 'a wrong key'))
  const failure = await openStreamReader({ ...options, folder: '', knownPartitions: 0 }).then(
    () => '',
    (error: Error) => error.message,
  )
  expect(failure).toContain('cannot be reached')
  expect(failure).not.toContain('a wrong key')
})
