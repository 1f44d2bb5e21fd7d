import { rmSync } from 'node:fs'
import type { Goal, NewGoal } from '@clickwatch/contract'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../../test/fixtures/clickwatch.ts'
import { openTestMetadata } from '../../../../test/fixtures/metadata.ts'
import { openTestStore } from '../../../../test/fixtures/store.ts'
import { createServer } from '../http/server.ts'
import type { Metadata } from '../metadata/database.ts'
import { siteViewsOf } from '../metadata/site-views.ts'
import { contextsOf } from '../query/context.ts'
import { undescribed } from './described.ts'
import { addKeptRoutes } from './kept.ts'
import { scopeChecker } from './scope.ts'

const folder = temporaryFolder()
const store = await openTestStore(folder)
let metadata: Metadata
let server: FastifyInstance

beforeEach(async () => {
  metadata = await openTestMetadata()
  server = createServer(pino({ level: 'silent' }))
  const siteViews = siteViewsOf(metadata, 'UTC')
  addKeptRoutes(server, { metadata, siteViews, checkScope: scopeChecker(contextsOf(store, metadata, siteViews)) })
})
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})
afterEach(async () => {
  await server.close()
  await metadata.destroy()
})

const ask = async (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, body?: object) => {
  const answer = await server.inject({ method, url, ...(body ? { payload: body } : {}) })
  return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() }
}
const signUp: NewGoal = { name: 'Sign-up', rule: { type: 'event', event_name: 'signup' } }
const addGoal = async (goal = signUp): Promise<Goal> => (await ask('POST', '/api/sites/shop/goals', goal)).body

describe('what people keep of a site', () => {
  it('is listed as it was added, changed, and gone once removed', async () => {
    const added = await ask('POST', '/api/sites/shop/goals', signUp)
    expect(added).toMatchObject({ status: 201, body: { ...signUp, id: expect.any(String) } })
    const renamed = { ...signUp, name: 'Joined' }
    expect(await ask('PUT', `/api/sites/shop/goals/${added.body.id}`, renamed)).toMatchObject({
      status: 200,
      body: { ...renamed, id: added.body.id, created_at: added.body.created_at },
    })
    const listed = await ask('GET', '/api/sites/shop/goals')
    expect(listed.body.goals).toMatchObject([renamed])
    expect(undescribed('post /api/sites/{site}/goals', added.body, 201)).toEqual([])
    expect(undescribed('get /api/sites/{site}/goals', listed.body)).toEqual([])
    expect((await ask('DELETE', `/api/sites/shop/goals/${added.body.id}`)).status).toBe(204)
    expect((await ask('GET', '/api/sites/shop/goals')).body).toEqual({ goals: [] })
  })

  it.each([
    ['segments', { name: 'Home', filters: [['is', 'event:page', ['/']]] }],
    ['annotations', { at: '2026-03-01', text: 'Launch' }],
    ['funnels', { name: 'Up', steps: [1, 2].map(() => ({ filter: ['is', 'event:page', ['/']] })), order: 'strict' }],
  ])('is, of %s, as the description of the API says', async (noun, body) => {
    const path = `/api/sites/{site}/${noun}`
    const added = await ask('POST', `/api/sites/shop/${noun}`, body)
    expect(undescribed(`post ${path}`, added.body, 201)).toEqual([])
    const replaced = await ask('PUT', `/api/sites/shop/${noun}/${added.body.id}`, body)
    expect(undescribed(`put ${path}/{id}`, replaced.body)).toEqual([])
    const listed = await ask('GET', `/api/sites/shop/${noun}`)
    expect(listed.body[noun]).toHaveLength(1)
    expect(undescribed(`get ${path}`, listed.body)).toEqual([])
  })

  it('is of one site alone', async () => {
    const { id } = await addGoal()
    expect((await ask('GET', '/api/sites/other/goals')).body).toEqual({ goals: [] })
    expect((await ask('PUT', `/api/sites/other/goals/${id}`, signUp)).status).toBe(404)
    expect((await ask('DELETE', `/api/sites/other/goals/${id}`)).status).toBe(404)
    expect((await ask('GET', '/api/sites/shop/goals')).body.goals).toHaveLength(1)
  })

  it('has one name once', async () => {
    await addGoal()
    const other = await addGoal({ ...signUp, name: 'Paid' })
    expect(await ask('POST', '/api/sites/shop/goals', signUp)).toMatchObject({
      status: 409,
      body: { error: { code: 'name_taken', field: 'name' } },
    })
    expect((await ask('PUT', `/api/sites/shop/goals/${other.id}`, signUp)).status).toBe(409)
    expect((await ask('POST', '/api/sites/other/goals', signUp)).status).toBe(201)
  })

  it.each([
    ['goals', { rule: signUp.rule }, 'name'],
    ['goals', { name: 'x', rule: signUp.rule, colour: 'red' }, 'colour'],
    ['segments', { name: 'x', filters: [] }, 'filters'],
    ['segments', { name: 'x', filters: [['is', 'segment', ['1']]] }, 'filters'],
    ['annotations', { at: '2026-02-30', text: 'x' }, 'at'],
    ['annotations', { at: '2026-02-03 25:00:00', text: 'x' }, 'at'],
    ['funnels', { name: 'x', steps: [{ name: 'a' }, { name: 'b' }] }, 'steps/0'],
    ['funnels', { name: 'x', steps: [{ goal: 'nowhere' }, { goal: 'nowhere' }] }, 'steps/0/goal'],
    [
      'funnels',
      { name: 'x', steps: ['/', '('].map((text) => ({ filter: ['not', ['matches', 'event:page', [text]]] })) },
      'steps/1/filter/1/2/0',
    ],
    ['segments', { name: 'x', filters: [['matches', 'event:page', ['[']]] }, 'filters/0/2/0'],
  ])('of %s %j is refused for its %s', async (path, body, field) => {
    expect(await ask('POST', `/api/sites/shop/${path}`, body)).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_field', field } },
    })
  })

  it('refuses a site that can be none', async () => {
    expect((await ask('GET', '/api/sites/%2E%2E%2Fother/goals')).status).toBe(400)
  })
})

