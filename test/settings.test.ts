import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parquetReadObjects } from 'hyparquet'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from './fixtures/chromium.ts'
import { type ClickWatch, eventually, startClickWatch } from './fixtures/clickwatch.ts'
import { batch, event } from './fixtures/events.ts'

let browser: Browser
let owner: BrowserContext
let clickwatch: ClickWatch
const opened: { errors: string[]; close: () => Promise<void> }[] = []

let told: { text?: string }[] = []
const receiver = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  told.push(JSON.parse(Buffer.concat(chunks).toString()) as { text: string })
  response.end('ok')
})

beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  ;[browser, clickwatch] = await Promise.all([
    launchChromium(),
    startClickWatch({ env: { CLICKWATCH_WEBHOOKS_INSIDE: 'yes', CLICKWATCH_API_KEY: 'owner' } }),
  ])
  owner = await browser.newContext(looks)
  await owner.addInitScript(() => localStorage.setItem('clickwatch.key', 'owner'))
  await clickwatch.post('/e?site=shop', { ...batch('ann', 's1', [event(), event()]), site: 'shop' })
  await eventually('the visit to be counted', async () => {
    const answer = await ask('POST', '/api/v2/query', { site_id: 'shop', metrics: ['pageviews'], date_range: 'day' })
    return answer.results?.[0].metrics[0] === 2 ? true : undefined
  })
})
afterEach(async () => {
  for (const { errors, close } of opened.splice(0)) {
    await close()
    expect(errors).toEqual([])
  }
})
afterAll(async () => {
  await browser?.close()
  await clickwatch?.dispose()
  await new Promise((resolve) => receiver.close(resolve))
})

