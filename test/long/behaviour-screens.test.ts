import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Goal, SessionsAnswer } from '@clickwatch/contract'
import type { AxeResults } from 'axe-core'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../fixtures/chromium.ts'
import { type ClickWatch, eventually, startClickWatch, untilStored } from '../fixtures/clickwatch.ts'
import { sendScriptedVisits } from '../fixtures/scripted-visits.ts'

const site = 'shop'
let browser: Browser
let clickwatch: ClickWatch
let context: BrowserContext
let goal: Goal

beforeAll(async () => {
  ;[browser, clickwatch] = await Promise.all([launchChromium(), startClickWatch()])
  // One for all: what the first screen loaded, the next has.
  context = await browser.newContext({
    locale: 'en-US',
    timezoneId: 'America/New_York',
    reducedMotion: 'reduce',
  })
  await sendScriptedVisits(clickwatch, site)
  await eventually('seven visits', async () => {
    const { results } = await clickwatch.query({ site_id: site, metrics: ['visits'], date_range: '7d' })
    return results[0]?.metrics[0] === 7 ? true : undefined
  })
  await untilStored(clickwatch)
  const response = await clickwatch.post(`/api/sites/${site}/goals`, {
    name: 'Signed up',
    rule: { type: 'event', event_name: 'signup' },
  })
  goal = (await response.json()) as Goal
})
afterAll(async () => {
  await browser?.close()
  await clickwatch?.dispose()
})

afterEach(async () => {
  for (const page of context.pages()) await page.close()
})

/** A screen whose errors fail the test that opened it. */
const open = async (path: string, search: Record<string, unknown> = {}, viewport = { width: 1280, height: 900 }) => {
  const page = await context.newPage()
  await page.setViewportSize(viewport)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  const query = new URLSearchParams({ site })
  for (const [name, value] of Object.entries(search)) query.set(name, JSON.stringify(value))
  await page.goto(`${clickwatch.baseUrl}${path}?${query}`)
  return { page, errors }
}

/** A value of the address: text as it is, anything else as JSON. */
const searchOf = (page: Page, name: string): unknown => {
  const value = new URL(page.url()).searchParams.get(name)
  return value?.startsWith('[') ? JSON.parse(value) : value
}
/** What the cells of table rows say. */
const numbersOf = async (rows: Locator): Promise<string[][]> =>
  (await rows.all()).reduce<Promise<string[][]>>(
    async (before, row) => [
      ...(await before),
      (await row.locator('th, td').allInnerTexts()).map((text) => text.trim()),
    ],
    Promise.resolve([]),
  )

const steps = [
  ['page', '/'],
  ['page', '/pricing'],
  ['click', 'tryNow'],
]

