import { describe, expect, it } from 'vitest'
import { command, prepare, setHidden } from './opened.ts'

const open = prepare(`
  <a id="priceLink" href="/pricing?plan=pro#table">Prices</a>
  <a id="away" href="https://elsewhere.example/" onclick="event.preventDefault()">Elsewhere</a>
  <a id="file" href="/files/report" download onclick="event.preventDefault()">Report</a>
  <button id="tryNowButton" data-cw-cta><b>Try</b> it now</button>
  <button id="plan" data-cw-event="Plan picked" data-cw-event-plan="pro" data-cw-event-seats="3">Pro</button>
  <p id="plain">Nothing to click</p>
  <div id="editor" contenteditable data-cw-id="editor">my secret diary</div>
  <form id="contactForm" data-cw-event="Asked">
    <input name="email"><input name="phone"><input type="hidden" name="token" value="secret-token">
    <input type="checkbox" name="news"><textarea name="message"></textarea><button id="send">Send</button>
  </form>
  <section id="middle" style="height: 3000px" data-cw-id="middle"></section>
  <button id="last" data-cw-cta>Last chance</button>
  <script>document.getElementById('contactForm').addEventListener('submit', (event) => event.preventDefault())</script>`)

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('a page view', () => {
  it('tells where, from where, by whom and with what', async () => {
    const { site, page } = await open()
    await page.goto(`${site.origin}/?utm_source=linkedin#top`, { referer: 'https://news.example/story' })
    const [view] = await site.waitFor('page_view')
    expect(view).toMatchObject({
      url: `${site.origin}/?utm_source=linkedin`,
      title: 'A page',
      referrer: 'https://news.example/story',
    })
    expect(view?.id).toMatch(uuidV7)
    expect(site.accepted[0]).toMatchObject({ site: 'shop' })
    expect(site.accepted[0]?.visitor_id).toMatch(uuidV7)
    expect(view?.session_id).toMatch(uuidV7)
    expect(site.accepted[0]?.screen).toMatch(/^\d+x\d+$/)
  })

  it('is one for each address a script goes to, and none for the address it is at', async () => {
    const { site, page } = await open()
    await page.goto(site.origin)
    await site.waitFor('page_view')
    await page.evaluate(() => {
      history.pushState({}, '', '/pricing')
      history.replaceState({ kept: 1 }, '', '/pricing')
      location.hash = 'table'
    })
    await site.waitFor('page_view', 2)
    await page.goBack()
    await page.goBack()
    const views = await site.waitFor('page_view', 3)
    expect(views.map(({ url }) => new URL(url).pathname)).toEqual(['/', '/pricing', '/'])
    expect(views[1]?.referrer).toBe(`${site.origin}/`)
  })

  it('is one for each part after # where that names the page', async () => {
    const { site, page } = await open('data-hash="true"')
    await page.goto(`${site.origin}/#/start`)
    await site.waitFor('page_view')
    await page.evaluate(() => {
      location.hash = '/pricing'
    })
    const views = await site.waitFor('page_view', 2)
    expect(views.map(({ url }) => new URL(url).hash)).toEqual(['#/start', '#/pricing'])
  })

  it('is none until the page is shown', async () => {
    const { site, page } = await open()
    await page.addInitScript(() => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => true })
    })
    await page.goto(site.origin)
    await command(page, 'event', 'Too early')
    await page.waitForTimeout(300)
    expect(site.arrived).toEqual([])
    await setHidden(page, false)
    await site.waitFor('page_view')
  })

  it('comes again when the browser brings the page back from its cache', async () => {
    const { site, page } = await open()
    await page.goto(site.origin)
    await site.waitFor('page_view')
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))
    await site.waitFor('page_view', 2)
  })
})

describe('a click', () => {
  it('tells the element, what it says, and whether it is a call to action', async () => {
    const { site, page } = await open()
    await page.goto(site.origin)
    await page.click('#tryNowButton b')
    const [click] = await site.waitFor('click')
    expect(click?.element).toEqual({ id: 'tryNowButton', text: 'Try it now', cta: true })
    expect(click?.position?.x).toBeGreaterThan(0)
  })

  it('arrives though it leaves the page', async () => {
    const { site, page } = await open()
    await page.goto(site.origin)
    await page.click('#priceLink')
    await page.waitForURL('**/pricing**')
    const [click] = await site.waitFor('click')
    expect(click?.element).toMatchObject({ id: 'priceLink', href: `${site.origin}/pricing?plan=pro#table` })
  })

  it('on a link tells where it leads, and that it saves a file', async () => {
    const { site, page } = await open()
    await page.goto(site.origin)
    await page.click('#away')
    await page.click('#file')
    const clicks = await site.waitFor('click', 2)
    expect(clicks.map(({ element }) => [element?.href, element?.link])).toEqual([
      ['https://elsewhere.example/', undefined],
      [`${site.origin}/files/report`, 'download'],
    ])
  })

  it('on what cannot be clicked is none; nor does it tell what was written', async () => {
    const { site, page } = await open()
    await page.goto(site.origin)
    await page.click('#plain')
    await page.click('#editor')
    const clicks = await site.waitFor('click')
    expect(clicks).toHaveLength(1)
    expect(JSON.stringify(site.arrived)).not.toContain('diary')
  })

  it('three times in a moment on the same is rage, once', async () => {
    const { site, page } = await open()
    await page.goto(site.origin)
    await page.click('#plain', { clickCount: 5, delay: 20 })
    await page.click('#tryNowButton', { clickCount: 3, delay: 20 })
    const rage = await site.waitFor('rage_click', 2)
    expect(rage).toHaveLength(2)
    expect(rage.map(({ element }) => element?.id)).toEqual([undefined, 'tryNowButton'])
  })
})

