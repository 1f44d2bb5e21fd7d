import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ClickWatch, runCommand, startClickWatch, temporaryFolder, untilStored } from '../fixtures/clickwatch.ts'
import { batch, event } from '../fixtures/events.ts'
import { plausibleVisits, plausibleZip, type Sums, summed } from '../fixtures/plausible-export.ts'
import { zipOf } from '../fixtures/zip.ts'

// History of other products, each in the words of its export, in the reports of a server that runs.

let clickWatch: ClickWatch
let folder: string
beforeAll(async () => {
  folder = temporaryFolder()
  clickWatch = await startClickWatch()
})
afterAll(async () => {
  await clickWatch.dispose()
  rmSync(folder, { recursive: true, force: true })
  for (const name of readdirSync('.')) if (/^clickwatch-import-.*ndjson$/.test(name)) rmSync(name)
})

const run = async (...args: string[]): Promise<{ code: number | null; said: string }> => {
  const { exited, output } = runCommand(args, { CLICKWATCH_DATA: clickWatch.dataFolder })
  const code = await exited
  return { code, said: output() }
}
const imported = async (format: string, site: string, content: string | Buffer, name = 'file') => {
  const path = join(folder, name)
  writeFileSync(path, content)
  const url = clickWatch.baseUrl
  const { code, said } = await run('import', format, path, '--site', site, '--url', url, '--json')
  expect([code, said]).toEqual([0, expect.stringContaining('{')])
  await untilStored(clickWatch)
  return JSON.parse(said.slice(said.indexOf('{'))) as {
    id: string
    visits: number
    events: number
    left: object
    refused: number
  }
}
const rows = async (site: string, dimensions: string[], metrics = ['visitors', 'visits', 'pageviews', 'events']) => {
  const { results } = await clickWatch.query({ site_id: site, metrics, dimensions, date_range: 'all' })
  return results.map((row) => [...row.dimensions, ...row.metrics])
}
const everything = (site: string) => rows(site, [])

const csv = `website_id,session_id,visit_id,hostname,browser,os,device,screen,language,country,url_path,url_query,utm_source,utm_medium,utm_campaign,referrer_domain,referrer_path,page_title,event_type,event_name,created_at
w,ann,v1,shop.example,chrome,Windows 10,laptop,1920x1080,en-US,US,/,utm_source=news,news,email,spring,,,Home,1,,2024-03-01 10:00:00
w,ann,v1,shop.example,chrome,Windows 10,laptop,1920x1080,en-US,US,/pricing,,,,,,,"Pricing, all",1,,2024-03-01 10:01:00
w,ann,v1,shop.example,chrome,Windows 10,laptop,1920x1080,en-US,US,/pricing,,,,,,,Pricing,2,signup,2024-03-01 10:02:00
w,bob,v2,shop.example,firefox,Linux,mobile,390x844,de-DE,DE,/,,,,,google.com,/,Home,1,,2024-03-02 11:00:00
w,,v3,shop.example,firefox,Linux,mobile,390x844,de-DE,DE,/,,,,,,,Home,1,,2024-03-02 11:00:00
w,bob,v2,shop.example,firefox,Linux,mobile,390x844,de-DE,DE,/,,,,,,,Home,1,,yesterday
`

