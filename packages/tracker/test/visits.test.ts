import { describe, expect, it } from 'vitest'
import { command, errorsOf, prepare, setHidden, typesOf } from './opened.ts'

const open = prepare('<button id="tryNowButton">Try it now</button><div style="height: 2000px"></div>')

const sessionsOf = (events: readonly { session_id?: string }[]) => new Set(events.map(({ session_id }) => session_id))

describe('a visit', () => {
  it('goes on over pages and tabs, its events numbered', async () => {
    const { site, page, context } = await open()
    await page.goto(site.origin)
    await site.waitFor('page_view')
    const other = await context.newPage()
    await other.goto(`${site.origin}/other`)
    await site.waitFor('page_view', 2)
    await page.click('#tryNowButton')
    await site.waitFor('click')
    expect(new Set(site.accepted.map(({ visitor_id }) => visitor_id)).size).toBe(1)
    expect(sessionsOf(site.events()).size).toBe(1)
    const numbers = site.events().map(({ seq }) => seq)
    expect(numbers).toEqual(numbers.map((_, index) => index))
  })

  it('ends after thirty minutes in which nothing happened, and the next begins with a page view', async () => {
    const { site, page } = await open()
    await page.goto(site.origin)
    await site.waitFor('page_view')
    await page.evaluate(() => {
      const [id, , ...rest] = (localStorage.getItem('clickwatch.session') ?? '').split('|')
      localStorage.setItem('clickwatch.session', [id, Date.now() - 31 * 60_000, ...rest].join('|'))
    })
    await page.click('#tryNowButton')
    await site.waitFor('click')
    expect(typesOf(site.events())).toEqual(['page_view', 'page_view', 'click'])
    expect(sessionsOf(site.events()).size).toBe(2)
    expect(new Set(site.accepted.map(({ visitor_id }) => visitor_id)).size).toBe(1)
  })

  it('begins anew by another campaign where the site wants it so', async () => {
    const { site, page } = await open('data-campaign="true"')
    for (const search of ['?utm_source=a', '?utm_source=a', '', '?utm_source=b']) {
      await page.goto(`${site.origin}/${search}`)
    }
    const views = await site.waitFor('page_view', 4)
    expect(views.map(({ session_id }) => [...sessionsOf(views)].indexOf(session_id))).toEqual([0, 0, 0, 1])
  })
})

describe('where the browser keeps nothing', () => {
  it('because it may not, no id is sent, and no error is shown', async () => {
    const { site, page, context } = await open()
    const errors = errorsOf(page)
    await context.addInitScript(() => {
      Object.defineProperty(window, 'localStorage', {
        get() {
          throw new DOMException('denied', 'SecurityError')
        },
      })
    })
    await page.goto(site.origin)
    await page.click('#tryNowButton')
    await site.waitFor('click')
    expect(typesOf(site.events())).toEqual(['page_view', 'click'])
    expect(site.accepted.flatMap(({ visitor_id = [] }) => visitor_id)).toEqual([])
    expect(errors).toEqual([])
  })

  it('because it is full, no id is sent, and everything is told', async () => {
    const { site, page, context } = await open()
    const errors = errorsOf(page)
    await context.addInitScript(() => {
      for (let size = 2 ** 22; size >= 1; size /= 2) {
        try {
          for (let item = 0; ; item++) localStorage.setItem(`full-${size}-${item}`, 'x'.repeat(size))
        } catch {
          // No more of that size.
        }
      }
    })
    await page.goto(site.origin)
    await page.click('#tryNowButton')
    await site.waitFor('click')
    await command(page, 'event', 'Later')
    await site.waitFor('custom')
    expect(typesOf(site.events())).toEqual(['page_view', 'click', 'custom'])
    expect(new Set(site.events().map(({ session_id }) => session_id)).size).toBe(1)
    expect(site.accepted.flatMap(({ visitor_id = [] }) => visitor_id)).toEqual([])
    expect(errors).toEqual([])
  })

  it('because the site wants no ids, none is sent or kept', async () => {
    const { site, page } = await open('data-identity="cookieless"')
    await page.goto(site.origin)
    await page.click('#tryNowButton')
    await site.waitFor('click')
    expect(site.accepted.flatMap(({ visitor_id = [] }) => visitor_id)).toEqual([])
    expect(await page.evaluate(() => Object.keys(localStorage).concat(document.cookie))).toEqual([''])
  })
})

