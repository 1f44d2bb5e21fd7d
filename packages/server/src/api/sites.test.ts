import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestApi, type TestApi } from '../../../../test/fixtures/api.ts'
import { undescribed } from './described.ts'

// What settings do to what arrives, and what a reset and a removal leave, is in test/long/sites.test.ts.

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(() => api.close())

const ask = async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object) => {
  const headers = { authorization: 'Bearer owner' }
  const answer = await api.server.inject({ method, url, headers, ...(payload ? { payload } : {}) })
  return { status: answer.statusCode, body: answer.json() }
}
const fieldOf = ({ body }: { body: { error?: { field?: string } } }) => body.error?.field

describe('a site', () => {
  it('is added with how it is shown, and is listed before it has sent anything', async () => {
    const shop = { site: 'shop', name: 'The shop', timezone: 'Asia/Kathmandu' }
    const made = await ask('POST', '/api/sites', shop)
    expect(made).toMatchObject({ status: 201, body: { ...shop, week_start: 1 } })
    expect(undescribed('post /api/sites', made.body, 201)).toEqual([])
    const listed = await ask('GET', '/api/sites')
    expect(listed.body).toMatchObject({ sites: [], added: ['shop'] })
    expect(undescribed('get /api/sites', listed.body)).toEqual([])
    expect(await ask('POST', '/api/sites', shop)).toMatchObject({
      status: 409,
      body: { error: { code: 'site_exists' } },
    })
    expect(fieldOf(await ask('POST', '/api/sites', { site: 'no site' }))).toBe('site')
    expect(fieldOf(await ask('POST', '/api/sites', { site: 'fine', timezone: 'Mars/Olympus' }))).toBe('timezone')
  })

  it('may say by its domain whose pages send', async () => {
    await ask('POST', '/api/sites', { site: 'blog', domain: 'blog.example' })
    expect((await ask('GET', '/api/sites/blog/settings')).body).toEqual({
      site: 'blog',
      set: { origins: ['https://blog.example', 'https://www.blog.example'] },
      otherwise: {},
      only_in_file: {},
    })
    expect(fieldOf(await ask('POST', '/api/sites', { site: 'other', domain: 'https://blog.example' }))).toBe('domain')
    expect(fieldOf(await ask('POST', '/api/sites', { site: 'other', domain: 'a b' }))).toBe('domain')
  })

  it('has settings that are changed one by one, and taken back by null', async () => {
    const path = '/api/sites/shop/settings'
    await ask('PATCH', path, { identity: 'cookieless', keep_days: { silver: 400 } })
    const changed = await ask('PATCH', path, { exclude_pages: ['/admin/**'] })
    expect(changed).toMatchObject({
      status: 200,
      body: {
        set: { identity: 'cookieless', keep_days: { silver: 400 }, exclude_pages: ['/admin/**'] },
        otherwise: {},
      },
    })
    expect(undescribed('patch /api/sites/{site}/settings', changed.body)).toEqual([])
    expect((await ask('PATCH', path, { identity: null, keep_days: null })).body.set).toEqual({
      exclude_pages: ['/admin/**'],
    })
    expect((await ask('GET', path)).body.set).toEqual({ exclude_pages: ['/admin/**'] })
  })

  it.each([
    [{ identity: 'none' }, 'identity'],
    [{ exclude_addresses: ['203.0.113.0/24', 'the office'] }, 'exclude_addresses'],
    [{ exclude_pages: ['admin'] }, 'exclude_pages/0'],
    [{ exclude_pages: ['/**a**b**c**'] }, 'exclude_pages/0'],
    [{ keep_days: { silver: 0 } }, 'keep_days/silver'],
    [{ session_minutes: 5 }, 'session_minutes'],
  ])('is not set up as %j', async (change, field) => {
    expect(await ask('PATCH', '/api/sites/shop/settings', change)).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_field', field } },
    })
  })

  it('goes by its name alone', async () => {
    expect(fieldOf(await ask('POST', '/api/sites/shop/reset', { name: 'Shop' }))).toBe('name')
    expect(fieldOf(await ask('POST', '/api/sites/shop/reset', {}))).toBe('name')
    expect(fieldOf(await ask('DELETE', '/api/sites/shop'))).toBe('name')
    expect(fieldOf(await ask('DELETE', '/api/sites/shop?name=other'))).toBe('name')
  })

  it('goes by what people call it as well, and never by nothing', async () => {
    const gone = { status: 200, body: { sentence: '0 events are erased' } }
    expect(await ask('POST', '/api/sites/shop/reset', { name: 'The shop' })).toMatchObject(gone)
    expect(await ask('DELETE', '/api/sites/shop?name=The%20shop')).toMatchObject(gone)
    await ask('PATCH', '/api/sites/shop', { name: '' })
    expect(fieldOf(await ask('POST', '/api/sites/shop/reset', { name: '' }))).toBe('name')
    expect(fieldOf(await ask('POST', '/api/sites/shop/reset', { name: 'The shop' }))).toBe('name')
  })
})