describe('an export of Umami', () => {
  it('is in the reports with what it knows, once, however often it is sent; what cannot be read is told with its line', async () => {
    const told = await imported('umami', 'umami', csv)
    expect(told).toMatchObject({ visits: 2, events: 4, refused: 2 })
    const refused = readFileSync(`clickwatch-import-${told.id}.refused.ndjson`, 'utf8').trim().split('\n')
    expect(refused.map((line) => JSON.parse(line))).toEqual([
      { file: 'file', line: 6, reason: 'session_id is missing' },
      { file: 'file', line: 7, reason: expect.stringContaining("created_at is 'yesterday'") },
    ])
    expect(await everything('umami')).toEqual([[2, 2, 3, 4]])
    expect(await rows('umami', ['visit:source'], ['visitors'])).toEqual(
      expect.arrayContaining([
        ['news', 1],
        ['Google', 1],
      ]),
    )
    expect(await rows('umami', ['visit:country'], ['visitors'])).toEqual(
      expect.arrayContaining([
        ['US', 1],
        ['DE', 1],
      ]),
    )
    expect(await rows('umami', ['visit:device'], ['visitors'])).toEqual(
      expect.arrayContaining([
        ['desktop', 1],
        ['mobile', 1],
      ]),
    )
    expect(await rows('umami', ['time:day'], ['visits'])).toEqual(
      expect.arrayContaining([
        ['2024-03-01', 1],
        ['2024-03-02', 1],
      ]),
    )
    expect(await rows('umami', ['event:title'], ['pageviews'])).toEqual(
      expect.arrayContaining([
        ['Home', 2],
        ['Pricing, all', 1],
      ]),
    )
    expect(await rows('umami', ['visit:screen'], ['visits'])).toEqual(
      expect.arrayContaining([
        ['1920x1080', 1],
        ['390x844', 1],
      ]),
    )
    await imported('umami', 'umami', csv, 'another name')
    expect(await everything('umami')).toEqual([[2, 2, 3, 4]])
  })
})

const ga4 = [
  { event_name: 'session_start', event_timestamp: '1709287200000000', user_pseudo_id: 'p.1' },
  {
    ...{ event_name: 'page_view', event_timestamp: '1709287200000000', user_pseudo_id: 'p.1' },
    event_params: [
      { key: 'page_location', value: { string_value: 'https://shop.example/?utm_source=x' } },
      { key: 'page_referrer', value: { string_value: 'https://www.linkedin.com/feed' } },
      { key: 'ga_session_id', value: { int_value: '1709287200' } },
    ],
    device: { category: 'mobile', operating_system: 'Android', language: 'de-de', web_info: { browser: 'Chrome' } },
    geo: { country: 'Germany', region: 'Bavaria', city: '(not set)' },
  },
  {
    ...{ event_name: 'purchase', event_timestamp: '1709287240000000', user_pseudo_id: 'p.1' },
    event_params: [
      { key: 'page_location', value: { string_value: 'https://shop.example/paid' } },
      { key: 'page_title', value: { string_value: 'Thank you' } },
      { key: 'ga_session_id', value: { int_value: '1709287200' } },
      { key: 'currency', value: { string_value: 'EUR' } },
    ],
    ecommerce: { purchase_revenue: 19.9 },
  },
  {
    ...{ event_name: 'scroll', event_timestamp: '1709287230000000', user_pseudo_id: 'p.1' },
    event_params: [
      { key: 'percent_scrolled', value: { int_value: '90' } },
      { key: 'page_location', value: { string_value: 'https://shop.example/' } },
      { key: 'ga_session_id', value: { int_value: '1709287200' } },
    ],
  },
  { event_name: 'page_view', event_timestamp: '1709287300000000', user_pseudo_id: null },
]

describe('an export of Google Analytics', () => {
  it('is in the reports, gzipped, too', async () => {
    const text = ga4.map((row) => JSON.stringify(row)).join('\n')
    const told = await imported('ga4', 'ga4', gzipSync(text), 'ga4.json.gz')
    expect(told).toMatchObject({ visits: 1, events: 3, left: { session_start: 1, 'without consent': 1 }, refused: 0 })
    expect(await everything('ga4')).toEqual([[1, 1, 1, 3]])
    expect(await rows('ga4', ['visit:region', 'visit:city'], ['visits'])).toEqual([['Bavaria', '', 1]])
    expect(await rows('ga4', [], ['total_revenue'])).toEqual([[19.9]])
    expect(await rows('ga4', ['event:title'], ['events'])).toContainEqual(['Thank you', 1])
    expect(await rows('ga4', ['visit:country', 'visit:os', 'visit:device'], ['visits'])).toEqual([
      ['DE', 'Android', 'mobile', 1],
    ])
    expect(await rows('ga4', ['visit:source'], ['visits'])).toEqual([['x', 1]])
  })
})

