import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { dimensions, filterOperators, type Link, type NewIdea } from '@clickwatch/contract'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../fixtures/chromium.ts'
import { type ClickWatch, eventually, startClickWatch, untilStored } from '../fixtures/clickwatch.ts'
import { batch, event } from '../fixtures/events.ts'

let clickWatch: ClickWatch
beforeAll(async () => {
  clickWatch = await startClickWatch({ env: { CLICKWATCH_EVENTS_PER_ADDRESS: '0' } })
})
afterAll(() => clickWatch.dispose())

/** What would set `hacked` on the page that shows it, in each of the ways in which a text can become part of one. */
const scripts = [
  '<img src=x onerror="window.hacked=1">',
  '"><script>window.hacked=1</script>',
  "'-(window.hacked=1)-'",
  'javascript:window.hacked=1',
  '</title></textarea></style><svg onload="window.hacked=1">',
  '{{constructor.constructor("window.hacked=1")()}}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is text that would be a template elsewhere
  '${window.hacked=1}',
]
const hostile = scripts[0] ?? ''

describe('a script in what visitors send', () => {
  let browser: Browser
  let context: BrowserContext
  const violated: string[] = []
  beforeAll(async () => {
    browser = await launchChromium()
    context = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce' })
    // What gets as far as the policy has got too far.
    await context.exposeFunction('noteViolation', (what: string) => violated.push(what))
    await context.addInitScript(() => {
      addEventListener('securitypolicyviolation', ({ violatedDirective, sourceFile }) => {
        const { noteViolation } = window as unknown as { noteViolation(what: string): void }
        noteViolation(`${violatedDirective} ${sourceFile}`)
      })
    })
    const events = scripts.flatMap((script, index) => [
      event({
        url: `https://shop.example/${encodeURIComponent(script)}?utm_source=${encodeURIComponent(script)}&utm_campaign=${encodeURIComponent(script)}`,
        title: script,
        referrer: `https://from.example/${encodeURIComponent(script)}`,
      }),
      event({
        type: 'click',
        url: `https://shop.example/${index}`,
        element: { id: script, text: script, href: script },
        position: { x: 10 + index, y: 10 },
      }),
      event({ type: 'custom', name: script, url: 'https://shop.example/', props: { [script]: script, plan: script } }),
      event({ type: 'submit', url: 'https://shop.example/', element: { id: script }, fields: [script] }),
    ])
    await clickWatch.post('/e', {
      ...batch('mallory', 'visit', events),
      site: 'default',
      screen: '1x1',
      layout: '1280x900',
    })
    await clickWatch.post('/e', { ...batch('mallory', 'visit', []), events: [{ ...event(), type: hostile }, event()] })
    await clickWatch.post('/v1/sessions', [
      {
        session_id: hostile,
        user_id: hostile,
        timestamp: new Date().toISOString(),
        page_url: hostile,
        referrer: hostile,
        utm_source: hostile,
        browser: hostile,
        os: hostile,
        device_type: hostile.slice(0, 50),
        events: [{ event_type: hostile, element_id: hostile, page_url: hostile }],
      },
    ])
    await untilStored(clickWatch)
  })
  afterAll(() => browser?.close())

  /** Shows an address, and waits until the attack is there to be read: what is not shown proves nothing. */
  const show = async (path: string, act: (page: Page) => Promise<unknown> = async () => undefined): Promise<void> => {
    const page = await context.newPage()
    const dialogs: string[] = []
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message())
      void dialog.dismiss()
    })
    await page.goto(`${clickWatch.baseUrl}${path}`)
    await page.getByText('window.hacked').first().waitFor({ state: 'attached' })
    for (const closed of await page.locator('main details:not([open]) > summary').all()) await closed.click()
    await act(page)
    for (const link of await page
      .locator('a[href]')
      .evaluateAll((links) => links.map((each) => each.getAttribute('href'))))
      expect(link).not.toMatch(/^\s*javascript:/i)
    expect(await page.evaluate(() => (window as { hacked?: number }).hacked)).toBeUndefined()
    expect(dialogs).toEqual([])
    await page.close()
  }

  it.each([
    '/',
    '/?details=pages',
    '/?details=sources',
    '/?tabs={"pages":"titles"}',
    '/?tabs={"doings":"properties"}',
    `/?filters=${encodeURIComponent(JSON.stringify([['is', 'event:page', [`/${hostile}`]]]))}`,
    '/live',
    '/sessions',
    '/pages',
    '/journeys',
    '/report',
    '/refused',
  ])('is text on %s', (path) => show(path))

  it('is text in the answer of the SQL console', async () => {
    const page = await context.newPage()
    await page.goto(`${clickWatch.baseUrl}/sql`)
    await page
      .getByLabel('Your question')
      .fill(`SELECT title, element_text, '${hostile.replaceAll("'", "\\'")}' AS \`${hostile}\` FROM events`)
    await page.getByRole('button', { name: 'Run' }).click()
    await page.getByRole('columnheader').nth(2).waitFor()
    expect(await page.getByRole('columnheader').nth(2).textContent()).toBe(hostile)
    expect(await page.getByRole('cell', { name: hostile }).count()).toBeGreaterThan(1)
    expect(await page.evaluate(() => (window as { hacked?: number }).hacked)).toBeUndefined()
    await page.close()
  })

  it('is text behind a shared link, and in its name', async () => {
    const response = await clickWatch.post('/api/sites/default/links', { name: hostile })
    expect(response.status).toBe(201)
    const { path } = (await response.json()) as Link
    await show(path)
    await show(`${path}?embed=1`)
  })

  it('is text on an idea’s door page, and in what a visitor leaves there', async () => {
    const idea: NewIdea = {
      name: hostile,
      key: 'hostile',
      hypothesis: hostile,
      template: 'fake_door',
      ladder: [
        { grade: 'seen', rule: { type: 'page', path: '/' } },
        { grade: 'click', rule: { type: 'element', element: 'buy', action: 'click' } },
      ],
      bar: { grade: 'click', rate: 0.1 },
      budget: { visitors: 100 },
      door: { title: hostile, text: hostile, asks_address: true, labels: { send: hostile } },
    }
    expect((await clickWatch.post('/api/sites/default/ideas', idea)).status).toBe(201)
    const path = await eventually('the door to be there', async () => {
      const door = '/idea/default/hostile'
      return (await fetch(clickWatch.baseUrl + door)).status === 200 ? door : undefined
    })
    await show(path, async (page) => {
      await page.locator('input[name=address]').fill(`${hostile}@x`)
      await page.locator('button').click()
      await page.getByRole('alert').waitFor()
      expect(await page.locator('input[name=address]').inputValue()).toContain('window.hacked')
    })
    await show('/ideas')
  })

  it('is text where an address of ours gives it back', async () => {
    for (const path of [
      `/share/${encodeURIComponent(hostile)}`,
      `/?site=${encodeURIComponent(hostile)}`,
      `/${encodeURIComponent(hostile)}`,
    ]) {
      const page = await context.newPage()
      await page.goto(clickWatch.baseUrl + path)
      await page.waitForLoadState('load')
      await sleep(1000)
      expect(await page.evaluate(() => (window as { hacked?: number }).hacked)).toBeUndefined()
      await page.close()
    }
  })

  it('has never got as far as the policy that would have stopped it', () => {
    expect(violated).toEqual([])
  })
})

