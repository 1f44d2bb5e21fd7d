import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchChromium } from '../fixtures/chromium.ts'
import { type ClickWatch, eventually, startClickWatch, temporaryFolder } from '../fixtures/clickwatch.ts'
import { batch, event } from '../fixtures/events.ts'

// The lists of a content blocker (AdGuard's, which hold EasyList and EasyPrivacy) against every address of ours that a browser asks
// for: on a tracked page, and on the dashboard. List and matcher come from the registry and are no part of ClickWatch.

const lists = '@adguard/dnr-rulesets@3.3.20260320140136'
const matcher = '@ghostery/adblocker@2.18.2'

type Rule = {
  action: { type: string }
  condition: {
    urlFilter?: string
    regexFilter?: string
    domainType?: string
    initiatorDomains?: string[]
    requestDomains?: string[]
  }
}
type Engine = { match(request: unknown): { match: boolean; filter?: { toString(): string } } }

const folder = temporaryFolder()
let clickWatch: ClickWatch
beforeAll(async () => {
  clickWatch = await startClickWatch()
})
afterAll(async () => {
  await clickWatch?.dispose()
  rmSync(folder, { recursive: true, force: true })
})

/** A rule as a line of a filter list; undefined where it names hosts, none of which is ours. */
const lineOf = ({ action, condition }: Rule): string | undefined => {
  const { urlFilter, regexFilter, domainType, initiatorDomains, requestDomains } = condition
  const pattern = regexFilter === undefined ? urlFilter : `/${regexFilter}/`
  if (action.type !== 'block' || pattern === undefined || requestDomains) return undefined
  const options = [
    ...(domainType === 'thirdParty' ? ['third-party'] : domainType === 'firstParty' ? ['~third-party'] : []),
    ...(initiatorDomains ? [`domain=${initiatorDomains.join('|')}`] : []),
  ]
  return options.length > 0 ? `${pattern}$${options.join(',')}` : pattern
}

const openLists = () => {
  writeFileSync(join(folder, 'package.json'), '{}')
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', matcher], {
    cwd: folder,
    stdio: 'pipe',
  })
  const packed = execFileSync('npm', ['pack', '--silent', lists], { cwd: folder }).toString().trim()
  const files = [2, 3].map((list) => `package/dist/filters/declarative/ruleset_${list}/ruleset_${list}.json`)
  execFileSync('tar', ['-xzf', packed, ...files], { cwd: folder })
  const lines = files.flatMap((file) =>
    (JSON.parse(readFileSync(join(folder, file), 'utf8')) as Rule[]).flatMap((rule) => lineOf(rule) ?? []),
  )
  const { FiltersEngine, Request } = createRequire(join(folder, 'package.json'))('@ghostery/adblocker') as {
    FiltersEngine: { parse(text: string): Engine }
    Request: { fromRawDetails(details: { url: string; sourceUrl: string; type: string }): unknown }
  }
  const engine = FiltersEngine.parse(lines.join('\n'))
  return {
    rules: lines.length,
    /** The rule that would block a request; undefined where none would. */
    blocker: (url: string, sourceUrl: string, type: string) => {
      const { match, filter } = engine.match(Request.fromRawDetails({ url, sourceUrl, type }))
      return match ? `${url}: ${filter}` : undefined
    },
  }
}

/** Paths, with their queries, that the dashboard, the report and the demo page ask for. */
const askedPaths = async (): Promise<string[]> => {
  const paths = new Set<string>()
  const browser = await launchChromium()
  try {
    const page = await browser.newPage()
    page.on('request', (request) => {
      if (request.url().startsWith(clickWatch.baseUrl)) paths.add(request.url().slice(clickWatch.baseUrl.length))
    })
    await clickWatch.post('/e', batch('visitor', 'session', [event()]))
    await eventually('the event', async () => {
      const { results } = await clickWatch.query({ metrics: ['events'], date_range: 'all' })
      return results[0]?.metrics[0] ? true : undefined
    })
    for (const path of ['/demo/', '/', '/report']) {
      await page.goto(clickWatch.baseUrl + path)
      await page.locator('h1').first().waitFor()
      await page.waitForTimeout(1000)
    }
  } finally {
    await browser.close()
  }
  return [...paths]
}

it('no address of ours is on a blocker’s list', async () => {
  const { rules, blocker } = openLists()
  expect(rules).toBeGreaterThan(50_000)
  const types = ['script', 'xhr', 'image', 'ping', 'document']
  const blockersOf = (paths: readonly string[]) =>
    ['https://numbers.example', 'https://shop.example'].flatMap((host) =>
      paths.flatMap((path) => types.flatMap((type) => blocker(host + path, 'https://shop.example/', type) ?? [])),
    )
  // The lists work: they know others' trackers.
  expect(blockersOf(['/matomo.php', '/umami.js'])).not.toEqual([])

  const asked = await askedPaths()
  expect(asked).toEqual(expect.arrayContaining(['/clickwatch.js', '/e', '/api/v2/query', '/api/live?site=default']))
  expect(
    blockersOf([...asked, '/e.gif?site=shop', '/v1/events', '/hello/start.js', '/hello/e', '/hello/e.gif']),
  ).toEqual([])
})