describe('what something stands on', () => {
  it('is a goal that is neither removed nor renamed, and the answer names what uses it', async () => {
    const goal = await addGoal()
    const funnel = { name: 'Way in', steps: [{ filter: ['is', 'event:page', ['/']] }, { goal: goal.id }] }
    const kept = await ask('POST', '/api/sites/shop/funnels', funnel)
    expect(kept.status).toBe(201)
    const refused = await ask('DELETE', `/api/sites/shop/goals/${goal.id}`)
    expect(refused).toMatchObject({ status: 409, body: { error: { code: 'in_use' } } })
    expect(refused.body.error.message).toContain("the funnel 'Way in'")
    // Its id stays the same, which is what a funnel knows it by.
    expect((await ask('PUT', `/api/sites/shop/goals/${goal.id}`, { ...signUp, name: 'Joined' })).status).toBe(200)

    const filters = [['or', [['not', ['is', 'event:goal', ['Joined']]]]]]
    await ask('POST', '/api/sites/shop/segments', { name: 'Not yet', filters })
    const renaming = await ask('PUT', `/api/sites/shop/goals/${goal.id}`, signUp)
    expect(renaming.status).toBe(409)
    expect(renaming.body.error.message).toContain("the segment 'Not yet'")

    await ask('DELETE', `/api/sites/shop/funnels/${kept.body.id}`)
    const [segment] = (await ask('GET', '/api/sites/shop/segments')).body.segments
    await ask('DELETE', `/api/sites/shop/segments/${segment.id}`)
    expect((await ask('DELETE', `/api/sites/shop/goals/${goal.id}`)).status).toBe(204)
  })

  it('is a segment that is not removed', async () => {
    const { body } = await ask('POST', '/api/sites/shop/segments', {
      name: 'S',
      filters: [['is', 'visit:country', ['AT']]],
    })
    const steps = [{ filter: ['is', 'segment', [body.id]] }, { filter: ['is', 'event:page', ['/a']] }]
    await ask('POST', '/api/sites/shop/funnels', { name: 'F', steps })
    const refused = await ask('DELETE', `/api/sites/shop/segments/${body.id}`)
    expect(refused.status).toBe(409)
    expect(refused.body.error.message).toContain("the funnel 'F'")
  })
})

describe('how a site is shown', () => {
  it('is as the server has it until somebody decides', async () => {
    expect(undescribed('get /api/sites/{site}', (await ask('GET', '/api/sites/shop')).body)).toEqual([])
    const usual = { site: 'shop', name: 'shop', timezone: 'UTC', week_start: 1, currency: 'USD' }
    expect((await ask('GET', '/api/sites/shop')).body).toEqual(usual)
    const changed = await ask('PATCH', '/api/sites/shop', { timezone: 'Europe/Vienna', week_start: 7 })
    expect(changed.body).toEqual({ ...usual, timezone: 'Europe/Vienna', week_start: 7 })
    await ask('PATCH', '/api/sites/shop', { name: 'The shop' })
    expect((await ask('GET', '/api/sites/shop')).body).toEqual({ ...changed.body, name: 'The shop' })
    expect((await ask('GET', '/api/sites/other')).body).toMatchObject({ timezone: 'UTC' })
  })

  it.each([
    [{ timezone: 'Mars/Base' }, 'timezone'],
    [{ week_start: 8 }, 'week_start'],
    [{ currency: 'eur' }, 'currency'],
    [{ colour: 'red' }, 'colour'],
  ])('refuses %j', async (change, field) => {
    expect(await ask('PATCH', '/api/sites/shop', change)).toMatchObject({ status: 400, body: { error: { field } } })
  })
})
