import { readFileSync } from 'node:fs'
import type { Idea, IdeaReport, InterestedAnswer, NewIdea } from '@clickwatch/contract'
import type { RunningIdea } from '@clickwatch/contract/assignment'
import axe from 'axe-core'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ClickWatch as Server } from '../../packages/node/src/index.ts'
import { launchChromium } from '../fixtures/chromium.ts'
import { type ClickWatch, eventually, startClickWatch } from '../fixtures/clickwatch.ts'
import { sendIdeaVisits, servePage, visitInBrowser } from '../fixtures/idea-visits.ts'

let clickwatch: ClickWatch
let browser: Browser
beforeAll(async () => {
  ;[clickwatch, browser] = await Promise.all([startClickWatch(), launchChromium()])
})
afterAll(async () => {
  await browser?.close()
  await clickwatch?.dispose()
})

const idea = (more: Partial<NewIdea>): NewIdea => ({
  name: 'Gift cards',
  key: 'gift-cards',
  hypothesis: 'People want them',
  template: 'fake_door',
  ladder: [
    { grade: 'seen', rule: { type: 'page', path: '/gifts' } },
    { grade: 'attention', rule: { type: 'scroll', path: '/gifts', depth: 50 } },
    { grade: 'click', rule: { type: 'element', element: 'try', action: 'click' } },
    { grade: 'intent', rule: { type: 'form', element: 'lead' } },
    { grade: 'payment', rule: { type: 'revenue', event_name: 'Bought' } },
  ],
  bar: { grade: 'click', rate: 0.04 },
  budget: { days: 30 },
  ...more,
})
const variants: NewIdea['variants'] = [
  { key: 'plain', name: 'Plain', weight: 1 },
  { key: 'bold', name: 'Bold', weight: 2, changes: [{ selector: '#title', text: 'Give something' }] },
]
const add = async (site: string, more: Partial<NewIdea>): Promise<Idea> => {
  const answer = await clickwatch.post(`/api/sites/${site}/ideas`, idea(more))
  expect(answer.status).toBe(201)
  return (await answer.json()) as Idea
}
type Given = { ideas: RunningIdea[]; unit?: string }
const given = async (search: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${clickwatch.baseUrl}/clickwatch.ideas.json${search}`, { headers })
  return { headers: answer.headers, body: (await answer.json()) as Given }
}
/** Once the collector knows of as many ideas. */
const givenWith = (search: string, count: number) =>
  eventually(`${count} ideas`, async () => {
    const found = await given(search)
    return found.body.ideas.length === count ? found : undefined
  })
/** The report that is asked for once another held: while events arrive, the numbers of one report are read one after the other. */
const reportWith = async (site: string, { id }: Idea, holds: (report: IdeaReport) => boolean): Promise<IdeaReport> => {
  const ask = () => clickwatch.get<IdeaReport>(`/api/sites/${site}/ideas/${id}/report`)
  await eventually(`the report of ${site}`, async () => holds(await ask()) || undefined)
  return await ask()
}
const exposedIn = ({ evidence }: IdeaReport): number => evidence.variants.reduce((sum, { exposed }) => sum + exposed, 0)

describe('the script for ideas', () => {
  it("holds the site's running ideas, and nothing of what is expected of them", async () => {
    const added = await add('script', { variants, holdout: 0.1, cost_to_build: 12_345 })
    await add('script', { name: 'No variants', key: 'none' })
    const { body, headers } = await givenWith('?site=script', 1)
    expect(body).toEqual({
      ideas: [
        {
          key: 'gift-cards',
          since: Date.parse(added.counted_from),
          holdout: 0.1,
          variants: [
            { key: 'plain', weight: 1 },
            { key: 'bold', weight: 2, changes: [{ selector: '#title', text: 'Give something' }] },
          ],
        },
      ],
    })
    expect(headers.get('cache-control')).toBe('public, max-age=60')
    const script = await fetch(`${clickwatch.baseUrl}/clickwatch.ideas.js?site=script`)
    const text = await script.text()
    expect(text).toContain(JSON.stringify(body))
    expect(text).not.toMatch(/CLICKWATCH_IDEAS|12345/)
    expect(script.headers.get('access-control-allow-origin')).toBe('*')
    const again = await fetch(script.url, { headers: { 'if-none-match': script.headers.get('etag') ?? '' } })
    expect(again.status).toBe(304)
    expect((await given('?site=another')).body).toEqual({ ideas: [] })
    expect((await fetch(`${clickwatch.baseUrl}/clickwatch.ideas.js?site=no+site`)).status).toBe(400)
  })

  it('says whom variants are assigned to where the browser keeps nothing, the same for a day, and is kept by nobody', async () => {
    await add('cookieless', { variants })
    await givenWith('?site=cookieless', 1)
    const first = await given('?site=cookieless&identity=cookieless', { 'user-agent': 'one' })
    expect(first.body.unit).toMatch(/^[0-9a-f]{32}$/)
    expect(first.headers.get('cache-control')).toBe('no-store')
    const again = await given('?site=cookieless&identity=consent', { 'user-agent': 'one' })
    const other = await given('?site=cookieless&identity=cookieless', { 'user-agent': 'two' })
    expect([again.body.unit === first.body.unit, other.body.unit === first.body.unit]).toEqual([true, false])
  })

  it('says that nothing is kept also where no idea runs', async () => {
    const { body } = await given('?site=nothing-runs&identity=consent')
    expect(body).toEqual({ ideas: [], keeps_nothing: true })
  })

  it('leaves out whom an idea is not meant for, as far as a request says', async () => {
    await add('audience', {
      variants,
      audience: [
        ['is', 'visit:device', ['mobile']],
        ['is', 'visit:source', ['news']],
      ],
    })
    await givenWith('?site=audience', 1)
    const desktop = await given('?site=audience', {
      'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0',
    })
    const mobile = await given('?site=audience', {
      'user-agent':
        'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1',
    })
    expect(desktop.body.ideas[0]?.is_outside).toBe(true)
    expect(mobile.body.ideas[0]?.is_outside).toBeUndefined()
    expect(mobile.headers.get('cache-control')).toBe('private, max-age=60')
  })

  it('has an idea until it is decided', async () => {
    const { id } = await add('ending', { variants })
    await givenWith('?site=ending', 1)
    await clickwatch.post(`/api/sites/ending/ideas/${id}/decisions`, { decision: 'stop', why: 'Enough' })
    await givenWith('?site=ending', 0)
  })

  it('is served while the engine is away', async () => {
    await add('away', { variants })
    process.kill(clickwatch.pidOf('engine'), 'SIGKILL')
    // Nobody has asked for it before, so that it is read and not remembered.
    const { body } = await given('?site=away')
    expect(body.ideas).toHaveLength(1)
    await eventually('the engine', async () => {
      const answer = await fetch(`${clickwatch.baseUrl}/api/sites/away/ideas`)
      return answer.ok || undefined
    })
  })
})

describe('the door page', () => {
  const door = { title: 'Not <yet> there', text: 'We are finding out whether anybody wants this.', asks_address: true }
  const url = (site: string) => `${clickwatch.baseUrl}/idea/${site}/gift-cards`
  const opened = (site: string) =>
    eventually('the door', async () => {
      const answer = await fetch(url(site))
      return answer.ok ? answer : undefined
    })
  const send = (site: string, address: string) =>
    fetch(url(site), { method: 'POST', body: new URLSearchParams({ address }), redirect: 'manual' })
  const listOf = async (site: string, id: string) =>
    (await clickwatch.get<InterestedAnswer>(`/api/sites/${site}/ideas/${id}/interested`)).interested

  it('says what the idea says, as text, and asks for nothing unless it is to', async () => {
    await add('plain-door', { door: { ...door, asks_address: false } })
    const answer = await opened('plain-door')
    const html = await answer.text()
    expect(html).toContain('<h1>Not &lt;yet&gt; there</h1>')
    expect(html).not.toContain('<form')
    expect(answer.headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
    expect((await send('plain-door', 'a@example.org')).status).toBe(404)
    expect((await fetch(url('no-such-site'))).status).toBe(404)
  })

  it('keeps an address for its owner, once, apart from all events, until it is erased', async () => {
    const { id } = await add('door', { door })
    await opened('door')
    for (const wrong of ['', 'nobody', 'a@b', '<a@example.org>', `${'a'.repeat(250)}@example.org`]) {
      const answer = await send('door', wrong)
      expect([wrong, answer.status]).toEqual([wrong, 400])
      expect(await answer.text()).toContain('aria-invalid="true"')
    }
    for (const address of ['ada@example.org', 'ADA@example.org', 'grace@example.org']) {
      const answer = await send('door', address)
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '?left=1'])
    }
    const people = await listOf('door', id)
    expect(people.map(({ address }) => address)).toEqual(['ada@example.org', 'grace@example.org'])
    expect(await (await fetch(`${url('door')}?left=1`)).text()).toContain('role="status"')
    await fetch(`${clickwatch.baseUrl}/api/sites/door/ideas/${id}/interested/${people[0]?.id}`, { method: 'DELETE' })
    expect((await listOf('door', id)).map(({ address }) => address)).toEqual(['grace@example.org'])
  })

  it('takes so many addresses an hour from one network, however many it sends from', async () => {
    await add('flooded', { door })
    await opened('flooded')
    const sendFrom = async (address: string, index: number): Promise<number> => {
      const answer = await fetch(url('flooded'), {
        method: 'POST',
        body: new URLSearchParams({ address: `a${index}@example.org` }),
        headers: { 'x-forwarded-for': address },
        redirect: 'manual',
      })
      return answer.status
    }
    const statuses: number[] = []
    for (let index = 0; index < 21; index++) statuses.push(await sendFrom(`2001:db8:1:2::${index + 1}`, index))
    expect(statuses).toEqual([...Array<number>(20).fill(303), 429])
    expect(await sendFrom('2001:db8:1:3::1', 22)).toBe(303)
  })

  it.each(['light', 'dark'] as const)(
    'is accessible, in %s, and goes on with the visit: what is sent counts, without the address',
    async (colorScheme) => {
      const site = `walk-${colorScheme}`
      const path = `/idea/${site}/gift-cards`
      const ladder: NewIdea['ladder'] = [
        { grade: 'seen', rule: { type: 'page', path } },
        { grade: 'intent', rule: { type: 'form', element: 'interested', path } },
      ]
      const added = await add(site, { door, ladder, bar: { grade: 'intent', rate: 0.1 } })
      await opened(site)
      const context = await browser.newContext({ colorScheme, bypassCSP: true })
      const page = await context.newPage()
      const errors: string[] = []
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
      await page.goto(url(site))
      const { violations } = (await page.evaluate(`${axe.source}; axe.run()`)) as { violations: { id: string }[] }
      expect(violations.map(({ id }) => id)).toEqual([])
      await page.fill('#address', 'linus@example.org')
      await page.click('button')
      await page.waitForURL(/left=1/)
      expect(await page.textContent('[role=status]')).toContain('Thank you')
      await page.goto('about:blank')
      expect(errors).toEqual([])
      await context.close()
      const report = await reportWith(site, added, ({ evidence }) => evidence.variants[0]?.bar.reached === 1)
      expect(exposedIn(report)).toBe(1)
      expect((await listOf(site, added.id)).map(({ address }) => address)).toEqual(['linus@example.org'])
      const today = new Date().toISOString().slice(0, 10)
      const events = await fetch(
        `${clickwatch.baseUrl}/api/export/events?site=${site}&from=${today}&to=${today}&format=json`,
      )
      const text = await events.text()
      expect(text).toContain('"submit"')
      expect(text).not.toContain('linus')
    },
  )
})

describe('five hundred scripted visits', () => {
  const script = (site: string) => ({
    site,
    page: 'https://shop.example/gifts',
    element: 'try',
    form: 'lead',
    payment: 'Bought',
  })
  const reachedIn = ({ evidence }: IdeaReport) =>
    Object.fromEntries(
      evidence.variants.map(({ variant, exposed, rungs }) => [
        variant,
        {
          exposed,
          ...Object.fromEntries(
            rungs.filter(({ grade }) => grade !== 'seen').map((rung) => [rung.grade, rung.reached]),
          ),
        },
      ]),
    )

  it('are in the report of a fake door, each visitor once', { timeout: 60_000 }, async () => {
    const added = await add('visits', {
      intended_mix: [{ dimension: 'visit:device', shares: { mobile: 0.5, desktop: 0.5 } }],
    })
    const expected = await sendIdeaVisits(clickwatch, script('visits'))
    const report = await reportWith('visits', added, (each) => exposedIn(each) === 500)
    expect(reachedIn(report)).toEqual(expected)
    expect(report.evidence.variants[0]).toMatchObject({ revenue: { payers: 12 }, adjusted: { covered: 1 } })
    expect(report.idea.status).toBe('running')
  })

  it('are told apart by variant, and what was done before it was shown counts for nothing', {
    timeout: 60_000,
  }, async () => {
    const added = await add('split', { variants, holdout: 0.1 })
    const { body } = await givenWith('?site=split', 1)
    const expected = await sendIdeaVisits(clickwatch, {
      ...script('split'),
      running: { ideas: body.ideas, key: 'gift-cards' },
    })
    const report = await reportWith('split', added, (each) => exposedIn(each) === 500)
    expect(reachedIn(report)).toEqual(expected)
    expect(report.evidence.sample_ratio?.is_mismatch).toBe(false)
    expect(expected.plain?.click).toBeGreaterThan(10)
  })

  it('are counted as real browsers and a server tell of them', { timeout: 60_000 }, async () => {
    const added = await add('browsers', {
      variants,
      ladder: [{ grade: 'seen', rule: { type: 'page', path: '/' } }, ...idea({}).ladder.slice(2, 4)],
    })
    const { body } = await givenWith('?site=browsers', 1)
    const { baseUrl } = clickwatch
    const page = await servePage(
      `<script src="${baseUrl}/clickwatch.ideas.js?site=browsers"></script><script defer src="${baseUrl}/clickwatch.js" data-site="browsers"></script>`,
    )
    const seen: Record<string, number> = {}
    for (const grade of ['seen', 'click', 'intent', 'seen'] as const) {
      const variant = await visitInBrowser(browser, page.origin, grade, { idea: 'gift-cards' })
      seen[variant ?? ''] = (seen[variant ?? ''] ?? 0) + 1
    }
    await page.close()
    const server = new Server({ url: baseUrl, site: 'browsers' })
    const shown = await server.variant('gift-cards', { visitor_id: 'told by a server', url: 'https://shop.example/' })
    expect(['plain', 'bold']).toContain(shown)
    expect(await server.variant('unknown', { visitor_id: 'told by a server' })).toBeUndefined()
    seen[shown ?? ''] = (seen[shown ?? ''] ?? 0) + 1
    await server.close()
    const report = await reportWith('browsers', added, (each) => exposedIn(each) === 5)
    expect(
      Object.fromEntries(
        report.evidence.variants.filter(({ exposed }) => exposed > 0).map((each) => [each.variant, each.exposed]),
      ),
    ).toEqual(seen)
    const reached = (grade: string) =>
      report.evidence.variants.reduce(
        (sum, { rungs }) => sum + (rungs.find((rung) => rung.grade === grade)?.reached ?? 0),
        0,
      )
    expect([reached('click'), reached('intent')]).toEqual([2, 1])
    expect(body.ideas[0]?.key).toBe('gift-cards')
  })
})

describe('what is documented of the assignment', () => {
  it('is what it comes to', async () => {
    const { positionOf } = await import('@clickwatch/contract/assignment')
    const guide = readFileSync(new URL('../../docs/ideas.md', import.meta.url), 'utf8')
    const vectors = [...guide.matchAll(/^\| `([^`]+)` \| (0\.\d+) \|$/gm)]
    expect(vectors.length).toBeGreaterThan(4)
    for (const [, text = '', position] of vectors) expect([text, positionOf(text)]).toEqual([text, Number(position)])
  })
})