describe('a form', () => {
  it('that is sent tells which it was and which fields were filled, and nothing of what was typed', async () => {
    const { site, page } = await open()
    await page.goto(site.origin)
    await page.fill('[name=email]', 'ines@secret.example')
    await page.fill('[name=message]', 'a secret message')
    await page.check('[name=news]')
    await page.click('#send')
    const [submit] = await site.waitFor('submit')
    expect(submit?.element).toEqual({ id: 'contactForm' })
    expect(submit?.fields).toEqual(['email', 'news', 'message'])
    const [custom] = await site.waitFor('custom')
    expect(custom?.name).toBe('Asked')
    await page.goto('about:blank')
    expect(site.events().filter(({ type }) => type === 'form_abandon')).toEqual([])
    expect(JSON.stringify(site.arrived)).not.toContain('secret')
  })

  it('that is begun and left tells how far it got', async () => {
    const { site, page } = await open()
    await page.goto(site.origin)
    await page.fill('[name=email]', 'ines@secret.example')
    await page.goto('about:blank')
    const [abandon] = await site.waitFor('form_abandon')
    expect(abandon?.element).toEqual({ id: 'contactForm' })
    expect(abandon?.fields).toEqual(['email'])
    expect(JSON.stringify(site.arrived)).not.toContain('secret')
  })
})

it('a hover is told once an element, after a while', async () => {
  const { site, page } = await open()
  await page.goto(site.origin)
  for (let times = 0; times < 2; times++) {
    await page.hover('#tryNowButton')
    await page.waitForTimeout(700)
    await page.hover('#plain')
  }
  await page.click('#priceLink')
  await site.waitFor('click')
  expect(site.events().filter(({ type }) => type === 'hover')).toHaveLength(1)
})

describe('a call to action', () => {
  it('is seen when half of it was in view for a second, once a page, however late it came', async () => {
    const { site, page } = await open()
    await page.goto(site.origin)
    const [seen] = await site.waitFor('cta_seen')
    expect(seen?.element?.id).toBe('tryNowButton')
    await page.evaluate(() => {
      const late = document.createElement('button')
      late.id = 'late'
      late.textContent = 'Late'
      late.dataset.cwCta = ''
      document.body.prepend(late)
    })
    await site.waitFor('cta_seen', 2)
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
    const all = await site.waitFor('cta_seen', 3)
    expect(all.map(({ element }) => element?.id)).toEqual(['tryNowButton', 'late', 'last'])
  })

  it('is not seen in passing', async () => {
    const { site, page } = await open()
    await page.goto(site.origin)
    await site.waitFor('cta_seen')
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
    await page.waitForTimeout(400)
    await page.evaluate(() => scrollTo(0, 0))
    await page.waitForTimeout(1200)
    await page.click('#tryNowButton')
    await site.waitFor('click')
    expect(site.events().filter(({ type }) => type === 'cta_seen')).toHaveLength(1)
  })
})

it('scrolling tells each quarter of the page once, and leaving how far it went', async () => {
  const { site, page } = await open()
  await page.goto(site.origin)
  await site.waitFor('page_view')
  for (const part of [0.4, 0.2, 1]) {
    await page.evaluate((share) => scrollTo(0, share * document.documentElement.scrollHeight), part)
    await page.waitForTimeout(250)
  }
  const scrolls = await site.waitFor('scroll', 2)
  expect(scrolls.map(({ scroll_depth }) => scroll_depth)).toEqual([50, 100])
  await page.waitForTimeout(300)
  await page.goto('about:blank')
  const [engagement] = await site.waitFor('engagement')
  expect(engagement?.scroll_depth).toBe(100)
})

describe('an event of the page’s own', () => {
  it('is told by its name, with its props and revenue', async () => {
    const { site, page } = await open()
    await page.goto(site.origin)
    const revenue = { amount: 12.5, currency: 'EUR' }
    await command(page, 'event', 'Bought', {
      props: { plan: 'pro', seats: 3, trial: false },
      revenue,
      interactive: false,
    })
    const [custom] = await site.waitFor('custom')
    expect(custom).toMatchObject({
      name: 'Bought',
      props: { plan: 'pro', seats: 3, trial: false },
      revenue,
      interactive: false,
    })
  })

  it('may be named in the page’s own marks', async () => {
    const { site, page } = await open()
    await page.goto(site.origin)
    await page.click('#plan')
    const [custom] = await site.waitFor('custom')
    expect(custom).toMatchObject({ name: 'Plan picked', props: { plan: 'pro', seats: '3' } })
  })

  it('may come before the script', async () => {
    const { site, page } = await open()
    await page.addInitScript(() => {
      type Early = { (...given: unknown[]): void; q?: unknown[] }
      const early: Early = (...given) => {
        early.q = [...(early.q ?? []), given]
      }
      Object.assign(window, { clickwatch: early })
      early('event', 'Early')
    })
    await page.goto(site.origin)
    const [custom] = await site.waitFor('custom')
    expect(custom?.name).toBe('Early')
  })

  it('tells who is signed in, once the page says so', async () => {
    const { site, page } = await open()
    await page.goto(site.origin)
    await command(page, 'event', 'Before')
    await command(page, 'identify', 'customer-7')
    await command(page, 'event', 'While')
    await command(page, 'identify', null)
    await command(page, 'event', 'After')
    const customs = await site.waitFor('custom', 3)
    expect(customs.map(({ user_id }) => user_id)).toEqual([undefined, 'customer-7', undefined])
  })
})
