import { vitalNames } from '@clickwatch/contract'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Fixture, openFixture, type StoredEvent } from '../../../../../test/fixtures/behaviour.ts'
import { askElements } from './elements.ts'
import { askForms } from './forms.ts'
import { askHeatmap } from './heatmap.ts'
import { askJourneys } from './journeys.ts'
import { askVitals } from './vitals.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterEach(() => fixture.clear())
afterAll(() => fixture.close())

const startMs = Date.UTC(2026, 4, 1)
const visitor = fc.integer({ min: 1, max: 6 }).map((number) => `visitor ${number}`)
const path = fc.constantFrom('/', '/pricing', '/docs')

/** Rows in their order, of one visit a visitor, with an id each. */
const inOrder = <Row extends object>(
  rows: readonly (Row & { visitor_id: string; type: string })[],
): (Row & StoredEvent)[] =>
  rows.map((row, index) => ({ event_id: `event ${index}`, seq: index, time: startMs + index * 1000, ...row }))
const distinct = (rows: readonly { visitor_id: string }[]): number => new Set(rows.map((row) => row.visitor_id)).size
const rate = (part: number, whole: number): number | null =>
  whole > 0 ? Number(((100 * part) / whole).toFixed(2)) : null

const always = async <Row>(rows: fc.Arbitrary<Row[]>, check: (rows: Row[]) => Promise<void>): Promise<void> =>
  fc.assert(
    fc.asyncProperty(rows, check).afterEach(() => fixture.clear()),
    { numRuns: 10 },
  )

describe('journeys', () => {
  const views = fc.array(fc.record({ visitor_id: visitor, path, type: fc.constantFrom('page_view', 'click') }), {
    minLength: 1,
    maxLength: 60,
  })
  const waysOf = (rows: readonly { visitor_id: string; path: string; type: string }[]): string[][] =>
    [
      ...Map.groupBy(
        rows.filter(({ type }) => type === 'page_view'),
        (row) => row.visitor_id,
      ).values(),
    ].map((theirs) => theirs.map((row) => row.path).filter((page, index, all) => page !== all[index - 1]))
  const count = (ways: string[][], steps: number) => {
    const nodes: Record<string, [visits: number, exits: number]> = {}
    const links: Record<string, number> = {}
    for (const way of ways) {
      for (const [step, page] of way.slice(0, steps).entries()) {
        const [visits, exits] = nodes[`${step} ${page}`] ?? [0, 0]
        nodes[`${step} ${page}`] = [visits + 1, exits + Number(step === way.length - 1)]
        const next = way[step + 1]
        if (next === undefined || step + 1 >= steps) continue
        links[`${step} ${page} ${next}`] = (links[`${step} ${page} ${next}`] ?? 0) + 1
      }
    }
    return { visits: ways.length, nodes, links }
  }
  const ask = async (ways: { start?: string; end?: string }, steps = 4) => {
    const answer = await askJourneys(fixture.question(), { start: ways.start, end: ways.end, steps, perStep: 20 })
    return {
      visits: answer.visits,
      nodes: Object.fromEntries(
        answer.nodes.map(({ step, page, visits, exits }) => [`${step} ${page}`, [visits, exits]]),
      ),
      links: Object.fromEntries(answer.links.map(({ step, from, to, visits }) => [`${step} ${from} ${to}`, visits])),
    }
  }

  it('count what a plain evaluation counts: from the entry, from a page, and to one', () =>
    always(views, async (rows) => {
      await fixture.addEvents(inOrder(rows))
      const ways = waysOf(rows)
      expect(await ask({})).toEqual(count(ways, 4))
      const from = ways.filter((way) => way.includes('/docs')).map((way) => way.slice(way.indexOf('/docs')))
      expect(await ask({ start: '/docs' })).toEqual(count(from, 4))
      const to = ways
        .filter((way) => way.includes('/pricing'))
        .map((way) => way.slice(0, way.indexOf('/pricing') + 1).reverse())
      expect(await ask({ end: '/pricing' })).toEqual(count(to, 4))
    }))

  it('gather what is seldom as the rest of its step, so that every visit is in each step it reached', async () => {
    const pages = ['/a', '/a', '/a', '/b', '/c', '/d']
    await fixture.addEvents(
      inOrder(
        pages.flatMap((page, index) =>
          ['/', page].map((on) => ({ visitor_id: `${index}`, type: 'page_view', path: on })),
        ),
      ),
    )
    const { nodes, links } = await askJourneys(fixture.question(), {
      start: undefined,
      end: undefined,
      steps: 2,
      perStep: 2,
    })
    expect(nodes.filter(({ step }) => step === 1)).toEqual([
      { step: 1, page: '/a', visits: 3, exits: 3 },
      { step: 1, page: '/b', visits: 1, exits: 1 },
      { step: 1, page: '', visits: 2, exits: 2 },
    ])
    expect(links).toContainEqual({ step: 0, from: '/', to: '', visits: 2 })
  })
})

