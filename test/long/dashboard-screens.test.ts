import { readFileSync } from 'node:fs'
import type { QueryAnswer } from '@clickwatch/contract'
import { parquetReadObjects } from 'hyparquet'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../fixtures/chromium.ts'
import { type ClickWatch, eventually, startClickWatch, untilStored } from '../fixtures/clickwatch.ts'
import { batch, event } from '../fixtures/events.ts'

type Looks = { source?: string; country?: string; clicks?: string }

/** A visit as a producer reports it, a page every ten seconds. */
const visit = (visitor: string, at: string, pages: string[], { source, country, clicks }: Looks = {}) => {
  const moment = (index: number) => new Date(Date.parse(at) + index * 10_000).toISOString()
  const views = pages.map((page_url, index) => ({ event_type: 'page_view', page_url, timestamp: moment(index) }))
  const click = { event_type: 'click', element_id: clicks, page_url: pages.at(-1), timestamp: moment(pages.length) }
  return {
    user_id: visitor,
    session_id: `${visitor} ${at}`,
    timestamp: moment(0),
    page_url: pages[0],
    browser: 'Firefox',
    os: 'Linux',
    device_type: 'desktop',
    ...(source ? { utm_source: source } : {}),
    ...(country ? { country } : {}),
    events: [...views, ...(clicks ? [click] : [])],
  }
}

/** A week of six visitors, the week before it of four, and one a year earlier. */
const week = { from: '2024-03-11', to: '2024-03-17' }
const ofTheWeek = [
  visit('ann', '2024-03-11T10:00:00Z', ['/', '/pricing'], { source: 'linkedin', country: 'DE', clicks: 'tryNow' }),
  visit('bob', '2024-03-12T10:00:00Z', ['/', '/about'], { source: 'linkedin', country: 'DE' }),
  visit('cat', '2024-03-13T10:00:00Z', ['/'], { source: 'linkedin', country: 'FR' }),
  visit('dan', '2024-03-13T12:00:00Z', ['/pricing'], { source: 'twitter', country: 'FR', clicks: 'tryNow' }),
  visit('eve', '2024-03-14T10:00:00Z', ['/about'], { source: 'twitter', country: 'US' }),
  visit('fay', '2024-03-17T10:00:00Z', ['/'], { source: 'newsletter', country: 'US' }),
]
const before = [
  visit('gus', '2024-03-04T10:00:00Z', ['/'], { source: 'linkedin' }),
  visit('hal', '2024-03-05T10:00:00Z', ['/'], { source: 'twitter' }),
  visit('ida', '2024-03-06T10:00:00Z', ['/', '/about'], { source: 'newsletter' }),
  visit('jon', '2024-03-10T10:00:00Z', ['/pricing'], { source: 'newsletter' }),
  visit('kim', '2023-03-13T10:00:00Z', ['/'], { source: 'linkedin' }),
]
/** Sixty pages: the first is seen once, the last sixty times. */
const manyPages = Array.from({ length: 60 }, (_, index) => `/article-${String(index + 1).padStart(2, '0')}`)
const reader = visit(
  'reader',
  '2024-03-12T10:00:00Z',
  manyPages.flatMap((page, index) => Array.from({ length: index + 1 }, () => page)),
)

let browser: Browser
let context: BrowserContext
let clickwatch: ClickWatch

const send = async (site: string, visits: object[]) => {
  const answer = await clickwatch.post(`/v1/sessions?site=${site}`, visits)
  expect(await answer.json()).toEqual({ accepted: visits.length, rejected: [] })
}
beforeAll(async () => {
  ;[browser, clickwatch] = await Promise.all([launchChromium(), startClickWatch()])
  // One for all: what the first screen loaded, the next has.
  context = await browser.newContext({
    viewport: { width: 1280, height: 1000 },
    locale: 'en-US',
    reducedMotion: 'reduce',
  })
  await send('shop', [...ofTheWeek, ...before])
  await send('blog', [reader])
  for (const [site, events] of [
    ['shop', 16],
    ['blog', 1830],
  ] as const) {
    await eventually(`what was sent to ${site}`, async () => {
      const answer = await clickwatch.query({ site_id: site, metrics: ['events'], date_range: 'all' })
      return answer.results[0]?.metrics[0] === events ? true : undefined
    })
  }
  await untilStored(clickwatch)
})
afterAll(async () => {
  await browser?.close()
  await clickwatch?.dispose()
})