const ask = async (method: string, path: string, body?: object) => {
  const answer = await fetch(clickwatch.baseUrl + path, {
    method,
    headers: { authorization: 'Bearer owner', ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return answer.json()
}

const looks = { viewport: { width: 1280, height: 900 }, locale: 'en-US', reducedMotion: 'reduce' } as const

/** A page whose errors fail the test: of the owner, who has the key, or of a guest in a browser of their own. */
const open = async (path: string, { isOwner = true, expected = /^$/ } = {}): Promise<Page> => {
  const context = isOwner ? owner : await browser.newContext(looks)
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' && !expected.test(message.text())) errors.push(message.text())
  })
  opened.push({ errors, close: () => (isOwner ? page.close() : context.close()) })
  await page.goto(clickwatch.baseUrl + path)
  return page
}
const settings = (tab: string) => open(`/settings?site=shop&tab=${tab}`)
const kept = (page: Page, name: string) => page.locator(`[data-kept="${name}"]`)

describe('the settings of a site', () => {
  it('keep a goal, say what is wrong with one, and remove it once it is confirmed', async () => {
    const page = await open('/settings?site=shop', { expected: /409/ })
    await page.getByText('No goals yet').waitFor()
    await page.getByRole('button', { name: 'New goal' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Signed up')
    await page.getByLabel('It is reached by').selectOption('event')
    await page.getByLabel('Name of the event').fill('signup')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await kept(page, 'Signed up').getByText('event signup').waitFor()
    expect((await ask('GET', '/api/sites/shop/goals')).goals).toMatchObject([
      { name: 'Signed up', rule: { type: 'event', event_name: 'signup' } },
    ])

    await page.getByRole('button', { name: 'New goal' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Signed up')
    await page.getByLabel('Page', { exact: true }).fill('/pricing')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('alert').getByText('of that name').waitFor()
    expect(await page.getByLabel('Name', { exact: true }).getAttribute('aria-invalid')).toBe('true')
    await page.getByRole('button', { name: 'Cancel' }).click()

    await page.getByRole('button', { name: 'Remove Signed up' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Keep it' }).click()
    await kept(page, 'Signed up').waitFor()
    await page.getByRole('button', { name: 'Remove Signed up' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
    await page.getByText('No goals yet').waitFor()
  })

  it('keep segments and annotations', async () => {
    const page = await settings('segments')
    await page.getByRole('button', { name: 'New segment' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Home')
    await page.getByLabel('Values, with commas between them').fill('/, /home')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await kept(page, 'Home').getByText('Page is / or /home').waitFor()
    await page.getByRole('link', { name: 'Annotations' }).click()
    await page.getByRole('button', { name: 'New annotation' }).click()
    await page.getByLabel('What happened').fill('Launch')
    await page.getByLabel('Day', { exact: true }).fill('2026-03-01')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await kept(page, 'Launch').getByText('March 1, 2026').waitFor()
    expect(new URL(page.url()).searchParams.get('tab')).toBe('annotations')
  })

  it('make days those of the time zone that is chosen', async () => {
    const page = await settings('site')
    const form = page.getByRole('form', { name: 'Site', exact: true })
    await form.getByLabel('Time zone').fill('Pacific/Kiritimati')
    await form.getByLabel('Weeks begin on').selectOption({ label: 'Sunday' })
    await form.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.').waitFor()
    const { meta } = await ask('POST', '/api/v2/query', { site_id: 'shop', metrics: ['visits'], date_range: 'day' })
    expect(meta.timezone).toBe('Pacific/Kiritimati')
    await ask('PATCH', '/api/sites/shop', { timezone: 'UTC' })
  })

  it.each(['CSV', 'JSON', 'PARQUET'])('hand out the rows as %s', async (format) => {
    const page = await settings('site')
    await page.getByLabel('Format').selectOption(format)
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download' }).click(),
    ])
    expect(file.suggestedFilename()).toMatch(new RegExp(`^shop-events-.*\\.${format.toLowerCase()}$`))
    const content = readFileSync(await file.path())
    const rows = {
      CSV: () => content.toString().trim().split('\n').slice(1),
      JSON: () => content.toString().trim().split('\n'),
      PARQUET: () => parquetReadObjects({ file: new Uint8Array(content).buffer }),
    }
    expect(await rows[format as 'CSV']()).toHaveLength(2)
  })

  it('send a test of an alert, and say what became of it', async () => {
    told = []
    const page = await open('/settings?site=shop&tab=alerts', { expected: /502/ })
    await page.getByRole('button', { name: 'New alert' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Quiet')
    await page.getByLabel('When').selectOption('silence')
    await page.getByLabel('Sent by').selectOption('slack')
    const { port } = receiver.address() as AddressInfo
    await page.getByLabel('Address of the webhook').fill(`http://127.0.0.1:${port}/hook`)
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('button', { name: 'Send a test of Quiet' }).click()
    await page.getByText('The test was sent and taken.').waitFor()
    expect(told.map(({ text }) => text)).toEqual([
      '*Test: shop: Quiet*\n2 events in the last 60 minutes.\nThis is a test; nothing happened.',
    ])

    await page.getByRole('button', { name: 'Edit Quiet' }).click()
    await page.getByLabel('Address of the webhook').fill('http://127.0.0.1:9/hook')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Send a test of Quiet' }).click()
    await page.getByText('The webhook was not delivered').waitFor()
  })
})

it('a server with a key asks for it, and says when it is wrong', async () => {
  const page = await open('/?site=nothing', { isOwner: false, expected: /401/ })
  await page.getByRole('button', { name: 'I have a key instead' }).click()
  await page.getByLabel('Access key').fill('another')
  await page.keyboard.press('Enter')
  await page.getByText('The server did not accept this key.').waitFor()
  await page.getByLabel('Access key').fill('owner')
  await page.keyboard.press('Enter')
  await page.getByText('Listening for the first event').waitFor()
  await page.reload()
  await page.getByText('Listening for the first event').waitFor()
})

describe('a shared link', () => {
  it('made with a password shows the dashboard to who has both, in a browser without the key', async () => {
    const page = await settings('links')
    await page.getByRole('button', { name: 'New link' }).click()
    await page.getByLabel('Name', { exact: true }).fill('The client')
    await page.getByLabel('Password (none when left out)').fill('open sesame')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await kept(page, 'The client').getByText('with a password').waitFor()
    const { links } = await ask('GET', '/api/sites/shop/links')

    const guest = await open(links[0].path, { isOwner: false, expected: /401/ })
    await guest.getByLabel('Password').fill('open barley')
    await guest.getByRole('button', { name: 'Open', exact: true }).click()
    await guest.getByText('This is not the password.').waitFor()
    await guest.getByLabel('Password').fill('open sesame')
    await guest.getByRole('button', { name: 'Open', exact: true }).click()
    await guest.locator('[data-metric="pageviews"][data-value="2"]').waitFor()
    await guest.getByText('Shared with you, read only').waitFor()
    expect(await guest.getByLabel('Site', { exact: true }).count()).toBe(0)
    expect(await guest.getByRole('link', { name: 'Settings' }).count()).toBe(0)

    await guest.reload()
    await guest.locator('[data-metric="pageviews"][data-value="2"]').waitFor()
    await guest.locator('[data-row="/pricing"]').first().click()
    await guest.waitForURL((url) => url.pathname === links[0].path && url.search.includes('filters'))
    await guest.locator('[data-metric="pageviews"]').first().waitFor()
  })

  it('is shown in a frame of another page where it is embedded, and not otherwise', async () => {
    const { path } = await ask('POST', '/api/sites/shop/links', { name: 'Embedded' })
    const host = createServer((request, response) => {
      const search = request.url === '/embedded' ? '?embed=1' : ''
      response.setHeader('content-type', 'text/html')
      response.end(`<iframe src="${clickwatch.baseUrl}${path}${search}" width="1200" height="900"></iframe>`)
    })
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve))
    // Another site to the browser, which takes ports of one name for one.
    const hostUrl = `http://localhost:${(host.address() as AddressInfo).port}`
    const page = await open('/healthz', { isOwner: false, expected: /frame-ancestors|favicon|404/ })
    await page.goto(`${hostUrl}/embedded`)
    await page.frameLocator('iframe').locator('[data-metric="pageviews"][data-value="2"]').waitFor()
    await page.goto(`${hostUrl}/bare`)
    const frame = page.frames().find((each) => each !== page.mainFrame())
    expect(await frame?.locator('[data-metric]').count()).toBe(0)
    await new Promise((resolve) => host.close(resolve))
  })

  it('that was taken back says so', async () => {
    const guest = await open('/share/nothing', { isOwner: false, expected: /404/ })
    await guest.getByText('This link leads nowhere').waitFor()
  })
})
