import type { FunnelAnswer, SessionAnswer, SessionsAnswer, VisitorAnswer } from '@clickwatch/contract'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Fixture, openFixture } from '../../../../test/fixtures/behaviour.ts'
import { createServer } from '../http/server.ts'
import { type Metadata, openMetadataInMemory } from '../metadata/database.ts'
import { keptOf } from '../metadata/kept.ts'
import { siteViewsOf } from '../metadata/site-views.ts'
import { contextsOf } from '../query/context.ts'
import { addBehaviourRoutes } from './behaviour.ts'
import { undescribed } from './described.ts'

let fixture: Fixture
let metadata: Metadata
let server: FastifyInstance
let goal: { id: string }

const day = Date.UTC(2026, 4, 1)
const sites = ['shop', 'other']

beforeAll(async () => {
  fixture = await openFixture()
  metadata = await openMetadataInMemory()
  goal = await keptOf(metadata, 'goals', 'goal').add('shop', {
    name: 'Signed up',
    rule: { type: 'event', event_name: 'signup' },
  })
  server = createServer(pino({ level: 'silent' }))
  const siteViews = siteViewsOf(metadata, 'UTC')
  addBehaviourRoutes(server, {
    store: fixture.store,
    metadata,
    contextOf: contextsOf(fixture.store, metadata, siteViews),
    queryLimits: { seconds: 30, memoryBytes: 1_500_000_000, rows: 1_000_000_000 },
  })
  for (const site of sites) {
    await fixture.addEvents(
      ['/', '/pricing', `/only-${site}`].flatMap((path, index) =>
        [1, 2].map((visitor) => ({
          site,
          event_id: `${index}`,
          seq: index,
          time: day + index * 60_000,
          visitor_id: `visitor ${visitor}`,
          session_id: 'visit',
          type: 'page_view',
          path,
          source: visitor === 1 ? 'Google' : 'Bing',
        })),
      ),
    )
    await fixture.addEvents([
      {
        site,
        event_id: 'signup',
        seq: 9,
        time: day + 200_000,
        visitor_id: 'visitor 1',
        session_id: 'visit',
        type: 'custom',
        name: 'signup',
        path: '/pricing',
        revenue: '9.5',
        currency: 'EUR',
        props: { plan: 'pro' },
      },
    ])
    await fixture.addVisits(
      [1, 2].map((visitor) => ({
        site,
        session_id: 'visit',
        visitor_id: `visitor ${visitor}`,
        start: day,
        end: day + 200_000,
        pageviews: 3,
        events: 4,
        entry_page: '/',
        exit_page: `/only-${site}`,
        country: 'AT',
        source: visitor === 1 ? 'Google' : 'Bing',
        visit_number: 1,
      })),
    )
  }
})
afterAll(async () => {
  await server.close()
  await metadata.destroy()
  await fixture.close()
})

const scope = { site_id: 'shop', date_range: ['2026-04-30', '2026-05-02'] }
const post = async <T>(noun: string, body: object): Promise<{ status: number; body: T }> => {
  const answer = await server.inject({ method: 'POST', url: `/api/v2/${noun}`, payload: body })
  return { status: answer.statusCode, body: answer.json() }
}
const get = async <T>(path: string): Promise<{ status: number; body: T }> => {
  const answer = await server.inject({ method: 'GET', url: path })
  return { status: answer.statusCode, body: answer.json() }
}
const page = (path: string) => ({ filter: ['is', 'event:page', [path]] })

