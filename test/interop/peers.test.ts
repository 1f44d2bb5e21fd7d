import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../fixtures/chromium.ts'
import { type ClickWatch, eventually, startClickWatch, temporaryFolder } from '../fixtures/clickwatch.ts'
import { serveTrackedSite } from '../fixtures/tracked-site.ts'

// Other products' published trackers, unmodified, pointed at a ClickWatch. They come from the registry and are no part of it.

const packages = [
  '@plausible-analytics/tracker@0.4.6',
  'posthog-js@1.449.2',
  'posthog-node@5.70.0',
  '@umami/node@0.4.0',
]
const agent =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36'

const folder = temporaryFolder()
let clickWatch: ClickWatch
let browser: Browser
beforeAll(async () => {
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const options = ['--no-audit', '--no-fund', '--ignore-scripts']
  execFileSync('npm', ['install', ...options, ...packages], { cwd: folder, stdio: 'pipe' })
  clickWatch = await startClickWatch()
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  await clickWatch?.dispose()
  rmSync(folder, { recursive: true, force: true })
})

/** Lets a visitor come to a page with a script, and leave it. */
const visit = async (script: string, act: (page: Page) => Promise<unknown>) => {
  const { outputFiles } = await build({
    stdin: { contents: script, resolveDir: folder },
    bundle: true,
    write: false,
    format: 'esm',
    logLevel: 'error',
  })
  const content = `<button id="buy">Buy</button><a id="away" href="https://elsewhere.example/" target="_blank">Away</a>
    <script type="module" src="data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? '').toString('base64')}"></script>`
  const site = await serveTrackedSite(content, null)
  const page = await (await browser.newContext({ userAgent: agent })).newPage()
  await page.goto(`${site.origin}/?utm_source=news`)
  await act(page)
  await page.close({ runBeforeUnload: true })
  await site.close()
}

const totals = async (site: string, metrics: string[], dimensions: string[] = []) => {
  const { results } = await clickWatch.query({ site_id: site, metrics, date_range: 'all', dimensions })
  return results
}
const until = (site: string, metric: string, value: number) =>
  eventually(`${value} ${metric} of ${site}`, async () => {
    const [row] = await totals(site, [metric])
    return row?.metrics[0] === value ? true : undefined
  })
const namesOf = async (site: string) =>
  (await totals(site, ['events'], ['event:name'])).map(({ dimensions: [name] }) => name).filter(Boolean)

describe('unmodified, counted here', () => {
  it('Plausible’s tracker', async () => {
    const script = `
      import { init, track } from '@plausible-analytics/tracker'
      init({ domain: 'plausible.example', endpoint: '${clickWatch.baseUrl}/api/event', captureOnLocalhost: true, outboundLinks: true })
      buy.onclick = () => track('Signup', { props: { plan: 'pro' }, revenue: { amount: 12.5, currency: 'EUR' } })`
    await visit(script, async (page) => {
      await until('plausible.example', 'pageviews', 1)
      await page.click('#buy')
      await page.evaluate(() => history.pushState({}, '', '/pricing'))
      await page.click('#away')
      await until('plausible.example', 'events', 4)
    })
    const [row] = await totals('plausible.example', ['pageviews', 'bounce_rate'], ['visit:source'])
    expect(row).toEqual({ dimensions: ['news'], metrics: [2, 0] })
    expect((await namesOf('plausible.example')).sort()).toEqual(['Outbound Link: Click', 'Signup'])
  })

  it('PostHog’s browser library', async () => {
    const site = 'phc_project_key_of_the_shop'
    const script = `
      import posthog from 'posthog-js'
      posthog.init('${site}', { api_host: '${clickWatch.baseUrl}', defaults: '2025-05-24', opt_out_useragent_filter: true })
      buy.onclick = () => { posthog.capture('Signup', { plan: 'pro' }); posthog.identify('user-7') }`
    await visit(script, async (page) => {
      await until(site, 'pageviews', 1)
      await page.click('#buy')
      await page.evaluate(() => history.pushState({}, '', '/pricing'))
      await until(site, 'pageviews', 2)
    })
    const [row] = await totals(site, ['visitors', 'visits', 'bounce_rate'], ['visit:source'])
    expect(row).toEqual({ dimensions: ['news'], metrics: [1, 1, 0] })
    expect(await namesOf(site)).toContain('Signup')
    // Its clicks come by themselves.
    await eventually('the click', async () => {
      const elements = await totals(site, ['events'], ['event:element'])
      return elements.find(({ dimensions: [element] }) => element === 'buy')
    })
  })

  it('PostHog’s and Umami’s clients for servers', async () => {
    writeFileSync(
      join(folder, 'server.mjs'),
      `import { PostHog } from 'posthog-node'
       import { Umami } from '@umami/node'
       const posthog = new PostHog('posthog-server', { host: '${clickWatch.baseUrl}' })
       posthog.capture({ distinctId: 'user-7', event: 'Paid', properties: { plan: 'pro' } })
       posthog.capture({ distinctId: 'user-8', event: 'Paid' })
       await posthog.shutdown()
       const umami = new Umami({ hostUrl: '${clickWatch.baseUrl}', websiteId: 'umami-server' })
       const answer = await umami.track({ url: '/pricing', hostname: 'shop.example' })
       console.log(Object.keys(await answer.json()).join())
       await umami.track('Signup', { plan: 'pro' })`,
    )
    const output = execFileSync(process.execPath, ['server.mjs'], { cwd: folder }).toString()
    expect(output).toBe('cache,sessionId,visitId\n')
    await until('posthog-server', 'events', 2)
    const [persons] = await totals('posthog-server', ['visitors'])
    expect(persons?.metrics).toEqual([2])
    await until('umami-server', 'events', 2)
    const [visitors] = await totals('umami-server', ['visitors', 'pageviews'])
    expect(visitors?.metrics).toEqual([1, 1])
    expect(await namesOf('umami-server')).toEqual(['Signup'])
  })
})
