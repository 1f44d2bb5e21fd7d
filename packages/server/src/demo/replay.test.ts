import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SessionDocument } from '@clickwatch/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { generate } from './generate.ts'
import { replayAll, replayLive, type Target } from './replay.ts'

const documents = [...generate({ seed: 1, sessions: 450, fromMs: 0, untilMs: 86_400_000 })]

let taken: SessionDocument[]
let keys: (string | undefined)[]
let answers: { status: number; headers?: Record<string, string>; body?: object }[]
let target: Target
const ending = { controller: new AbortController() }

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const lines = Buffer.concat(chunks)
      .toString()
      .split('\n')
      .map((line) => JSON.parse(line) as SessionDocument)
    const answer = answers.shift() ?? { status: 202, body: { accepted: lines.length, rejected: [] } }
    keys.push(request.headers.authorization)
    if (answer.status === 202) taken.push(...lines)
    response.writeHead(answer.status, answer.headers).end(JSON.stringify(answer.body ?? {}))
  })
})

beforeEach(async () => {
  taken = []
  keys = []
  answers = []
  ending.controller = new AbortController()
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  target = { baseUrl: `http://127.0.0.1:${port}`, apiKey: 'a-key', signal: ending.controller.signal }
})
afterEach(
  () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    }),
)

describe('a replay', () => {
  it('sends every document once and in order, though the server asks to wait', async () => {
    answers = [
      { status: 202, body: { accepted: 200, rejected: [] } },
      { status: 503, headers: { 'retry-after': '1' } },
    ]
    let sent = 0
    await replayAll(target, documents, (count) => {
      sent += count
    })
    expect(sent).toBe(450)
    expect(taken).toEqual(documents)
    expect(new Set(keys)).toEqual(new Set(['Bearer a-key']))
  })

  it('says why when the server refuses', async () => {
    answers = [{ status: 401, body: { error: { message: 'Send the key.' } } }]
    await expect(replayAll(target, documents, () => undefined)).rejects.toThrow('Send the key.')
    answers = [{ status: 202, body: { accepted: 0, rejected: [{ index: 0, field: 'user_id', reason: 'is missing' }] } }]
    await expect(replayAll(target, documents, () => undefined)).rejects.toThrow('user_id is missing')
  })

  it('ends when it is told to, also while it waits', async () => {
    const live = replayLive(target, documents, 6000)
    setTimeout(() => ending.controller.abort(), 100)
    await expect(live).rejects.toThrow()
    expect(taken.length).toBeGreaterThan(0)
    expect(taken.length).toBeLessThan(documents.length)
  })
})
