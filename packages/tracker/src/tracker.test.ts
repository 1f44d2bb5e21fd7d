import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchChromium } from '../../../test/fixtures/chromium.ts'
import { eventually } from '../../../test/fixtures/clickwatch.ts'
import { serveTrackedSite, type TrackedSite } from '../../../test/fixtures/tracked-site.ts'
import { buildTracker } from '../build.ts'

const body = `
  <a id="priceLink" href="/pricing?plan=pro#table">Prices</a>
  <button id="tryNowButton" data-cw-cta><b>Try</b> it now</button>
  <p id="plain">Nothing to click</p>
  <form id="contactForm"><input name="email" value=""><button id="send">Send</button></form>
  <section id="middle" style="height: 3000px" data-cw-id="middle"></section>
  <script>document.getElementById('contactForm').addEventListener('submit', (event) => event.preventDefault())</script>`

let browser: Browser
let context: BrowserContext
let page: Page
let site: TrackedSite

beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser?.close())
beforeEach(async () => {
  site = await serveTrackedSite(body, 'data-site="shop"')
  context = await browser.newContext({ viewport: { width: 1000, height: 600 }, locale: 'de-DE' })
  page = await context.newPage()
})
afterEach(async () => {
  await context.close()
  await site.close()
})

const open = (path = '/') => page.goto(site.origin + path)
const leave = () => page.goto('about:blank')
/** The types of what was accepted; without the hovers, which come or not by how long the pointer rests on what it clicked. */
const types = () => site.events().flatMap(({ type }) => (type === 'hover' ? [] : [type]))
const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('a page view', () => {
  it('tells where, from where, by whom and with what', async () => {
    await page.goto(`${site.origin}/?utm_source=linkedin`, { referer: 'https://news.example/story' })
    const [view] = await site.waitFor('page_view')
    expect(view).toMatchObject({
      url: `${site.origin}/?utm_source=linkedin`,
      title: 'A page',
      referrer: 'https://news.example/story',
    })
    expect(view?.id).toMatch(uuidV7)
    expect(site.accepted[0]).toMatchObject({ site: 'shop', language: 'de-DE' })
    expect(site.accepted[0]?.visitor_id).toMatch(uuidV7)
    expect(site.accepted[0]?.screen).toMatch(/^\d+x\d+$/)
  })

  it('is one for each address a script goes to, and none for the address it is at', async () => {
    await open()
    await site.waitFor('page_view')
    await page.evaluate(() => {
      history.pushState({}, '', '/pricing')
      history.replaceState({ kept: 1 }, '', '/pricing')
    })
    await site.waitFor('page_view', 2)
    await page.goBack()
    const views = await site.waitFor('page_view', 3)
    expect(views.map(({ url }) => new URL(url).pathname)).toEqual(['/', '/pricing', '/'])
    expect(views[1]?.referrer).toBe(`${site.origin}/`)
  })
})

describe('a click', () => {
  it('tells the element, what it says, and whether it is a call to action', async () => {
    await open()
    await page.click('#tryNowButton b')
    const [click] = await site.waitFor('click')
    expect(click?.element).toEqual({ id: 'tryNowButton', text: 'Try it now', cta: true })
    expect(click?.position?.x).toBeGreaterThan(0)
  })

  it('arrives though it leaves the page', async () => {
    await open()
    await page.click('#priceLink')
    await page.waitForURL('**/pricing**')
    const [click] = await site.waitFor('click')
    expect(click?.element).toMatchObject({ id: 'priceLink', href: `${site.origin}/pricing?plan=pro#table` })
  })

  it('on what cannot be clicked is none', async () => {
    await open()
    await page.click('#plain')
    await page.click('#tryNowButton')
    expect(await site.waitFor('click')).toHaveLength(1)
  })
})

it('a submit tells which form it was and nothing that was typed', async () => {
  await open()
  await page.fill('[name=email]', 'ines@secret.example')
  await page.click('#send')
  const [submit] = await site.waitFor('submit')
  expect(submit?.element).toEqual({ id: 'contactForm' })
  await leave()
  await site.waitFor('engagement')
  expect(JSON.stringify(site.arrived)).not.toContain('secret')
})

it('a hover is told once an element, after a while', async () => {
  await open()
  for (let times = 0; times < 2; times++) {
    await page.hover('#tryNowButton')
    await page.waitForTimeout(700)
    await page.hover('#plain')
  }
  await page.click('#tryNowButton')
  await site.waitFor('click')
  expect(site.events().filter(({ type }) => type === 'hover')).toHaveLength(1)
})

