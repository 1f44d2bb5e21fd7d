import type {
  DecidedReport,
  Decision,
  Idea,
  IdeaPlanAnswer,
  IdeaReport,
  IdeasAnswer,
  InterestedAnswer,
  NewIdea,
  PortfolioAnswer,
} from '@clickwatch/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestApi, type TestApi } from '../../../../test/fixtures/api.ts'
import { interestedOf } from '../metadata/interested.ts'
import { undescribed } from './described.ts'

let api: TestApi
let store: TestApi['store']
let metadata: TestApi['metadata']
let positions: TestApi['positions']
let server: TestApi['server']

beforeAll(async () => {
  api = await openTestApi()
  ;({ store, metadata, positions, server } = api)
})
afterAll(() => api?.close())

/** A route as the API's description names it. */
const routeOf = (method: string, url: string): string =>
  `${method.toLowerCase()} ${url
    .replace(/\?.*/, '')
    .replace(/(sites)\/[^/]+/, '$1/{site}')
    .replace(/(ideas)\/(?!portfolio|plan)[^/]+/, '$1/{id}')
    .replace(/(decision|interested)(s?)\/[^/]+/, '$1$2/{$1}')}`

/** Asks, and holds what is answered against the API's description. */
const ask = async <T = unknown>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: object) => {
  const answer = await server.inject({
    method,
    url,
    headers: { authorization: 'Bearer owner' },
    ...(body ? { payload: body } : {}),
  })
  const answered = answer.body === '' ? undefined : answer.json()
  if (answer.statusCode < 300 && answered !== undefined) {
    expect(undescribed(routeOf(method, url), answered, answer.statusCode)).toEqual([])
  }
  return { status: answer.statusCode, body: answered as T }
}
const errorOf = ({ status, body }: { status: number; body: unknown }) => {
  const { error } = body as { error: { code: string; field?: string; request_id: string } }
  expect(error.request_id).not.toBe('')
  return [status, error.code, error.field]
}

const door: NewIdea = {
  name: 'Gift cards',
  key: 'gift-cards',
  hypothesis: 'Who sees the button wants one',
  template: 'fake_door',
  ladder: [
    { grade: 'seen', rule: { type: 'page', path: '/gifts' } },
    { grade: 'click', rule: { type: 'element', element: 'buy', action: 'click' } },
    { grade: 'intent', rule: { type: 'form' } },
  ],
  bar: { grade: 'click', rate: 0.04 },
  budget: { visitors: 5000 },
  cost_per_visitor: 0.5,
}

