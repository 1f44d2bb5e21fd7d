import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { IntakeAnswer, LedgerAnswer } from '@clickwatch/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, temporaryFolder } from './fixtures/clickwatch.ts'
import { batch, event } from './fixtures/events.ts'
import { type Form, startForm } from './fixtures/form.ts'

const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36'
const visitor = '203.0.113.7'
const umamiSite = 'b59e9c65-ae32-47f1-8400-119fcf4861c4'

const folder = temporaryFolder()
let clickWatch: Form
beforeAll(async () => {
  const sites = join(folder, 'sites.json')
  writeFileSync(
    sites,
    JSON.stringify({
      shop: { aliases: [umamiSite] },
      closed: { origins: ['https://shop.example/'], exclude_addresses: ['198.51.100.0/24'] },
      plain: { identity: 'cookieless' },
      busy: { events_per_minute: 3 },
    }),
  )
  clickWatch = await startForm({
    CLICKWATCH_SITES: sites,
    CLICKWATCH_EVENTS_PER_ADDRESS: '50',
    CLICKWATCH_MAX_EVENTS: '60',
    CLICKWATCH_MAX_PROP_LENGTH: '50',
    CLICKWATCH_MAX_BODY_BYTES: '20000',
    CLICKWATCH_GEO_DATABASE: join(import.meta.dirname, 'fixtures/places.mmdb'),
    CLICKWATCH_SCRIPT_PATH: '/shop/hello.js',
    CLICKWATCH_COLLECT_PATH: '/shop/in/word',
  })
})
afterAll(async () => {
  await clickWatch?.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const totals = async (site: string, metrics: string[], filters: unknown[] = []): Promise<(number | null)[]> => {
  const { results } = await clickWatch.query({ site_id: site, metrics, date_range: 'all', filters })
  return results[0]?.metrics ?? metrics.map(() => 0)
}
const byValue = async (site: string, dimension: string, metric = 'visitors') => {
  const answer = await clickWatch.query({
    site_id: site,
    metrics: [metric],
    date_range: 'all',
    dimensions: [dimension],
  })
  return Object.fromEntries(answer.results.map(({ dimensions, metrics }) => [dimensions[0], metrics[0]]))
}
const until = async (site: string, metric: string, expected: number) => {
  await eventually(`${expected} ${metric} of ${site}`, async () =>
    (await totals(site, [metric]))[0] === expected ? true : undefined,
  )
  await clickWatch.untilStored()
}

/** Sends as a browser behind a proxy of this machine. */
const browser = { 'user-agent': chrome, 'x-forwarded-for': visitor, 'accept-language': 'de-DE,de;q=0.8' }

type Recorded = { path: string; packing: 'none' | 'gzip' | 'base64'; body: unknown }
/** What was recorded over seconds is sent in one go, as from a queue; so all of it was sent at the end of the recording. */
const recorded = (peer: string): Recorded[] => {
  const text = readFileSync(join(import.meta.dirname, `fixtures/peers/${peer}.json`), 'utf8')
  const sentAt = [...text.matchAll(/"sent_at": "([^"]+)"/g)]
    .map(([, time = '']) => time)
    .sort()
    .at(-1)
  return JSON.parse(text.replace(/"sent_at": "[^"]+"/g, `"sent_at": "${sentAt}"`)) as Recorded[]
}

const pack = ({ packing, body }: Recorded): string | Uint8Array<ArrayBuffer> => {
  const text = JSON.stringify(body)
  if (packing === 'gzip') return new Uint8Array(gzipSync(text))
  return packing === 'base64' ? `data=${encodeURIComponent(Buffer.from(text).toString('base64'))}` : text
}
const replay = async (peer: string, headers: Record<string, string> = {}): Promise<Response[]> => {
  const answers: Response[] = []
  for (const request of recorded(peer)) {
    const body = pack(request)
    const sent = { 'content-type': 'text/plain', ...browser, ...headers }
    answers.push(await fetch(clickWatch.baseUrl + request.path, { method: 'POST', headers: sent, body }))
  }
  return answers
}

describe('what other products’ trackers send is counted as theirs', () => {
  it('Plausible’s page views, engagement, revenue, links and old scripts', async () => {
    const answers = await replay('plausible')
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202))
    expect(await answers[0]?.text()).toBe('ok')
    const site = 'plausible.example'
    // Page views twice, a sign-up, a link that leaves, an event of an old script.
    await until(site, 'events', 5)
    expect(await totals(site, ['visitors', 'visits', 'pageviews', 'bounce_rate'])).toEqual([1, 1, 2, 0])
    expect(await byValue(site, 'event:type', 'events')).toMatchObject({ page_view: 2, click: 1, custom: 2 })
    expect(await byValue(site, 'event:name', 'events')).toMatchObject({ Signup: 1, 'Old script': 1 })
    expect(await byValue(site, 'visit:source')).toEqual({ news: 1 })
    expect(await byValue(site, 'event:page', 'pageviews')).toMatchObject({ '/plausible/': 1, '/plausible/pricing': 1 })
    expect(await byValue(site, 'visit:browser')).toEqual({ Chrome: 1 })
  })

  it('Umami’s page views, events, identities and batches, under the site that the id means', async () => {
    const answers = await replay('umami')
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    const told = (await answers[0]?.json()) as { cache: string; sessionId: string; visitId: string }
    expect(told.sessionId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(await answers.at(-1)?.json()).toMatchObject({ size: 2, processed: 2, errors: 0, details: [] })
    await until('shop', 'events', 4)
    expect(await totals('shop', ['visitors', 'visits', 'pageviews'])).toEqual([1, 1, 2])
    expect(await byValue('shop', 'event:name', 'events')).toMatchObject({ signup: 1, order: 1 })
    expect(await byValue('shop', 'event:page', 'pageviews')).toMatchObject({ '/': 1, '/pricing': 1 })

    // Another address, and the token of the first answer: still the same visitor.
    const [request] = recorded('umami')
    const later = await fetch(`${clickWatch.baseUrl}/api/send`, {
      method: 'POST',
      headers: { ...browser, 'x-forwarded-for': '203.0.113.99', 'x-umami-cache': told.cache },
      body: JSON.stringify(request?.body),
    })
    expect(((await later.json()) as typeof told).sessionId).toBe(told.sessionId)
    const forged = await fetch(`${clickWatch.baseUrl}/api/send`, {
      method: 'POST',
      headers: { ...browser, 'x-forwarded-for': '203.0.113.99', 'x-umami-cache': `${told.cache}0` },
      body: JSON.stringify(request?.body),
    })
    expect(((await forged.json()) as typeof told).sessionId).not.toBe(told.sessionId)
  })

  it('Umami’s word for a bot', async () => {
    const [request] = recorded('umami')
    const headers = { ...browser, 'user-agent': 'Googlebot/2.1 (+http://www.google.com/bot.html)' }
    const answer = await fetch(`${clickWatch.baseUrl}/api/send`, {
      method: 'POST',
      headers,
      body: JSON.stringify(request?.body),
    })
    expect(await answer.json()).toEqual({ beep: 'boop' })
  })

  it('PostHog’s events, packed as its libraries pack them, each uuid once', async () => {
    const answers = await replay('posthog')
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(await answers[0]?.json()).toEqual({ status: 1 })
    const site = 'phc_project_key_of_the_shop'
    // In the browser two page views, a click and a sign-up; of servers two, one of which came twice.
    await until(site, 'events', 6)
    await replay('posthog')
    await until(site, 'events', 6)
    expect(await totals(site, ['visitors', 'pageviews'])).toEqual([3, 2])
    expect(await byValue(site, 'event:name', 'events')).toMatchObject({
      Signup: 1,
      'Server side': 1,
      $feature_flag_called: 1,
    })
    expect(await byValue(site, 'event:element', 'events')).toMatchObject({ buy: 1 })
    const browsers = [
      ['is', 'visit:browser', ['Chrome']],
      ['is', 'visit:source', ['news']],
    ]
    expect(await totals(site, ['visitors', 'visits', 'bounce_rate'], browsers)).toEqual([1, 1, 0])
  })

  it('refuses what it cannot understand, naming the field', async () => {
    const refused = async (path: string, body: unknown, field: string) => {
      const answer = await clickWatch.post(path, body, browser)
      expect([answer.status, ((await answer.json()) as { error: { field: string } }).error.field]).toEqual([400, field])
    }
    await refused('/api/event', { n: 'pageview', u: 'https://a.example/' }, 'domain')
    await refused('/api/event', { u: 'https://a.example/', d: 'a.example' }, 'name')
    await refused('/api/send', { type: 'event', payload: {} }, 'payload/website')
    await refused('/api/send', { type: 'else', payload: {} }, 'type')
    await refused('/capture', { event: 'x' }, '0/api_key')
    await refused('/batch', { api_key: 'k', batch: 1 }, 'batch')
  })
})

describe('a field that is not known', () => {
  it('is ignored, and counted in the answer', async () => {
    const known = batch('v', 's', [event({ element: { id: 'a' } })])
    expect(await (await clickWatch.post('/e?site=strange', known)).json()).toEqual({ accepted: 1, rejected: [] })
    const unknown = {
      ...batch('v', 's', [{ ...event({ element: { id: 'a', size: 3 } as object }), mood: 'good' } as never]),
      brand: 'x',
    }
    const answer = await clickWatch.post('/e?site=strange', unknown)
    expect(await answer.json()).toEqual({ accepted: 1, rejected: [], ignored_fields: 3 })
    await until('strange', 'events', 2)
  })
})

describe('an image', () => {
  it('is a page view of a browser without scripts', async () => {
    const url = `${clickWatch.baseUrl}/e.gif?site=pixel`
    const answer = await fetch(url, { headers: { ...browser, referer: 'https://shop.example/offer?utm_source=mail' } })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/gif'])
    expect(answer.headers.get('cache-control')).toBe('no-store')
    await fetch(`${url}&name=Mail%20opened&url=https://shop.example/mail`, { headers: browser })
    await fetch(url, { method: 'HEAD', headers: browser })
    await until('pixel', 'events', 2)
    expect(await totals('pixel', ['visitors', 'visits', 'pageviews', 'bounce_rate'])).toEqual([1, 1, 1, 100])
    expect(await byValue('pixel', 'visit:source')).toEqual({ mail: 1 })
  })
})

describe('a server', () => {
  const post = (body: unknown, headers = {}) => clickWatch.post('/v1/events?site=server', body, headers)

  it('adds what it knows to the visit that is under way, once for each idempotency key', async () => {
    await clickWatch.post('/e?site=server', batch('v1', 's1', [event()]))
    const paid = { name: 'Paid', visitor_id: 'v1', revenue: { amount: 12.5, currency: 'EUR' }, colour: 'red' }
    for (const _time of [1, 2]) {
      const answer = await post([paid], { 'idempotency-key': 'order 17' })
      expect([answer.status, await answer.json()]).toEqual([202, { accepted: 1, rejected: [], ignored_fields: 1 }])
    }
    await post({
      events: [
        { ...paid, messageId: 'm1' },
        { ...paid, messageId: 'm1' },
      ],
    })
    await until('server', 'events', 3)
    expect(await totals('server', ['visitors', 'visits', 'pageviews', 'bounce_rate'])).toEqual([1, 1, 1, 0])
  })

  it('says which of its events are wrong, and why', async () => {
    const answer = await post([
      { name: 'Good', user_id: 'u1' },
      { visitor_id: 'v1' },
      { type: 'page_view', user_id: 'u1' },
      { name: 'Old', user_id: 'u1', time: '2020-01-01T00:00:00Z' },
      { name: 'Nobody' },
      { name: 'When', user_id: 'u1', time: 'yesterday' },
    ])
    expect(answer.status).toBe(202)
    const { accepted, rejected } = (await answer.json()) as IntakeAnswer
    expect(accepted).toBe(1)
    expect(rejected.map(({ index, field }) => [index, field])).toEqual([
      [1, 'type'],
      [2, 'url'],
      [3, 'time'],
      [4, 'visitor_id'],
      [5, 'time'],
    ])
  })

  it('is no bot, and may say whose browser it was', async () => {
    const bot = { name: 'Seen', address: visitor, user_agent: 'Googlebot/2.1' }
    const person = { name: 'Seen', address: '81.2.69.142', user_agent: chrome }
    const answer = await clickWatch.post('/v1/events?site=told', [bot, person, { name: 'Seen', user_id: 'u' }])
    expect(answer.status).toBe(202)
    await until('told', 'events', 2)
    expect(await byValue('told', 'visit:browser')).toEqual({ Chrome: 1, '': 1 })
  })
})

describe('a site’s rules', () => {
  it('keep pages of other origins out', async () => {
    const send = (origin: string) =>
      clickWatch.post('/e?site=closed', batch('v', 's', [event()]), { ...browser, origin })
    expect((await send('https://shop.example')).status).toBe(202)
    const refused = await send('https://copy.example')
    expect(refused.status).toBe(403)
    expect(((await refused.json()) as { error: { code: string } }).error.code).toBe('origin_not_allowed')
  })

  it('keep the site’s own people, and bots, apart from its visitors, and say how many they are', async () => {
    const send = (headers: object) =>
      clickWatch.post('/e?site=closed', batch('own', 's', [event(), event()]), { ...browser, ...headers })
    await send({ 'x-forwarded-for': '198.51.100.20' })
    await send({ 'user-agent': 'Googlebot/2.1 (+http://www.google.com/bot.html)' })
    await send({ 'sec-purpose': 'prefetch;prerender' })
    const excluded = await eventually('the excluded', async () => {
      const { reasons } = await clickWatch.get<LedgerAnswer>('/api/ledger?site=closed')
      return reasons.length === 3 ? reasons : undefined
    })
    expect(excluded.sort((left, right) => left.reason.localeCompare(right.reason))).toEqual([
      { kind: 'excluded', reason: 'bot', events: 2 },
      { kind: 'excluded', reason: 'own_address', events: 2 },
      { kind: 'excluded', reason: 'prefetch', events: 2 },
    ])
    expect(await byValue('closed', 'event:page', 'visitors')).not.toHaveProperty('own')
  })

  it('say how much stayed with visitors who did not consent', async () => {
    const answer = await clickWatch.post('/e?site=asked', { withheld: 3 }, browser)
    expect(answer.status).toBe(202)
    expect((await clickWatch.post('/e?site=asked', { withheld: -3 }, browser)).status).toBe(400)
    const day = await eventually('the day', async () => {
      const { days } = await clickWatch.get<LedgerAnswer>('/api/ledger?site=asked')
      return days[0]
    })
    expect(day).toMatchObject({ arrived: 0, counted: 0, withheld: 3 })
  })

  it('let a cookieless site use no id that a browser sends', async () => {
    await clickWatch.post('/e?site=plain', batch('v1', 's1', [event()]), browser)
    await clickWatch.post('/e?site=plain', batch('v2', 's2', [event()]), browser)
    await clickWatch.post('/e?site=plain', batch('v1', 's1', [event()]), {
      ...browser,
      'x-forwarded-for': '203.0.113.8',
    })
    await until('plain', 'events', 3)
    expect(await totals('plain', ['visitors', 'visits'])).toEqual([2, 2])
  })

  it('hold back who sends more than they may, and say for how long', async () => {
    const send = (site: string, count: number, address: string) =>
      clickWatch.post(
        `/e?site=${site}`,
        batch(
          'v',
          's',
          Array.from({ length: count }, () => event()),
        ),
        {
          ...browser,
          'x-forwarded-for': address,
        },
      )
    expect((await send('busy', 3, '203.0.113.20')).status).toBe(202)
    const bySite = await send('busy', 1, '203.0.113.21')
    expect(bySite.status).toBe(429)
    expect(Number(bySite.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await send('calm', 50, '203.0.113.22')).status).toBe(202)
    const byAddress = await send('calm', 1, '203.0.113.22')
    expect([byAddress.status, ((await byAddress.json()) as { error: { code: string } }).error.code]).toEqual([
      429,
      'rate_limited',
    ])
    expect((await send('calm', 1, '203.0.113.23')).status).toBe(202)
  })
})

describe('limits that the operator sets', () => {
  const send = (events: object[]) => clickWatch.post('/e?site=limited', { visitor_id: 'v', session_id: 's', events })
  const long = 'x'.repeat(51)

  it('bound the number of events, the length of properties and the size of a request', async () => {
    const tooMany = await send(Array.from({ length: 61 }, () => event()))
    expect([tooMany.status, ((await tooMany.json()) as { error: { field: string } }).error.field]).toEqual([
      400,
      'events',
    ])
    const tooLong = await send([event(), event({ type: 'custom', name: 'a', props: { plan: long } })])
    expect(await tooLong.json()).toMatchObject({ accepted: 1, rejected: [{ index: 1, field: 'props/plan' }] })
    expect(
      (await send([event({ title: 'x'.repeat(2000) }), event({ url: `https://a.example/${'x'.repeat(20_000)}` })]))
        .status,
    ).toBe(413)
  })

  it('cut what trackers of other products send, which cannot be told', async () => {
    const body = { n: 'Picked', u: 'https://a.example/', d: 'limited', p: { plan: long } }
    expect((await clickWatch.post('/api/event', body, browser)).status).toBe(202)
  })
})

describe('what a page may ask of another origin', () => {
  it.each(['/e', '/shop/in/word', '/api/event', '/api/send', '/api/batch', '/i/v0/e/', '/capture/', '/batch/', '/e/'])(
    'is told before it posts to %s',
    async (path) => {
      const answer = await fetch(clickWatch.baseUrl + path, {
        method: 'OPTIONS',
        headers: { origin: 'https://shop.example', 'access-control-request-headers': 'x-umami-cache' },
      })
      expect(answer.status).toBe(204)
      expect(answer.headers.get('access-control-allow-origin')).toBe('*')
      expect(answer.headers.get('access-control-allow-headers')).toContain('*')
    },
  )

  it('is not told for the routes of servers', async () => {
    const answer = await fetch(`${clickWatch.baseUrl}/v1/events`, { method: 'OPTIONS' })
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('paths of the operator’s own', () => {
  it('serve the tracker, which sends to the other', async () => {
    const script = await (await fetch(`${clickWatch.baseUrl}/shop/hello.js`)).text()
    expect(script).toContain('new URL("in/word",')
    expect(await (await fetch(`${clickWatch.baseUrl}/clickwatch.js`)).text()).toContain('new URL("e",')
    const answer = await clickWatch.post('/shop/in/word?site=moved', batch('v', 's', [event()]), browser)
    expect(answer.status).toBe(202)
    const pixel = await fetch(`${clickWatch.baseUrl}/shop/in/word.gif?site=moved&url=https://shop.example/`)
    expect(pixel.status).toBe(200)
    await until('moved', 'events', 2)
  })
})
