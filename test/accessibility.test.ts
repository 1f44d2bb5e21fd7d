import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from './fixtures/chromium.ts'
import { type ClickWatch, startClickWatch } from './fixtures/clickwatch.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let browser: Browser
let clickwatch: ClickWatch

beforeAll(async () => {
  ;[browser, clickwatch] = await Promise.all([launchChromium(), startClickWatch()])
  await clickwatch.post('/v1/sessions?site=seen', [
    {
      user_id: 'guest_1',
      session_id: 'session_1',
      timestamp: new Date(Date.now() - 60_000).toISOString(),
      page_url: '/idea',
      utm_source: 'linkedin',
      country: 'DE',
      browser: 'Firefox',
      os: 'Linux',
      visit_count: 1,
      events: [{ event_type: 'click', element_id: 'tryNowButton', timestamp: new Date().toISOString() }],
    },
  ])
})
afterAll(async () => {
  await browser?.close()
  await clickwatch?.dispose()
})

/** What axe finds wrong, a line each: the rule and where. */
const violations = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    type Found = { violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[] }
    const { violations: found } = await (window as unknown as { axe: { run(): Promise<Found> } }).axe.run()
    return found.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`))
  })
}

type State = { path: string; ready: string; keys?: string[]; scheme?: 'light' | 'dark' }

/** Every state that a screen can be looked at in: what it shows once it is there, and the keys that lead to it. */
const states: Record<string, State> = {
  'the main screen, light': { path: '/?site=seen&period=day', ready: '[data-row="linkedin"]' },
  'the main screen, dark': { path: '/?site=seen&period=day', ready: '[data-row="linkedin"]', scheme: 'dark' },
  'details of a panel': {
    path: '/?site=seen&period=day&details=sources',
    ready: '[role=dialog] [data-row="linkedin"]',
  },
  'the map': { path: '/?site=seen&period=day&tabs={"places":"map"}', ready: '[data-country="DE"]' },
  'the filter dialog': { path: '/?site=seen&period=day', ready: '[data-row="linkedin"]', keys: ['f'] },
  'the shortcuts': { path: '/?site=seen&period=day', ready: '[data-row="linkedin"]', keys: ['?'] },
  'a site without data': { path: '/?site=nobody', ready: 'h2' },
  'the live screen': { path: '/live?site=seen', ready: '[data-country="DE"]' },
}

describe('without anything that axe objects to:', () => {
  for (const [name, { path, ready, keys = [], scheme = 'light' }] of Object.entries(states)) {
    it(name, async () => {
      const context = await browser.newContext({ colorScheme: scheme, locale: 'en-US', reducedMotion: 'reduce' })
      const page = await context.newPage()
      await page.goto(clickwatch.baseUrl + path)
      await page.locator(ready).first().waitFor()
      for (const key of keys) {
        await page.keyboard.press(key)
        await page.getByRole('dialog').waitFor()
      }
      expect(await violations(page)).toEqual([])
      await context.close()
    })
  }
})
