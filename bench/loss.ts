import { setTimeout as sleep } from 'node:timers/promises'
import type { BrowserContext } from 'playwright-core'
import { launchChromium } from '../test/fixtures/chromium.ts'
import { startClickWatch } from '../test/fixtures/clickwatch.ts'
import { serveTrackedSite } from '../test/fixtures/tracked-site.ts'
import { report } from './figures.ts'

// How many clicks arrive whose page is closed by the very click: a real mouse, a real tab, and a handler of the page that closes
// it before anything else happens.

const closes = Number(process.argv[2] ?? 1000)
const atOnce = 2
const settleMs = 30_000
const everyMs = 250

const clickWatch = await startClickWatch()
const attributes = `data-site="loss" data-endpoint="${clickWatch.baseUrl}/e"`
const site = await serveTrackedSite('<button id="buy" data-cw-cta onclick="window.close()">Buy</button>', attributes)
const browser = await launchChromium()

const openAndClose = async (context: BrowserContext, count: number): Promise<void> => {
  const opener = await context.newPage()
  await opener.goto('about:blank')
  for (let closed = 0; closed < count; closed++) {
    const opened = context.waitForEvent('page')
    await opener.evaluate((url) => void window.open(url), `${site.origin}/${closed}`)
    const page = await opened
    await page.waitForLoadState('load')
    const gone = page.waitForEvent('close')
    // The click is never answered: its page is gone.
    page.click('#buy', { noWaitAfter: true }).catch(() => undefined)
    await gone
  }
  await context.close()
}

const count = async (type: string): Promise<number> => {
  const filters = [['is', 'event:type', [type]]]
  const { results } = await clickWatch.query({ site_id: 'loss', metrics: ['events'], date_range: 'all', filters })
  return results[0]?.metrics[0] ?? 0
}

try {
  const shown = setInterval(
    () => void count('click').then((clicks) => process.stderr.write(`\r${clicks} clicks`)),
    5000,
  )
  await Promise.all(
    Array.from({ length: atOnce }, async () => openAndClose(await browser.newContext(), closes / atOnce)),
  )
  const deadline = performance.now() + settleMs
  while ((await count('click')) < closes && performance.now() < deadline) await sleep(everyMs)
  clearInterval(shown)
  const clicks = await count('click')
  const views = await count('page_view')
  process.stdout.write(`\r${closes} pages closed by a click: ${clicks} clicks and ${views} page views arrived\n\n`)
  report([
    { name: 'clicks_lost', value: closes - clicks, atMost: 0 },
    { name: 'clicks_counted_too_often', value: clicks - closes, atMost: 0 },
    { name: 'page_views_lost', value: closes - views, atMost: 0 },
  ])
} finally {
  await browser.close()
  await site.close()
  await clickWatch.dispose()
}
