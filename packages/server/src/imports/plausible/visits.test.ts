import { Readable } from 'node:stream'
import type { SessionDocument } from '@clickwatch/contract'
import { describe, expect, it } from 'vitest'
import { plausibleFiles, plausibleVisits, type Sums, summed } from '../../../../../test/fixtures/plausible-export.ts'
import { type Day, daysOf } from './days.ts'
import { visitsOfDay } from './visits.ts'

const days = ['2024-03-01', '2024-03-02', '2024-03-03']
const truth = plausibleVisits(days)

const read = async (files: Record<string, string>, refused: object[] = []): Promise<Day[]> => {
  const archive = {
    files: new Map(Object.entries(files).map(([name, { length }]) => [name, length])),
    read: async (name: string) => Readable.from([Buffer.from(files[name] ?? '')]),
    close: () => undefined,
  }
  const onWrong = async (wrong: object) => void refused.push(wrong)
  const found: Day[] = []
  for await (const day of daysOf(archive, { onBytes: () => undefined, onWrong })) found.push(day)
  return found
}
const made = async (id = 'abc') =>
  (await read(plausibleFiles(truth))).map((day) => ({ date: day.date, ...visitsOfDay(id, day, 'unknown') }))

/** What a document counts as by our rules. */
const sumsBy = (documents: readonly SessionDocument[], keysOf: (document: SessionDocument) => readonly string[]) => {
  const groups = new Map<string, Sums & { ids: Set<string> }>()
  for (const document of documents) {
    const keys = keysOf(document)
    for (const key of new Set(keys)) {
      const sums = groups.get(key) ?? {
        ...{ visitors: 0, visits: 0, bounces: 0, seconds: 0, count: 0 },
        ids: new Set<string>(),
      }
      groups.set(key, sums)
      sums.visitors = sums.ids.add(document.user_id).size
      sums.visits++
      sums.bounces += document.bounce ? 1 : 0
      sums.seconds += document.time_spent_seconds ?? 0
      sums.count += keys.filter((each) => each === key).length
    }
  }
  return new Map([...groups].map(([key, { ids: _, ...sums }]) => [key, sums]))
}
const pagesOf = ({ events }: SessionDocument): string[] =>
  (events ?? []).flatMap(({ event_type, page_url }) =>
    event_type === 'page_view' ? new URL(page_url ?? '').pathname : [],
  )
const sorted = (sums: ReadonlyMap<string, object>) => [...sums].sort(([one], [other]) => (one < other ? -1 : 1))
const without =
  (...names: (keyof Sums)[]) =>
  (sums: ReadonlyMap<string, Sums>) =>
    new Map(
      [...sums].map(([key, each]) => [
        key,
        Object.fromEntries(Object.entries(each).filter(([name]) => !names.includes(name as keyof Sums))),
      ]),
    )

