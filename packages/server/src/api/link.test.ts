import type { Idea, IdeaReport, Link, NewIdea, NewLink, OpenedLink, QueryAnswer } from '@clickwatch/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestApi, type TestApi } from '../../../../test/fixtures/api.ts'
import { undescribed } from './described.ts'
import { isGranted, routes as table } from './routes.ts'

let api: TestApi
let store: TestApi['store']
let server: TestApi['server']

const viewed = (site: string, index: number, country: string, day: string) => ({
  site,
  event_id: `${site}-${index}`,
  time: `${day} 12:00:00`,
  received_at: `${day} 12:00:00`,
  visitor_id: `${site}-visitor-${index}`,
  session_id: `${site}-session-${index}`,
  type: 'page_view',
  path: '/',
  country,
  sign: 1,
  version: 1,
})

beforeAll(async () => {
  api = await openTestApi()
  ;({ store, server } = api)
  const rows = [
    viewed('shop', 1, 'AT', '2026-03-01'),
    viewed('shop', 2, 'AT', '2026-04-01'),
    viewed('shop', 3, 'DE', '2026-03-01'),
    viewed('other', 1, 'AT', '2026-03-01'),
  ]
  await store.insert('silver.events', Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n')), 'rows')
})
afterAll(() => api?.close())

type Asking = { body?: object; link?: string; pass?: string | null }
const ask = async <T = unknown>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH',
  url: string,
  asking: Asking = {},
) => {
  const { body, link, pass } = asking
  const answer = await server.inject({
    method,
    url,
    headers: {
      ...(link === undefined ? { authorization: 'Bearer owner' } : { 'x-clickwatch-link': link }),
      ...(pass ? { 'x-clickwatch-pass': pass } : {}),
    },
    ...(body ? { payload: body } : {}),
  })
  const isJson = String(answer.headers['content-type']).includes('json')
  return { status: answer.statusCode, body: (isJson ? answer.json() : answer.body) as T, headers: answer.headers }
}
const tokenOf = ({ path }: Link): string => path.replace('/share/', '')
const makeLink = async (link: Partial<NewLink> = {}): Promise<{ token: string; id: string }> => {
  const { body, status } = await ask<Link>('POST', '/api/sites/shop/links', { body: { name: 'For them', ...link } })
  expect(status).toBe(201)
  return { token: tokenOf(body), id: body.id }
}
const door: NewIdea = {
  name: 'Gift cards',
  key: 'gift-cards',
  hypothesis: 'People want them',
  template: 'fake_door',
  ladder: [
    { grade: 'seen', rule: { type: 'page', path: '/gifts' } },
    { grade: 'click', rule: { type: 'element', element: 'buy', action: 'click' } },
  ],
  bar: { grade: 'click', rate: 0.04 },
  budget: { days: 30 },
}
let ideas = 0
const makeIdea = async (site = 'shop'): Promise<Idea> => {
  const body = { ...door, name: `Idea ${++ideas}`, key: `idea-${ideas}` }
  return (await ask<Idea>('POST', `/api/sites/${site}/ideas`, { body })).body
}
const all = { metrics: ['pageviews'], date_range: ['2026-01-01', '2026-12-31'] }
const pageviews = async (asking: Asking, more: object = {}) => {
  const { body } = await ask<QueryAnswer>('POST', '/api/v2/query', { ...asking, body: { ...all, ...more } })
  return body.results?.[0]?.metrics[0]
}
const codeOf = (body: unknown) => (body as { error?: { code: string } }).error?.code

/** Every route of the API that is behind the guard, with something in the place of its parameters. */
const routes = (): { method: string; route: string }[] => {
  const found: { method: string; route: string }[] = []
  const path: string[] = []
  for (const line of server.printRoutes({ commonPrefix: false }).split('\n')) {
    const match = /^([│ ]*)[├└]── (\S*)(?: \(([^)]*)\))?/.exec(line)
    if (!match) continue
    const depth = (match[1] ?? '').length / 4
    path.length = depth
    path[depth] = match[2] ?? ''
    for (const method of match[3]?.split(', ') ?? []) found.push({ method, route: path.join('') })
  }
  return found.filter(
    ({ route, method }) => route.startsWith('/api/') && method !== 'HEAD' && !route.startsWith('/api/docs'),
  )
}

