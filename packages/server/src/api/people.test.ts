import type { Me, PeopleAnswer } from '@clickwatch/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { browserOf, openTestApi, type TestApi, type TestBrowser } from '../../../../test/fixtures/api.ts'
import { totpOf } from '../../../../test/fixtures/totp.ts'
import { setupCodeOf } from '../accounts/setup-code.ts'
import { undescribed } from './described.ts'

// What each role may call is in test/long/access.test.ts; what people see of this, in test/long/people.test.ts.

let api: TestApi
beforeEach(async () => {
  api = await openTestApi({ hasTables: false })
})
afterEach(() => api.close())

const password = 'a long enough one'
const ada = { name: 'Ada', email: 'ada@example.org', password }

const owner = async (): Promise<TestBrowser> => {
  const browser = browserOf(api)
  const made = await browser.post('/api/setup', { ...ada, code: await setupCodeOf(api.metadata).tell() })
  expect(made).toMatchObject({ status: 201 })
  return browser
}
/** Somebody whom an owner has invited, signed in. */
const invited = async (by: TestBrowser, email: string, role: string, site = 'shop'): Promise<TestBrowser> => {
  const { status, body } = await by.post(`/api/sites/${site}/invitations`, { email, role })
  expect([status, body]).toEqual([201, expect.objectContaining({ is_mailed: false, email, role, site })])
  const browser = browserOf(api)
  const token = String(body.path).split('#')[1]
  expect(await browser.post(`/api/invitations/${token}`, { name: email.split('@')[0], password })).toMatchObject({
    status: 204,
  })
  return browser
}
const me = async (browser: TestBrowser): Promise<Me> => (await browser.get('/api/me')).body
const codeOf = ({ body }: { body: { error?: { code?: string } } }) => body?.error?.code

describe('the first account', () => {
  it('is made with the code of the terminal, once, and owns all', async () => {
    const browser = browserOf(api)
    expect(await me(browser)).toMatchObject({ as: 'nobody', has_owner: false, needs_code: true })
    expect(await browser.post('/api/setup', ada)).toMatchObject({ status: 400, body: { error: { field: 'code' } } })
    expect(await browser.post('/api/setup', { ...ada, code: 'ABCD-EFGH-JKMN' })).toMatchObject({ status: 400 })
    const code = await setupCodeOf(api.metadata).tell()
    expect(await browser.post('/api/setup', { ...ada, code: code.toLowerCase() })).toMatchObject({ status: 201 })
    expect(await me(browser)).toMatchObject({
      as: 'person',
      person: { name: 'Ada', email: 'ada@example.org' },
      may: { '*': ['read', 'write', 'admin'] },
      has_owner: true,
    })
    expect(codeOf(await browserOf(api).post('/api/setup', { ...ada, email: 'eve@example.org', code }))).toBe(
      'has_owner',
    )
    expect((await browser.get('/api/sites/shop')).status).toBe(200)
  })

  it.each([
    [{ password: 'short' }, 'password'],
    [{ email: 'no address' }, 'email'],
    [{ name: '' }, 'name'],
  ])('is refused with %j', async (changes, field) => {
    const code = await setupCodeOf(api.metadata).tell()
    expect(await browserOf(api).post('/api/setup', { ...ada, code, ...changes })).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_field', field } },
    })
  })

  it('cannot be guessed at', async () => {
    const browser = browserOf(api)
    for (let turn = 0; turn < 10; turn++) await browser.post('/api/setup', { ...ada, code: 'wrong' })
    const code = await setupCodeOf(api.metadata).tell()
    expect(await browser.post('/api/setup', { ...ada, code })).toMatchObject({ status: 429 })
  })
})

