import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { IntakeAnswer, NowAnswer } from '@clickwatch/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { undescribed } from '../packages/server/src/api/described.ts'
import { eventually } from './fixtures/clickwatch.ts'
import { batch, event } from './fixtures/events.ts'
import { type Form, startForm } from './fixtures/form.ts'

let clickWatch: Form
beforeAll(async () => {
  clickWatch = await startForm()
})
afterAll(() => clickWatch?.dispose())

const totals = async (site: string, metrics: string[]) => {
  const answer = await clickWatch.query({ site_id: site, metrics, date_range: 'all' })
  return answer.results[0]?.metrics
}

const untilEvents = async (site: string, events: number) => {
  await eventually(`${events} events of ${site}`, async () =>
    (await totals(site, ['events']))?.[0] === events ? true : undefined,
  )
  await clickWatch.untilStored()
}

describe('the reference sample', () => {
  const seedPath = join(import.meta.dirname, '../../shared/seed/wentraffic.json')

  it.runIf(existsSync(seedPath))('gives the totals of the reference report', async () => {
    const response = await clickWatch.post('/v1/sessions?site=seed', readFileSync(seedPath, 'utf8'))
    expect(response.status).toBe(202)
    expect(await response.json()).toEqual({ accepted: 20, rejected: [] })

    const report = await eventually('the report', async () => {
      const answer = await clickWatch.report('?site=seed')
      return answer.total_visitors_count === 44 ? answer : undefined
    })
    expect([report.final_cookies_rows, report.user_ids]).toEqual([20, 20])
    const byPlatform = new Map(report.by_platform.map((row) => [row.Platform, row.visitor_count]))
    expect([byPlatform.get('linkedin'), byPlatform.get('twitter'), byPlatform.get('facebook')]).toEqual([11, 8, 6])
    const byOs = new Map(report.by_os.map((row) => [row.os, row.visitor_count]))
    expect([byOs.get('iOS'), byOs.get('Linux'), byOs.get('macOS')]).toEqual([10, 10, 9])
    expect(report.table.every((row) => row.page_url === 'product-idea-page')).toBe(true)
  })

  it.runIf(existsSync(seedPath))('lets the slicers narrow every part of the report', async () => {
    const report = await clickWatch.report('?site=seed&Platform=linkedin&os=iOS&os=Linux')
    expect(report.total_visitors_count).toBe(7)
    expect(report.by_platform).toEqual([{ Platform: 'linkedin', visitor_count: 7 }])
    expect(report.by_os.map(({ os }) => os).sort()).toEqual(['Linux', 'iOS'])
    expect(report.table).toHaveLength(2)
    expect(report.slicers.Platform).toContain('quora')
    expect(report.slicers.os).toEqual(['Android', 'Linux', 'iOS'])
  })
})

describe('session documents', () => {
  const document = {
    session_id: 's1',
    user_id: 'u1',
    timestamp: '2025-07-22 10:00:00',
    page_url: '/a page/with-things_1?x',
    utm_source: 'linkedin',
    events: [{ event_type: 'click', element_id: 'tryNowButton' }, { event_type: 'scroll' }],
    visit_count: 3,
    time_spent_seconds: 90,
    conversion: true,
    bounce: false,
    is_returning_visitor: true,
  }

  it('become one row of final_cookies for each event, by the rules of the reference', async () => {
    const none = { ...document, session_id: 's2', events: [] }
    const response = await clickWatch.post('/v1/sessions?site=documents', [document, none])
    expect(await response.json()).toEqual({ accepted: 2, rejected: [] })
    await untilEvents('documents', 4)
    const { rows } = await clickWatch.get<{ rows: object[] }>('/api/tables/final_cookies?site=documents')
    expect(rows).toHaveLength(2)
    expect(rows[0]).toEqual({
      session_id: 's1',
      user_id: 'u1',
      timestamp: '2025-07-22T10:00:00.000Z',
      device_type: '',
      os: '',
      browser: '',
      page_url: 'a pagewith-things1x',
      referrer: '',
      Platform: 'linkedin',
      event_type: expect.any(String),
      time_spent_seconds: 90,
      is_returning_visitor: true,
      visit_count: 3,
    })
    expect(await clickWatch.get('/api/tables/visit_count?site=documents')).toEqual({
      rows: [{ user_id: 'u1', visitor_count: 6 }],
    })
    const csv = await (await fetch(`${clickWatch.baseUrl}/api/tables/visit_count?site=documents&format=csv`)).text()
    expect(csv).toBe('"user_id","visitor_count"\n"u1",6\n')
  })

  it('are checked one by one: the good are taken, the others named and kept', async () => {
    const response = await clickWatch.post('/v1/sessions?site=mixed', [
      document,
      { ...document, session_id: 's9', timestamp: 'yesterday' },
      { ...document, session_id: 's8', events: [{ element_id: 'x' }] },
    ])
    expect(response.status).toBe(202)
    const answer = (await response.json()) as IntakeAnswer
    expect(answer.accepted).toBe(1)
    expect(answer.rejected).toEqual([
      { index: 1, field: 'timestamp', reason: expect.stringContaining('ISO 8601') },
      { index: 2, field: 'events/0/event_type', reason: 'is missing' },
    ])
  })

  it('are taken as NDJSON too, a bad line spoiling no other', async () => {
    const lines = [JSON.stringify(document), '{"session_id": broken', JSON.stringify({ ...document, session_id: 's2' })]
    const response = await clickWatch.post('/v1/sessions?site=lines', lines.join('\n'), {
      'content-type': 'application/x-ndjson',
    })
    const answer = (await response.json()) as IntakeAnswer
    expect(answer.accepted).toBe(2)
    expect(answer.rejected).toEqual([{ index: 1, field: '', reason: expect.stringContaining('not valid JSON') }])
  })

  it('are refused as a whole when none is acceptable, with the reasons', async () => {
    const response = await clickWatch.post('/v1/sessions', [{ session_id: 'a' }])
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      accepted: 0,
      rejected: [{ index: 0, field: 'user_id', reason: 'is missing' }],
      error: { code: 'invalid_field', field: '0/user_id', request_id: response.headers.get('x-request-id') },
    })
  })

  it('delivered twice change no visit, and stand in final_cookies as often as delivered', async () => {
    for (const _ of [1, 2]) await clickWatch.post('/v1/sessions?site=twice', document)
    await clickWatch.untilStored()
    const { rows } = await clickWatch.get<{ rows: object[] }>('/api/tables/final_cookies?site=twice')
    expect(rows).toHaveLength(4)
    const counted = await totals('twice', ['visits', 'visitors', 'pageviews', 'events', 'conversions'])
    expect(counted).toEqual([1, 1, 1, 3, 1])
  })
})

