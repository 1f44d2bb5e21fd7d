import { launchChromium } from '../test/fixtures/chromium.ts'
import { startClickWatch, untilStored } from '../test/fixtures/clickwatch.ts'
import { median, report, withSpread } from './figures.ts'
import { load } from './load.ts'

// `npm run bench:paint`: how long a browser that was never here takes to show the dashboard over a slow connection: "3G Fast" as
// WebPageTest has it (https://docs.webpagetest.org/private-instances/#configuring-locations), for all that comes over the network.

const rounds = 5
const fast3G = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 768_000 / 8 }

const clickWatch = await startClickWatch()
const browser = await launchChromium()
try {
  await load(clickWatch.baseUrl, 'shop', 8, 500)
  await untilStored(clickWatch)
  const first: number[] = []
  const shown: number[] = []
  const bytes: number[] = []
  for (let round = 0; round < rounds; round++) {
    const context = await browser.newContext()
    const page = await context.newPage()
    const network = await context.newCDPSession(page)
    await network.send('Network.enable')
    await network.send('Network.emulateNetworkConditions', fast3G)
    let received = 0
    network.on('Network.loadingFinished', ({ encodedDataLength }) => {
      received += encodedDataLength
    })
    await page.goto(`${clickWatch.baseUrl}/?site=shop`, { waitUntil: 'load' })
    await page.getByRole('heading').first().waitFor()
    shown.push(await page.evaluate(() => performance.now()))
    first.push(
      await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN),
    )
    bytes.push(received)
    await context.close()
  }
  process.stdout.write(
    `first contentful paint ${withSpread(first)} ms, the first heading of the screen ${withSpread(shown)} ms\n`,
  )
  process.stdout.write(`${withSpread(bytes)} bytes over the network\n\n`)
  report([
    { name: 'paint_first_ms', value: median(first), atMost: 1000 },
    { name: 'paint_screen_ms', value: median(shown), atMost: 3000 },
  ])
} finally {
  await browser.close()
  await clickWatch.dispose()
}