describe('an export of Matomo', () => {
  it('is in the reports', async () => {
    const visit = {
      ...{ idVisit: 7, visitorId: 'abc', referrerUrl: 'https://duckduckgo.com/', browserName: 'Firefox' },
      ...{ operatingSystemName: 'GNU/Linux', deviceType: 'Desktop', countryCode: 'fr', languageCode: 'fr' },
      ...{ region: 'Brittany', city: 'Unknown', resolution: '1600x900', siteCurrency: 'EUR' },
      actionDetails: [
        { type: 'action', url: 'https://shop.example/', pageTitle: 'Shop', timestamp: 1709287200 },
        { type: 'ecommerceOrder', url: 'https://shop.example/', timestamp: 1709287250, revenue: '12.50' },
        { type: 'event', url: 'https://shop.example/', timestamp: 1709287260, eventAction: 'play' },
        { type: 'action', url: 'https://shop.example/', timestamp: undefined },
      ],
    }
    const told = await imported('matomo', 'matomo', `${JSON.stringify(visit)}\nnonsense\n`)
    expect(told).toMatchObject({ visits: 1, events: 3, refused: 2 })
    expect(await everything('matomo')).toEqual([[1, 1, 1, 3]])
    expect(await rows('matomo', ['visit:region', 'visit:city', 'visit:screen'], ['visits'])).toEqual([
      ['Brittany', '', '1600x900', 1],
    ])
    expect(await rows('matomo', ['event:title'], ['pageviews'])).toContainEqual(['Shop', 1])
    expect(await rows('matomo', [], ['total_revenue'])).toEqual([[12.5]])
    expect(await rows('matomo', ['event:type'], ['events'])).toEqual(expect.arrayContaining([['play', 1]]))
  })
})

const browser = 'Mozilla/5.0 (X11; Linux x86_64; rv:123.0) Gecko/20100101 Firefox/123.0'
const combined = `203.0.113.7 - - [01/Mar/2024:10:00:00 +0000] "GET / HTTP/1.1" 200 512 "https://news.example/" "${browser}"
203.0.113.7 - - [01/Mar/2024:10:00:00 +0000] "GET /app.js HTTP/1.1" 200 512 "-" "${browser}"
203.0.113.7 - - [01/Mar/2024:10:05:00 +0000] "GET /pricing?x=1 HTTP/1.1" 200 512 "-" "${browser}"
203.0.113.7 - - [01/Mar/2024:12:05:00 +0000] "GET /pricing HTTP/1.1" 304 0 "-" "${browser}"
66.249.66.1 - - [01/Mar/2024:10:00:00 +0000] "GET / HTTP/1.1" 200 512 "-" "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
203.0.113.8 - - [01/Mar/2024:10:00:00 +0000] "POST /login HTTP/1.1" 302 0 "-" "${browser}"
broken
`
const cloudFront = `#Version: 1.0
#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query x-host-header
2024-03-01\t10:00:00\tFRA2\t512\t203.0.113.9\tGET\td1.cloudfront.net\t/\t200\t-\t${encodeURIComponent(browser)}\tutm_source=mail\tshop.example
2024-03-01\t10:00:01\tFRA2\t512\t203.0.113.9\tGET\td1.cloudfront.net\t/logo.png\t200\t-\t${encodeURIComponent(browser)}\t-\tshop.example
`

describe('logs of web servers', () => {
  it('are page views of people, and hold no address any more', async () => {
    const told = await imported('access-log', 'log', combined)
    expect(told).toMatchObject({ visits: 2, events: 3, left: { 'no page': 1, bot: 1, 'no GET': 1 }, refused: 1 })
    expect(await everything('log')).toEqual([[1, 2, 3, 3]])
    expect(await rows('log', ['visit:browser'], ['visits'])).toEqual([['Firefox', 2]])
    const told2 = await imported('access-log', 'cdn', cloudFront)
    expect(told2).toMatchObject({ visits: 1, events: 1, left: { 'no page': 1 }, refused: 0 })
    expect(await rows('cdn', ['visit:source', 'event:hostname'], ['pageviews'])).toEqual([['mail', 'shop.example', 1]])
    const events = await (
      await fetch(`${clickWatch.baseUrl}/api/export/events?site=log&format=json&from=2024-03-01&to=2024-03-02`)
    ).text()
    expect(events).toContain('/pricing')
    expect(events).not.toContain('203.0.113')
  })
})