describe("the tracker's events", () => {
  it('make visits that add up, live', async () => {
    const site = 'visits'
    const first = event()
    const click = event({ type: 'click', element: { id: 'tryNowButton', cta: true } })
    await clickWatch.post('/e', { site, ...batch('v1', 'v1-a', [first, event({ url: 'https://shop.example/' })]) })
    await clickWatch.post('/e', { site, ...batch('v1', 'v1-a', [click]) })
    await clickWatch.post('/e', { site, ...batch('v1', 'v1-b', [event()]) })
    await clickWatch.post('/e', { site, ...batch('v2', 'v2-a', [event()]) })
    // The same again, as a tracker does that never saw the answer.
    await clickWatch.post('/e', { site, ...batch('v1', 'v1-a', [first, click]) })
    await untilEvents(site, 5)

    const metrics = [
      'visitors',
      'visits',
      'pageviews',
      'views_per_visit',
      'bounce_rate',
      'conversions',
      'conversion_rate',
    ]
    expect(await totals(site, metrics)).toEqual([2, 3, 4, 1.33, 66.7, 1, 50])
    const { rows } = await clickWatch.get<{ rows: { user_id: string }[] }>(`/api/tables/visit_count?site=${site}`)
    expect(rows).toEqual([
      { user_id: 'v1', visitor_count: 2 },
      { user_id: 'v2', visitor_count: 1 },
    ])
    const now = await clickWatch.get<NowAnswer>(`/api/now?site=${site}`)
    expect(now.current_visitors).toBe(2)
  })

  it('answer the same by gold and by raw events', async () => {
    const site = 'visits'
    const everything = [['contains', 'visit:source', ['']]]
    const metrics = ['visitors', 'visits', 'pageviews', 'bounce_rate', 'visit_duration', 'events', 'conversions']
    for (const dimensions of [[], ['visit:source'], ['visit:browser'], ['time:hour']]) {
      const question = { site_id: site, metrics, date_range: 'day', dimensions }
      const gold = await clickWatch.query(question)
      const raw = await clickWatch.query({ ...question, filters: everything })
      expect(raw.results).toEqual(gold.results)
    }
  })

  it("are of a site's own: another site sees none of them", async () => {
    expect(await totals('somewhere-else', ['visitors', 'events'])).toEqual([0, 0])
    const { rows } = await clickWatch.get<{ rows: object[] }>('/api/tables/final_cookies?site=somewhere-else')
    expect(rows).toEqual([])
  })

  it('are told to those who watch the site within a second', async () => {
    const abort = new AbortController()
    const stream = await fetch(`${clickWatch.baseUrl}/api/live?site=watched`, { signal: abort.signal })
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader?.read())?.value).toContain('event: open')
    await clickWatch.post('/e', { site: 'watched', ...batch('v1', 's1', [event()]) })
    expect((await reader?.read())?.value).toBe('event: change\ndata: {"site":"watched","events":1}\n\n')
    abort.abort()
  })

  it('are each taken or kept with the reason why not', async () => {
    const site = 'partly'
    const wrong = { ...event(), type: 'nap' as 'click' }
    const response = await clickWatch.post(`/e?site=${site}`, batch('v1', 's1', [event(), wrong]))
    expect(response.status).toBe(202)
    const { accepted, rejected } = (await response.json()) as IntakeAnswer
    expect(accepted).toBe(1)
    expect(rejected).toEqual([{ index: 1, field: 'type', reason: expect.stringContaining('page_view') }])
    await untilEvents(site, 1)
  })

  it('are refused together when none of them is right, naming the field', async () => {
    const response = await clickWatch.post('/e', batch('v1', 's1', [{ ...event(), type: 'nap' as 'click' }]))
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { code: 'invalid_field', field: 'events/0/type' } })
  })

  it('may be of several visits', async () => {
    const site = 'several'
    const events = [event({ session_id: 's1' }), event({ session_id: 's2' }), event({ session_id: 's2' })]
    await clickWatch.post('/e', { site, visitor_id: 'v1', events })
    await untilEvents(site, 3)
    expect(await totals(site, ['visitors', 'visits', 'pageviews'])).toEqual([1, 2, 3])
  })
})

describe('what the dashboard and the operator read', () => {
  it('is as the description of the API says', async () => {
    await clickWatch.post('/e?site=told', batch('someone', 'a visit', [event(), event({ type: 'click' })]))
    await clickWatch.post('/v1/sessions?site=told', { session_id: 'never' })
    await untilEvents('told', 2)
    for (const path of ['/api/now', '/api/ledger', '/api/report', '/api/admin/dead-letters']) {
      expect([path, ...undescribed(`get ${path}`, await clickWatch.get(`${path}?site=told`))]).toEqual([path])
    }
  })
})