describe('SQL in a filter', () => {
  const injections = ["' OR 1=1 --", "\\' OR 1=1 --", '{site:String}', "'); DROP TABLE silver.events; --", '%', '_']

  it.each(dimensions.filter((each) => each !== 'event:goal'))('finds nobody by %s', async (dimension) => {
    const visitors = async (filters: unknown[]) => {
      const { results } = await clickWatch.query({
        site_id: 'injected',
        metrics: ['visitors'],
        date_range: 'all',
        filters,
      })
      return results[0]?.metrics[0]
    }
    if (dimension === 'event:page') {
      await clickWatch.post('/e', {
        ...batch('one', 'visit', [event({ url: 'https://shop.example/a' })]),
        site: 'injected',
      })
      await untilStored(clickWatch)
    }
    for (const operator of filterOperators.filter((each) => !each.endsWith('_not'))) {
      const values = operator === 'matches' ? ["' OR 1=1 --"] : injections.slice(0, 4)
      expect([operator, await visitors([[operator, dimension, values]])]).toEqual([operator, 0])
    }
  })
})

describe('ten thousand connections that send a byte now and then', () => {
  it('take nothing from those who send at once', async () => {
    const port = Number(new URL(clickWatch.baseUrl).port)
    const sockets: Socket[] = []
    let closed = 0
    const open = (): Promise<void> =>
      new Promise((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', () => {
          socket.write('POST /e HTTP/1.1\r\nHost: shop.example\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n')
          resolve()
        })
        socket.on('error', reject)
        socket.on('close', () => closed++)
        sockets.push(socket)
      })
    for (let opened = 0; opened < 10_000; opened += 500) {
      await Promise.all(Array.from({ length: 500 }, open))
    }
    // Half of them dribble their headers, half their body.
    const dribble = setInterval(() => {
      for (const [index, socket] of sockets.entries()) {
        if (socket.writable) socket.write(index % 2 === 0 ? 'X' : '\r\n')
      }
    }, 5000)
    try {
      let answered = 0
      for (let round = 0; round < 100; round++) {
        const response = await clickWatch.post('/e', { ...batch(`quick${round}`, 'v', [event()]), site: 'quick' })
        expect(response.status).toBe(202)
        answered++
        await sleep(20)
      }
      expect(answered).toBe(100)
      expect((await fetch(`${clickWatch.baseUrl}/healthz`)).status).toBe(200)
      // Whoever takes longer than a minute is let go of.
      await eventually('the slow ones to be ended', async () => (closed === 10_000 ? true : undefined), 150_000)
      await eventually('all events to be counted', async () => {
        const { results } = await clickWatch.query({ site_id: 'quick', metrics: ['events'], date_range: 'all' })
        return results[0]?.metrics[0] === 100 ? true : undefined
      })
    } finally {
      clearInterval(dribble)
      for (const socket of sockets) socket.destroy()
    }
  })
})
