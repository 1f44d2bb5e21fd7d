import { describe, expect, it } from 'vitest'
import { prepare } from './opened.ts'

const open = prepare(`
  <script defer src="/clickwatch.vitals.js"></script><script defer src="/clickwatch.js" data-site="shop"></script>
  <h1>How fast is this?</h1><button id="slow" onclick="const until = performance.now() + 60; while (performance.now() < until);">Wait</button>
  <div style="height: 3000px"></div>`)

describe('web vitals', () => {
  it('are told once each by the time the page is left, as measures that begin no visit', async () => {
    const { site, page } = await open(null)
    await page.goto(site.origin)
    await site.waitFor('page_view')
    await page.click('#slow')
    // What was painted after the click is what its interaction waited for.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50))))
    // Another page of the site would tell measures of its own.
    await page.goto('about:blank')
    const vitals = await site.waitFor('web_vital', 5)
    expect(vitals.map(({ name }) => name).sort()).toEqual(['CLS', 'FCP', 'INP', 'LCP', 'TTFB'])
    const measured = (vital: string) => vitals.find(({ name }) => name === vital)?.value ?? -1
    expect(measured('INP')).toBeGreaterThanOrEqual(50)
    expect(measured('LCP')).toBeGreaterThan(0)
    expect(measured('CLS')).toBeGreaterThanOrEqual(0)
    expect(new Set(vitals.map(({ session_id }) => session_id)).size).toBe(1)
    expect(site.events().filter(({ type }) => type === 'page_view')).toHaveLength(1)
  })
})

describe('a page with both scripts', () => {
  it('has one name more than before', async () => {
    const { site, page } = await open(null)
    await page.addInitScript(() => Object.assign(window, { before: Object.getOwnPropertyNames(window) }))
    await page.goto(site.origin)
    await site.waitFor('page_view')
    const added = await page.evaluate(() => {
      const { before } = window as unknown as { before: string[] }
      return Object.getOwnPropertyNames(window).filter((name) => !before.includes(name))
    })
    expect(added.sort()).toEqual(['before', 'clickwatch'])
  })
})

describe('the layout', () => {
  it('goes with what is told: how wide the window was and how high the page', async () => {
    const { site, page } = await open(null)
    await page.goto(site.origin)
    await site.waitFor('page_view')
    const height = await page.evaluate(() => document.documentElement.scrollHeight)
    expect(height).toBeGreaterThan(3000)
    expect(site.accepted[0]?.layout).toBe(`1000x${height}`)
  })
})