describe('an export of Plausible', () => {
  const days = ['2024-03-01', '2024-03-02']
  const visits = plausibleVisits(days)
  /** What each row of a report by day and something is to say, as the export's own table says it. */
  const expected = (keysOf: Parameters<typeof summed>[1], ...sums: (keyof Sums)[]) =>
    [...summed(visits, (visit) => keysOf(visit).map((key) => JSON.stringify([visit.day, key])))]
      .map(([key, found]) => [...(JSON.parse(key) as string[]), ...sums.map((sum) => found[sum])])
      .sort()
  const answered = async (dimension: string, metrics: string[], date_range: unknown = 'all') => {
    const asked = { site_id: 'plausible', metrics, dimensions: ['time:day', dimension], date_range }
    const { results } = await clickWatch.query({ ...asked, pagination: { limit: 1000 } })
    return results.map((row) => [...row.dimensions, ...row.metrics]).sort()
  }

  it('comes back from our own reports as its tables have it, and is taken back whole', async () => {
    const told = await imported('plausible', 'plausible', plausibleZip(visits), 'export.zip')
    expect(told).toMatchObject({ id: expect.stringMatching(/^sums-[\da-f]{10}$/), visits: visits.length, refused: 0 })
    expect((await run('import', 'list')).said).toContain(`${told.id}  plausible`)
    const [all] = [...summed(visits, ({ pages }) => pages.map(() => '')).values()]
    const { results } = await clickWatch.query({
      ...{ site_id: 'plausible', date_range: 'all' },
      metrics: ['visitors', 'visits', 'pageviews', 'bounce_rate', 'visit_duration'],
    })
    expect(results[0]?.metrics).toEqual([
      ...[all?.visitors, all?.visits, all?.count],
      Math.round((1000 * (all?.bounces ?? 0)) / (all?.visits ?? 1)) / 10,
      Math.round((all?.seconds ?? 0) / (all?.visits ?? 1)),
    ])
    // Names that are ours: nobody's source is nothing, and a laptop is a desktop.
    expect(await answered('visit:source', ['visitors', 'visits'])).toEqual(
      expected(({ source }) => [source[0].replace('Direct / None', '')], 'visitors', 'visits'),
    )
    // Who came by no campaign came by several sources, whose visitors no table adds up.
    expect(await answered('visit:utm_campaign', ['visits'])).toEqual(expected(({ source }) => [source[4]], 'visits'))
    expect(await answered('visit:country', ['visitors', 'visits'])).toEqual(
      expected(({ country }) => [country], 'visitors', 'visits'),
    )
    expect(await answered('visit:device', ['visitors', 'visits'])).toEqual(
      expected(({ device }) => [device.toLowerCase().replace('laptop', 'desktop')], 'visitors', 'visits'),
    )
    expect(await answered('visit:browser', ['visitors', 'visits'])).toEqual(
      expected(({ browser }) => [browser[0]], 'visitors', 'visits'),
    )
    expect(await answered('visit:os', ['visitors', 'visits'])).toEqual(expected(({ os }) => [os], 'visitors', 'visits'))
    expect(await answered('visit:entry_page', ['visitors', 'visits'])).toEqual(
      expected(({ pages }) => pages.slice(0, 1), 'visitors', 'visits'),
    )
    expect(await answered('visit:exit_page', ['visits'])).toEqual(expected(({ pages }) => pages.slice(-1), 'visits'))
    expect(await answered('event:page', ['visitors', 'pageviews'])).toEqual(
      expected(({ pages }) => pages, 'visitors', 'count'),
    )
    const events = (await answered('event:type', ['visitors', 'events'])).filter((row) => row[1] === 'Signup')
    expect(events).toEqual(expected((visit) => visit.events, 'visitors', 'count'))
    const rates = await answered('visit:browser', ['bounce_rate'])
    expect(rates).toEqual(
      expected(({ browser }) => [browser[0]], 'bounces', 'visits').map(([day, name, bounces, count]) => [
        ...[day, name, Math.round((1000 * Number(bounces)) / Number(count)) / 10],
      ]),
    )

    const warningOf = async (query: object): Promise<string | undefined> =>
      (await clickWatch.query({ site_id: 'plausible', metrics: ['visitors'], date_range: days, ...query })).meta
        .imports_warning
    expect(await warningOf({ dimensions: ['time:day', 'visit:browser'] })).toBeUndefined()
    expect(await warningOf({ dimensions: ['visit:browser'], filters: [['is', 'visit:country', ['DE']]] })).toContain(
      '2024-03-01 to 2024-03-02 was imported as sums by day: how what is asked here goes together is estimated',
    )
    const ofGermany = { filters: [['is', 'visit:country', ['DE']]] }
    expect(
      await warningOf({ ...ofGermany, dimensions: ['time'], date_range: ['2024-02-01', '2024-03-20'] }),
    ).toBeUndefined()
    expect(await warningOf({ dimensions: ['time'], date_range: ['2024-03-01', '2024-03-01'] })).toContain('hours')

    await imported('plausible', 'plausible', plausibleZip(visits), 'again.zip')
    expect(await rows('plausible', [], ['visits'])).toEqual([[visits.length]])
    expect(await run('import', 'undo', told.id, '--site', 'plausible')).toMatchObject({ code: 0 })
    expect(await rows('plausible', [], ['visits'])).toEqual([[0]])
  })

  it('is told to be none where it is none', async () => {
    const path = join(folder, 'none.zip')
    for (const [content, reason] of [
      ['no zip', 'is no whole zip file'],
      [zipOf({ 'notes.txt': '' }), 'there is no imported_visitors'],
      [plausibleZip(visits).subarray(0, 3000), 'is no whole zip file'],
    ] as const) {
      writeFileSync(path, content)
      const url = clickWatch.baseUrl
      expect(await run('import', 'plausible', path, '--site', 'none', '--url', url)).toMatchObject({
        code: 1,
        said: expect.stringContaining(reason),
      })
    }
  })
})