let sites = 0
/** A site that nothing has happened on yet. */
const freshSite = (): string => `site-${sites++}`
const add = async (
  site: string,
  more: { [Field in keyof NewIdea]?: NewIdea[Field] | undefined } = {},
): Promise<Idea> => {
  const { status, body } = await ask<Idea>('POST', `/api/sites/${site}/ideas`, { ...door, ...more })
  expect([status, body]).toEqual([201, expect.objectContaining({ key: more.key ?? door.key })])
  return body
}
let events = 0
const happen = async (site: string, all: { visitor: string; [column: string]: unknown }[], timeMs = Date.now()) => {
  const rows = all.map(({ visitor, ...event }) => ({
    site,
    event_id: `e${events++}`,
    time: timeMs,
    received_at: timeMs,
    visitor_id: visitor,
    session_id: `visit of ${visitor}`,
    type: 'page_view',
    path: '/gifts',
    source: 'News',
    device: 'mobile',
    country: 'AT',
    sign: 1,
    version: 1,
    ...event,
  }))
  await store.insert('silver.events', Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n')), `rows ${events}`)
}
const click = { type: 'click', element_id: 'buy' }
const reportOf = async (site: string, { id }: Idea) => {
  const { status, body } = await ask<IdeaReport>('GET', `/api/sites/${site}/ideas/${id}/report`)
  expect([status, body]).toEqual([200, expect.objectContaining({ idea: expect.anything() })])
  return body
}
const get = async (site: string, { id }: Idea) => (await ask<Idea>('GET', `/api/sites/${site}/ideas/${id}`)).body
const put = (site: string, { id }: Idea, more: object) =>
  ask<Idea>('PUT', `/api/sites/${site}/ideas/${id}`, { ...door, ...more })

describe('an idea', () => {
  it('is kept for its site, and waits for its first visitor', async () => {
    const site = freshSite()
    const idea = await add(site)
    expect(idea).toMatchObject({ ...door, status: 'waiting', locked_at: null, revisions: [], decisions: [] })
    expect(idea.counted_from).toBe(idea.created_at)
    expect((await ask<IdeasAnswer>('GET', `/api/sites/${site}/ideas`)).body).toEqual({ ideas: [idea] })
    expect(await get(site, idea)).toEqual(idea)
    const elsewhere = freshSite()
    expect(errorOf(await ask('GET', `/api/sites/${elsewhere}/ideas/${idea.id}`))).toEqual([404, 'not_found', undefined])
    expect(errorOf(await ask('GET', `/api/sites/${elsewhere}/ideas/${idea.id}/report`))[0]).toBe(404)
    expect(errorOf(await put(elsewhere, idea, {}))[0]).toBe(404)
    expect(errorOf(await ask('DELETE', `/api/sites/${elsewhere}/ideas/${idea.id}`))[0]).toBe(404)
    expect((await ask('DELETE', `/api/sites/${site}/ideas/${idea.id}`)).status).toBe(204)
    expect((await ask<IdeasAnswer>('GET', `/api/sites/${site}/ideas`)).body).toEqual({ ideas: [] })
  })

  it('has a name and a key of its own', async () => {
    const site = freshSite()
    await add(site)
    const again = (more: object) => ask('POST', `/api/sites/${site}/ideas`, { ...door, ...more })
    expect(errorOf(await again({ key: 'another' }))).toEqual([409, 'name_taken', 'name'])
    expect(errorOf(await again({ name: 'Another' }))).toEqual([409, 'key_taken', 'key'])
    const second = await add(site, { name: 'Another', key: 'another' })
    expect(errorOf(await put(site, second, { key: 'another' }))).toEqual([409, 'name_taken', 'name'])
    await add(freshSite())
  })

  const seen = door.ladder[0]
  const variants = [
    { key: 'a', name: 'A', weight: 1 },
    { key: 'b', name: 'B', weight: 1 },
  ]
  const wrong: [field: string, more: object][] = [
    ['name', { name: '' }],
    ['key', { key: 'Gift Cards' }],
    ['ladder', { ladder: [seen] }],
    ['ladder/0/grade', { ladder: door.ladder.slice(1) }],
    [
      'ladder/2/grade',
      { ladder: [seen, { grade: 'intent', rule: { type: 'form' } }, { grade: 'click', rule: { type: 'form' } }] },
    ],
    ['bar/grade', { bar: { grade: 'payment', rate: 0.1 } }],
    ['bar/grade', { bar: { grade: 'seen', rate: 0.1 } }],
    ['bar/rate', { bar: { grade: 'click', rate: 1 } }],
    ['budget', { budget: {} }],
    ['audience/0/1', { audience: [['is', 'event:page', ['/']]] }],
    [
      'audience/0/1/1/1',
      {
        audience: [
          [
            'and',
            [
              ['is', 'visit:source', ['News']],
              ['is', 'segment', ['x']],
            ],
          ],
        ],
      },
    ],
    ['audience/0', { audience: [['has_done', ['is', 'visit:source', ['News']]]] }],
    [
      'intended_mix/1/dimension',
      {
        intended_mix: [
          { dimension: 'visit:device', shares: { mobile: 1 } },
          { dimension: 'visit:device', shares: { mobile: 1 } },
        ],
      },
    ],
    ['intended_mix/0/shares', { intended_mix: [{ dimension: 'visit:source', shares: { News: 0.7, Google: 0.4 } }] }],
    ['intended_mix/0/shares/again', { intended_mix: [{ dimension: 'visit:returning', shares: { again: 0.4 } }] }],
    ['holdout', { holdout: 0.1 }],
    ['exclusive_group', { exclusive_group: 'prices' }],
    ['variants/1/key', { variants: [variants[0], variants[0]] }],
    ['variants/1/key', { variants: [variants[0], { ...variants[1], key: 'holdout' }] }],
    ['variants/1/url', { variants: [variants[0], { ...variants[1], url: 'javascript:alert(1)' }] }],
    ...[
      '//elsewhere.example/',
      '/\\elsewhere.example/',
      '/\t/elsewhere.example/',
      'https://shop.example/new',
      'new',
    ].map((url): [string, Partial<NewIdea>] => [
      'variants/1/url',
      { variants: [variants[0], { ...variants[1], url }] as never },
    ]),
    [
      'variants/0/url',
      {
        ladder: [{ grade: 'seen', rule: { type: 'page', path: '/gifts/**' } }, door.ladder[1]],
        variants: [variants[0], { ...variants[1], url: '/new' }],
      },
    ],
    ['variants/1/changes/0', { variants: [variants[0], { ...variants[1], changes: [{ selector: 'h1' }] }] }],
  ]
  it.each(wrong)('is not taken with a wrong %s', async (field, more) => {
    expect(errorOf(await ask('POST', `/api/sites/wrong/ideas`, { ...door, ...more }))).toEqual([
      400,
      'invalid_field',
      field,
    ])
  })

  it('is locked by its first visitor: a change says why, keeps what was before, and begins a new count', async () => {
    const site = freshSite()
    const idea = await add(site)
    const shownMs = Date.now()
    await happen(site, [{ visitor: 'one' }, { visitor: 'one', ...click }, { visitor: 'two' }], shownMs)
    const locked = await get(site, idea)
    expect(locked).toMatchObject({ status: 'running', locked_at: new Date(shownMs).toISOString() })

    // What nobody is counted by may change.
    const named = await put(site, idea, { name: 'Vouchers', hypothesis: 'Another', cost_per_visitor: 2 })
    expect(named.body).toMatchObject({ name: 'Vouchers', counted_from: idea.created_at, revisions: [] })
    const lower = { name: 'Vouchers', bar: { grade: 'click', rate: 0.02 } }
    expect(errorOf(await put(site, idea, lower))).toEqual([400, 'invalid_field', 'why'])
    expect((await get(site, idea)).bar.rate).toBe(0.04)

    const { status, body: revised } = await put(site, idea, { ...lower, why: 'Costs less than we thought' })
    expect([status, revised.revisions]).toEqual([
      200,
      [
        {
          at: revised.counted_from,
          changed: ['bar'],
          why: 'Costs less than we thought',
          before: { ...door, name: 'Vouchers', hypothesis: 'Another', cost_per_visitor: 2 },
        },
      ],
    ])
    expect(revised.counted_from > locked.counted_from).toBe(true)
    expect(revised).toMatchObject({ locked_at: locked.locked_at, status: 'running' })
    expect((await reportOf(site, idea)).evidence.variants[0]?.exposed).toBe(0)
    await happen(site, [{ visitor: 'two' }])
    const { evidence } = await reportOf(site, idea)
    expect(evidence.variants[0]?.exposed).toBe(1)
    expect(evidence.quality.map(({ code }) => code)).toContain('plan_changed')
  })

  it('is locked even by who came while nobody looked', async () => {
    const site = freshSite()
    const idea = await add(site)
    await happen(site, [{ visitor: 'one' }])
    expect(errorOf(await put(site, idea, { bar: { grade: 'click', rate: 0.5 } }))).toEqual([
      400,
      'invalid_field',
      'why',
    ])
  })

  it('does not count what happened before it was what it is, though nobody had come', async () => {
    const site = freshSite()
    const idea = await add(site)
    await happen(site, [{ visitor: 'one', path: '/cards' }])
    const [, ...rest] = door.ladder
    const moved = { ladder: [{ grade: 'seen', rule: { type: 'page', path: '/cards' } }, ...rest] }
    const { status, body } = await put(site, idea, moved)
    expect([status, body.revisions, body.status]).toEqual([200, [], 'waiting'])
    expect((await reportOf(site, idea)).evidence.variants[0]?.exposed).toBe(0)
  })
})

describe("an idea's report", () => {
  it('says what its visitors did, live, what it cost, and of which tables', async () => {
    const site = freshSite()
    const idea = await add(site)
    const empty = await reportOf(site, idea)
    expect(empty.evidence.recommendation.verdict).toBe('keep_testing')
    expect(empty.cost).toEqual({ spent: 0, per_interested: null })
    const visitors = Array.from({ length: 40 }, (_, index) => `v${index}`)
    await happen(
      site,
      visitors.map((visitor) => ({ visitor })),
    )
    await happen(
      site,
      visitors.slice(0, 8).map((visitor) => ({ visitor, ...click })),
    )
    await positions.finish(1, { nextOffset: 7, place: { offset: 7, seen: {} } })
    const report = await reportOf(site, idea)
    expect(report).toMatchObject({
      idea: { id: idea.id, status: 'running' },
      cost: { spent: 20, per_interested: 2.5 },
      tables_version: '0:0 1:7',
      timezone: 'UTC',
      evidence: {
        variants: [
          {
            variant: 'only',
            exposed: 40,
            bar: { grade: 'click', bar: 0.04, exposed: 40, reached: 8, rate: 0.2 },
            rungs: [
              { grade: 'seen', reached: 40 },
              { grade: 'click', reached: 8 },
              { grade: 'intent', reached: 0 },
            ],
          },
        ],
      },
    })
    expect(report.evidence.recommendation.reasons).toHaveLength(3)
    expect(Math.abs(Date.parse(report.as_of) - Date.now())).toBeLessThan(60_000)
  })

  it('tells variants apart by exposure, and leaves out who saw several', async () => {
    const site = freshSite()
    const variants = [
      { key: 'plain', name: 'Plain', weight: 1 },
      { key: 'bold', name: 'Bold', weight: 1 },
    ]
    const idea = await add(site, { variants, holdout: 0.1 })
    const exposed = (visitor: string, variant: string) => ({
      visitor,
      type: 'custom',
      name: 'exposure',
      props: { idea: door.key, variant },
    })
    await happen(site, [
      exposed('a', 'plain'),
      exposed('b', 'bold'),
      { visitor: 'b', ...click },
      exposed('c', 'holdout'),
      exposed('d', 'plain'),
      exposed('d', 'bold'),
      { visitor: 'e' },
    ])
    const { evidence } = await reportOf(site, idea)
    expect(
      evidence.variants.map(({ variant, exposed: shown, is_holdout, bar }) => [
        variant,
        shown,
        is_holdout,
        bar.reached,
      ]),
    ).toEqual([
      ['plain', 1, false, 0],
      ['bold', 1, false, 1],
      ['holdout', 1, true, 0],
    ])
    expect(evidence.health.several_variants).toBe(1)
  })
})

describe('a decision', () => {
  it('keeps the report as it was, whatever happens after, and ends the idea until its count begins anew', async () => {
    const site = freshSite()
    const idea = await add(site)
    await happen(site, [{ visitor: 'one' }, { visitor: 'one', ...click }])
    const path = `/api/sites/${site}/ideas/${idea.id}`
    expect(errorOf(await ask('POST', `${path}/decisions`, { decision: 'perhaps', why: 'x' }))).toEqual([
      400,
      'invalid_field',
      'decision',
    ])
    expect(errorOf(await ask('POST', `${path}/decisions`, { decision: 'build' }))).toEqual([
      400,
      'invalid_field',
      'why',
    ])
    const { status, body: decision } = await ask<Decision>('POST', `${path}/decisions`, {
      decision: 'build',
      why: 'All of them',
    })
    expect([status, decision]).toEqual([
      201,
      expect.objectContaining({
        decision: 'build',
        why: 'All of them',
        tables_version: expect.stringMatching(/^0:\d+ 1:\d+$/),
      }),
    ])

    await happen(site, [{ visitor: 'two' }, { visitor: 'three' }])
    const { body: kept } = await ask<DecidedReport>('GET', `${path}/decisions/${decision.id}`)
    expect(kept.decision).toEqual(decision)
    expect(kept.report.evidence.variants[0]).toMatchObject({ exposed: 1, bar: { reached: 1 } })
    expect(kept.report.tables_version).toBe(decision.tables_version)
    const now = await reportOf(site, idea)
    expect(now.evidence.variants[0]?.exposed).toBe(3)
    expect(now.idea).toMatchObject({ status: 'decided', decisions: [decision] })
    expect(errorOf(await ask('GET', `${path}/decisions/none`))).toEqual([404, 'not_found', undefined])

    const { body: revised } = await put(site, idea, { bar: { grade: 'click', rate: 0.5 }, why: 'Dearer' })
    expect(revised.status).toBe('running')
    await ask('POST', `${path}/decisions`, { decision: 'stop', why: 'No' })
    expect((await get(site, idea)).status).toBe('decided')
    await ask('POST', `${path}/decisions`, { decision: 'keep_testing', why: 'Not yet' })
    expect(await get(site, idea)).toMatchObject({
      status: 'running',
      decisions: [{ decision: 'build' }, { decision: 'stop' }, { decision: 'keep_testing' }],
    })
  })
})

describe('all ideas side by side', () => {
  it('are there with their numbers, the latest first', async () => {
    const site = freshSite()
    const first = await add(site)
    const second = await add(site, { name: 'Cards', key: 'cards', cost_per_visitor: undefined })
    await happen(site, [{ visitor: 'one' }, { visitor: 'two' }, { visitor: 'one', ...click }])
    await ask('POST', `/api/sites/${site}/ideas/${first.id}/decisions`, { decision: 'stop', why: 'No' })
    await happen(site, [{ visitor: 'two', ...click }])
    const { body } = await ask<PortfolioAnswer>('GET', `/api/sites/${site}/ideas/portfolio`)
    // What came after it was decided is in the one that still runs alone.
    expect(body).toMatchObject({
      timezone: 'UTC',
      ideas: [
        {
          id: second.id,
          status: 'running',
          exposed: 2,
          reached: 2,
          rate: 1,
          visitors: 2,
          cost: null,
          decision: null,
        },
        {
          id: first.id,
          status: 'decided',
          variant: 'only',
          exposed: 2,
          reached: 1,
          rate: 0.5,
          cost: { spent: 1, per_interested: 1 },
          decision: { why: 'No' },
        },
      ],
    })
    for (const { credible, always_valid } of body.ideas) {
      expect(credible.low).toBeGreaterThan(0)
      expect(always_valid.low).toBeLessThanOrEqual(credible.low)
    }
    expect((await ask<PortfolioAnswer>('GET', `/api/sites/${freshSite()}/ideas/portfolio`)).body.ideas).toEqual([])
  })
})

describe('a plan', () => {
  const draft = { ladder: door.ladder, bar: door.bar, budget: { visitors: 3000 }, cost_per_visitor: 2 }
  const plan = (site: string, more: object = {}) =>
    ask<IdeaPlanAnswer>('POST', `/api/sites/${site}/ideas/plan`, { ...draft, ...more })

  it('is made of the traffic that the page has', async () => {
    const site = freshSite()
    const dayMs = 86_400_000
    const today = Math.floor(Date.now() / dayMs) * dayMs
    for (const [index, day] of [1, 2, 3, 4].entries()) {
      const visitors = Array.from({ length: 25 }, (_, number) => ({ visitor: `v${index * 20 + number}` }))
      await happen(site, visitors, today - day * dayMs + 1000)
    }
    await happen(site, [{ visitor: 'today' }], today)
    await happen(site, [{ visitor: 'elsewhere', path: '/' }], today - dayMs)
    const { status, body } = await plan(site)
    expect([status, body.traffic]).toEqual([200, { days: 4, visitors: 85, visitors_per_day: 21.25, basis: 'rung' }])
    expect(body.decisions.length).toBeGreaterThan(3)
    for (const { visitors, days, cost, is_within_budget, rate, side } of body.decisions) {
      expect([days, cost, is_within_budget, side]).toEqual([
        Math.ceil(visitors / 21.25),
        visitors * 2,
        visitors <= 3000,
        rate > 0.04 ? 'above' : 'below',
      ])
    }
    expect(body.precision).toMatchObject({ half_width: 0.01, per_variant: body.precision.visitors })
    const above = body.detectable.map((each) => each.above ?? 1)
    expect(above).toEqual([...above].sort((one, other) => other - one))

    const german = await plan(site, { audience: [['is', 'visit:country', ['DE']]] })
    expect(german.body.traffic).toMatchObject({ visitors: 0, basis: 'site' })
    const [, ...rest] = door.ladder
    const unseen = await plan(site, { ladder: [{ grade: 'seen', rule: { type: 'page', path: '/none' } }, ...rest] })
    expect(unseen.body.traffic).toMatchObject({ visitors: 86, basis: 'site' })
  })

  it('asks more of variants and a holdout, and says never where nobody comes', async () => {
    const site = freshSite()
    const one = (await plan(site)).body
    const variants = ['a', 'b'].map((key) => ({ key, name: key, weight: 1 }))
    const two = (await plan(site, { variants, holdout: 0.5 })).body
    expect(one.traffic).toEqual({ days: 0, visitors: 0, visitors_per_day: 0, basis: 'site' })
    expect(one.precision.days).toBeNull()
    expect(two.precision.visitors).toBe(one.precision.visitors * 4)
    expect([one.detectable_between.length, two.detectable_between.length > 3]).toEqual([0, true])
    expect(errorOf(await plan(site, { bar: { grade: 'payment', rate: 0.1 } }))).toEqual([
      400,
      'invalid_field',
      'bar/grade',
    ])
    expect(errorOf(await plan(site, { precision: 0 }))).toEqual([400, 'invalid_field', 'precision'])
  })
})

describe('addresses that were left', () => {
  it('are listed and erased, one or all, and go with their idea', async () => {
    const site = freshSite()
    const idea = await add(site)
    const people = interestedOf(metadata)
    const addresses = ['a@example.org', 'b@example.org', 'A@example.org', 'c@example.org']
    for (const [second, address] of addresses.entries()) {
      await people.add(idea.id, address, new Date(Date.UTC(2026, 2, 1, 0, 0, second)).toISOString())
    }
    const path = `/api/sites/${site}/ideas/${idea.id}/interested`
    const list = async () => (await ask<InterestedAnswer>('GET', path)).body.interested
    const [first] = await list()
    expect((await list()).map(({ address }) => address)).toEqual(['a@example.org', 'b@example.org', 'c@example.org'])
    expect((await ask('DELETE', `${path}/${first?.id}`)).status).toBe(204)
    expect(errorOf(await ask('DELETE', `${path}/${first?.id}`))[0]).toBe(404)
    expect((await list()).map(({ address }) => address)).toEqual(['b@example.org', 'c@example.org'])
    expect(errorOf(await ask('GET', path.replace(site, freshSite())))[0]).toBe(404)
    for (const slip of ['', '?name=Gifts', '?name=']) {
      expect(errorOf(await ask('DELETE', `${path}${slip}`))).toEqual([400, 'invalid_field', 'name'])
    }
    const all = `${path}?name=${encodeURIComponent(idea.name)}`
    expect(errorOf(await ask('DELETE', all.replace(site, freshSite())))[0]).toBe(404)
    expect(await list()).toHaveLength(2)
    const other = await add(site, { name: 'Vouchers', key: 'vouchers' })
    await people.add(other.id, 'e@example.org', new Date().toISOString())
    expect((await ask('DELETE', all)).status).toBe(204)
    expect(await list()).toEqual([])
    expect(await people.list(other.id)).toHaveLength(1)
    await people.add(idea.id, 'd@example.org', new Date().toISOString())
    await ask('DELETE', `/api/sites/${site}/ideas/${idea.id}`)
    expect(await people.list(idea.id)).toEqual([])
  })
})