describe('consent', () => {
  it('is waited for with nothing sent or kept, and then everything is told', async () => {
    const { site, page } = await open('data-identity="consent"')
    await page.goto(site.origin)
    await page.click('#tryNowButton')
    await page.waitForTimeout(400)
    expect(site.arrived).toEqual([])
    expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([])
    await command(page, 'consent', true)
    await site.waitFor('click')
    expect(typesOf(site.events())).toEqual(['page_view', 'click'])
    expect(site.accepted[0]?.visitor_id).toBeTruthy()
    await page.goto(`${site.origin}/next`)
    await site.waitFor('page_view', 2)
    expect(sessionsOf(site.events()).size).toBe(1)
  })

  it('that is refused leaves nothing; withdrawn, it makes the browser forget', async () => {
    const { site, page } = await open('data-identity="consent"')
    await page.goto(site.origin)
    await command(page, 'consent', false)
    await page.click('#tryNowButton')
    await page.goto(`${site.origin}/next`)
    await page.waitForTimeout(300)
    expect(site.arrived).toEqual([])
    // The page view of the first page, of nobody; the second page was not asked about.
    expect(site.withheld).toEqual([{ withheld: 1 }])
    await command(page, 'consent', true)
    await site.waitFor('page_view')
    await command(page, 'consent', false)
    expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([])
    const before = site.arrived.length
    await page.click('#tryNowButton')
    await page.waitForTimeout(300)
    expect(site.arrived.length).toBe(before)
  })
})

describe('who asks for it is left alone', () => {
  it('by the browser’s signals, where the site honours them', async () => {
    const { site, page, context } = await open('data-signals="true"')
    await context.addInitScript(() => {
      Object.defineProperty(navigator, 'globalPrivacyControl', { get: () => true })
    })
    await page.goto(site.origin)
    await page.click('#tryNowButton')
    await page.goto('about:blank')
    expect(site.arrived).toEqual([])
  })

  it('by a mark in this browser', async () => {
    const { site, page } = await open()
    await page.goto(site.origin)
    await site.waitFor('page_view')
    await page.evaluate(() => localStorage.setItem('clickwatch.ignore', 'true'))
    await page.goto(`${site.origin}/again`)
    await page.click('#tryNowButton')
    await page.goto('about:blank')
    expect(site.events().map(({ url }) => url)).not.toContain(`${site.origin}/again`)
  })
})

describe('engaged time', () => {
  /** What all events of the site carry together. */
  const engagedMs = (events: readonly { engaged_ms?: number }[]) =>
    events.reduce((sum, { engaged_ms = 0 }) => sum + engaged_ms, 0)

  it('is what the page was looked at, within 200 ms, however often it is hidden', async () => {
    const { site, page } = await open()
    await page.goto(site.origin)
    await site.waitFor('page_view')
    // The page itself notes how long it is shown from when the script is there, since asking it takes a while of its own.
    await page.evaluate(() => {
      const loaded = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
      const watched = Object.assign(window, { shownMs: 0 })
      let since = loaded.find(({ initiatorType }) => initiatorType === 'script')?.responseEnd ?? 0
      document.addEventListener('visibilitychange', () => {
        if (document.hidden) watched.shownMs += performance.now() - since
        else since = performance.now()
      })
    })
    for (let times = 0; times < 3; times++) {
      if (times > 0) await setHidden(page, false)
      await page.waitForTimeout(700)
      await setHidden(page, true)
      await page.waitForTimeout(500)
    }
    const truth = await page.evaluate(() => (window as unknown as { shownMs: number }).shownMs)
    await page.goto('about:blank')
    await site.waitFor('engagement', 3)
    expect(Math.abs(engagedMs(site.events()) - truth)).toBeLessThan(200)
  })

  it('ends where nobody does anything any more', async () => {
    const { site, page } = await open()
    await page.clock.install()
    await page.goto(site.origin)
    await page.clock.runFor(1000)
    await site.waitFor('page_view')
    await page.clock.runFor(10 * 60_000)
    await page.click('#tryNowButton')
    await page.clock.runFor(1000)
    await site.waitFor('click')
    expect(engagedMs(site.events())).toBeGreaterThan(55_000)
    expect(engagedMs(site.events())).toBeLessThan(65_000)
  })
})