const errors: string[] = []
afterEach(async () => {
  for (const page of context.pages()) await page.close()
  expect(errors.splice(0)).toEqual([])
})

/** The main screen, or another; its errors fail the test. */
const open = async (search: Record<string, unknown>, path = '/') => {
  const page = await context.newPage()
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  const entries = Object.entries(search).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  await page.goto(`${clickwatch.baseUrl}${path}?${new URLSearchParams(entries as [string, string][])}`)
  return page
}
const openWeek = (search: Record<string, unknown> = {}) => open({ site: 'shop', ...week, ...search })

const shows = (page: Page, metric: string, value: number) =>
  page.locator(`[data-metric="${metric}"][data-value="${value}"]`).waitFor()
const row = (page: Page, card: string, value: string) =>
  page.getByLabel(card, { exact: true }).locator(`[data-row="${value}"]`)
const filtersOf = (page: Page): unknown => JSON.parse(new URL(page.url()).searchParams.get('filters') ?? '[]')
const chips = (page: Page) => page.getByRole('list', { name: 'Filters' }).getByRole('listitem')
const metrics = [
  'visitors',
  'visits',
  'pageviews',
  'views_per_visit',
  'bounce_rate',
  'visit_duration',
  'conversions',
  'conversion_rate',
]

describe('the comparison', () => {
  const answerOf = (comparisons: object): Promise<QueryAnswer> =>
    clickwatch.query({ site_id: 'shop', metrics, date_range: [week.from, week.to], include: { comparisons } })
  const percent = (change: number) => `${change > 0 ? '+' : change < 0 ? '-' : ''}${Math.abs(Math.round(change))}%`

  /** Each headline number, what it was, and the change as the screen shows them. */
  const shown = (page: Page) =>
    page.getByRole('radiogroup', { name: 'Metric to plot' }).evaluate((group) =>
      [...group.querySelectorAll('[role=radio]')].map((card) => {
        const change = card.querySelector('[data-meaning]')?.textContent ?? ''
        return {
          value: card.querySelector('[data-value]')?.getAttribute('data-value'),
          before: card.querySelector('[data-before]')?.getAttribute('data-before'),
          change: /^[+-]?\d[\d,]*%/.exec(change)?.[0] ?? '',
          meaning: card.querySelector('[data-meaning]')?.getAttribute('data-meaning') ?? '',
        }
      }),
    )

  it('shows what the numbers were and how they changed, as the API has it', async () => {
    const page = await openWeek()
    await shows(page, 'visitors', 6)
    const [answered] = (await answerOf({ mode: 'previous_period' })).results
    const comparison = answered?.comparison
    expect([answered?.metrics[0], comparison?.metrics[0], comparison?.change[0]]).toEqual([6, 4, 50])
    await page.locator('[data-before="4"]').first().waitFor()
    expect((await shown(page)).map(({ value, before: was, change }) => [value, was, change])).toEqual(
      metrics.map((_, index) => {
        const change = comparison?.change[index] ?? null
        return [
          String(answered?.metrics[index] ?? ''),
          String(comparison?.metrics[index] ?? ''),
          change === null ? '' : percent(change),
        ]
      }),
    )
    expect((await shown(page))[0]).toMatchObject({ change: '+50%', meaning: 'good' })
    // The chart has a second line and, for who cannot see it, a second column.
    expect(await page.locator('[data-line="before"]').getAttribute('d')).toMatch(/^M/)
    const rows = page.getByRole('table', { name: 'Visitors over time' }).getByRole('row')
    expect(await rows.allInnerTexts()).toEqual([
      '2024-03-11\t1\t1',
      '2024-03-12\t1\t1',
      '2024-03-13\t2\t1',
      '2024-03-14\t1\t0',
      '2024-03-15\t0\t0',
      '2024-03-16\t0\t0',
      '2024-03-17\t1\t1',
    ])
  })

  it('is of the year before, of dates that are picked, by the day of the week, or of nothing', async () => {
    const page = await openWeek()
    await page.getByRole('button', { name: /^Comparison:/ }).click()
    await page.getByRole('button', { name: 'Same period last year' }).click()
    await page.locator('[data-before="1"]').first().waitFor()
    expect((await shown(page))[0]).toMatchObject({ value: '6', before: '1', change: '+500%' })

    await page.getByRole('button', { name: /^Comparison:/ }).click()
    await page.getByLabel('Match day of week').check()
    await page.waitForURL(/match=weekday/)
    const [matched] = (await answerOf({ mode: 'year_over_year', match_day_of_week: true })).results
    await page.locator(`[data-before="${matched?.comparison?.metrics[0]}"]`).first().waitFor()
    await page.keyboard.press('Escape')

    const picked = await openWeek({ compare: 'custom', compare_from: '2024-03-05', compare_to: '2024-03-06' })
    await picked.locator('[data-before="2"]').first().waitFor()
    expect((await shown(picked))[0]).toMatchObject({ before: '2', change: '+200%' })
    await picked.getByRole('button', { name: 'Comparison: vs. Mar 5 – 6, 2024' }).click()
    await picked.getByRole('button', { name: 'No comparison' }).click()
    await picked.locator('[data-before]').first().waitFor({ state: 'detached' })
    expect(await picked.locator('[data-meaning]').count()).toBe(0)
  })
})

