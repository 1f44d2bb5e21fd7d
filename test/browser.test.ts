import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from './fixtures/chromium.ts'
import { type ClickWatch, eventually, startClickWatch } from './fixtures/clickwatch.ts'

const seedFile = join(import.meta.dirname, '../../shared/seed/wentraffic.json')

let browser: Browser
let context: BrowserContext
let clickwatch: ClickWatch

beforeAll(async () => {
  ;[browser, clickwatch] = await Promise.all([launchChromium(), startClickWatch()])
  // One for all: what the first screen loaded, the next has.
  context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'en-US',
    reducedMotion: 'reduce',
  })
})
afterEach(async () => {
  for (const each of browser.contexts()) for (const page of each.pages()) await page.close()
})
afterAll(async () => {
  await browser?.close()
  await clickwatch?.dispose()
})

/** A page whose errors fail the test that opened it. */
const openPage = async (path: string, by: BrowserContext = context) => {
  const page = await by.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  await page.goto(clickwatch.baseUrl + path)
  return { page, errors }
}

/** A browser that has not been there before. */
const visitor = () => browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-US' })

const number = (page: Page, metric: string) => page.locator(`[data-metric="${metric}"]`)
const shows = (page: Page, metric: string, value: number) =>
  page.locator(`[data-metric="${metric}"][data-value="${value}"]`).waitFor()
const row = (page: Page, card: string, value: string) => page.getByLabel(card).locator(`[data-row="${value}"]`)

/** A session of March 2024 with one click. */
const sessionOf = (user: string, source: string) => ({
  user_id: user,
  session_id: `session_${user}`,
  timestamp: '2024-03-04T10:00:00Z',
  page_url: '/idea',
  referrer: 'email',
  utm_source: source,
  browser: 'Firefox',
  os: 'Linux',
  visit_count: 1,
  events: [{ event_type: 'click', element_id: 'tryNowButton', timestamp: '2024-03-04T10:00:05Z' }],
})

describe('a visitor on the demo page', () => {
  it('moves the dashboard, which is not loaded again', async () => {
    const site = 'living'
    const { page: dashboard, errors } = await openPage(`/?site=${site}&period=day`)
    await dashboard.getByText('Listening for the first event').waitFor()
    await dashboard.evaluate(() => {
      document.documentElement.dataset.loaded = 'once'
    })

    const { page: demo, errors: demoErrors } = await openPage(
      `/demo/?site=${site}&utm_source=linkedin&utm_medium=social`,
      await visitor(),
    )
    await shows(dashboard, 'visitors', 1)
    await shows(dashboard, 'pageviews', 1)
    expect(await number(dashboard, 'conversions').textContent()).toBe('0')
    await row(dashboard, 'Sources', 'linkedin').waitFor()

    await demo.click('#tryNowButton')
    await row(dashboard, 'What they did', 'tryNowButton').waitFor()
    await shows(dashboard, 'conversions', 1)
    await demo.click('#closeDialog')

    await demo.locator('#pricingTable').scrollIntoViewIfNeeded()
    await demo.fill('#contactForm [name=email]', 'somebody@secret.example')
    await demo.click('#submitButton')
    await dashboard.getByLabel('What they did').getByRole('tab', { name: 'Submits' }).click()
    await row(dashboard, 'What they did', 'contactForm').waitFor()
    await dashboard.getByLabel('On the site now').getByText('from linkedin').waitFor()

    const { page: another } = await openPage(`/demo/?site=${site}`, await visitor())
    await shows(dashboard, 'visitors', 2)
    await shows(dashboard, 'visits', 2)
    await another.close()

    expect(await dashboard.evaluate(() => document.documentElement.dataset.loaded)).toBe('once')
    expect(errors).toEqual([])
    expect(demoErrors).toEqual([])

    const { rows } = await clickwatch.get<{ rows: Record<string, string>[] }>(
      `/api/tables/final_cookies?format=json&site=${site}`,
    )
    expect(rows.map(({ event_type }) => event_type)).toEqual(
      expect.arrayContaining(['page_view', 'click', 'scroll', 'submit']),
    )
    expect(JSON.stringify(rows)).not.toContain('secret')
  })
})