describe('visits that are made of sums by day', () => {
  it('add up to the sums of each day: visitors, visits, bounces, page views and time', async () => {
    for (const { date, visits } of await made()) {
      const expected = summed(
        truth.filter(({ day }) => day === date),
        ({ pages }) => pages.map(() => ''),
      )
      expect([date, sorted(sumsBy(visits, (visit) => pagesOf(visit).map(() => '')))]).toEqual([date, sorted(expected)])
    }
  })

  it.each([
    [
      'source',
      ({ source: [name] }) => [name.replace('Direct / None', '')],
      (one) => [one.utm_source ?? one.referrer ?? ''],
    ],
    ['country', ({ country }) => [country], ({ country }) => [country ?? '']],
    ['device', ({ device }) => [device.toLowerCase().replace('laptop', 'desktop')], (one) => [one.device_type ?? '']],
    ['browser', ({ browser }) => [browser[0]], ({ browser }) => [browser ?? '']],
    ['system', ({ os }) => [os], ({ os }) => [os ?? '']],
    ['entry page', ({ pages }) => [pages[0] ?? ''], (one) => [pagesOf(one)[0] ?? '']],
  ] satisfies [string, (visit: (typeof truth)[number]) => string[], (document: SessionDocument) => string[]][])(
    'add up to the visits, visitors and bounces of each %s',
    async (_what, ofTruth, ofMade) => {
      const names: Record<string, string> = {
        'https://google.com': 'Google',
        'https://news.ycombinator.com': 'Hacker News',
        'https://t.co': 'Twitter',
        'https://blog.example/post': 'blog.example',
      }
      const tidy = without('seconds', 'count')
      for (const { date, visits } of await made()) {
        const expected = summed(
          truth.filter(({ day }) => day === date),
          ofTruth,
        )
        const found = sumsBy(visits, (visit) => ofMade(visit).map((key) => names[key] ?? key))
        expect([date, sorted(tidy(found))]).toEqual([date, sorted(tidy(expected))])
      }
    },
  )

  it('add up to the views and visitors of each page, the exits of each, and the events', async () => {
    for (const { date, visits } of await made()) {
      const ofDay = truth.filter(({ day }) => day === date)
      const views = without('seconds', 'bounces', 'visits')
      expect([date, sorted(views(sumsBy(visits, pagesOf)))]).toEqual([
        date,
        sorted(views(summed(ofDay, ({ pages }) => pages))),
      ])
      const exits = without('seconds', 'bounces', 'visitors', 'count')
      expect([date, sorted(exits(sumsBy(visits, (one) => pagesOf(one).slice(-1))))]).toEqual([
        ...[date, sorted(exits(summed(ofDay, ({ pages }) => pages.slice(-1))))],
      ])
      const eventsOf = ({ events }: SessionDocument) =>
        (events ?? []).flatMap(({ event_type }) => (event_type === 'page_view' ? [] : event_type))
      const events = without('seconds', 'bounces', 'visits')
      expect(sorted(events(sumsBy(visits, eventsOf)))).toEqual(sorted(events(summed(ofDay, (visit) => visit.events))))
    }
  })

  it('have the time of each row, to the second a visit', async () => {
    for (const { date, visits } of await made()) {
      const expected = summed(
        truth.filter(({ day }) => day === date),
        ({ os }) => [os],
      )
      for (const [os, { seconds, visits: count }] of sumsBy(visits, (one) => [one.os ?? ''])) {
        expect(Math.abs(seconds - (expected.get(os)?.seconds ?? 0)) / count).toBeLessThan(0.5)
      }
    }
  })

  it('are the same whenever they are made, and others in another import', async () => {
    expect(await made()).toEqual(await made())
    const ids = (days: Awaited<ReturnType<typeof made>>) =>
      new Set(days.flatMap(({ visits }) => visits.map((one) => one.session_id)))
    const [one, other] = [ids(await made('abc')), ids(await made('def'))]
    expect(one.size).toBe(truth.length)
    expect([...one].filter((id) => other.has(id))).toEqual([])
    expect([...one].every((id) => id.startsWith('import:abc:'))).toBe(true)
  })

  it('tell by how much tables that do not agree are not met', async () => {
    const [day] = await read({
      'imported_visitors_20240301_20240301.csv':
        'date,visitors,pageviews,bounces,visits,visit_duration\n2024-03-01,2,5,1,3,60\n',
      'imported_devices_20240301_20240301.csv':
        'date,device,visitors,visits,visit_duration,bounces\n2024-03-01,Desktop,9,9,60,4\n2024-03-01,Mobile,1,1,0,0\n',
      'imported_custom_events_20240301_20240301.csv':
        'date,name,link_url,path,visitors,events\n2024-03-01,Signup,,,40,82\n',
    })
    if (!day) throw new Error('a day is expected')
    const { visits, off } = visitsOfDay('abc', day, 'shop.example')
    expect(visits).toHaveLength(3)
    expect(new Set(visits.map(({ user_id }) => user_id)).size).toBe(2)
    expect(visits.flatMap(pagesOf)).toHaveLength(5)
    expect(visits.filter(({ device_type }) => device_type === 'desktop')).toHaveLength(3)
    expect(
      visits.flatMap(({ events }) => events ?? []).filter(({ event_type }) => event_type === 'Signup'),
    ).toHaveLength(82)
    expect(off).toMatchObject({ pageviews: 0, eventVisitors: 38 })
  })
})

describe('a table', () => {
  const visitors = 'imported_visitors_20240301_20240302.csv'
  const head = 'date,visitors,pageviews,bounces,visits,visit_duration\n'

  it('is read row by row, and what cannot be is told with its line', async () => {
    const refused: object[] = []
    const found = await read(
      { [visitors]: `${head}2024-03-01,1,1,0,1,5\nyesterday,1,1,0,1,5\n2024-03-02,1,one,0,1,5\n` },
      refused,
    )
    expect(found.map(({ date }) => date)).toEqual(['2024-03-01'])
    expect(refused).toEqual([
      { file: visitors, line: 3, reason: "date is 'yesterday'; a day is expected" },
      { file: visitors, line: 4, reason: 'has something in count that is no whole number' },
    ])
  })

  it.each([
    [
      'lacks a column',
      { [visitors]: 'date,visitors\n2024-03-01,1\n' },
      'lacks pageviews, bounces, visits, visit_duration',
    ],
    [
      'is out of order',
      { [visitors]: `${head}2024-03-02,1,1,0,1,5\n2024-03-01,1,1,0,1,5\n` },
      'is not in the order of its days',
    ],
    ['is not there', { 'readme.txt': '' }, 'there is no imported_visitors'],
  ])('that %s ends the import with its reason', async (_how, files: Record<string, string>, reason) => {
    await expect(read(files)).rejects.toThrow(reason)
  })
})