describe('an import', () => {
  it('has times that say of no zone be of the one that is named', async () => {
    const path = join(folder, 'zone.csv')
    writeFileSync(path, csv.replaceAll('2024-03-01 10:0', '2024-03-01 23:0'))
    const umami = ['import', 'umami', path, '--site', 'zone', '--url', clickWatch.baseUrl, '--time-zone']
    expect(await run(...umami, 'Mars/Olympus')).toMatchObject({ said: expect.stringContaining('--time-zone') })
    expect(await run(...umami, 'America/New_York')).toMatchObject({ code: 0 })
    await untilStored(clickWatch)
    // Eleven in the evening in New York is four in the morning in UTC.
    expect(await rows('zone', ['time:day'], ['visits'])).toContainEqual(['2024-03-02', 2])
  })

  it('of several files is one: the same people, visits that go on, each once', async () => {
    const [, head = '', ...lines] = /^(.*)\n([\s\S]*)$/.exec(csv) ?? []
    const rows_ = lines.join('').trim().split('\n')
    const paths = [rows_.slice(0, 2), rows_.slice(2, 4)].map((some, index) => {
      const path = join(folder, `part${index}`)
      writeFileSync(path, [head, ...some].join('\n'))
      return path
    })
    const { code } = await run('import', 'umami', ...paths, '--site', 'parts', '--url', clickWatch.baseUrl)
    expect(code).toBe(0)
    await untilStored(clickWatch)
    expect(await everything('parts')).toEqual([[2, 2, 3, 4]])
  })

  it('makes up no page: a visit that begins with something else has the pages that it saw, and one that saw none is left out', async () => {
    const at = (second: number, event_name: string, session: string) => ({
      ...{ event_name, event_timestamp: `${1709287200 + second}000000`, user_pseudo_id: session },
      event_params: [
        {
          key: 'page_location',
          value: { string_value: event_name === 'scroll' ? 'https://shop.example/a' : 'https://shop.example/b' },
        },
        { key: 'ga_session_id', value: { int_value: session } },
      ],
    })
    const hits = [at(0, 'scroll', '1'), at(5, 'page_view', '1'), at(9, 'scroll', '2')]
    const told = await imported('ga4', 'pageless', hits.map((hit) => JSON.stringify(hit)).join('\n'))
    expect(told).toMatchObject({ visits: 1, events: 3, left: { 'visits without a page': 1 } })
    expect(await everything('pageless')).toEqual([[1, 1, 1, 2]])
  })

  it('goes on after a visit that no server would take, and with visits of many megabytes', async () => {
    const view = (id: number, second: number, type: string, long = '') =>
      JSON.stringify({
        ...{ idVisit: id, visitorId: `v${id}`, countryCode: 'fr' },
        actionDetails: [
          { type: 'action', url: `https://shop.example/${long}`, timestamp: 1709287200 + second },
          { type: 'event', eventAction: type, url: `https://shop.example/${long}`, timestamp: 1709287200 + second },
        ],
      })
    const many = Array.from({ length: 3000 }, (_, id) => view(id, id, 'play', 'x'.repeat(1900)))
    const told = await imported('matomo', 'large', many.join('\n'))
    expect(told).toMatchObject({ visits: 3000, refused: 0 })
    const typeless = JSON.stringify({
      idVisit: 1,
      visitorId: 'a',
      actionDetails: [{ url: '/', timestamp: 1709287200 }],
    })
    expect(await imported('matomo', 'typeless', `${typeless}\n${view(1, 0, 'play')}`)).toMatchObject({
      visits: 1,
      refused: 1,
    })
  })

  it('reads a table up to where a quote is never closed', async () => {
    const broken = csv.replace('"Pricing, all"', 'Pricing').replace('Pricing,2', '"Pricing,2')
    expect(await imported('umami', 'quotes', broken)).toMatchObject({ events: 2, refused: 1 })
  })

  it('is listed, and is taken back whole; what came by itself stays, and everything adds up', async () => {
    await clickWatch.post('/e', { ...batch('visitor', 'visit', [event()]), site: 'umami' })
    await untilStored(clickWatch)
    const listed = (await run('import', 'list')).said
    const [, id = ''] = /([\da-f]{10}) {2}umami {2}2 visits, 2024-03-01 to 2024-03-02/.exec(listed) ?? []
    expect(await run('import', 'undo', id, '--site', 'umami')).toMatchObject({
      code: 0,
      said: expect.stringContaining('4 events of the import of umami are erased'),
    })
    expect(await everything('umami')).toEqual([[1, 1, 1, 1]])
    expect(await everything('ga4')).toEqual([[1, 1, 1, 3]])
    expect((await run('import', 'list')).said).not.toContain('umami')
    expect((await run('verify')).said).toContain('Everything adds up.')
  })

  it('says what is missing', async () => {
    expect(await run('import', 'umami', 'no-such-file')).toMatchObject({
      code: 1,
      said: expect.stringContaining('There is no'),
    })
    expect(await run('import', 'undo', 'all')).toMatchObject({ code: 2 })
    const path = join(folder, 'file')
    writeFileSync(path, combined)
    const wrong = await run('import', 'umami', path, '--url', clickWatch.baseUrl)
    expect(wrong).toMatchObject({ code: 1, said: expect.stringContaining('no export of Umami') })
    const cut = join(folder, 'cut.gz')
    writeFileSync(cut, gzipSync(csv).subarray(0, 60))
    const ended = await run('import', 'umami', cut, '--url', clickWatch.baseUrl)
    expect(ended).toMatchObject({ code: 1, said: expect.stringContaining('no whole gzipped file') })
    writeFileSync(path, csv)
    const nowhere = await run('import', 'umami', path, '--url', 'http://127.0.0.1:9')
    expect(nowhere).toMatchObject({ code: 1, said: expect.stringContaining('no ClickWatch') })
  })
})