describe('details of a panel', () => {
  const openDetails = async () => {
    const page = await open({ site: 'blog', ...week })
    await page.getByRole('button', { name: 'Details of Pages: Top' }).click()
    const details = page.getByRole('dialog', { name: 'Pages: Top' })
    await details.locator('[data-row="/article-01"]').waitFor()
    return { page, details, rows: details.locator('[data-row]') }
  }
  const first = (rows: Awaited<ReturnType<typeof openDetails>>['rows']) => rows.first().getAttribute('data-row')

  it('have all rows, page by page, in the order that is asked for, and what is searched', async () => {
    const { page, details, rows } = await openDetails()
    await details.getByText('1–50 of 60').waitFor()
    expect(await rows.count()).toBe(50)
    await details.getByRole('button', { name: 'Next' }).click()
    await details.getByText('51–60 of 60').waitFor()
    await details.locator('[data-row="/article-60"]').waitFor()
    expect(await rows.count()).toBe(10)

    await details.getByRole('button', { name: 'Page views' }).click()
    await details.locator('[aria-sort="descending"]', { hasText: 'Page views' }).waitFor()
    await details.getByText('1–50 of 60').waitFor()
    await eventually('the most seen first', async () => ((await first(rows)) === '/article-60' ? true : undefined))
    await details.getByRole('button', { name: 'Page views' }).click()
    await details.locator('[aria-sort="ascending"]', { hasText: 'Page views' }).waitFor()
    await eventually('the least seen first', async () => ((await first(rows)) === '/article-01' ? true : undefined))
    expect(await rows.first().getByRole('cell').nth(1).innerText()).toBe('1')

    await details.getByLabel('Search').fill('ARTICLE-2')
    await details.getByText('1–10 of 10').waitFor()
    expect(await rows.evaluateAll((all) => all.map((each) => each.getAttribute('data-row')))).toEqual(
      manyPages.filter((each) => each.startsWith('/article-2')),
    )
    await details.getByLabel('Search').fill('nothing of the kind')
    await details.getByText('Nothing in this range contains “nothing of the kind”.').waitFor()
    await details.getByLabel('Search').fill('article-17')
    await details.getByRole('button', { name: '/article-17' }).click()
    await shows(page, 'pageviews', 17)
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect(filtersOf(page)).toEqual([['is', 'event:page', ['/article-17']]])
  })

  it('are saved by the browser as CSV, JSON and Parquet, whole', async () => {
    const { page, details } = await openDetails()
    const save = async (format: string) => {
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        details.getByRole('button', { name: `Download all rows as ${format}` }).click(),
      ])
      expect(file.suggestedFilename()).toBe(`blog-Pages-Top.${format.toLowerCase()}`)
      return readFileSync(await file.path())
    }
    const seen = manyPages.map((address, index) => [address, index + 1])
    const sorted = (rows: unknown[][]) => rows.toSorted(([one], [other]) => (String(one) < String(other) ? -1 : 1))

    const [head, ...lines] = (await save('CSV')).toString().trim().split(/\r?\n/)
    expect(head).toBe('event:page,visitors,pageviews,time_on_page,scroll_depth,group_conversion_rate')
    expect(sorted(lines.map((line) => line.split(',')).map(([name, , views]) => [name, Number(views)]))).toEqual(seen)

    const { results } = JSON.parse((await save('JSON')).toString()) as QueryAnswer
    expect(sorted(results.map(({ dimensions, metrics: values }) => [dimensions[0], values[1]]))).toEqual(seen)

    const rows = await parquetReadObjects({ file: new Uint8Array(await save('PARQUET')).buffer })
    expect(sorted(rows.map((each) => [each['event:page'], each.pageviews]))).toEqual(seen)
  })
})