describe('elements', () => {
  const rows = fc.array(
    fc.record({
      visitor_id: visitor,
      path,
      type: fc.constantFrom('page_view', 'click', 'hover', 'cta_seen', 'rage_click', 'submit'),
      element_id: fc.constantFrom('buy', 'more', ''),
      element_text: fc.constantFrom('Buy', 'More', ''),
    }),
    { maxLength: 80 },
  )
  it('count what a plain evaluation counts, an unnamed one by its text', () =>
    always(rows, async (given) => {
      const events = inOrder(given)
      await fixture.addEvents(events)
      const { elements } = await askElements(fixture.question(), undefined)
      const done = events.filter(
        ({ type, element_id, element_text }) =>
          ['click', 'hover', 'cta_seen', 'rage_click'].includes(type) && (element_id !== '' || element_text !== ''),
      )
      const groups = Map.groupBy(
        done,
        ({ element_id, element_text }) => `${element_id}/${element_id ? '' : element_text}`,
      )
      const wanted = [...groups].map(([key, theirs]) => {
        const of = (type: string) => theirs.filter((row) => row.type === type).length
        const pages = new Set(theirs.map((row) => row.path))
        const views = events.filter(({ type, path: on }) => type === 'page_view' && pages.has(on)).length
        return [
          key,
          of('cta_seen'),
          of('hover'),
          of('click'),
          of('rage_click'),
          distinct(theirs),
          rate(of('click'), views),
        ]
      })
      const answered = elements.map((row) => [
        `${row.element}/${row.element ? '' : row.text}`,
        row.seen,
        row.hovers,
        row.clicks,
        row.rage_clicks,
        row.visitors,
        row.click_rate,
      ])
      expect(answered.sort()).toEqual(wanted.sort())
    }))
})

describe('forms', () => {
  const fields = ['name', 'email', 'phone']
  const rows = fc.array(
    fc.record({
      visitor_id: visitor,
      path,
      type: fc.constantFrom('page_view', 'submit', 'form_abandon'),
      element_id: fc.constant('contact'),
      form_fields: fc.subarray(fields),
    }),
    { maxLength: 60 },
  )
  it('count what a plain evaluation counts, and after which field they were left', () =>
    always(rows, async (given) => {
      const events = inOrder(given)
      await fixture.addEvents(events)
      const { forms } = await askForms(fixture.question(), undefined)
      const tries = events.filter(({ type }) => type !== 'page_view')
      const wanted = [...Map.groupBy(tries, (row) => row.path)].map(([page, ofPage]) => {
        const visitors = [...Map.groupBy(ofPage, (row) => row.visitor_id).values()]
        const sent = visitors.filter((theirs) => theirs.some(({ type }) => type === 'submit'))
        const left = visitors.filter((theirs) => !sent.includes(theirs))
        return {
          form: 'contact',
          page,
          views: distinct(events.filter(({ type, path: on }) => type === 'page_view' && on === page)),
          started: visitors.length,
          sent: sent.length,
          abandoned: left.length,
          completion_rate: rate(sent.length, visitors.length),
          fields: fields.flatMap((field) => {
            const filled = visitors.filter((theirs) =>
              theirs.some(({ form_fields }) => form_fields.includes(field)),
            ).length
            const last = left.filter((theirs) => theirs.at(-1)?.form_fields.at(-1) === field).length
            return filled > 0 ? [{ field, filled, last }] : []
          }),
        }
      })
      const sorted = <Form extends { page: string; fields: { field: string }[] }>(all: Form[]) =>
        all
          .map((form) => ({
            ...form,
            fields: form.fields.toSorted((one, other) => (one.field < other.field ? -1 : 1)),
          }))
          .toSorted((one, other) => (one.page < other.page ? -1 : 1))
      expect(sorted(forms)).toEqual(sorted(wanted))
    }))
})