describe('funnels', () => {
  it('are put together, counted, saved under a name and chosen again', async () => {
    const { page, errors } = await open('/funnels')
    await page.getByText('Put two steps together').waitFor()
    await page.getByLabel('What step 1 is').fill('/')
    await page.getByLabel('What step 1 is').press('Enter')
    await page.getByLabel('What step 2 is').fill('/pricing')
    await page.getByLabel('What step 2 is').press('Enter')
    await page.getByRole('button', { name: 'Add a step' }).click()
    await page.getByLabel('Kind of step 3').selectOption('click')
    await page.getByLabel('What step 3 is').fill('tryNow')
    await page.getByLabel('What step 3 is').press('Enter')
    await page.getByRole('button', { name: 'Add a step' }).click()
    await page.getByLabel('Kind of step 4').selectOption('goal')
    await page.getByLabel('What step 4 is').selectOption({ label: 'Signed up' })

    await page.locator('[data-step="3"] [data-value="1"]').waitFor()
    const values = page.locator('[data-funnel] [data-value]')
    expect(await values.allInnerTexts()).toEqual(['4', '3', '2', '1'])
    expect(await page.locator('[data-funnel] [data-dropped]').allInnerTexts()).toEqual(['1 left', '1 left', '1 left'])
    // Anna took a minute to the prices, Dora 40 seconds, Bert 20.
    expect(await page.locator('[data-step="1"] [data-median]').getAttribute('data-median')).toBe('40')
    await page.getByText('25% of those who began came to the end').waitFor()
    expect(searchOf(page, 'steps')).toEqual([...steps, ['goal', goal.id]])

    await page.getByLabel('Name of the funnel').fill('To the sign-up')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    const saved = page.getByRole('button', { name: 'To the sign-up', exact: true })
    await saved.waitFor()
    await page.getByRole('button', { name: 'New funnel' }).click()
    await page.getByText('Put two steps together').waitFor()
    await saved.click()
    await page.locator('[data-step="3"] [data-value="1"]').waitFor()
    expect(errors).toEqual([])
  })

  it('that were written by hand are shown as they are, and counted', async () => {
    const anyOf = (...paths: string[]) => ['is', 'event:page', paths]
    const written = {
      name: 'By hand',
      window_s: 7200,
      steps: [
        { name: 'Came', filter: anyOf('/', '/signup') },
        { filter: ['and', [anyOf('/pricing'), ['not', anyOf('/about')]]] },
      ],
    }
    await clickwatch.post(`/api/sites/${site}/funnels`, written)
    const { page, errors } = await open('/funnels')
    await page.getByRole('button', { name: 'By hand', exact: true }).click()
    expect(await page.locator('[data-written] li').allInnerTexts()).toEqual([
      expect.stringMatching(/^1\s+Came: Page is \/ or \/signup$/),
      expect.stringMatching(/^2\s+Page is \/pricing and not Page is \/about$/),
    ])
    await page.getByText('Within 2h 0m').waitFor()
    await page.locator('[data-step="1"] [data-value="3"]').waitFor()
    expect(await page.locator('[data-funnel] [data-value]').allInnerTexts()).toEqual(['6', '3'])
    expect(await page.getByLabel('Name of the funnel').count()).toBe(0)
    await page.reload()
    await page.locator('[data-step="1"] [data-value="3"]').waitFor()
    await page.getByRole('button', { name: 'New funnel' }).click()
    await page.getByLabel('What step 1 is').waitFor()
    expect(errors).toEqual([])
  })

  it('show who left where, where they went instead, and lead to them', async () => {
    const { page, errors } = await open('/funnels', { steps })
    await page.locator('[data-step="0"] button').click()
    await page.locator('[data-left="1"]').waitFor()
    const left = page.getByLabel('Left after “/”')
    await left.getByText('/about').waitFor()
    await left.getByRole('link').click()
    await page.getByRole('heading', { name: 'When they came' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/visitor')
    expect(errors).toEqual([])
  })

  it('move a step by keyboard, and break down by a dimension', async () => {
    const { page, errors } = await open('/funnels', { steps, by: 'visit:device' })
    await page.getByLabel('What step 2 is').press('Alt+ArrowUp')
    await eventually('the order in the address', async () =>
      JSON.stringify(searchOf(page, 'steps')) === JSON.stringify([steps[1], steps[0], steps[2]]) ? true : undefined,
    )
    await page.getByText('Step moved to place 1').waitFor({ state: 'attached' })
    await page.getByRole('button', { name: 'Move step 2 up' }).click()
    const row = page.locator('table:has-text("By Device") tbody tr')
    await row.first().waitFor()
    await eventually('the funnel by device', async () => {
      const [first] = await numbersOf(row)
      return first?.slice(1).join(' ') === '4 3 2 50%' ? true : undefined
    })
    expect(errors).toEqual([])
  })
})

describe('journeys', () => {
  it('draw how many went where, begin at the page that is picked, and lead up to one', async () => {
    const { page, errors } = await open('/journeys')
    await page.locator('[data-visits="7"]').first().waitFor()
    const node = (step: number, path: string) => page.locator(`[data-node="${step} ${path}"]`)
    expect(await node(0, '/').getAttribute('data-visits')).toBe('4')
    expect(await node(0, '/signup').getAttribute('data-visits')).toBe('2')
    expect(await node(1, '/pricing').getAttribute('data-visits')).toBe('3')

    await page.getByText('As a table').click()
    const [first] = await numbersOf(page.locator('details table tbody tr'))
    expect(first).toEqual(['1', '/', '/pricing', '3', '42.9%'])

    await node(1, '/pricing').click()
    await page.locator('p[data-visits="3"]').waitFor()
    expect(searchOf(page, 'page')).toBe('/pricing')

    await page.getByRole('radio', { name: 'Up to a page' }).click()
    await page.locator('[data-node="1 /"][data-visits="3"]').waitFor()
    const [before, last] = [await node(1, '/').boundingBox(), await node(0, '/pricing').boundingBox()]
    expect(before?.x).toBeLessThan(last?.x ?? 0)
    expect(errors).toEqual([])
  })

  it('are a table where it is narrow', async () => {
    const { page } = await open('/journeys', {}, { width: 390, height: 844 })
    await page.getByRole('cell', { name: '/pricing' }).first().waitFor()
    expect(await page.locator('[data-sankey]').isVisible()).toBe(false)
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  })
})

describe('retention', () => {
  it('shows who came again after how long, in per cent or numbers, and by a goal', async () => {
    const { page, errors } = await open('/retention', { by: 'day' })
    const cohorts = page.locator('[data-cohort]')
    await cohorts.first().waitFor()
    const all = await numbersOf(cohorts)
    // Dora came for the first time two days before she came again; five others came once.
    const dora = all.find((row) => row[1] === '1' && row[4] === '100%')
    expect(dora?.slice(1, 5)).toEqual(['1', '100%', '0%', '100%'])
    expect(all.reduce((sum, row) => sum + Number(row[1]), 0)).toBe(6)

    await page.getByRole('radio', { name: 'Visitors' }).click()
    await page.locator('[data-cohort] td', { hasText: /^5$/ }).first().waitFor()
    expect(searchOf(page, 'unit')).toBe('count')

    await page.getByLabel('Coming again means').selectOption({ label: 'reaching “Signed up”' })
    await eventually('one who reached it', async () =>
      (await page.locator('[data-cohort] [data-count="1"]').count()) === 1 ? true : undefined,
    )
    expect(errors).toEqual([])
  })
})

describe('a page', () => {
  it('shows what was done to its elements', async () => {
    const { page, errors } = await open('/pages', { page: '/pricing' })
    const row = page.locator('[data-row="tryNow"]')
    await row.waitFor()
    const [tryNow, price] = await numbersOf(page.locator('[data-row]'))
    expect(tryNow?.slice(1)).toEqual(['2', '66.7%', '2', '0', '0', '0'])
    expect(price?.slice(1)).toEqual(['0', '0%', '1', '0', '0', '1'])
    expect(errors).toEqual([])
  })

  it('paints where it was clicked at the place it was clicked, and tells it in numbers', async () => {
    const { page, errors } = await open('/pages', { page: '/pricing', tab: 'heatmap' })
    await page.locator('[data-points="2"][data-pageviews="3"]').waitFor()
    const heat = page.locator('canvas[data-heat]')
    const alphaAt = (x: number, y: number) =>
      heat.evaluate(
        (canvas: HTMLCanvasElement, at) =>
          canvas.getContext('2d')?.getImageData((at.x / 1280) * canvas.width, (at.y / 2000) * canvas.height, 1, 1)
            .data[3],
        { x, y },
      )
    await eventually('the warm place', async () => ((await alphaAt(640, 300)) ? true : undefined))
    expect(await alphaAt(200, 1200)).toBe(0)
    await page.getByText('The same in numbers').click()
    expect((await numbersOf(page.locator('[data-tenth="10"]')))[0]).toEqual(['10 – 20 %', '2', '100%'])

    await page.getByRole('radio', { name: 'Rage clicks' }).click()
    await page.locator('[data-points="1"]').waitFor()
    await eventually('the angry place', async () => ((await alphaAt(100, 1500)) ? true : undefined))

    await page.getByRole('radio', { name: 'Phone' }).click()
    await page.getByText('Nothing of this kind happened here').waitFor()
    expect(errors).toEqual([])
  })

  it('shows how far it was read', async () => {
    const { page, errors } = await open('/pages', { page: '/pricing', tab: 'heatmap', kind: 'scroll' })
    await page.locator('[data-reach="21"]').waitFor({ state: 'attached' })
    await page.getByText('The same in numbers').click()
    const rows = Object.fromEntries(await numbersOf(page.locator('[data-depth]')))
    expect([rows['0%'], rows['40%'], rows['45%'], rows['80%'], rows['85%']]).toEqual([
      '100%',
      '66.7%',
      '33.3%',
      '33.3%',
      '0%',
    ])
    expect(errors).toEqual([])
  })

  it('lies under its heatmap live, in a document that alone may frame it, and only once it is asked for', async () => {
    const { page, errors } = await open('/pages', { page: '/pricing', tab: 'heatmap', over: 'live' })
    const address = page.getByLabel('Address of the page')
    await eventually('the address it probably has', async () =>
      (await address.inputValue()) === 'https://shop.example/pricing' ? true : undefined,
    )
    expect(page.frames()).toHaveLength(1)
    await address.fill(`${clickwatch.baseUrl}/demo/`)
    await page.getByRole('button', { name: 'Load the page' }).click()
    const framed = await eventually('the page in its frame', async () =>
      page.frames().find((frame) => frame.url().endsWith('/demo/')),
    )
    expect(framed.parentFrame()?.url()).toBe(`${clickwatch.baseUrl}/page-frame`)
    await framed.locator('h1').waitFor()
    // Its scripts do not run: the visit of whoever looks at it is none.
    expect(errors.filter((error) => !error.includes('sandboxed'))).toEqual([])
    const refused = await page.evaluate(
      () =>
        new Promise<boolean>((resolve) => {
          document.addEventListener('securitypolicyviolation', () => resolve(true))
          const frame = document.createElement('iframe')
          frame.src = 'https://elsewhere.example/'
          document.body.append(frame)
        }),
    )
    expect(refused).toBe(true)
  })

  it('lies under its heatmap as a screenshot that this browser keeps', async () => {
    const { page, errors } = await open('/pages', { page: '/pricing', tab: 'heatmap', over: 'shot' })
    const picture = await page.screenshot()
    await page
      .getByLabel('or choose a file')
      .setInputFiles({ name: 'page.png', mimeType: 'image/png', buffer: picture })
    await page.locator('canvas[data-heat]').waitFor()
    await page.reload()
    await page.getByRole('button', { name: 'Forget the screenshot' }).click()
    await page.getByText('Drop a screenshot of the whole page here').waitFor()
    expect(errors).toEqual([])
  })

  it('shows how its form fared, and after which field people left', async () => {
    const { page, errors } = await open('/pages', { page: '/signup', tab: 'forms' })
    const form = page.locator('[data-form="signup"]')
    await form.getByText('50% of those who started sent it').waitFor()
    expect(await form.locator('dd').allInnerTexts()).toEqual(['2', '2', '1', '1'])
    expect(await numbersOf(form.locator('[data-field]'))).toEqual([
      ['email', '2', '0'],
      ['password', '2', '1'],
      ['company', '1', '0'],
    ])
    expect(errors).toEqual([])
  })

  it('shows how fast it was by the thresholds', async () => {
    const { page, errors } = await open('/pages', { tab: 'vitals' })
    const lcp = page.locator('[data-vital="LCP"]')
    await lcp.getByText('Needs improvement', { exact: true }).waitFor()
    // Of two and three seconds, three quarters lie at 2.75.
    expect(await lcp.locator('[data-value]').getAttribute('data-value')).toBe('2750')
    await lcp.getByText('2 measured').waitFor()
    expect((await numbersOf(page.locator('[data-row="/"]')))[0]).toEqual(['/', '2.75 s', '–', '–', '–', '–', '2'])
    expect(errors).toEqual([])
  })
})

describe('visits', () => {
  it('are listed, the latest first, narrowed by filters, and kept in range when one moves between screens', async () => {
    const { page, errors } = await open('/sessions', { filters: [['is', 'visit:entry_page', ['/']]] })
    const visits = page.locator('[data-session]')
    await visits.first().waitFor()
    expect(await visits.count()).toBe(4)
    const times = await visits.locator('p.text-xs').allInnerTexts()
    expect(times[0]).toContain('2nd visit')
    await page.getByRole('link', { name: 'Journeys' }).click()
    await page.locator('p[data-visits="4"]').waitFor()
    expect(searchOf(page, 'filters')).toEqual([['is', 'visit:entry_page', ['/']]])
    expect(errors).toEqual([])
  })

  it('tell one of them event by event, page by page, with the times between', async () => {
    const { page, errors } = await open('/sessions', { filters: [['is', 'event:name', ['signup']]] })
    await page.getByRole('link', { name: /^Open the visit of/ }).click()
    await page.getByRole('heading', { name: 'What happened' }).waitFor()
    const chapters = page.locator('[data-chapter]')
    expect(await chapters.evaluateAll((all) => all.map((each) => each.getAttribute('data-chapter')))).toEqual([
      '/',
      '/pricing',
    ])
    expect(
      await page.locator('[data-event]').evaluateAll((all) => all.map((each) => each.getAttribute('data-event'))),
    ).toEqual(['page_view', 'engagement', 'page_view', 'scroll', 'click', 'custom'])
    await page.getByText('Page speed LCP 2 s').waitFor()
    const signup = page.locator('[data-event="custom"]')
    expect(await signup.innerText()).toContain('10s later')
    expect(await signup.innerText()).toContain('€49.00')
    expect(await signup.locator('dl').innerText()).toMatch(/plan\s+pro/)
    await page.getByRole('link', { name: /^All visits of/ }).click()
    await page.getByText('First came from').waitFor()
    expect(errors).toEqual([])
  })
})

describe('a visitor', () => {
  it('is told with their visits, pages, goals and days', async () => {
    const { page, errors } = await open('/sessions', { filters: [['is', 'event:name', ['signup']]] })
    await page.getByRole('link', { name: /^Open the visit of/ }).click()
    await page.getByRole('link', { name: /^All visits of/ }).click()
    const goals = page.getByLabel('Goals they reached')
    await goals.locator('[data-row="Signed up"]').getByText('once').waitFor()
    expect(await page.getByLabel('What they looked at').locator('[data-row]').allInnerTexts()).toEqual([
      expect.stringMatching(/^\/\s+1$/),
      expect.stringMatching(/^\/pricing\s+1$/),
    ])
    expect(await page.locator('[data-session]').count()).toBe(1)
    expect(await page.locator('[data-day]').count()).toBe(1)
    expect(await page.getByText('€49.00').count()).toBe(1)
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Everything known, as a file' }).click(),
    ])
    expect(file.suggestedFilename()).toBe(`${site}-visitor.json`)
    const { tables } = JSON.parse(readFileSync(await file.path(), 'utf8')) as { tables: Record<string, object[]> }
    expect(tables['silver.sessions']).toHaveLength(1)
    expect(tables['silver.events']).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'signup' })]))
    expect(errors).toEqual([])
  })

  it('who is not there is said so', async () => {
    const { page } = await open('/visitor', { visitor: 'nobody' })
    await page.getByText('This visitor is not there').waitFor()
  })
})