describe('filters', () => {
  it('are made by a click on a value, one after the other, and taken away again', async () => {
    const page = await openWeek()
    await row(page, 'Places', 'DE').getByRole('button').click()
    await shows(page, 'visitors', 2)
    expect(await chips(page).allInnerTexts()).toEqual(['Country is Germany'])
    await row(page, 'Pages', '/pricing').getByRole('button').click()
    await shows(page, 'visitors', 1)
    expect(filtersOf(page)).toEqual([
      ['is', 'visit:country', ['DE']],
      ['is', 'event:page', ['/pricing']],
    ])
    await page.getByRole('button', { name: 'Remove the filter Country is Germany' }).click()
    await shows(page, 'visitors', 2)
    expect(await row(page, 'Sources', 'twitter').isVisible()).toBe(true)
  })

  it('are put together with and, or, not and what visitors did, and the numbers follow', async () => {
    const page = await openWeek()
    const dialog = page.getByRole('dialog', { name: 'Narrow what is shown' })
    const condition = (name: string) => dialog.getByRole('group', { name, exact: true })
    const give = async (where: ReturnType<typeof condition>, value: string) => {
      await where.getByRole('combobox', { name: 'Values' }).fill(value)
      await page.keyboard.press('Enter')
      await where.getByRole('button', { name: `Remove ${value}` }).waitFor()
    }
    await page.getByRole('button', { name: 'Filter', exact: true }).click()
    const source = condition('Condition 1')
    await source.getByLabel('What is looked at').selectOption({ label: 'Source' })
    // What the site has in this range is there to choose from.
    await source.getByRole('combobox', { name: 'Values' }).fill('link')
    await dialog.getByRole('option', { name: /linkedin/ }).click()
    await dialog.getByRole('button', { name: 'Add a group' }).click()
    const pages = condition('Group 2')
    await give(pages.getByRole('group', { name: 'Condition 1' }), '/pricing')
    await pages.getByRole('button', { name: 'Add a condition' }).click()
    await give(pages.getByRole('group', { name: 'Condition 2' }), '/about')
    await page.getByRole('button', { name: 'Apply' }).click()
    await shows(page, 'visitors', 2)
    const either = [
      'or',
      [
        ['is', 'event:page', ['/pricing']],
        ['is', 'event:page', ['/about']],
      ],
    ]
    expect(filtersOf(page)).toEqual([['is', 'visit:source', ['linkedin']], either])

    await page.getByRole('button', { name: /^Change the filter Source/ }).click()
    await condition('Group 2').getByRole('button', { name: 'Remove this group' }).click()
    await dialog.getByLabel('Not').first().check()
    await page.getByRole('button', { name: 'Apply' }).click()
    await shows(page, 'visitors', 3)
    expect(filtersOf(page)).toEqual([['not', ['is', 'visit:source', ['linkedin']]]])
    await page.getByText('not Source is linkedin').waitFor()

    const clickers = ['is', 'event:element', ['tryNow']]
    await page.getByRole('button', { name: /^Change the filter not/ }).click()
    await dialog.getByLabel('Not').first().uncheck()
    await dialog.getByLabel('What it holds for').first().selectOption({ label: 'Visitors who did' })
    await condition('Condition 1').getByLabel('What is looked at').selectOption({ label: 'Element' })
    await give(condition('Condition 1'), 'tryNow')
    await page.getByRole('button', { name: 'Apply' }).click()
    // Not only their click: all that these two did.
    await shows(page, 'pageviews', 3)
    await shows(page, 'visitors', 2)
    expect(filtersOf(page)).toEqual([['has_done', clickers]])

    await page.getByRole('button', { name: /^Change the filter Visitors who did/ }).click()
    await dialog.getByLabel('What it holds for').first().selectOption({ label: 'Visitors who did not' })
    await page.getByRole('button', { name: 'Apply' }).click()
    await shows(page, 'visitors', 4)
    await page.reload()
    await shows(page, 'visitors', 4)
    expect(filtersOf(page)).toEqual([['has_not_done', clickers]])
  })

  it('are kept as a segment under a name, and applied by it', async () => {
    const page = await openWeek({ filters: [['is', 'visit:source', ['linkedin']]] })
    await shows(page, 'visitors', 3)
    await page.getByRole('button', { name: 'Segments' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('From LinkedIn')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('textbox', { name: 'Name' }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Remove the filter Source is linkedin' }).click()
    await shows(page, 'visitors', 6)

    const other = await openWeek()
    await other.getByRole('button', { name: 'Segments' }).click()
    await other.getByRole('button', { name: 'From LinkedIn', exact: true }).click()
    await shows(other, 'visitors', 3)
    expect(await chips(other).allInnerTexts()).toEqual(['Segment is From LinkedIn'])
    await other.reload()
    await shows(other, 'visitors', 3)
  })
})

describe('properties of the site’s own', () => {
  beforeAll(async () => {
    const order = (props: Record<string, string>) => event({ type: 'custom', name: 'order', props })
    for (const [visitor, events] of Object.entries({
      ann: [order({ plan: 'pro', seats: '3' }), order({ plan: 'pro' })],
      bob: [order({ plan: 'free' })],
      cat: [event()],
    })) {
      await clickwatch.post('/e', { site: 'orders', ...batch(visitor, `visit of ${visitor}`, events) })
    }
    await eventually('four events', async () => {
      const { results } = await clickwatch.query({ site_id: 'orders', metrics: ['events'], date_range: 'all' })
      return results[0]?.metrics[0] === 4 ? true : undefined
    })
  })

  it('are chosen of those that there are, shown by value, and narrow the view by a click', async () => {
    const page = await open({ site: 'orders', period: 'day' })
    const panel = page.getByLabel('What they did', { exact: true })
    await panel.getByRole('tab', { name: 'Properties' }).click()
    const property = panel.getByLabel('Property')
    await row(page, 'What they did', 'free').waitFor()
    expect(await property.locator('option').allInnerTexts()).toEqual(['plan', 'seats'])
    // Those without the property have no row.
    expect(await panel.locator('[data-row]').evaluateAll((rows) => rows.map((row) => row.textContent))).toEqual([
      'pro21',
      'free11',
    ])
    await property.selectOption('seats')
    await row(page, 'What they did', '3').waitFor()
    await page.reload()
    await row(page, 'What they did', '3').waitFor()
    await property.selectOption('plan')
    await row(page, 'What they did', 'pro').getByRole('button').click()
    await shows(page, 'visitors', 1)
    expect(filtersOf(page)).toEqual([['is', 'event:props:plan', ['pro']]])
    expect(await chips(page).allInnerTexts()).toEqual(['Property plan is pro'])
  })

  it('have details and files as every panel has', async () => {
    const page = await open({ site: 'orders', period: 'day', tabs: { doings: 'properties' } })
    await page.getByRole('button', { name: 'Details of What they did: Properties' }).click()
    const details = page.getByRole('dialog', { name: 'What they did: plan' })
    await details.locator('[data-row="free"]').waitFor()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      details.getByRole('button', { name: 'Download all rows as CSV' }).click(),
    ])
    expect(
      readFileSync(await file.path(), 'utf8')
        .trim()
        .split(/\r?\n/),
    ).toEqual(['event:props:plan,events,visitors', 'pro,2,1', 'free,1,1'])
  })
})

describe('a link for one period', () => {
  it('tells which it is, and offers no other by mouse or key', async () => {
    const answer = await clickwatch.post('/api/sites/shop/links', { name: 'March', date_range: [week.from, week.to] })
    const { path } = (await answer.json()) as { path: string }
    const page = await open({ compare: 'year_over_year', from: '2024-03-04', to: '2024-03-10' }, path)
    await shows(page, 'visitors', 6)
    // Some browsers have narrow spaces around the dash.
    expect(await page.locator('[data-period]').innerText()).toMatch(/Mar 11\s–\s17, 2024$/)
    expect(await page.getByRole('button', { name: /^(Period|Comparison):/ }).count()).toBe(0)
    expect(await page.locator('[data-before]').count()).toBe(0)
    await page.keyboard.press('?')
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await sheet.getByText('Filter', { exact: true }).waitFor()
    expect(await sheet.getByText(/Last 7 days|Comparison|Live|period/i).count()).toBe(0)
    await page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'detached' })
    for (const key of ['d', 'c', '[', 'n']) await page.keyboard.press(key)
    await page.keyboard.press('2')
    await page.waitForURL(/metric=visits/)
    expect(new URL(page.url()).pathname).toBe(path)
    await shows(page, 'visitors', 6)
  })
})