describe('behaviour over HTTP', () => {
  const questions: [noun: string, asked: object][] = [
    ['funnel', { steps: [page('/'), page('/only-other')] }],
    ['funnel/dropped', { steps: [page('/'), page('/only-other')], step: 0 }],
    ['journeys', {}],
    ['retention', { period: 'day' }],
    ['elements', {}],
    ['heatmap', { page: '/only-other', kind: 'click' }],
    ['forms', {}],
    ['vitals', { by: 'page' }],
    ['properties', {}],
    ['sessions', {}],
  ]

  it.each(questions)('%s answers its own site alone, as it is described', async (noun, asked) => {
    const { status, body } = await post(noun, { ...scope, ...asked })
    expect(status).toBe(200)
    expect(undescribed(`post /api/v2/${noun}`, body)).toEqual([])
    expect(JSON.stringify(body).replace(/"name":"[^"]*"/g, '')).not.toContain('only-other')
  })

  it.each(questions)('%s says which field is wrong', async (noun, asked) => {
    const refused = async (body: object, field: string) =>
      expect(await post(noun, body)).toMatchObject({ status: 400, body: { error: { code: 'invalid_field', field } } })
    await refused({ ...asked }, 'date_range')
    await refused({ ...scope, ...asked, timezone: 'Europe/Nowhere' }, 'timezone')
    await refused({ ...scope, ...asked, colour: 'red' }, 'colour')
    await refused({ ...scope, ...asked, filters: [['is', 'segment', ['none']]] }, 'filters/0/2/0')
  })

  it('funnels take goals and filters, tell sources apart, and name what is wrong with a step', async () => {
    const steps = [{ name: 'Home', ...page('/') }, page('/pricing'), { goal: goal.id }]
    const { body } = await post<FunnelAnswer>('funnel', { ...scope, steps, breakdown: 'visit:source' })
    expect(body.steps.map(({ name, visitors }) => [name, visitors])).toEqual([
      ['Home', 2],
      ['/pricing', 2],
      ['Signed up', 1],
    ])
    expect(body.steps[2]).toMatchObject({ dropped: 1, step_rate: 50, total_rate: 50, median_s: 140 })
    expect(body.breakdown.map(({ value, steps: [, , last] }) => [value, last?.visitors])).toEqual([
      ['Bing', 0],
      ['Google', 1],
    ])
    const filtered = await post<FunnelAnswer>('funnel', {
      ...scope,
      steps,
      filters: [['is', 'visit:source', ['Bing']]],
    })
    expect(filtered.body.steps.map(({ visitors }) => visitors)).toEqual([1, 1, 0])
    const wrong = async (asked: object, field: string) =>
      expect(await post('funnel', { ...scope, steps, ...asked })).toMatchObject({
        status: 400,
        body: { error: { field } },
      })
    await wrong({ steps: [page('/')] }, 'steps')
    await wrong({ steps: [page('/'), {}] }, 'steps/1')
    await wrong({ steps: [page('/'), { goal: 'gone' }] }, 'steps/1/goal')
    await wrong({ steps: [page('/'), { filter: ['matches', 'event:page', ['(']] }] }, 'steps/1/filter/2/0')
    await wrong({ breakdown: 'event:page' }, 'breakdown')
    await wrong({ window_s: 0 }, 'window_s')
    expect(await post('funnel/dropped', { ...scope, steps, step: 2 })).toMatchObject({
      status: 400,
      body: { error: { field: 'step' } },
    })
  })

  it('a strict funnel of pages forgives no other page, and a click', async () => {
    const steps = [page('/'), page('/only-shop')]
    const strict = await post<FunnelAnswer>('funnel', { ...scope, steps, order: 'strict' })
    expect(strict.body.steps.map(({ visitors }) => visitors)).toEqual([2, 0])
    const next = await post<FunnelAnswer>('funnel', { ...scope, steps: [page('/'), page('/pricing')], order: 'strict' })
    expect(next.body.steps.map(({ visitors }) => visitors)).toEqual([2, 2])
  })

  it('lists the properties that events carry in the range, and those of nothing else', async () => {
    const answer = await post('properties', scope)
    expect(answer).toEqual({
      status: 200,
      body: { properties: [{ property: 'plan', events: 1, visitors: 1 }] },
    })
    const narrowed = { ...scope, filters: [['is', 'visit:source', ['Bing']]] }
    expect((await post('properties', narrowed)).body).toEqual({ properties: [] })
    expect((await post('properties', { ...scope, date_range: ['2026-01-01', '2026-01-02'] })).body).toEqual({
      properties: [],
    })
  })

  it('lists visits a page at a time, each once', async () => {
    const first = await post<SessionsAnswer>('sessions', { ...scope, limit: 1 })
    const second = await post<SessionsAnswer>('sessions', { ...scope, limit: 1, after: first.body.next })
    expect(second.body.next).toBeNull()
    const visitors = [...first.body.sessions, ...second.body.sessions].map(({ visitor }) => visitor)
    expect(new Set(visitors).size).toBe(2)
    expect(JSON.stringify(first.body)).not.toContain('visitor 1')
    expect((await post('sessions', { ...scope, after: 'made up' })).status).toBe(400)
  })

  it('tells one visit and one visitor by the names that lists give, and knows them on no other site', async () => {
    const { body } = await post<SessionsAnswer>('sessions', { ...scope, filters: [['is', 'visit:source', ['Google']]] })
    const [{ session, visitor } = { session: '', visitor: '' }] = body.sessions
    const visit = await get<SessionAnswer>(`/api/v2/sessions/${session}?site=shop&visitor=${visitor}`)
    expect(visit.body.session).toMatchObject({ session, visitor, start: '2026-05-01T00:00:00.000Z', source: 'Google' })
    expect(visit.body.events.map(({ page: on, type }) => [type, on])).toEqual([
      ['page_view', '/'],
      ['page_view', '/pricing'],
      ['page_view', '/only-shop'],
      ['custom', '/pricing'],
    ])
    expect(visit.body.events[3]).toMatchObject({
      name: 'signup',
      revenue: 9.5,
      currency: 'EUR',
      props: { plan: 'pro' },
    })

    expect(undescribed('get /api/v2/sessions/{session}', visit.body)).toEqual([])

    const profile = await get<VisitorAnswer>(`/api/v2/visitors/${visitor}?site=shop`)
    expect(undescribed('get /api/v2/visitors/{visitor}', profile.body)).toEqual([])
    expect(profile.body).toMatchObject({
      visitor,
      visits: 1,
      pageviews: 3,
      first_source: 'Google',
      revenue: [{ currency: 'EUR', amount: 9.5 }],
      days: [{ date: '2026-05-01', visits: 1 }],
      goals: [{ goal: 'Signed up', times: 1, last: '2026-05-01T00:03:20.000Z' }],
      sessions: [{ session }],
    })
    expect(profile.body.pages).toContainEqual({ page: '/only-shop', pageviews: 1 })

    expect((await get(`/api/v2/sessions/${session}?site=other&visitor=${visitor}`)).status).toBe(404)
    expect((await get(`/api/v2/visitors/${visitor}?site=other`)).status).toBe(404)
    expect((await get('/api/v2/visitors/visitor%201?site=shop')).status).toBe(404)
    expect(await get(`/api/v2/sessions/${session}?site=shop`)).toMatchObject({
      status: 400,
      body: { error: { field: 'visitor' } },
    })
  })
})
