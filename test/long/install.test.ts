import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../fixtures/chromium.ts'
import { type ClickWatch, eventually, startClickWatch } from '../fixtures/clickwatch.ts'

// What docs/install.md says, pasted into a page of another origin, as a reader would.

const guide = readFileSync(join(import.meta.dirname, '../../docs/install.md'), 'utf8')

/** The code under a heading, pointed at a ClickWatch and a site. */
const codeUnder = (heading: string, language: string, site: string): string => {
  const section = guide.slice(guide.indexOf(`\n${heading}\n`))
  const code = section.split(`\`\`\`${language}\n`)[1]?.split('```')[0]
  if (!code) throw new Error(`docs/install.md has no ${language} under ${heading}`)
  return code.replaceAll('https://stats.example.com', clickWatch.baseUrl).replaceAll('shop', site)
}

let clickWatch: ClickWatch
let browser: Browser
let server: Server
let html = ''
beforeAll(async () => {
  clickWatch = await startClickWatch()
  browser = await launchChromium()
  server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><title>An idea</title>${html}`)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
})
afterAll(async () => {
  await browser?.close()
  server?.close()
  await clickWatch?.dispose()
})

const open = async (content: string, javaScriptEnabled = true) => {
  html = content
  const context = await browser.newContext({ javaScriptEnabled })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/pricing?utm_source=mail`)
  return { page, errors }
}
const until = (site: string, expected: string) =>
  eventually(`${expected} of ${site}`, async () => {
    const metrics = ['visitors', 'pageviews', 'conversions']
    const { results } = await clickWatch.query({ site_id: site, metrics, date_range: 'all', filters: [] })
    return results[0]?.metrics.join() === expected ? true : undefined
  })

describe('installed as the guide says', () => {
  it('one line and a mark track a page', async () => {
    const script = codeUnder('## One line in the page', 'html', 'line')
    const marks = guide.slice(guide.indexOf('<button data-cw-cta>')).split('```')[0] ?? ''
    const { page, errors } = await open(script + marks)
    await page.getByText('Start free trial').click()
    await page.getByText('Pro', { exact: true }).click()
    await until('line', '1,1,1')
    await eventually('the page’s own event', async () => {
      const { results } = await clickWatch.query({
        site_id: 'line',
        metrics: ['events'],
        date_range: 'all',
        dimensions: ['event:name'],
        filters: [['is', 'event:name', ['Plan picked']]],
      })
      return results[0]?.metrics[0] === 1 ? true : undefined
    })
    expect(errors).toEqual([])
  })

  it('an image tells of a browser without scripts, and of which page it shows', async () => {
    await open(codeUnder('### Browsers without scripts, and mails', 'html', 'image'), false)
    await until('image', '1,1,0')
    const { results } = await clickWatch.query({
      site_id: 'image',
      metrics: ['visitors'],
      date_range: 'all',
      dimensions: ['visit:source'],
    })
    expect(results).toEqual([{ dimensions: ['mail'], metrics: [1] }])
  })

  it('Tag Manager’s tag puts it into the page', async () => {
    const { errors } = await open(`<body>${codeUnder('## Google Tag Manager', 'html', 'gtm')}`)
    await until('gtm', '1,1,0')
    expect(errors).toEqual([])
  })
})
