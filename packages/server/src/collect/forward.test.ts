import { rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { temporaryFolder } from '../../../../test/fixtures/clickwatch.ts'
import { askerLeaves } from '../http/asker.ts'
import { createServer } from '../http/server.ts'
import { forwardToEngine } from './forward.ts'

const folder = temporaryFolder()
const socket = join(folder, 'engine.sock')
let engine: FastifyInstance
let collector: FastifyInstance
let baseUrl: string
let hasLeft: Promise<void>

beforeAll(async () => {
  engine = createServer(pino({ level: 'silent' }))
  hasLeft = new Promise((resolve) => {
    engine.post('/slow', async (_request, reply) => {
      askerLeaves(reply).addEventListener('abort', () => resolve())
      return new Promise(() => undefined)
    })
  })
  engine.post('/echo', async (request) => request.body)
  await engine.listen({ path: socket })
  collector = createServer(pino({ level: 'silent' }))
  await forwardToEngine(collector, socket)
  await collector.listen({ port: 0, host: '127.0.0.1' })
  baseUrl = `http://127.0.0.1:${(collector.server.address() as AddressInfo).port}`
})
afterAll(async () => {
  await collector?.close()
  await engine?.close()
  rmSync(folder, { recursive: true, force: true })
})

const post = (path: string, signal?: AbortSignal) =>
  fetch(`${baseUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ some: 'thing' }),
    ...(signal ? { signal } : {}),
  })

it('the engine hears that a client left, and answers the next', async () => {
  const client = new AbortController()
  const asked = post('/slow', client.signal)
  setTimeout(() => client.abort(), 100)
  await expect(asked).rejects.toThrow()
  await hasLeft
  expect(await (await post('/echo')).json()).toEqual({ some: 'thing' })
})