describe('web vitals', () => {
  const rows = fc.array(
    fc.record({
      visitor_id: visitor,
      path,
      type: fc.constant('engagement'),
      name: fc.constantFrom(...vitalNames, 'something else'),
      props: fc.integer({ min: 0, max: 5000 }).map((value) => ({ value: String(value) })),
    }),
    { maxLength: 80 },
  )
  const quantile = (numbers: readonly number[], level: number): number => {
    const sorted = numbers.toSorted((one, other) => one - other)
    const at = (sorted.length - 1) * level
    const [low = 0, high = 0] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]]
    return low + (high - low) * (at - Math.floor(at))
  }
  it('count what a plain evaluation counts, in all and by page', () =>
    always(rows, async (given) => {
      const events = inOrder(given)
      await fixture.addEvents(events)
      const { vitals, rows: byPage } = await askVitals(fixture.question(), 'page')
      const check = (stats: typeof vitals, chosen: typeof events) => {
        const names = vitalNames.filter((vital) => chosen.some(({ name }) => name === vital))
        expect(stats.map(({ vital }) => vital)).toEqual(names)
        for (const { vital, samples, p50, p75, p95, good, fair, poor } of stats) {
          const measured = chosen.filter(({ name }) => name === vital).map(({ props }) => Number(props.value))
          expect([samples, good + fair + poor]).toEqual([measured.length, measured.length])
          expect(p50).toBeCloseTo(quantile(measured, 0.5), 3)
          expect(p75).toBeCloseTo(quantile(measured, 0.75), 3)
          expect(p95).toBeCloseTo(quantile(measured, 0.95), 3)
          if (vital === 'LCP') {
            expect(good).toBe(measured.filter((value) => value <= 2500).length)
            expect(poor).toBe(measured.filter((value) => value > 4000).length)
          }
        }
      }
      check(vitals, events)
      for (const { value, vitals: stats } of byPage)
        check(
          stats,
          events.filter((row) => row.path === value),
        )
    }))
})

describe('a heatmap', () => {
  const click = (visitor_id: string, x: number, y: number, width: number, height: number) => ({
    visitor_id,
    type: 'click',
    path: '/',
    device: width > 500 ? 'desktop' : 'mobile',
    position_x: x,
    position_y: y,
    viewport_width: width,
    page_height: height,
  })
  const view = (visitor_id: string, width: number, height: number) => ({
    ...click(visitor_id, 0, 0, width, height),
    type: 'page_view',
  })

  it('brings clicks of all widths to the one that the page was seen in most', async () => {
    await fixture.addEvents(
      inOrder([
        view('a', 1200, 3000),
        view('b', 1200, 3000),
        view('c', 600, 6000),
        view('d', 300, 9000),
        click('a', 600, 1500, 1200, 3000),
        // The middle of a page half as wide and twice as high.
        click('c', 300, 3000, 600, 6000),
        click('d', 150, 100, 300, 9000),
      ]),
    )
    const all = await askHeatmap(fixture.question(), { page: '/', kind: 'click' })
    expect(all).toMatchObject({ pageviews: 4, width: 1200, height: 3000 })
    expect(all.widths).toEqual([
      { width: 1200, pageviews: 2 },
      { width: 300, pageviews: 1 },
      { width: 600, pageviews: 1 },
    ])
    expect(all.points[0]).toEqual({ x: 604, y: 1500, count: 2 })
    const phones = await askHeatmap(fixture.question(), { page: '/', kind: 'click', device: 'mobile' })
    expect(phones).toMatchObject({ pageviews: 1, width: 300, points: [{ x: 148, y: 100, count: 1 }] })
  })

  it('says how far each view was scrolled', async () => {
    const scroll = (visitor_id: string, scroll_depth: number) => ({
      ...view(visitor_id, 1000, 2000),
      type: 'scroll',
      scroll_depth,
    })
    await fixture.addEvents(
      inOrder([view('a', 1000, 2000), scroll('a', 50), view('a', 1000, 2000), scroll('a', 100), view('b', 1000, 2000)]),
    )
    const { scroll: depths, pageviews } = await askHeatmap(fixture.question(), { page: '/', kind: 'scroll' })
    expect(pageviews).toBe(3)
    const reached = (depth: number) => depths.find((each) => each.depth === depth)?.reached
    expect([reached(0), reached(50), reached(55), reached(100)]).toEqual([100, 66.7, 33.3, 33.3])
    expect(depths).toHaveLength(21)
  })
})
