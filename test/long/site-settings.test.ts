import type { SitesAnswer } from '@clickwatch/contract'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchChromium } from '../fixtures/chromium.ts'
import { type ClickWatch, startClickWatch, untilStored } from '../fixtures/clickwatch.ts'
import { batch, event } from '../fixtures/events.ts'

let clickWatch: ClickWatch
let browser: Browser
beforeAll(async () => {
  clickWatch = await startClickWatch()
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await clickWatch.dispose()
})

it('a site is added, set up, emptied and removed on its screens', async () => {
  const page = await browser.newPage()
  await page.goto(`${clickWatch.baseUrl}/settings?tab=site`)
  const adding = page.getByRole('form', { name: 'Another site' })
  await adding.getByLabel('Its id').fill('shop')
  await adding.getByLabel('What people call it').first().fill('The shop')
  await adding.getByLabel('Its domain').fill('https://shop.example')
  await adding.getByLabel('Time zone').fill('Mars/Olympus')
  const add = adding.getByRole('button', { name: 'Add the site' })
  await add.click()
  // One thing at a time, each at its own field.
  await adding.getByRole('alert').getByText('domain').waitFor()
  await adding.getByLabel('Its domain').fill('shop.example')
  await add.click()
  await adding.getByRole('alert').getByText('timezone').waitFor()
  expect(await adding.getByLabel('Time zone').getAttribute('aria-invalid')).toBe('true')
  await adding.getByLabel('Time zone').fill('Europe/Berlin')
  await add.click()
  // The snippet of the new site, which waits for its first event.
  await page.getByText('data-site="shop"').waitFor()
  await clickWatch.post('/e', { ...batch('visitor', 'visit', [event()]), site: 'shop' })
  await page.locator('[data-metric=visitors]').getByText('1', { exact: true }).first().waitFor()
  await page.getByRole('status').getByText('We received the first event of “shop”').waitFor()

  await page.goto(`${clickWatch.baseUrl}/settings?site=fresh&tab=site`)
  await page.getByText('Waiting for the first event').waitFor()
  await clickWatch.post('/e', { ...batch('visitor', 'visit', [event()]), site: 'fresh' })
  await page.getByText('One event has arrived').waitFor()

  await page.goto(`${clickWatch.baseUrl}/settings?site=shop&tab=collection`)
  await page.getByLabel('Addresses that do not count').fill('the office')
  await page.getByLabel('Pages that do not count').fill('/admin/**\n/preview')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText("has 'the office'").first().waitFor()
  await page.getByLabel('Addresses that do not count').fill('203.0.113.0/24')
  await page.getByLabel('How visitors are told apart').selectOption('cookieless')
  await page.getByLabel('Events and visits').fill('400')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('it holds in a moment').waitFor()
  const { set } = await clickWatch.get<{ set: object }>('/api/sites/shop/settings')
  expect(set).toEqual({
    ...{ exclude_addresses: ['203.0.113.0/24'], exclude_pages: ['/admin/**', '/preview'] },
    ...{ identity: 'cookieless', keep_days: { silver: 400 } },
    origins: ['https://shop.example', 'https://www.shop.example'],
  })
  await page.reload()
  expect(await page.getByLabel('Pages that do not count').inputValue()).toBe('/admin/**\n/preview')

  const emptying = page.getByRole('form', { name: 'Erase what is stored' })
  const button = emptying.getByRole('button', { name: 'Erase what is stored' })
  expect(await button.isDisabled()).toBe(true)
  const confirmed = 'Type shop, or its name, to confirm'
  await emptying.getByLabel(confirmed).fill('The shop')
  await button.click()
  await emptying.getByText('of site shop are erased').waitFor()
  const removing = page.getByRole('form', { name: 'Remove the site' })
  await removing.getByLabel(confirmed).fill('shop')
  await removing.getByRole('button', { name: 'Remove the site' }).click()
  await page.getByText('Listening for the first event').waitFor()
  await untilStored(clickWatch)
  expect(await clickWatch.get<SitesAnswer>('/api/sites')).toMatchObject({ sites: [{ site: 'fresh' }], added: [] })
})