describe('a session', () => {
  it('begins anew with each sign-in, and whatever a browser had before is none', async () => {
    await owner()
    const browser = browserOf(api)
    browser.cookies.set('clickwatch.session_token', 'planted.by-somebody')
    expect(await browser.post('/api/auth/sign-in/email', { email: ada.email, password })).toMatchObject({ status: 200 })
    const first = browser.cookies.get('clickwatch.session_token')
    expect(first).not.toContain('planted')
    await browser.post('/api/auth/sign-out', {})
    expect((await me(browser)).as).toBe('nobody')
    const again = browserOf(api)
    again.cookies.set('clickwatch.session_token', first ?? '')
    expect((await me(again)).as).toBe('nobody')
  })

  it('is in a cookie that no script reads and no other site sends along, and keeps no address', async () => {
    const browser = await owner()
    expect(browser.said.find((cookie) => cookie.startsWith('clickwatch.session_token'))).toMatch(
      /HttpOnly.*SameSite=Lax/,
    )
    const rows = await api.metadata.selectFrom('auth_sessions').selectAll().execute()
    expect(rows).toEqual([expect.objectContaining({ ipAddress: '' })])
  })

  it('does nothing for a page of another site', async () => {
    const browser = await owner()
    for (const origin of ['https://evil.example', undefined]) {
      const change = await browser.post(
        '/api/sites/shop/invitations',
        { email: 'eve@example.org', role: 'admin' },
        { origin },
      )
      expect([origin, codeOf(change)]).toEqual([origin, 'foreign_origin'])
    }
    expect((await api.metadata.selectFrom('invitations').selectAll().execute()).length).toBe(0)
  })

  it('is locked out after ten wrong passwords, whoever the account is of', async () => {
    await owner()
    const browser = browserOf(api)
    for (const email of [ada.email, 'nobody@example.org']) {
      const wrong = []
      for (let turn = 0; turn < 10; turn++) {
        wrong.push(codeOf(await browser.post('/api/auth/sign-in/email', { email, password: 'not the password' })))
      }
      expect(new Set(wrong)).toEqual(new Set(['invalid_email_or_password']))
      const right = await browser.post('/api/auth/sign-in/email', { email: email.toUpperCase(), password })
      expect([right.status, codeOf(right)]).toEqual([429, 'too_many_tries'])
    }
  })

  it('is listed, and ended from another', async () => {
    const browser = await owner()
    const other = browserOf(api)
    await other.post('/api/auth/sign-in/email', { email: ada.email, password })
    const { body } = await browser.get('/api/auth/list-sessions')
    expect(body).toHaveLength(2)
    expect((await browser.post('/api/auth/revoke-other-sessions', {})).status).toBe(200)
    expect((await me(other)).as).toBe('nobody')
    expect((await me(browser)).as).toBe('person')
  })
})

describe('a second factor', () => {
  it('is asked for once it is proven, and a recovery code works once', async () => {
    const browser = await owner()
    const { body } = await browser.post('/api/auth/two-factor/enable', { password })
    expect(codeOf(await browser.post('/api/auth/two-factor/verify-totp', { code: '000000' }))).toBe('invalid_code')
    expect((await me(browser)).person?.has_second_factor).toBe(false)
    const proven = await browser.post('/api/auth/two-factor/verify-totp', {
      code: totpOf(new URL(body.totpURI).searchParams.get('secret') ?? ''),
    })
    expect(proven.status).toBe(200)
    expect((await me(browser)).person?.has_second_factor).toBe(true)

    const other = browserOf(api)
    const halfway = await other.post('/api/auth/sign-in/email', { email: ada.email, password })
    expect(halfway.body).toMatchObject({ twoFactorRedirect: true })
    expect((await me(other)).as).toBe('nobody')
    const [code] = body.backupCodes as string[]
    expect((await other.post('/api/auth/two-factor/verify-backup-code', { code })).status).toBe(200)
    expect((await me(other)).as).toBe('person')
    const third = browserOf(api)
    await third.post('/api/auth/sign-in/email', { email: ada.email, password })
    expect((await third.post('/api/auth/two-factor/verify-backup-code', { code })).status).toBe(401)
    expect(JSON.stringify(await api.metadata.selectFrom('auth_second_factors').selectAll().execute())).not.toContain(
      code,
    )
  })
})

