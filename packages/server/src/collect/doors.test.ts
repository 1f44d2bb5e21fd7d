import type { InjectOptions } from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestCollector, type TestCollector } from '../../../../test/fixtures/collector.ts'

let collector: TestCollector
beforeAll(async () => {
  collector = await openTestCollector({ scrubs: ['member'] })
})
afterAll(() => collector.close())

// Each secret is another one, so that what stays says where it came from.
const address = (secret: string) => `https://shop.example/a?token=SECRET${secret}&member=SECRET${secret}m&page=2`
const mail = (secret: string) => `SECRET${secret}@example.com`
const json = { 'content-type': 'application/json' }
const key = { authorization: 'Bearer key' }
const post = (url: string, payload: object, headers = {}): InjectOptions => ({
  method: 'POST',
  url,
  payload,
  headers: { ...json, ...headers },
})
const event = {
  id: 'e1',
  type: 'click',
  time: Date.now(),
  url: address('url'),
  referrer: address('referrer'),
  title: `For ${mail('title')}`,
  name: mail('name'),
  element: { id: mail('element'), text: mail('text'), href: `mailto:${mail('href')}` },
  fields: [mail('fields')],
  props: { secret: 'SECRETprops', who: mail('props') },
  unknown: { url: address('unknown') },
}
const session = {
  session_id: 's',
  user_id: 'u',
  timestamp: '2026-05-01T10:00:00Z',
  page_url: address('page'),
  referrer: address('referrer'),
  utm_campaign: mail('campaign'),
  unknown: { password: 'SECRETunknown' },
  events: [{ event_type: 'click', element_id: mail('element'), page_url: address('url') }],
}

it.each<[string, InjectOptions]>([
  ['our tracker', post('/e', { events: [event] })],
  ['our tracker, of a refused event', post('/e', { events: [event, { ...event, id: 'e2', type: 'no such type' }] })],
  ['the pixel', { url: `/e.gif?${new URLSearchParams({ url: address('url'), title: mail('title') })}` }],
  ['the pixel, by its Referer', { url: '/e.gif', headers: { referer: address('referer') } }],
  ['servers', post('/v1/events', { ...event, visitor_id: 'v' }, key)],
  ['producers of session documents', post('/v1/sessions', session, key)],
  ['producers, of a refused document', post('/v1/sessions', [session, { ...session, page_url: [address('x')] }], key)],
  [
    'producers, of what is no JSON',
    {
      method: 'POST',
      url: '/v1/sessions',
      payload: `${JSON.stringify(session)}\n{"page_url":"${address('broken')}","password":"SECRETbroken"`,
      headers: { 'content-type': 'application/x-ndjson', ...key },
    },
  ],
  [
    "Plausible's tracker",
    post('/api/event', {
      n: 'pageview',
      d: 'shop',
      u: address('url'),
      r: address('referrer'),
      p: { who: mail('props') },
    }),
  ],
  [
    "Umami's tracker",
    post('/api/send', {
      type: 'event',
      payload: {
        website: 'shop',
        url: '/a?token=SECRETurl',
        hostname: 'shop.example',
        title: mail('title'),
        data: { jwt: 'SECRETdata' },
      },
    }),
  ],
  [
    "PostHog's library",
    post('/i/v0/e/', {
      api_key: 'shop',
      event: '$pageview',
      distinct_id: 'd',
      properties: {
        $current_url: address('url'),
        $referrer: address('referrer'),
        nested: { api_key: 'SECRETnested', who: mail('nested') },
      },
    }),
  ],
])('nothing secret that comes in by %s is on disk', async (_door, request) => {
  const from = collector.stream.end(0)
  const answer = await collector.server.inject({ remoteAddress: '203.0.113.7', ...request })
  expect([200, 202]).toContain(answer.statusCode)
  const stored = collector.stream.read(0, from, 100, 1e6).map(({ value }) => value.toString())
  expect(stored.length).toBeGreaterThan(0)
  expect(stored.join('\n')).not.toContain('SECRET')
  expect(stored.join('\n')).not.toContain('203.0.113.7')
  expect(stored.join('\n')).toMatch(/\((secret|email)\)/)
})

it.each<[string, InjectOptions]>([
  ['our tracker', post('/e', { visitor_id: 'marked', events: [event, { ...event, id: 'e3', type: 'none' }] })],
  ['the pixel', { url: `/e.gif?url=${encodeURIComponent('https://shop.example/marked')}` }],
  ["Plausible's tracker", post('/api/event', { n: 'pageview', d: 'shop', u: 'https://shop.example/marked' })],
  ["Umami's tracker", post('/api/send', { type: 'event', payload: { website: 'shop', url: '/marked' } })],
  [
    "PostHog's library",
    post('/i/v0/e/', {
      api_key: 'shop',
      event: 'marked',
      distinct_id: 'marked',
      properties: { $current_url: 'marked' },
    }),
  ],
])(
  'of a browser that asks for privacy nothing is kept by %s but how much it sent, where its site says so',
  async (_door, request) => {
    const honouring = await openTestCollector({ rules: { honoursSignals: true } })
    try {
      for (const [signal, kinds] of [
        [{ 'sec-gpc': '1' }, ['withheld']],
        [{ dnt: '1' }, ['withheld']],
      ] as const) {
        const from = honouring.stream.end(0)
        const headers = { ...request.headers, ...signal }
        const { statusCode } = await honouring.server.inject({ remoteAddress: '203.0.113.7', ...request, headers })
        expect([200, 202]).toContain(statusCode)
        const stored = honouring.stream.read(0, from, 100, 1e6).map(({ value }) => value.toString())
        expect(stored.map((text) => (JSON.parse(text) as { kind: string }).kind)).toEqual(kinds)
        expect(stored.join()).not.toMatch(/marked|203\.0/)
      }
      const from = honouring.stream.end(0)
      await honouring.server.inject({ remoteAddress: '203.0.113.7', ...request })
      expect(
        honouring.stream
          .read(0, from, 100, 1e6)
          .map(({ value }) => value.toString())
          .join(),
      ).toMatch(/"tracker"/)
    } finally {
      await honouring.close()
    }
  },
)