describe('a note', () => {
  it('is put on a day, shown on the chart and beside it, and taken away', async () => {
    const page = await openWeek()
    await shows(page, 'visitors', 6)
    const chart = page.getByRole('slider', { name: /^Visitors over time/ })
    await chart.focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await eventually('the third day to be told', async () =>
      (await chart.getAttribute('aria-valuetext'))?.startsWith('Mar 13: 2') ? true : undefined,
    )
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'A note on the chart' })
    expect(await dialog.getByLabel('Day').inputValue()).toBe('2024-03-13')
    await dialog.getByLabel('What happened').fill('Launch')
    await dialog.getByRole('button', { name: 'Save the note' }).click()
    await page.locator('[data-mark="2"]').waitFor()
    const notes = page.getByRole('list', { name: 'Notes on the chart' })
    await notes.getByText('March 13, 2024: Launch').waitFor()
    await page.reload()
    await page.locator('[data-mark="2"]').waitFor()
    const box = await chart.boundingBox()
    // The third of seven points, with the axis' room on the left.
    if (box) await page.mouse.move(box.x + 46 + ((box.width - 60) * 2) / 6, box.y + 100)
    await eventually('the note in the words of the point', async () =>
      (await chart.getAttribute('aria-valuetext'))?.endsWith('Launch') ? true : undefined,
    )
    await notes.getByRole('button', { name: 'Remove the note Launch' }).click()
    await page.locator('[data-mark]').waitFor({ state: 'detached' })
  })
})

