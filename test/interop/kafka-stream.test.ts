import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contractPartitions, describeStream } from '../../packages/server/src/stream/contract.ts'
import { readStreamCredentials } from '../../packages/server/src/stream/credentials.ts'
import { openStreamReader, openStreamWriter } from '../../packages/server/src/stream/open.ts'
import { readStreamTarget } from '../../packages/server/src/stream/target.ts'
import { eventually, temporaryFolder } from '../fixtures/clickwatch.ts'
import { type Kafka, kafkaUser, startKafka } from '../fixtures/kafka.ts'

// The stream over Apache Kafka itself, started by the test.

let kafka: Kafka
beforeAll(async () => {
  kafka = await startKafka()
})
afterAll(() => kafka?.dispose())

const logger = pino({ level: 'fatal' })

/** A topic of its own, with the spool of a collector of its own. */
const formOf = (url: (topic: string) => string, env: NodeJS.ProcessEnv = {}) => {
  const topic = `topic-${randomUUID()}`
  const folder = temporaryFolder()
  const options = {
    target: readStreamTarget(url(topic)),
    credentials: readStreamCredentials(env),
    partitions: contractPartitions,
    logger,
    folder,
  }
  return {
    openWriter: () => openStreamWriter({ ...options, spoolFolder: folder, spoolLimitBytes: 1e9 }),
    openReader: () => openStreamReader({ ...options, knownPartitions: 0 }),
    dispose: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

describeStream('the stream over Kafka', async () => formOf((topic) => `kafka://${kafka.broker}/${topic}`))

/** What a token that nobody signed looks like. */
const unsignedToken = (subject: string): string => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const now = Math.floor(Date.now() / 1000)
  return `${part({ alg: 'none' })}.${part({ sub: subject, iat: now, exp: now + 3600 })}.`
}

describe('a door with TLS and a password', () => {
  const { user, password } = kafkaUser
  const passTo = async (url: (topic: string) => string, env: NodeJS.ProcessEnv) => {
    const form = formOf(url, { CLICKWATCH_STREAM_CA: kafka.caFile, ...env })
    const writer = await form.openWriter()
    const reader = await form.openReader()
    try {
      await writer.append('visitor', Buffer.from('through'))
      const message = await eventually('the message', async () =>
        [0, 1, 2].flatMap((partition) => reader.read(partition, 0, 10, 1e6)).at(0),
      )
      return message.value.toString()
    } finally {
      await Promise.all([writer.close(), reader.close()])
      await form.dispose()
    }
  }

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'])('opens by %s', async (sasl) => {
    const url = (topic: string) => `kafka://${kafka.encryptedBroker}/${topic}?tls=yes&sasl=${sasl}`
    const env = { CLICKWATCH_STREAM_USER: user, CLICKWATCH_STREAM_PASSWORD: password }
    expect(await passTo(url, env)).toBe('through')
  })

  it('opens by user and password of the URL', async () => {
    const who = `${user}:${encodeURIComponent(password)}`
    expect(await passTo((topic) => `kafka://${who}@${kafka.encryptedBroker}/${topic}?tls=yes`, {})).toBe('through')
  })

  it('opens by a token', async () => {
    const { createServer } = await import('node:http')
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ access_token: unsignedToken(user) }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    try {
      const url = (topic: string) => `kafka://${kafka.encryptedBroker}/${topic}?tls=yes&sasl=oauthbearer`
      expect(await passTo(url, { CLICKWATCH_STREAM_TOKEN_URL: `http://127.0.0.1:${port}/token` })).toBe('through')
    } finally {
      server.close()
    }
  })

  it('stays shut for a wrong password, and the sentence does not hold it', async () => {
    const url = (topic: string) => `kafka://${kafka.encryptedBroker}/${topic}?tls=yes&sasl=plain`
    const env = { CLICKWATCH_STREAM_USER: user, CLICKWATCH_STREAM_PASSWORD: 'wrong-secret' }
    const failure = await passTo(url, env).then(
      () => '',
      (error: Error) => error.message,
    )
    expect(failure).toContain('cannot be reached')
    expect(failure).not.toContain('wrong-secret')
  })
})
