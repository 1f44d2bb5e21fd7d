import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { afterAll, afterEach, expect, it } from 'vitest'
import { installedChromium } from '../fixtures/chromium.ts'
import { eventually, temporaryFolder } from '../fixtures/clickwatch.ts'
import { serveTrackedSite, type TrackedSite } from '../fixtures/tracked-site.ts'

// What a browser does only when nobody holds its strings, and the one without a window not at all: it keeps a page that is left, and
// makes one ready that is not asked for yet. So this is a whole Chromium (Debian's package), and the pages move by themselves.

const stub = `<script>
  window.clickwatch = function () { (clickwatch.q = clickwatch.q || []).push(arguments) }
  const once = (key, act) => sessionStorage[key] || (sessionStorage[key] = setTimeout(act, 1000))
</script>`

const folder = temporaryFolder()
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }))

const open = async (script: string): Promise<TrackedSite> => {
  const site = await serveTrackedSite(`${stub}<script>${script}</script>`)
  closing.push(() => site.close())
  if (installedChromium === undefined) throw new Error("this needs Debian's package chromium, or CHROMIUM_PATH")
  const profile = `--user-data-dir=${folder}/${closing.length}-${Date.now()}`
  const options = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--remote-debugging-port=0',
    profile,
  ]
  const chromium = spawn(installedChromium, [...options, `${site.origin}/first`], { stdio: 'ignore', detached: true })
  const ended = new Promise((resolve) => chromium.once('exit', resolve))
  closing.push(() => {
    process.kill(-(chromium.pid ?? 0), 'SIGKILL')
    return ended
  })
  return site
}

const told = (site: TrackedSite): string[] =>
  site
    .events()
    .filter(({ type }) => type === 'page_view' || type === 'custom')
    .map(({ type, name, url }) => `${name ?? type} ${new URL(url).pathname}`)

const until = (site: TrackedSite, expected: string) =>
  eventually(`${expected}\n${told(site).join('\n')}`, async () => (told(site).includes(expected) ? true : undefined))

it('a page that comes back from the browser’s cache is another page view', async () => {
  const site = await open(`
    addEventListener('pageshow', ({ persisted }) => persisted && setTimeout(() => clickwatch('event', 'came back'), 100))
    addEventListener('load', () =>
      location.pathname === '/first' ? once('went', () => { location.href = '/second' }) : setTimeout(() => history.back(), 1000))`)
  await until(site, 'came back /first')
  expect(told(site).filter((each) => each.startsWith('page_view'))).toEqual([
    'page_view /first',
    'page_view /second',
    'page_view /first',
  ])
})

it('a page that was made ready ahead is no page view until it is shown', async () => {
  const site = await open(`
    if (document.prerendering) {
      document.addEventListener('prerenderingchange', () => setTimeout(() => clickwatch('event', 'shown'), 100))
    }
    addEventListener('load', () => {
      if (location.pathname !== '/first') return
      const rules = document.createElement('script')
      rules.type = 'speculationrules'
      rules.textContent = JSON.stringify({ prerender: [{ source: 'list', urls: ['/second'], eagerness: 'immediate' }] })
      document.head.append(rules)
      setTimeout(() => clickwatch('event', 'going'), 2500)
      setTimeout(() => { location.href = '/second' }, 3000)
    })`)
  await until(site, 'shown /second')
  expect(told(site)).toEqual(['page_view /first', 'going /first', 'page_view /second', 'shown /second'])
})