describe('keyboard shortcuts', () => {
  const periods: Record<string, string> = {
    'Last 30 minutes': 'realtime',
    Today: 'day',
    Yesterday: 'yesterday',
    'Last 24 hours': '24h',
    'Last 7 days': '7d',
    'Last 30 days': '30d',
    'Last 90 days': '90d',
    'This month': 'month',
    'Last month': 'last_month',
    'This year': 'year',
    'Last 12 months': '12mo',
    'All time': 'all',
  }

  it('do each what the sheet says', async () => {
    const page = await openWeek({ filters: [['is', 'visit:source', ['linkedin']]] })
    await shows(page, 'visitors', 3)
    await page.keyboard.press('?')
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await sheet.waitFor()
    const listed = Object.fromEntries(
      await sheet.evaluate((dialog) =>
        [...dialog.querySelectorAll('dl > div')].map((line): [string, string[]] => [
          line.querySelector('dt')?.textContent ?? '',
          [...line.querySelectorAll('kbd')].map((key) => key.textContent),
        ]),
      ),
    )
    await page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'detached' })
    const pressed: string[] = ['This sheet']
    const press = async (what: string, until: () => Promise<unknown>, key = listed[what]?.[0]) => {
      if (!key) throw new Error(`the sheet does not list ${what}`)
      pressed.push(what)
      await page.keyboard.press(key === 'Esc' ? 'Escape' : key)
      await until()
    }
    const period = page.locator('[data-period]')
    const isPeriod = (name: string) => period.and(page.locator(`[data-period="${name}"]`)).waitFor()

    await press('One period back', () => isPeriod('2024-03-04,2024-03-10'))
    await shows(page, 'visitors', 1)
    await press('One period on', () => isPeriod('2024-03-11,2024-03-17'))
    await shows(page, 'visitors', 3)
    await press('Comparison on and off', () => page.locator('[data-before]').first().waitFor({ state: 'detached' }))
    await press('Comparison on and off', () => page.locator('[data-before]').first().waitFor())
    expect(listed['Plot a metric: first to eighth']).toEqual(['1', '8'])
    const cards = page.getByRole('radio')
    for (let index = metrics.length; index > 0; index--) {
      const isPlotted = () =>
        eventually(`metric ${index} to be plotted`, async () =>
          (await cards.nth(index - 1).getAttribute('aria-checked')) === 'true' ? true : undefined,
        )
      await press('Plot a metric: first to eighth', isPlotted, String(index))
    }
    await press('Filter', () => page.getByRole('dialog', { name: 'Narrow what is shown' }).waitFor())
    await press('Close, then clear the filters', () => page.getByRole('dialog').waitFor({ state: 'detached' }))
    expect(await chips(page).count()).toBe(1)
    await press('Close, then clear the filters', () => shows(page, 'visitors', 6))
    expect(filtersOf(page)).toEqual([])
    for (const [what, name] of Object.entries(periods)) await press(what, () => isPeriod(name))
    await shows(page, 'visitors', 11)
    await press('Live', () => page.getByRole('heading', { name: 'Live', exact: true }).waitFor())
    expect(new URL(page.url()).pathname).toBe('/live')
    expect(new Set(pressed)).toEqual(new Set(Object.keys(listed)))
  })

  it('leave keys alone that are typed into a field', async () => {
    const page = await openWeek({ details: 'sources' })
    await page.getByLabel('Search').pressSequentially('fd')
    await page.getByText('Nothing in this range contains “fd”.').waitFor()
    expect(await page.locator('[data-period]').getAttribute('data-period')).toBe('2024-03-11,2024-03-17')
  })
})