describe('the dashboard', () => {
  it('is narrowed by a click on a row, and the address keeps the view', async () => {
    await clickwatch.post('/v1/sessions?site=narrow', [
      sessionOf('guest_1', 'linkedin'),
      sessionOf('guest_2', 'twitter'),
    ])
    const { page } = await openPage('/?site=narrow&period=all')
    await shows(page, 'visitors', 2)
    await row(page, 'Sources', 'linkedin').getByRole('button').click()
    await shows(page, 'visitors', 1)
    const narrowed = page.url()
    expect(narrowed).toContain('linkedin')

    const again = await openPage(narrowed.slice(clickwatch.baseUrl.length))
    await shows(again.page, 'visitors', 1)
    await again.page
      .getByRole('button', { name: /remove/i })
      .first()
      .click()
    await shows(again.page, 'visitors', 2)
  })

  it('says where the data is when the range has none', async () => {
    const answer = await clickwatch.post('/v1/sessions?site=past', [sessionOf('guest_1', 'newsletter')])
    expect(await answer.json()).toEqual({ accepted: 1, rejected: [] })
    const { page } = await openPage('/?site=past')
    await page.getByText('The latest event is of March 4, 2024.').waitFor()
    await page.getByRole('button', { name: 'Show all time' }).click()
    await shows(page, 'visitors', 1)
  })

  it('says what went wrong, and goes on when asked again', async () => {
    await clickwatch.post('/v1/sessions?site=failing', [sessionOf('guest_1', 'linkedin')])
    const { page } = await openPage('/?site=failing&period=all')
    await shows(page, 'visitors', 1)
    await page.route('**/api/v2/query', (route) =>
      route.fulfill({
        status: 500,
        contentType: 'application/json',
        body: JSON.stringify({ error: { code: 'internal', message: 'The store did not answer.', request_id: 'r-17' } }),
      }),
    )
    await page.reload()
    const alert = page.getByLabel('Sources').getByRole('alert')
    await alert.getByText('The store did not answer.').waitFor()
    expect(await alert.textContent()).toContain('r-17')
    await page.unroute('**/api/v2/query')
    await alert.getByRole('button', { name: 'Try again' }).click()
    await row(page, 'Sources', 'linkedin').waitFor()
  })

  it('shows what became of everything that arrived, and the operator what was refused', async () => {
    const good = { session_id: 's', user_id: 'u', timestamp: '2026-01-01T10:00:00Z', page_url: '/' }
    await clickwatch.post('/v1/sessions?site=honest', [good, good, { ...good, timestamp: 'never' }])
    const { page, errors } = await openPage('/?site=honest')
    const total = page.getByLabel('Honest numbers').getByRole('row', { name: /^30 days/ })
    await total.waitFor()
    await eventually('the third', async () => ((await total.innerText()).startsWith('30 days\t3') ? true : undefined))
    expect(await total.getByRole('cell').allInnerTexts()).toEqual(['3', '1', '1', '0', '1', '0', '1', '0'])
    await page.getByText('Every record of the stream is accounted for.').waitFor()
    await page.getByRole('link', { name: 'See what was refused' }).click()
    await page.getByText('timestamp is expected to be an ISO 8601 timestamp').first().click()
    await page.getByText('"timestamp":"never"').waitFor()
    expect(errors).toEqual([])
  })

  it('shows the usual view at an address that makes no sense', async () => {
    const { page, errors } = await openPage('/?site=a%20b&period=ever&metric=7&from=%7B%7D&filters=x')
    await page.getByText('Nothing has arrived for “default” yet').waitFor()
    expect(errors).toEqual([])
  })

  it('fits a phone, without anything to scroll sideways', async () => {
    for (const path of ['/?site=past', '/report?site=past', '/refused']) {
      const { page } = await openPage(path)
      await page.setViewportSize({ width: 390, height: 844 })
      await page.getByRole('main').waitFor()
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    }
  })
})

describe.runIf(existsSync(seedFile))('the report of the reference’s sample', () => {
  it('shows its totals, and the slicers narrow every part of it', async () => {
    const { page, errors } = await openPage('/report?site=seed')
    const answer = await clickwatch.post('/v1/sessions?site=seed', readFileSync(seedFile, 'utf8'))
    expect(await answer.json()).toEqual({ accepted: 20, rejected: [] })

    const total = page.getByTestId('total-visitors-count')
    await total.getByText('44', { exact: true }).waitFor()
    await page.getByText('20 final_cookies rows').waitFor()
    await page.getByText('20 user ids').waitFor()
    const pie = page.getByRole('img', { name: /visitor_count by Platform/ })
    expect(await pie.getAttribute('aria-label')).toContain('linkedin 11, twitter 8, facebook 6')
    const area = page.getByRole('img', { name: /visitor_count by os/ })
    expect(await area.getAttribute('aria-label')).toMatch(/(?=.*iOS 10)(?=.*Linux 10)(?=.*macOS 9)/)

    await page.getByRole('button', { name: /^Platform / }).click()
    await page.getByLabel('linkedin', { exact: true }).check()
    await total.getByText('11', { exact: true }).waitFor()
    await page.keyboard.press('Escape')
    expect(await page.getByLabel('Table').locator('tbody tr').count()).toBe(3)
    expect(await pie.getAttribute('aria-label')).toBe('visitor_count by Platform: linkedin 11')
    expect(page.url()).toContain('Platform')
    expect(errors).toEqual([])
  })
})
