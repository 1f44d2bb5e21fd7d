import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultEventLimits } from '@clickwatch/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readSites } from '../metadata/sites.ts'
import type { StreamDocument } from '../stream/document.ts'
import type { StreamMessage } from '../stream/stream.ts'
import { openIdentity, readIdentity } from './identity.ts'
import { createMessageReader } from './message.ts'
import { createScrub } from './scrub.ts'

let folder: string
let identity: ReturnType<typeof openIdentity>
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'clickwatch-message-'))
  identity = openIdentity(folder, { silenceMsOf: () => 1, longestSilenceMs: 1 })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const enqueuedAtMs = Date.now() - 60_000

const messageOf = (text: string): StreamMessage => ({
  partition: 1,
  offset: 7,
  enqueuedAtMs,
  value: Buffer.from(text),
  sender: { kind: 'anyone' },
})

const read = async (given: unknown): Promise<StreamDocument[]> => {
  const reader = createMessageReader({
    site: 'ours',
    placeOf: () => ({ country: '', region: '', city: '' }),
    identity: readIdentity(folder),
    rulesOf: readSites(undefined),
    scrubOf: () => createScrub(),
    limits: defaultEventLimits,
  })
  const values = await reader(messageOf(typeof given === 'string' ? given : JSON.stringify(given)))
  return values.map((value) => JSON.parse(value.toString()) as StreamDocument)
}
const session = { session_id: 's', user_id: 'u', timestamp: '2026-05-01T10:00:00Z', events: [] }

describe('a message of anyone', () => {
  it('is a session document, as it was, with what it says of browser and source', async () => {
    const [document] = await read({ ...session, utm_source: 'newsletter', os: 'iOS 17' })
    expect(document).toMatchObject({
      kind: 'session',
      site: 'ours',
      agent: { os: 'iOS' },
      acquisition: { utm_source: 'newsletter' },
      document: { session_id: 's', user_id: 'u' },
    })
  })

  it('is an event, whose id and time are the same whenever it is read, and whose user is known by a hash alone', async () => {
    const event = { type: 'page_view', url: 'https://shop.example/', user_id: 'person@example.com' }
    const [first] = await read(event)
    const [second] = await read(event)
    const eventsOf = (document: StreamDocument | undefined) => document?.kind === 'tracker' && document.document.events
    expect(eventsOf(first)).toEqual(eventsOf(second))
    expect(eventsOf(first)).toMatchObject([{ time: enqueuedAtMs }])
    expect(first).toMatchObject({ kind: 'tracker', user_id: identity.userOf('ours', 'person@example.com') })
    expect(JSON.stringify(first)).not.toContain('person@example.com')
  })

  it('is an array of any of them, each read by itself', async () => {
    const event = { name: 'signup', visitor_id: 'v' }
    const documents = await read([session, event, { site: 'shop', events: [event, {}] }, 3, { session_id: 's' }])
    expect(documents.map(({ kind, site }) => [kind, site])).toEqual([
      ['session', 'ours'],
      ['tracker', 'ours'],
      ['tracker', 'shop'],
      ['refused', 'shop'],
      ['refused', 'ours'],
      ['refused', 'ours'],
    ])
  })

  it.each([
    ['', 'empty'],
    ['[]', 'the array is empty'],
    ['{"cut', 'not valid JSON'],
    ['"text"', 'expected'],
    [`${'['.repeat(100)}${']'.repeat(100)}`, 'nested deeper'],
    ['{"__proto__": {"kind": "tracker"}}', 'forbidden key'],
    ['{"kind": "tracker", "site": "other", "document": {"events": []}}', 'missing'],
  ])('that is %s is kept with its reason', async (text, reason) => {
    const documents = await read(text)
    expect(documents).toMatchObject([{ kind: 'refused', site: 'ours', reason: expect.stringContaining(reason) }])
  })

  it('of a collector is read as it is', async () => {
    const reader = createMessageReader({
      site: 'ours',
      placeOf: () => ({ country: '', region: '', city: '' }),
      identity,
      rulesOf: readSites(undefined),
      scrubOf: () => createScrub(),
      limits: defaultEventLimits,
    })
    const message = messageOf('anything')
    expect(await reader({ ...message, sender: { kind: 'collector', from: 'run', number: 1 } })).toEqual([message.value])
  })
})