describe('people and their roles', () => {
  it('are invited to a site, see it, and nothing else', async () => {
    const boss = await owner()
    const grace = await invited(boss, 'grace@example.org', 'editor')
    expect((await me(grace)).may).toEqual({ shop: ['read', 'write'] })
    expect((await grace.get('/api/sites/shop')).status).toBe(200)
    expect(codeOf(await grace.get('/api/sites/other'))).toBe('not_yours')
    expect(codeOf(await grace.get('/api/sites/shop/people'))).toBe('scope_missing')
    expect(codeOf(await grace.get('/api/keys'))).toBe('scope_missing')
    const { people } = (await boss.get('/api/sites/shop/people')).body as PeopleAnswer
    expect(people.map(({ name, role, site }) => [name, role, site])).toEqual([
      ['Ada', 'owner', '*'],
      ['grace', 'editor', 'shop'],
    ])
  })

  it('hand a site over to one of them, whose it is alone from then on', async () => {
    const boss = await owner()
    const grace = await invited(boss, 'grace@example.org', 'admin')
    const ida = await invited(boss, 'ida@example.org', 'admin')
    const edith = await invited(boss, 'edith@example.org', 'viewer')
    await invited(boss, 'elsewhere@example.org', 'viewer', 'blog')
    await boss.post('/api/sites/shop/invitations', { email: 'late@example.org', role: 'admin' })
    await boss.post('/api/keys', { name: 'of the shop', site: 'shop', scopes: ['read'] })
    const idOf = async (browser: TestBrowser) => (await me(browser)).person?.id
    const handOver = async (by: TestBrowser, id: string | undefined, body: object) =>
      by.post(`/api/sites/shop/people/${id}/transfer`, body)
    const name = 'shop'

    expect(codeOf(await handOver(edith, await idOf(edith), { name }))).toBe('scope_missing')
    expect(await handOver(grace, await idOf(edith), { name: 'Shop' })).toMatchObject({
      status: 400,
      body: { error: { field: 'name' } },
    })
    const { people: ofBlog } = (await boss.get('/api/sites/blog/people')).body as PeopleAnswer
    const stranger = ofBlog.find(({ email }) => email === 'elsewhere@example.org')
    expect(await handOver(grace, stranger?.id, { name })).toMatchObject({ status: 404 })
    expect((await me(grace)).may).toEqual({ shop: ['read', 'write', 'admin'] })

    const handed = await handOver(grace, await idOf(edith), { name, keeps: 'editor' })
    expect(handed).toEqual({ status: 200, body: { before: ['grace@example.org', 'ida@example.org'], keys: 1 } })
    expect(undescribed('post /api/sites/{site}/people/{id}/transfer', handed.body)).toEqual([])
    expect((await me(edith)).may).toEqual({ shop: ['read', 'write', 'admin'] })
    expect((await me(grace)).may).toEqual({ shop: ['read', 'write'] })
    expect((await me(ida)).may).toEqual({ shop: ['read', 'write'] })
    expect((await me(boss)).may).toEqual({ '*': ['read', 'write', 'admin'] })
    expect((await edith.get('/api/sites/shop/invitations')).body).toEqual({ invitations: [] })
    expect(codeOf(await handOver(grace, await idOf(grace), { name }))).toBe('scope_missing')
    const { entries } = (await boss.get('/api/audit?site=shop')).body as { entries: { what: string; on: string }[] }
    expect(entries[0]).toMatchObject({
      what: 'handed a site over',
      on: await idOf(edith),
      who: 'grace (grace@example.org)',
    })

    // Back, by an owner; who has one of all sites may have it as well.
    expect((await handOver(boss, await idOf(boss), { name })).body).toEqual({ before: ['edith@example.org'], keys: 1 })
    expect((await me(edith)).may).toEqual({ shop: ['read'] })
    expect((await me(boss)).is_owner).toBe(true)
  })

  it('cannot make themselves, or others, more than they are', async () => {
    const boss = await owner()
    const admin = await invited(boss, 'admin@example.org', 'admin')
    const { person } = await me(admin)
    for (const [site, role] of [
      ['*', 'viewer'],
      ['*', 'owner'],
      ['other', 'admin'],
    ] as const) {
      expect(codeOf(await admin.put(`/api/sites/${site}/people/${person?.id}`, { role }))).toBe('not_yours')
      expect(codeOf(await admin.post(`/api/sites/${site}/invitations`, { email: 'a@example.org', role }))).toBe(
        'not_yours',
      )
    }
    expect((await admin.put(`/api/sites/shop/people/${person?.id}`, { role: 'owner' })).status).toBe(400)
    const all = await invited(boss, 'all@example.org', 'admin', '*')
    const { person: boss_ } = await me(boss)
    expect(codeOf(await all.put(`/api/sites/*/people/${boss_?.id}`, { role: 'viewer' }))).toBe('role_too_high')
    expect(codeOf(await all.delete(`/api/sites/*/people/${boss_?.id}`))).toBe('role_too_high')
    expect(codeOf(await all.post('/api/sites/*/invitations', { email: 'b@example.org', role: 'owner' }))).toBe(
      'role_too_high',
    )
    expect((await admin.post('/api/sites/shop/invitations', { email: 'c@example.org', role: 'viewer' })).status).toBe(
      201,
    )
  })

  it('lose their sessions with their last role, and there is always an owner', async () => {
    const boss = await owner()
    const grace = await invited(boss, 'grace@example.org', 'viewer')
    const { person } = await me(grace)
    expect((await boss.delete(`/api/sites/shop/people/${person?.id}`)).status).toBe(204)
    expect((await me(grace)).as).toBe('nobody')
    const { person: ada_ } = await me(boss)
    expect(codeOf(await boss.delete(`/api/sites/*/people/${ada_?.id}`))).toBe('last_owner')
    expect(codeOf(await boss.put(`/api/sites/*/people/${ada_?.id}`, { role: 'viewer' }))).toBe('last_owner')
  })

  it('accept with the account that they have, and nobody accepts for them', async () => {
    const boss = await owner()
    const grace = await invited(boss, 'grace@example.org', 'viewer')
    const { body } = await boss.post('/api/sites/other/invitations', { email: 'Grace@Example.org', role: 'editor' })
    const path = `/api/invitations/${String(body.path).split('#')[1]}`
    expect((await grace.get(path)).body).toMatchObject({ has_account: true, role: 'editor', invited_by: 'Ada' })
    expect(codeOf(await browserOf(api).post(path, { name: 'Eve', password }))).toBe('sign_in_first')
    expect((await grace.post(path, {})).status).toBe(204)
    expect((await me(grace)).may).toEqual({ shop: ['read'], other: ['read', 'write'] })
    expect(codeOf(await grace.post(path, {}))).toBe('no_such_invitation')
    // With several sites, one has to be named where a question is about one.
    expect((await grace.get('/api/sites/other/goals')).status).toBe(200)
    expect(await grace.get('/api/now')).toMatchObject({ status: 400, body: { error: { field: 'site' } } })
  })

  it('have an invitation for a week, and none that was taken back', async () => {
    const boss = await owner()
    const { body } = await boss.post('/api/sites/shop/invitations', { email: 'grace@example.org', role: 'viewer' })
    const path = `/api/invitations/${String(body.path).split('#')[1]}`
    expect((await boss.get('/api/sites/shop/invitations')).body.invitations).toHaveLength(1)
    expect((await boss.delete(`/api/sites/shop/invitations/${body.id}`)).status).toBe(204)
    expect(codeOf(await browserOf(api).get(path))).toBe('no_such_invitation')
    const old = await boss.post('/api/sites/shop/invitations', { email: 'grace@example.org', role: 'viewer' })
    await api.metadata
      .updateTable('invitations')
      .set({ expires_at: new Date(Date.now() - 1).toISOString() })
      .execute()
    expect(codeOf(await browserOf(api).get(`/api/invitations/${String(old.body.path).split('#')[1]}`))).toBe(
      'no_such_invitation',
    )
  })

  it('set another password by a token, once, and every session ends', async () => {
    const boss = await owner()
    const { person } = await me(boss)
    const token = await api.accounts.resetToken(person?.id ?? '', Date.now() + 60_000)
    const browser = browserOf(api)
    const body = { newPassword: 'another long one', token }
    expect((await browser.post('/api/auth/reset-password', body)).status).toBe(200)
    expect((await browser.post('/api/auth/reset-password', body)).status).toBe(400)
    expect((await me(boss)).as).toBe('nobody')
    expect((await browser.post('/api/auth/sign-in/email', { email: ada.email, password })).status).toBe(401)
    const signed = await browser.post('/api/auth/sign-in/email', { email: ada.email, password: body.newPassword })
    expect(signed.status).toBe(200)
  })

  it('cannot sign up by themselves, nor reach what is not in the table', async () => {
    await owner()
    for (const path of ['sign-up/email', 'delete-user', 'change-email', 'two-factor/send-otp', 'get-access-token']) {
      const answer = await browserOf(api).post(`/api/auth/${path}`, { email: 'eve@example.org', password, name: 'Eve' })
      expect([path, answer.status]).toEqual([path, 404])
    }
  })
})