describe('every screen of behaviour', () => {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  const screens: [what: string, path: string, search: object, until: string][] = [
    ['a funnel', '/funnels', { steps, by: 'visit:device', left: 0 }, '[data-left]'],
    ['journeys', '/journeys', {}, '[data-sankey], table'],
    ['retention', '/retention', { by: 'day' }, '[data-cohort]'],
    ['elements', '/pages', { page: '/pricing' }, '[data-row]'],
    ['a heatmap', '/pages', { page: '/pricing', tab: 'heatmap' }, 'canvas[data-heat]'],
    ['scroll reach', '/pages', { page: '/pricing', tab: 'heatmap', kind: 'scroll' }, '[data-reach]'],
    ['forms', '/pages', { page: '/signup', tab: 'forms' }, '[data-form]'],
    ['web vitals', '/pages', { tab: 'vitals' }, '[data-vital]'],
    ['visits', '/sessions', {}, '[data-session]'],
    ['a visit', '/sessions', {}, '[data-chapter]'],
    ['a visitor', '/visitor', {}, '[data-day]'],
  ]

  it.each(screens)('%s: axe finds nothing, wide and dark, narrow and light', async (what, path, search, until) => {
    const answer = await clickwatch.post('/api/v2/sessions', { site_id: site, date_range: '7d', limit: 1 })
    const [latest] = ((await answer.json()) as SessionsAnswer).sessions
    const whose = what === 'a visit' ? { visit: latest?.session } : {}
    const asked = what === 'a visit' || what === 'a visitor' ? { ...whose, visitor: latest?.visitor } : search
    const { page } = await open(path, { ...asked })
    const looks = [
      { width: 1280, height: 900, colorScheme: 'dark' },
      { width: 390, height: 844, colorScheme: 'light' },
    ] as const
    for (const { colorScheme, ...size } of looks) {
      await page.setViewportSize(size)
      await page.emulateMedia({ colorScheme })
      await page.locator(until).first().waitFor({ state: 'attached' })
      await page.evaluate(axe)
      const { violations } = await page.evaluate<AxeResults>('axe.run(document)')
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    }
  })
})