it('scrolling tells each quarter of the page once, and leaving how far it went and how long was looked at', async () => {
  await open()
  await site.waitFor('page_view')
  for (const part of [0.4, 0.2, 1]) {
    await page.evaluate((share) => scrollTo(0, share * document.documentElement.scrollHeight), part)
    await page.waitForTimeout(250)
  }
  await page.waitForTimeout(1000)
  const scrolls = await site.waitFor('scroll', 2)
  expect(scrolls.map(({ scroll_depth }) => scroll_depth)).toEqual([50, 100])
  expect(scrolls[0]?.element?.id).toBe('middle')
  await leave()
  const [engagement] = await site.waitFor('engagement')
  expect(engagement?.scroll_depth).toBe(100)
  expect(engagement?.engaged_ms).toBeGreaterThan(1000)
})

describe('a visit', () => {
  it('goes on over pages and tabs', async () => {
    await open()
    await site.waitFor('page_view')
    const other = await context.newPage()
    await other.goto(`${site.origin}/other`)
    await site.waitFor('page_view', 2)
    expect(new Set(site.accepted.map(({ visitor_id }) => visitor_id)).size).toBe(1)
    expect(new Set(site.accepted.map(({ session_id }) => session_id)).size).toBe(1)
  })

  it('ends after thirty minutes in which nothing happened, and the next begins with a page view', async () => {
    await open()
    await site.waitFor('page_view')
    await page.evaluate(() => {
      const [id] = (localStorage.getItem('clickwatch.session') ?? '').split('.')
      localStorage.setItem('clickwatch.session', `${id}.${Date.now() - 31 * 60_000}`)
    })
    await page.click('#tryNowButton')
    await site.waitFor('click')
    expect(types()).toEqual(['page_view', 'page_view', 'click'])
    const [first, second] = site.accepted
    expect(second?.visitor_id).toBe(first?.visitor_id)
    expect(second?.session_id).not.toBe(first?.session_id)
  })

  it('is one where the browser keeps nothing', async () => {
    await context.addInitScript(() => {
      Object.defineProperty(window, 'localStorage', {
        get() {
          throw new DOMException('denied', 'SecurityError')
        },
      })
    })
    await open()
    await page.click('#tryNowButton')
    await site.waitFor('click')
    expect(new Set(site.accepted.map(({ visitor_id }) => visitor_id)).size).toBe(1)
    expect(types()).toEqual(['page_view', 'click'])
  })
})

describe('delivery', () => {
  it('sends again what was refused for the moment, in order and under the same ids', async () => {
    site.answerNext({ status: 503, headers: { 'retry-after': '1' } })
    await open()
    await eventually('the refused request', async () => (site.arrived.length > 0 ? true : undefined))
    await page.click('#tryNowButton')
    await site.waitFor('click')
    expect(types()).toEqual(['page_view', 'click'])
    expect(site.events()[0]?.id).toBe(site.arrived[0]?.events[0]?.id)
  })

  it('does not repeat what would be refused again', async () => {
    site.answerNext({ status: 400 })
    await open()
    await eventually('the refused request', async () => (site.arrived.length > 0 ? true : undefined))
    await page.click('#tryNowButton')
    await site.waitFor('click')
    expect(types()).toEqual(['click'])
  })
})

it('a browser that opted out is not tracked', async () => {
  await open()
  await site.waitFor('page_view')
  await page.evaluate(() => localStorage.setItem('clickwatch.ignore', 'true'))
  const before = site.arrived.length
  await open('/again')
  await page.click('#tryNowButton')
  await leave()
  expect(site.arrived.slice(before).flatMap(({ events }) => events.map(({ url }) => url))).not.toContain(
    `${site.origin}/again`,
  )
})

it('an event of the page’s own is told by its name', async () => {
  await open()
  await page.evaluate(() =>
    (window as unknown as { clickwatch: (...given: string[]) => void }).clickwatch('event', 'Plan picked'),
  )
  const [custom] = await site.waitFor('custom')
  expect(custom?.name).toBe('Plan picked')
})

it('the script is under 3 KB gzipped', async () => {
  const { gzip } = await buildTracker()
  expect(gzip).toBeLessThan(3 * 1024)
})