describe('a shared link', () => {
  it('shows its site to whoever has it, and to nobody else', async () => {
    const { token } = await makeLink()
    expect(await pageviews({ link: token })).toBe(3)
    expect((await server.inject({ method: 'POST', url: '/api/v2/query', payload: all })).statusCode).toBe(401)
    const wrong = await ask('POST', '/api/v2/query', { link: 'nothing', body: all })
    expect([wrong.status, codeOf(wrong.body)]).toEqual([404, 'no_such_link'])
  })

  it('shows no other site, however it is asked for', async () => {
    const { token } = await makeLink()
    for (const [method, url, body] of [
      ['POST', '/api/v2/query', { ...all, site_id: 'other' }],
      ['POST', '/api/v2/query?site=other', all],
      ['POST', '/api/v2/export?format=csv', { ...all, site_id: 'other' }],
      ['GET', '/api/sites/other', undefined],
      ['GET', '/api/sites/other/goals', undefined],
      ['GET', '/api/live?site=other', undefined],
    ] as const) {
      const answer = await ask(method, url, { link: token, ...(body ? { body } : {}) })
      expect([url, answer.status]).toEqual([url, 403])
    }
    const { body } = await ask<{ sites: { site: string }[] }>('GET', '/api/sites', { link: token })
    expect(body.sites.every(({ site }) => site === 'shop')).toBe(true)
    expect((await ask('GET', '/api/sites/shop', { link: token })).status).toBe(200)
  })

  it('opens the routes that its table names, and not one more', async () => {
    const { token } = await makeLink()
    const found = routes()
    expect(found.length).toBeGreaterThan(25)
    for (const { method, route } of found) {
      const name = `${method} ${route}`
      const access = table[name]
      if (!access || !isGranted(access) || name === 'GET /api/live') continue
      const url = route.replace(':site', 'shop').replace(/:\w+/g, 'x')
      const { status, body } = await ask(method as 'GET', url, {
        link: token,
        ...(method === 'GET' ? {} : { body: {} }),
      })
      if (access.links?.includes('dashboard')) expect([name, status]).not.toEqual([name, 403])
      else expect([name, status, codeOf(body)]).toEqual([name, 403, 'not_of_link'])
    }
    for (const name of [
      'GET /api/sites/:site',
      'POST /api/v2/query',
      'POST /api/v2/export',
      'GET /api/export/events',
    ]) {
      expect(found.map(({ method, route }) => `${method} ${route}`)).toContain(name)
    }
  })

  it('shows nothing beyond its filters and its range', async () => {
    const austrian: NewLink['filters'] = [['is', 'visit:country', ['AT']]]
    const { token: filtered } = await makeLink({ filters: austrian })
    expect(await pageviews({ link: filtered })).toBe(2)
    expect(await pageviews({ link: filtered }, { filters: [['is', 'visit:country', ['DE']]] })).toBe(0)
    const { token: ofMarch } = await makeLink({ date_range: ['2026-03-01', '2026-03-31'] })
    expect(await pageviews({ link: ofMarch }, { date_range: 'all' })).toBe(2)
    const comparing = { include: { comparisons: { mode: 'custom', date_range: ['2026-04-01', '2026-04-30'] } } }
    const { body } = await ask<QueryAnswer>('POST', '/api/v2/query', { link: ofMarch, body: { ...all, ...comparing } })
    expect([body.results[0]?.metrics, body.results[0]?.comparison]).toEqual([[2], undefined])
    expect((await ask('GET', '/api/live', { link: filtered })).status).toBe(403)
    expect((await ask('POST', '/api/v2/query', { link: filtered, body: { ...all, filters: 'none' } })).status).toBe(400)
    const file = await ask<string>('POST', '/api/v2/export?format=csv', { link: filtered, body: all })
    expect(file.body.trim().split('\r\n')).toEqual(['pageviews', '2'])
  })

  it('asks for its password first', async () => {
    const { token, id } = await makeLink({ password: 'Gänseblümchen' })
    expect(codeOf((await ask('POST', '/api/v2/query', { link: token, body: all })).body)).toBe('password_needed')
    const open = (body: object) => ask<OpenedLink>('POST', `/api/share/${token}`, { body })
    expect(codeOf((await open({})).body)).toBe('password_needed')
    expect(codeOf((await open({ password: 'Ganseblumchen' })).body)).toBe('password_wrong')
    const { pass } = (await open({ password: 'Gänseblümchen' })).body
    expect(await pageviews({ link: token, pass })).toBe(3)
    expect((await open({ pass })).body.pass).toBe(pass)
    expect(codeOf((await open({ pass: `${Date.now() + 1000}.forged` })).body)).toBe('password_needed')
    const { token: another } = await makeLink({ password: 'Gänseblümchen' })
    expect((await ask('POST', '/api/v2/query', { link: another, pass, body: all })).status).toBe(401)
    const later = String(Date.now() + 10 ** 12) + (pass ?? '').slice((pass ?? '').indexOf('.'))
    expect((await ask('POST', '/api/v2/query', { link: token, pass: later, body: all })).status).toBe(401)

    await ask('PUT', `/api/sites/shop/links/${id}`, { body: { name: 'For them', password: 'another' } })
    expect((await ask('POST', '/api/v2/query', { link: token, pass, body: all })).status).toBe(401)
    const { body } = await ask<{ links: object[] }>('GET', '/api/sites/shop/links')
    expect(JSON.stringify(body)).not.toMatch(/scrypt|Gänse|another/)
  })

  it('takes no more than ten wrong passwords', async () => {
    const { token } = await makeLink({ password: 'right' })
    for (let wrong = 0; wrong < 10; wrong++) {
      expect((await ask('POST', `/api/share/${token}`, { body: { password: `wrong ${wrong}` } })).status).toBe(401)
    }
    const refused = await ask('POST', `/api/share/${token}`, { body: { password: 'right' } })
    expect([refused.status, codeOf(refused.body)]).toEqual([429, 'too_many_tries'])
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(60)
  })

  it('holds through its last day, and ends when it is taken back', async () => {
    const { token: old } = await makeLink({ expires_at: '2020-02-29' })
    expect((await ask('POST', '/api/v2/query', { link: old, body: all })).status).toBe(410)
    expect((await ask('POST', `/api/share/${old}`, { body: {} })).status).toBe(410)
    const today = new Date().toISOString().slice(0, 10)
    const { token, id } = await makeLink({ expires_at: today })
    expect((await ask('POST', `/api/share/${token}`, { body: {} })).status).toBe(200)
    expect((await ask('DELETE', `/api/sites/shop/links/${id}`)).status).toBe(204)
    expect((await ask('POST', `/api/share/${token}`, { body: {} })).status).toBe(404)
  })

  it.each([
    ['expires_at', { expires_at: '2026-02-30' }],
    ['name', { name: '' }],
    ['date_range', { date_range: 'sometime' }],
  ])('is not made with a wrong %s', async (field, link) => {
    const { status, body } = await ask('POST', '/api/sites/shop/links', { body: { name: 'x', ...link } })
    expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining(`"field":"${field}`)])
  })

  it('may be framed by any page where it is embedded, and nothing else may', async () => {
    const embedded = await server.inject('/share/token?embed=1')
    expect(embedded.headers['content-security-policy']).toContain('frame-ancestors *')
    expect(embedded.headers['x-frame-options']).toBeUndefined()
    for (const url of ['/share/token', '/share/token?embed=0', '/?embed=1', '/settings?embed=1']) {
      const { headers } = await server.inject(url)
      expect([url, headers['content-security-policy']]).toEqual([
        url,
        expect.stringContaining("frame-ancestors 'self'"),
      ])
    }
  })
})

