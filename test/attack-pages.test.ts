import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import type { Idea } from '@clickwatch/contract'
import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestApi, type TestApi } from './fixtures/api.ts'
import { openTestCollector, type TestCollector } from './fixtures/collector.ts'

// What a browser is told of the pages that are served, so that what gets into one cannot run there.

const hostile = `"><script>alert(1)</script><img src=x onerror=alert(1)>`
const idea = {
  id: 'idea',
  site: 'shop',
  key: 'hostile',
  name: hostile,
  door: { title: hostile, text: hostile, asks_address: true, labels: { send: hostile, address: hostile } },
} as unknown as Idea

let api: TestApi
let collector: TestCollector
beforeAll(async () => {
  ;[api, collector] = await Promise.all([
    openTestApi({ hasTables: false }),
    openTestCollector({ ideas: [idea], trustedProxies: ['198.51.100.0/24'] }),
  ])
})
afterAll(() => Promise.all([api.close(), collector.close()]))

const policyOf = ({ headers }: LightMyRequestResponse): Record<string, string> =>
  Object.fromEntries(
    String(headers['content-security-policy'])
      .split(';')
      .map((part) => part.trim().split(/ (.*)/) as [string, string]),
  )

const pages: [string, (url: string) => Promise<LightMyRequestResponse>, string][] = [
  ...['/', '/live', '/ideas/1', '/settings', '/visitor', '/share/token', '/page-frame', '/demo/', '/api/docs/'].map(
    (url) => [url, (url: string) => api.server.inject({ url }), "'self'"] as [string, typeof get, string],
  ),
  ['/share/token?embed=1', (url) => api.server.inject({ url }), '*'],
  ['/idea/shop/hostile', (url) => collector.server.inject({ url }), "'none'"],
  ['/idea/shop/hostile?left=1', (url) => collector.server.inject({ url }), "'none'"],
]
const get = (url: string) => api.server.inject({ url })

describe.each(pages)('the page %s', (url, ask, frames) => {
  it('runs scripts of its own files alone, and has none in it', async () => {
    const answer = await ask(url)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toMatch(/^text\/html/)
    const policy = policyOf(answer)
    expect(policy['script-src'] ?? policy['default-src']).toBe("'self'")
    expect(policy['base-uri']).toBe("'none'")
    expect(policy['object-src'] ?? policy['default-src']).toMatch(/'none'/)
    const scripts = [...answer.body.matchAll(/<script\b([^>]*)>([^<]*)/gi)]
    expect(scripts.filter(([, attributes = '', inside = '']) => !/\bsrc=/.test(attributes) || inside.trim())).toEqual(
      [],
    )
    expect(answer.body).not.toMatch(/<[^>]+\son\w+\s*=|javascript:/i)
  })

  it('may be framed by no other site, unless that is what it is for', async () => {
    const answer = await ask(url)
    expect(policyOf(answer)['frame-ancestors']).toBe(frames)
  })

  it('is taken for nothing else, and asks for no camera', async () => {
    const { headers } = await ask(url)
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['permissions-policy']).toMatch(/camera=\(\).*geolocation=\(\)/)
    expect(headers['referrer-policy']).toMatch(/^(no-referrer|same-origin)$/)
  })
})

it('no page is to be found by a search, a shared one neither', async () => {
  expect((await get('/share/token')).headers['x-robots-tag']).toBe('noindex, nofollow')
  expect((await get('/robots.txt')).body).toBe('User-agent: *\nDisallow: /\n')
  expect((await collector.server.inject({ url: '/idea/shop/hostile' })).body).toContain(
    '<meta name="robots" content="noindex">',
  )
})

it.each([
  ['br, gzip', 'br'],
  ['gzip', 'gzip'],
])('what a page loads comes compressed for a browser that takes %s, and is kept for good', async (accepted, used) => {
  const [, script = ''] = /src="(\/assets\/[^"]+)"/.exec((await get('/')).body) ?? []
  const plain = await get(script)
  const { headers, rawPayload } = await api.server.inject({ url: script, headers: { 'accept-encoding': accepted } })
  expect(headers).toMatchObject({ 'content-encoding': used, 'cache-control': 'public, max-age=31536000, immutable' })
  expect(headers['content-type']).toBe(plain.headers['content-type'])
  const unpacked = used === 'br' ? brotliDecompressSync(rawPayload) : gunzipSync(rawPayload)
  expect(unpacked.equals(plain.rawPayload)).toBe(true)
})

describe('an answer that is no page', () => {
  it.each(['/api/sites', '/nowhere', '/api/docs/json'])('%s could do nothing if it were shown as one', async (url) => {
    const answer = await get(url)
    expect(answer.headers['content-type']).toMatch(/json/)
    expect(answer.headers['x-content-type-options']).toBe('nosniff')
    expect(policyOf(answer)['default-src']).toMatch(/^'(none|self)'$/)
  })
})

describe('that TLS is kept to', () => {
  const ask = (remoteAddress: string, proto?: string) =>
    collector.server.inject({
      url: '/e.gif?url=https://shop.example/',
      remoteAddress,
      headers: proto === undefined ? {} : { 'x-forwarded-proto': proto },
    })

  it('is said where a trusted proxy speaks it', async () => {
    expect((await ask('198.51.100.1', 'https')).headers['strict-transport-security']).toBe('max-age=31536000')
  })

  it('is not said over plain http, nor because a stranger says so', async () => {
    for (const answer of [await ask('198.51.100.1'), await ask('203.0.113.1', 'https')]) {
      expect(answer.headers['strict-transport-security']).toBeUndefined()
    }
  })
})
