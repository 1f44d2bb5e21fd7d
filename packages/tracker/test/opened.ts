import type { TrackerEvent } from '@clickwatch/contract'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { launchChromium } from '../../../test/fixtures/chromium.ts'
import { serveTrackedSite, type TrackedSite } from '../../../test/fixtures/tracked-site.ts'

/** What a test is about: a tracked site and a browser that has not been there before. */
export type Opened = { site: TrackedSite; context: BrowserContext; page: Page }

/** What the page writes to its console as an error, and what it throws. */
export const errorsOf = (page: Page): string[] => {
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(error.message))
  return errors
}

/**
 * For the tests of a file: answers how to serve a site and open a browser that knows nothing yet. All is closed by itself.
 * @param body of every page of the site
 */
export const prepare = (body: string) => {
  let browser: Browser
  const closing: (() => Promise<unknown>)[] = []
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser?.close())
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })
  return async (
    attributes: string | null = 'data-site="shop"',
    headers: Record<string, string> = {},
  ): Promise<Opened> => {
    const site = await serveTrackedSite(body, attributes, headers)
    closing.push(() => site.close())
    const context = await browser.newContext({ viewport: { width: 1000, height: 600 }, locale: 'de-DE' })
    closing.push(() => context.close())
    return { site, context, page: await context.newPage() }
  }
}

/** The types of what was accepted; without what comes or not by how long a test takes. */
export const typesOf = (events: readonly TrackerEvent[]): string[] =>
  events.flatMap(({ type }) => (/^(hover|cta_seen|engagement)$/.test(type) ? [] : [type]))

/** Commands the tracker as a page does. */
export const command = (page: Page, ...given: unknown[]): Promise<void> =>
  page.evaluate((all) => (window as unknown as { clickwatch(...given: unknown[]): void }).clickwatch(...all), given)

/** Makes the page believe that it lies behind another, or does not any more; a browser without a window has no other tabs. */
export const setHidden = (page: Page, isHidden: boolean): Promise<void> =>
  page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden })
    Object.defineProperty(document, 'visibilityState', {
      configurable: true,
      get: () => (hidden ? 'hidden' : 'visible'),
    })
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
  }, isHidden)

type TraceEvent = { name: string; pid: number; tid: number; tdur?: number; args: { name?: string } }

/** What a browser calls scripts for. */
const scriptTasks = new Set(['EvaluateScript', 'EventDispatch', 'FunctionCall', 'RunMicrotasks', 'TimerFire', 'v8.run'])

/**
 * How long scripts kept the page's main thread at most while something was done, in milliseconds of the thread's own time: what else
 * the machine is doing does not count.
 */
export const longestTaskMs = async (page: Page, act: () => Promise<unknown>): Promise<number> => {
  const browser = page.context().browser()
  if (!browser) throw new Error('the page has no browser')
  await browser.startTracing(page, { categories: ['devtools.timeline', 'v8.execute'] })
  await act()
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] }
  const mains = new Set(
    traceEvents.flatMap(({ name, pid, tid, args }) =>
      name === 'thread_name' && args.name === 'CrRendererMain' ? [`${pid}/${tid}`] : [],
    ),
  )
  const tasks = traceEvents.flatMap(({ name, pid, tid, tdur }) =>
    scriptTasks.has(name) && tdur !== undefined && mains.has(`${pid}/${tid}`) ? [tdur / 1000] : [],
  )
  if (tasks.length === 0) throw new Error('the trace has no script')
  return Math.max(...tasks)
}
