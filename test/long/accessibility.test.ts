import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../fixtures/chromium.ts'
import { type ClickWatch, startClickWatch } from '../fixtures/clickwatch.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let browser: Browser
let context: BrowserContext
let clickwatch: ClickWatch

beforeAll(async () => {
  ;[browser, clickwatch] = await Promise.all([launchChromium(), startClickWatch()])
  context = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce' })
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

/** What axe finds wrong: the rule, where, and why. */
const violations = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe)
  // A colour that is on its way to another is none that anybody reads by.
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((one) => one instanceof CSSTransition)
        .map(({ finished }) => finished),
    ),
  )
  return page.evaluate(async () => {
    type Found = { violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[] }
    const { violations: found } = await (window as unknown as { axe: { run(): Promise<Found> } }).axe.run()
    return found.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    )
  })
}

type State = {
  path: string
  /** What it shows once it is there. */
  ready: string
  /** What leads to it from there. */
  act?: (page: Page) => Promise<unknown>
  /** What every question is answered with, instead of the truth. */
  failing?: { questions: string; status: number; code: string }
}

const main = { path: '/?site=seen', ready: '[data-row="linkedin"]' }
const dialog = (page: Page) => page.getByRole('dialog')
const press = (key: string) => async (page: Page) => {
  await page.keyboard.press(key)
  await dialog(page).waitFor()
}
const queries = '**/api/v2/query'

/** Every state that a screen can be looked at in. */
const states: Record<string, State> = {
  'the main screen': main,
  'details of a panel': { path: '/?site=seen&details=sources', ready: '[role=dialog] [data-row="linkedin"]' },
  'details in which nothing is found': {
    path: '/?site=seen&details=sources',
    ready: '[role=dialog] [data-row="linkedin"]',
    async act(page) {
      await page.getByLabel('Search').fill('nothing of the kind')
      await page.getByText('Nothing in this range contains').waitFor()
    },
  },
  'details that cannot be answered': {
    path: '/?site=seen&details=sources',
    ready: '[role=dialog] [role=alert]',
    failing: { questions: queries, status: 500, code: 'internal' },
  },
  'properties, of which there are none': {
    path: '/?site=seen&tabs={"doings":"properties"}',
    ready: 'text=No event of this range carries a property',
  },
  'the map': { path: '/?site=seen&tabs={"places":"map"}', ready: '[data-country="DE"]' },
  'the filter dialog': { ...main, act: press('f') },
  'the filter builder, with groups, a value and suggestions': {
    path: '/?site=seen&filters=[["not",["is","visit:source",["facebook"]]],["or",[["is","visit:os",["Linux"]],["has_done",["is","event:type",["click"]]]]]]',
    ready: '[data-row="linkedin"]',
    async act(page) {
      await press('f')(page)
      await page.getByRole('combobox', { name: 'Values' }).first().focus()
      await page.getByRole('listbox').first().waitFor()
    },
  },
  'a filter that makes no sense': {
    path: '/?site=seen&filters=[["matches","event:page",["("]]]',
    ready: 'text=filters/0/2/0 is no regular expression',
  },
  'a note being made': {
    ...main,
    async act(page) {
      await page.getByRole('button', { name: 'Add a note' }).click()
      await dialog(page).waitFor()
    },
  },
  'a question in SQL, answered': {
    path: '/sql?site=seen',
    ready: 'text=uniqExact',
    async act(page) {
      await page.getByText('events', { exact: true }).first().click()
      await page.getByLabel('Your question').fill('SELECT path, source FROM events')
      await page.getByRole('button', { name: 'Run' }).click()
      await page.getByRole('cell', { name: 'linkedin' }).first().waitFor()
    },
  },
  'a question in SQL that is refused': {
    path: '/sql?site=seen',
    ready: 'text=events',
    async act(page) {
      await page.getByLabel('Your question').fill('SELECT * FROM silver.events')
      await page.getByRole('button', { name: 'Run' }).click()
      await page.getByText('It was not answered').waitFor()
    },
  },
  'the shortcuts': { ...main, act: press('?') },
  'a site without data': { path: '/?site=nobody', ready: 'h2' },
  'a server that fails': {
    path: '/?site=seen',
    ready: '[role=alert]',
    failing: { questions: queries, status: 500, code: 'internal' },
  },
  'an engine that is down': {
    path: '/?site=seen',
    ready: 'text=The server is catching up',
    failing: { questions: '**/api/**', status: 503, code: 'engine_down' },
  },
  'the first account being asked for': {
    path: '/?site=seen',
    ready: 'input',
    failing: { questions: queries, status: 401, code: 'unauthorized' },
  },
  'a key being asked for': {
    path: '/?site=seen',
    ready: 'input',
    failing: { questions: queries, status: 401, code: 'unauthorized' },
    async act(page) {
      await page.getByRole('button', { name: 'I have a key instead' }).click()
      await page.getByLabel('Access key').waitFor()
    },
  },
  'the account of nobody yet': { path: '/account', ready: 'text=Make my account' },
  'people, of whom there are none': { path: '/account?tab=people', ready: 'text=Nobody has an account yet' },
  'keys, of which there are none': { path: '/account?tab=keys', ready: 'text=There are no keys yet' },
  'changes, of which there are none': { path: '/account?tab=audit', ready: 'text=Nothing was changed yet' },
  'an invitation without its code': { path: '/invitation', ready: 'text=ends with a long code' },
  'another password': { path: '/reset-password#token', ready: 'input' },
  'how a site is shown, with its snippet': { path: '/settings?site=seen&tab=site', ready: 'text=have arrived' },
  'a site that waits for its first event': { path: '/settings?site=new&tab=site', ready: 'text=Waiting for the first' },
  'what is taken in of a site': { path: '/settings?site=seen&tab=collection', ready: 'text=What cannot be undone' },
  'a link that leads nowhere': { path: '/share/nothing', ready: 'h1' },
  'the live screen': { path: '/live?site=seen', ready: '[data-country="DE"]' },
  'the live screen of a server that fails': {
    path: '/live?site=seen',
    ready: '[role=alert]',
    failing: { questions: '**/api/{now,v2/query}*', status: 500, code: 'internal' },
  },
  'the report': { path: '/report?site=seen', ready: 'canvas' },
  'a report that cannot be answered': {
    path: '/report?site=seen',
    ready: '[role=alert]',
    failing: { questions: '**/api/report*', status: 500, code: 'internal' },
  },
}

describe('without anything that axe objects to, light and dark:', () => {
  for (const [name, { path, ready, act, failing }] of Object.entries(states)) {
    it(name, async () => {
      const page = await context.newPage()
      if (failing) {
        const error = { code: failing.code, message: 'The server is not well.', request_id: 'r-17' }
        await page.route(failing.questions, (route) => route.fulfill({ status: failing.status, json: { error } }))
      }
      await page.goto(clickwatch.baseUrl + path)
      await page.locator(ready).first().waitFor()
      await act?.(page)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        expect([colorScheme, ...(await violations(page))]).toEqual([colorScheme])
      }
      await page.close()
    })
  }
})