describe('a shared link to an idea', () => {
  const reportOf = (idea: Pick<Idea, 'id'>, asking: Asking, site = 'shop') =>
    ask<IdeaReport>('GET', `/api/sites/${site}/ideas/${idea.id}/report`, asking)

  it("opens that idea's report to whoever has it, and says which it is", async () => {
    const idea = await makeIdea()
    const { token } = await makeLink({ idea: idea.id })
    const opened = await ask<OpenedLink>('POST', `/api/share/${token}`, { body: {} })
    expect(opened.body).toEqual({
      name: 'For them',
      site: 'shop',
      pass: null,
      idea: idea.id,
      filters: [],
      date_range: null,
    })
    expect(undescribed('post /api/share/{token}', opened.body)).toEqual([])
    const { status, body } = await reportOf(idea, { link: token })
    expect([status, body.idea?.name]).toEqual([200, idea.name])
    expect((await ask('GET', '/api/sites/shop', { link: token })).status).toBe(200)
    const listed = await ask<{ links: Link[] }>('GET', '/api/sites/shop/links')
    expect(listed.body.links.find((link) => link.path.endsWith(token))).toMatchObject({ idea: idea.id })
    expect(undescribed('get /api/sites/{site}/links', listed.body)).toEqual([])
  })

  it('opens no other idea, of its site or another, and nobody is let in without it', async () => {
    const [idea, other, elsewhere] = [await makeIdea(), await makeIdea(), await makeIdea('other')]
    const { token } = await makeLink({ idea: idea.id })
    for (const [asked, site] of [
      [other, 'shop'],
      [elsewhere, 'other'],
      [idea, 'other'],
    ] as const) {
      const refused = await reportOf(asked, { link: token }, site)
      expect([refused.status, codeOf(refused.body)]).toEqual([403, 'not_of_link'])
    }
    expect((await ask('GET', '/api/sites/other', { link: token })).status).toBe(403)
    expect((await server.inject(`/api/sites/shop/ideas/${idea.id}/report`)).statusCode).toBe(401)
  })

  it('opens the routes of its table, and not one more: no numbers, no addresses, nothing to change', async () => {
    const idea = await makeIdea()
    const { token } = await makeLink({ idea: idea.id })
    for (const { method, route } of routes()) {
      const name = `${method} ${route}`
      const access = table[name]
      if (!access || !isGranted(access)) continue
      const url = route.replace(':site', 'shop').replace(':id', idea.id).replace(/:\w+/g, 'x')
      const { status, body } = await ask(method as 'GET', url, {
        link: token,
        ...(method === 'GET' ? {} : { body: {} }),
      })
      if (access.links?.includes('idea')) expect([name, status]).toEqual([name, 200])
      else expect([name, status, codeOf(body)]).toEqual([name, 403, 'not_of_link'])
    }
    const { token: ofDashboard } = await makeLink()
    expect(codeOf((await reportOf(idea, { link: ofDashboard })).body)).toBe('not_of_link')
  })

  it('asks for its password, ends with its last day, and goes with its idea', async () => {
    const idea = await makeIdea()
    const { token } = await makeLink({ idea: idea.id, password: 'Gänseblümchen' })
    expect(codeOf((await reportOf(idea, { link: token })).body)).toBe('password_needed')
    const open = (body: object) => ask<OpenedLink>('POST', `/api/share/${token}`, { body })
    expect(codeOf((await open({ password: 'Ganseblumchen' })).body)).toBe('password_wrong')
    const { pass } = (await open({ password: 'Gänseblümchen' })).body
    expect((await reportOf(idea, { link: token, pass })).status).toBe(200)

    const { token: old } = await makeLink({ idea: idea.id, expires_at: '2020-02-29' })
    expect((await reportOf(idea, { link: old })).status).toBe(410)

    await ask('DELETE', `/api/sites/shop/ideas/${idea.id}`)
    expect((await reportOf(idea, { link: token, pass })).status).toBe(404)
    expect((await open({ password: 'Gänseblümchen' })).status).toBe(404)
  })

  it('is of one idea of its site, whole', async () => {
    const [idea, elsewhere] = [await makeIdea(), await makeIdea('other')]
    for (const [field, link] of [
      ['idea', { idea: elsewhere.id }],
      ['idea', { idea: 'none' }],
      ['filters', { idea: idea.id, filters: [['is', 'visit:country', ['AT']]] }],
      ['date_range', { idea: idea.id, date_range: '7d' }],
    ] as const) {
      const { status, body } = await ask('POST', '/api/sites/shop/links', { body: { name: 'x', ...link } })
      expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining(`"field":"${field}"`)])
    }
    const { id, token } = await makeLink({ idea: idea.id })
    const renamed = await ask<Link>('PUT', `/api/sites/shop/links/${id}`, { body: { name: 'Board', idea: idea.id } })
    expect(renamed.body).toMatchObject({ name: 'Board', idea: idea.id, path: `/share/${token}` })
    expect((await reportOf(idea, { link: token })).status).toBe(200)
  })
})

