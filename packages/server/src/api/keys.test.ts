import type { AuditAnswer, Key, KeysAnswer, MadeKey } from '@clickwatch/contract'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openTestApi, type TestApi } from '../../../../test/fixtures/api.ts'
import { keysOf } from '../metadata/keys.ts'

// Which key may call which route is in test/long/access.test.ts.

let api: TestApi
beforeAll(async () => {
  api = await openTestApi({ hasTables: false })
})
afterAll(() => api.close())

const ask = async (method: 'GET' | 'POST' | 'DELETE', url: string, key = 'owner', payload?: object) => {
  const answer = await api.server.inject({
    ...{ method, url, headers: { authorization: `Bearer ${key}` } },
    ...(payload ? { payload } : {}),
  })
  return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() }
}
const make = async (changes: object = {}): Promise<MadeKey> => {
  const { status, body } = await ask('POST', '/api/keys', 'owner', {
    ...{ name: 'The newsletter tool', site: 'shop', scopes: ['read'] },
    ...changes,
  })
  expect([status, body]).toEqual([201, expect.anything()])
  return body as MadeKey
}
const listed = async (id: string): Promise<Key | undefined> =>
  ((await ask('GET', '/api/keys')).body as KeysAnswer).keys.find((key) => key.id === id)

describe('a key', () => {
  it('is told once, and opens what it is for until it is taken back', async () => {
    const { key, ...made } = await make()
    expect(key).toMatch(/^cwk_[\w-]{43}$/)
    expect(key.startsWith(made.prefix)).toBe(true)
    expect(await listed(made.id)).toEqual({ ...made, last_used_at: null })
    expect(JSON.stringify(await api.metadata.selectFrom('api_keys').selectAll().execute())).not.toContain(key)

    expect((await ask('GET', '/api/sites/shop', key)).status).toBe(200)
    expect((await listed(made.id))?.last_used_at).toEqual(expect.any(String))
    expect((await ask('DELETE', `/api/keys/${made.id}`)).status).toBe(204)
    expect(await ask('GET', '/api/sites/shop', key)).toMatchObject({
      status: 401,
      body: { error: { code: 'unauthorized', request_id: expect.any(String) } },
    })
    expect((await ask('DELETE', `/api/keys/${made.id}`)).status).toBe(404)
  })

  it('is good through its last day, and no longer', async () => {
    const { id, key } = await make({ expires_at: '2026-03-31' })
    const keys = keysOf(api.metadata)
    expect(await keys.find(key, Date.parse('2026-03-31T23:59:59Z'))).toMatchObject({ id })
    await expect(keys.find(key, Date.parse('2026-04-01T00:00:00Z'))).rejects.toMatchObject({ code: 'key_expired' })
    expect(await ask('GET', '/api/sites/shop', key)).toMatchObject({
      status: 401,
      body: { error: { code: 'key_expired', message: 'This key was good until 2026-03-31.' } },
    })
  })

  it('has its use noted once a minute', async () => {
    const { id } = await make()
    const keys = keysOf(api.metadata)
    for (const [time, noted] of [
      ['2026-05-01T10:00:00.000Z', '2026-05-01T10:00:00.000Z'],
      ['2026-05-01T10:00:59.000Z', '2026-05-01T10:00:00.000Z'],
      ['2026-05-01T10:01:00.000Z', '2026-05-01T10:01:00.000Z'],
    ] as const) {
      const key = await listed(id)
      if (!key) throw new Error('it is not listed')
      await keys.used(key, Date.parse(time))
      expect((await listed(id))?.last_used_at).toBe(noted)
    }
  })

  it.each([
    [{ site: 'Sh op' }, 'site'],
    [{ scopes: [] }, 'scopes'],
    [{ scopes: ['own'] }, 'scopes/0'],
    [{ name: '' }, 'name'],
    [{ expires_at: 'next year' }, 'expires_at'],
    [{ expires_at: '2026-02-31' }, 'expires_at'],
    [{ colour: 'red' }, 'colour'],
  ])('is refused as %j', async (changes, field) => {
    const payload = { name: 'A', site: 'shop', scopes: ['read'], ...changes }
    expect(await ask('POST', '/api/keys', 'owner', payload)).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_field', field } },
    })
  })
})

describe('what was changed', () => {
  const audit = async (key: string, query = ''): Promise<AuditAnswer> =>
    (await ask('GET', `/api/audit${query}`, key)).body as AuditAnswer

  it('is noted with who did it, for those who may know of the site', async () => {
    const { key: writer } = await make({ name: 'A robot', scopes: ['write'] })
    const { key: reader } = await make({ name: 'An auditor', scopes: ['admin'], site: 'other' })
    const goal = { name: 'Bought', rule: { type: 'event', event_name: 'Bought' } }
    const added = await ask('POST', '/api/sites/shop/goals', writer, goal)
    expect(added.status).toBe(201)
    await ask('POST', '/api/sites/shop/goals', writer, { name: 'Broken' })
    const ofShop = { who: 'A robot', what: 'added a goal', site: 'shop', on: 'Bought' }
    await vi.waitFor(async () => expect((await audit('owner')).entries[0]).toMatchObject(ofShop))
    expect((await audit('owner', '?site=other')).entries).toEqual([])
    expect((await audit(reader)).entries).toEqual([])
    expect((await ask('GET', '/api/audit?site=shop', reader)).status).toBe(403)
  })

  it('is told a hundred at a time, the newest first', async () => {
    const values = Array.from({ length: 230 }, (_, index) => ({
      ...{ id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`, at: '2026-01-01T00:00:00.000Z' },
      ...{ who: 'A robot', what: 'added a goal', site: 'many', on: String(index) },
    }))
    await api.metadata.insertInto('audit').values(values).execute()
    const told: (string | null)[] = []
    const lengths: number[] = []
    for (let before: string | null = ''; before !== null; ) {
      const page: AuditAnswer = await audit('owner', `?site=many${before && `&before=${encodeURIComponent(before)}`}`)
      told.push(...page.entries.map(({ on }) => on))
      lengths.push(page.entries.length)
      before = page.before
    }
    expect(lengths).toEqual([100, 100, 30])
    expect(told).toEqual(values.map(({ on }) => on).toReversed())
    expect((await ask('GET', '/api/audit?before=yesterday')).status).toBe(400)
  })
})