describe('the live screen', () => {
  it('shows a visit in the feed, on the map and in the bars as it happens, and is not loaded again', async () => {
    const page = await open({ site: 'street' }, '/live')
    await page.getByText('Nothing in the last 30 minutes.').waitFor()
    await page.evaluate(() => {
      document.documentElement.dataset.loaded = 'once'
    })
    const happens = (visitor: string, country: string, clicks?: string) =>
      visit(visitor, new Date(Date.now() - 15_000).toISOString(), ['/window'], {
        source: 'linkedin',
        country,
        ...(clicks ? { clicks } : {}),
      })
    await send('street', [happens('ann', 'DE', 'doorbell')])
    await shows(page, 'online', 1)
    const feed = page.getByRole('region', { name: 'What happens now' })
    await feed.getByText('doorbell').waitFor()
    expect(await feed.locator('[data-row]').first().innerText()).toMatch(/linkedin · Germany · Firefox · desktop/)
    await page.locator('[data-country="DE"][data-count="1"]').waitFor()
    await page.getByRole('img', { name: /^Events of the last two minutes; [12] in the last ten seconds/ }).waitFor()
    await page.getByRole('img', { name: /^Visitors of the last 30 minutes/ }).waitFor()
    const bars = page.getByRole('img', { name: /^Visitors of the last 30 minutes/ }).locator('[title="1"]')
    await bars.first().waitFor()

    await page.getByRole('button', { name: 'Pause the feed' }).click()
    const held = await feed.locator('[data-row]').count()
    await send('street', [happens('bob', 'FR')])
    await shows(page, 'online', 2)
    await page.locator('[data-country="FR"][data-count="1"]').waitFor()
    expect(await feed.locator('[data-row]').count()).toBe(held)
    await page.getByRole('button', { name: 'Go on' }).click()
    await feed.getByText(/France/).waitFor()
    expect(await page.evaluate(() => document.documentElement.dataset.loaded)).toBe('once')
  })
})