it.each([
  [
    'links',
    { name: 'Board', password: 'sesame', expires_at: '2030-01-01', filters: [['is', 'visit:country', ['AT']]] },
  ],
  ['reports', { name: 'Weekly', every: 'week', target: { type: 'email', to: ['ann@shop.example'] } }],
  [
    'alerts',
    { name: 'Quiet', rule: { type: 'silence', minutes: 60 }, target: { type: 'email', to: ['ann@shop.example'] } },
  ],
] as const)('what goes out of a site is, of %s, as the description of the API says', async (noun, body) => {
  const [site, path] = ['out', `/api/sites/{site}/${noun}`]
  const added = await ask<{ id: string }>('POST', `/api/sites/${site}/${noun}`, { body })
  expect(undescribed(`post ${path}`, added.body, 201)).toEqual([])
  const one = `/api/sites/${site}/${noun}/${added.body.id}`
  expect(undescribed(`put ${path}/{id}`, (await ask('PUT', one, { body })).body)).toEqual([])
  const listed = await ask<Record<string, object[]>>('GET', `/api/sites/${site}/${noun}`)
  expect(listed.body[noun]).toHaveLength(1)
  expect(undescribed(`get ${path}`, listed.body)).toEqual([])
  if (noun === 'links') return
  const sent = await ask('POST', `${one}/test`, { body: {} })
  expect(sent.status).toBe(200)
  expect(undescribed(`post ${path}/{id}/test`, sent.body)).toEqual([])
})
