import { describe, expect, it } from 'vitest'
import { eventually } from '../../../test/fixtures/clickwatch.ts'
import { buildTracker } from '../build.ts'
import { command, errorsOf, longestTaskMs, prepare, typesOf } from './opened.ts'

/** From which on a browser calls a task long (https://www.w3.org/TR/longtasks/). */
const longTaskMs = 50

const open = prepare('<h1>A page</h1><button id="tryNowButton" data-cw-cta>Try it now</button>')

describe('what could not be sent', () => {
  it('is sent again, in order and under the same ids, not before the server wants it', async () => {
    const { site, page } = await open()
    site.answerNext({ status: 503, headers: { 'retry-after': '1' } })
    const startedAt = Date.now()
    await page.goto(site.origin)
    await eventually('the refused request', async () => (site.arrived.length > 0 ? true : undefined))
    await page.click('#tryNowButton')
    await site.waitFor('click')
    expect(Date.now() - startedAt).toBeGreaterThan(1000)
    expect(typesOf(site.events())).toEqual(['page_view', 'click'])
    expect(site.events()[0]?.id).toBe(site.arrived[0]?.events[0]?.id)
  })

  it('is not repeated when it would be refused again', async () => {
    const { site, page } = await open()
    site.answerNext({ status: 400 })
    await page.goto(site.origin)
    await eventually('the refused request', async () => (site.arrived.length > 0 ? true : undefined))
    await page.click('#tryNowButton')
    await site.waitFor('click')
    expect(typesOf(site.events())).toEqual(['click'])
  })

  it('because the server was dead goes when it is not any more, whatever was closed in between', async () => {
    const { site, page, context } = await open()
    await page.goto(site.origin)
    await site.waitFor('page_view')
    site.setDead(true)
    await page.click('#tryNowButton')
    await command(page, 'event', 'While it was dead')
    await page.waitForTimeout(500)
    await page.close()
    expect(typesOf(site.events())).toEqual(['page_view'])

    site.setDead(false)
    const later = await context.newPage()
    await later.goto(`${site.origin}/later`)
    await site.waitFor('page_view', 2)
    await site.waitFor('custom')
    expect(typesOf(site.events())).toEqual(['page_view', 'click', 'custom', 'page_view'])
    expect(await later.evaluate(() => localStorage.getItem('clickwatch.queue'))).toBe('')
  })

  it('goes by itself when the network comes back', async () => {
    const { site, page, context } = await open()
    await page.goto(site.origin)
    await site.waitFor('page_view')
    await context.setOffline(true)
    await page.click('#tryNowButton')
    await page.waitForTimeout(300)
    await context.setOffline(false)
    await site.waitFor('click')
    const ids = site.arrived.flatMap(({ events }) => events.map(({ id }) => id))
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('is kept by each of two tabs', async () => {
    const { site, page, context } = await open()
    const other = await context.newPage()
    await Promise.all([page.goto(site.origin), other.goto(`${site.origin}/other`)])
    await site.waitFor('page_view', 2)
    site.setDead(true)
    for (const tab of [page, other]) {
      await tab.click('#tryNowButton')
      await tab.waitForTimeout(200)
    }
    await page.close()
    await other.close()
    site.setDead(false)
    const later = await context.newPage()
    await later.goto(`${site.origin}/later`)
    const clicks = await site.waitFor('click', 2)
    expect(clicks).toHaveLength(2)
  })
})

it('ten thousand events of a session all arrive, none twice, without a long task', async () => {
  const { site, page } = await open()
  const errors = errorsOf(page)
  await page.goto(site.origin)
  await site.waitFor('page_view')
  const longest = await longestTaskMs(page, () =>
    page.evaluate(async () => {
      const { clickwatch } = window as unknown as { clickwatch(...given: unknown[]): void }
      for (let made = 0; made < 10_000; made += 100) {
        for (let number = 0; number < 100; number++) clickwatch('event', 'Ticked', { props: { number: made + number } })
        await new Promise((resolve) => setTimeout(resolve))
      }
      await new Promise((resolve) => setTimeout(resolve, 500))
    }),
  )
  const customs = await site.waitFor('custom', 10_000)
  expect(customs.map(({ props }) => props?.number)).toEqual(Array.from({ length: 10_000 }, (_, number) => number))
  expect(new Set(customs.map(({ seq }) => seq)).size).toBe(10_000)
  expect(longest).toBeLessThan(longTaskMs)
  expect(errors).toEqual([])
})

it('a page with a strict policy is tracked, with nothing moved and no error', async () => {
  const policy = "default-src 'none'; script-src 'self'; connect-src 'self'"
  const { site, page } = await open('data-site="shop"', { 'content-security-policy': policy })
  const errors = errorsOf(page)
  await page.addInitScript(() => {
    const counts = Object.assign(window, { shifts: 0 })
    new PerformanceObserver((list) => {
      counts.shifts += list.getEntries().length
    }).observe({ type: 'layout-shift', buffered: true })
  })
  const longest = await longestTaskMs(page, async () => {
    await page.goto(site.origin)
    await page.click('#tryNowButton')
    await site.waitFor('click')
    await site.waitFor('cta_seen')
  })
  expect(longest).toBeLessThan(longTaskMs)
  expect(await page.evaluate(() => (window as unknown as { shifts: number }).shifts)).toBe(0)
  expect(errors).toEqual([])
})

it('the script is under 2.5 KB in brotli', async () => {
  const { brotli } = await buildTracker()
  expect(brotli).toBeLessThan(2500)
})
