import type { GoalRule, Idea, NewIdea } from '@clickwatch/contract'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openFixture, type StoredEvent, type Fixture as StoreFixture } from '../../../../test/fixtures/behaviour.ts'
import { erase } from '../pipeline/erase.ts'
import { localText } from '../query/calendar.ts'
import { refillGold } from '../store/refill.ts'
import { countIdea, countVisitors } from './count.ts'
import type { Counting } from './counting.ts'
import { evidenceOf } from './evidence.ts'
import { healthOf } from './health.ts'
import type { Shown } from './moments.ts'

let fixture: StoreFixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(() => fixture?.close())

const timeZone = 'Europe/Berlin'
const begunMs = Date.UTC(2026, 5, 10, 20)
const minute = 60_000
const counting = (site: string): Counting => ({
  site,
  timeZone,
  currency: 'EUR',
  fromMs: begunMs + 60 * minute,
  nowMs: begunMs + 3 * 24 * 60 * minute,
})

type Visit = { source: string; device: string; country: string; isReturning: boolean; language: string }
type Happening = {
  id: string
  visitor: string
  session: string
  timeMs: number
  type: string
  path: string
  name: string
  element: string
  depth: number
  engagedMs: number
  amount: number
  currency: string
  props: Record<string, string>
  visit: Visit
}

// What an idea is counted by, said once more as slowly and plainly as can be: this is what the SQL is held against.

const isPath = (pattern: string, path: string): boolean =>
  new RegExp(`^${pattern.replaceAll('/**', '/.*')}$`).test(path)

/** The times at which a visitor did what a rule says. */
const timesOf = (rule: GoalRule, events: readonly Happening[]): number[] => {
  const onPath = (event: Happening, path: string | undefined) => path === undefined || isPath(path, event.path)
  const where = (holds: (event: Happening) => boolean) => events.filter(holds).map(({ timeMs }) => timeMs)
  switch (rule.type) {
    case 'page':
      return where((event) => event.type === 'page_view' && onPath(event, rule.path))
    case 'event':
      return where(({ type, name }) => type === 'custom' && name === rule.event_name)
    case 'element':
      return where(
        (event) =>
          (rule.action === undefined
            ? ['click', 'hover', 'cta_seen', 'rage_click'].includes(event.type)
            : event.type === rule.action) &&
          event.element === rule.element &&
          onPath(event, rule.path),
      )
    case 'form':
      return where(
        (event) =>
          event.type === 'submit' &&
          (rule.element === undefined || event.element === rule.element) &&
          onPath(event, rule.path),
      )
    case 'revenue':
      return where(
        ({ currency, name, amount }) =>
          currency !== '' &&
          (rule.event_name === undefined || name === rule.event_name) &&
          amount >= (rule.at_least ?? 0),
      )
    case 'scroll': {
      const firsts = new Map<string, number>()
      for (const event of events) {
        if (event.depth < rule.depth || !onPath(event, rule.path)) continue
        const visit = `${event.session} ${event.path}`
        firsts.set(visit, Math.min(firsts.get(visit) ?? Number.POSITIVE_INFINITY, event.timeMs))
      }
      return [...firsts.values()]
    }
    case 'time': {
      const read = new Map<string, number>()
      const inOrder = events.toSorted((left, right) => left.timeMs - right.timeMs)
      return inOrder.flatMap((event) => {
        if (!onPath(event, rule.path)) return []
        const before = read.get(event.session) ?? 0
        const now = before + event.engagedMs
        read.set(event.session, now)
        return before < rule.seconds * 1000 && now >= rule.seconds * 1000 ? [event.timeMs] : []
      })
    }
  }
}

const plainCount = (idea: Shown, given: readonly Happening[], { fromMs, nowMs }: Counting) => {
  const events = given.filter(({ timeMs }) => timeMs >= fromMs && timeMs <= nowMs)
  const variants = idea.variants
    ? [...idea.variants.map(({ key }) => key), ...(idea.holdout ? ['holdout'] : [])]
    : ['only']
  const counted: {
    variant: string | undefined
    day: string
    stratum: string
    reached: boolean[]
    paid: number
    payments: number
  }[] = []
  let several = 0
  for (const visitor of new Set(events.map((event) => event.visitor))) {
    const own = events.filter((event) => event.visitor === visitor)
    const seen = idea.ladder[0]?.rule as GoalRule
    const exposures = idea.variants
      ? own
          .filter(({ type, name, props }) => type === 'custom' && name === 'exposure' && props.idea === idea.key)
          .filter(({ props }) => variants.includes(props.variant ?? ''))
      : own.filter((event) =>
          seen.type === 'time' ? timesOf(seen, own).includes(event.timeMs) : timesOf(seen, [event]).length > 0,
        )
    const first = exposures.toSorted((left, right) => left.timeMs - right.timeMs)[0]
    if (!first) continue
    const isMeant = (idea.audience ?? []).every(([, dimension, values]) => {
      const value = {
        'visit:source': first.visit.source,
        'visit:language': first.visit.language,
        'visit:returning': first.visit.isReturning ? 'returning' : 'new',
      }[dimension as string]
      return (values as string[]).includes(value ?? '')
    })
    if (!isMeant) continue
    if (new Set(exposures.map(({ props }) => (idea.variants ? props.variant : ''))).size > 1) {
      several++
      continue
    }
    const reached = idea.ladder.slice(1).map(({ rule }) => timesOf(rule, own).some((time) => time >= first.timeMs))
    const payments = own.filter(({ currency, timeMs }) => currency === 'EUR' && timeMs >= first.timeMs)
    counted.push({
      variant: idea.variants ? first.props.variant : 'only',
      day: localText(first.timeMs, timeZone).slice(0, 10),
      stratum: [first.visit.source, first.visit.device, first.visit.country, first.visit.isReturning].join('|'),
      reached,
      paid: payments.reduce((sum, { amount }) => sum + amount, 0),
      payments: payments.length,
    })
  }
  const sumsOf = (visitors: typeof counted) => ({
    exposed: visitors.length,
    reached: idea.ladder.slice(1).map((_, rung) => visitors.filter(({ reached }) => reached[rung]).length),
  })
  const byKey = (visitors: typeof counted, key: 'day' | 'stratum') =>
    Object.fromEntries(
      [...new Set(visitors.map((each) => each[key]))]
        .sort()
        .map((value) => [value, sumsOf(visitors.filter((each) => each[key] === value))]),
    )
  return {
    several,
    variants: variants.map((variant) => {
      const own = counted.filter((each) => each.variant === variant)
      const payers = own.filter(({ payments }) => payments > 0)
      return {
        variant,
        ...sumsOf(own),
        payers: payers.length,
        paid: payers.reduce((sum, { paid }) => sum + paid, 0),
        squares: payers.reduce((sum, { paid }) => sum + paid ** 2, 0),
        days: byKey(own, 'day'),
        strata: byKey(own, 'stratum'),
      }
    }),
  }
}

/** The same, as the SQL has it. */
const asked = async (idea: Shown, on: Counting) => {
  const { variants, several_variants } = await countVisitors(fixture.store, idea, on)
  const reachedOf = ({ reached }: { reached: object }) =>
    idea.ladder.slice(1).map(({ grade }) => (reached as Record<string, number>)[grade])
  return {
    several: several_variants,
    variants: variants.map((each) => ({
      variant: each.variant,
      exposed: each.exposed,
      reached: reachedOf(each),
      payers: each.revenue?.payers ?? 0,
      paid: each.revenue?.sum ?? 0,
      squares: each.revenue?.sum_of_squares ?? 0,
      days: Object.fromEntries(
        each.days
          .toSorted((one, other) => (one.day < other.day ? -1 : 1))
          .map((day) => [day.day, { exposed: day.exposed, reached: reachedOf(day) }]),
      ),
      strata: Object.fromEntries(
        each.strata
          .map(
            (of) =>
              [
                [of.source, of.device, of.country, of.returning].join('|'),
                { exposed: of.exposed, reached: reachedOf(of) },
              ] as const,
          )
          .toSorted(([one], [other]) => (one < other ? -1 : 1)),
      ),
    })),
  }
}

const rowOf = (event: Happening, more: object = {}): StoredEvent => ({
  event_id: event.id,
  time: event.timeMs,
  visitor_id: event.visitor,
  session_id: event.session,
  type: event.type,
  path: event.path,
  name: event.name,
  element_id: event.element,
  scroll_depth: event.depth,
  engaged_ms: event.engagedMs,
  revenue: event.amount,
  currency: event.currency,
  props: event.props,
  source: event.visit.source,
  device: event.visit.device,
  country: event.visit.country,
  language: event.visit.language,
  is_returning: event.visit.isReturning,
  ...more,
})

const store = async (site: string, events: readonly Happening[], corrected: ReadonlySet<string> = new Set()) => {
  await fixture.addEvents(
    events.flatMap((event) => {
      if (!corrected.has(event.id)) return [{ ...rowOf(event), site }]
      // It was taken to be of another visit first.
      const before = rowOf(event, { site, source: 'nowhere', session_id: 'another', country: 'XX' })
      return [before, { ...before, sign: -1 }, { ...rowOf(event), site, version: 2 }]
    }),
  )
  const sessions = new Map(events.map((event) => [event.session, event]))
  await fixture.addVisits(
    [...sessions.values()].map(({ session, visitor, timeMs, visit }) => ({
      site,
      session_id: session,
      visitor_id: visitor,
      start: timeMs,
      end: timeMs,
      is_returning: visit.isReturning,
      source: visit.source,
      language: visit.language,
    })),
  )
}

const paths = ['/a', '/b', '/shop/x', '/shop/y']
const visitArbitrary = fc.record({
  source: fc.constantFrom('', 'Google', 'News'),
  device: fc.constantFrom('desktop', 'mobile'),
  country: fc.constantFrom('DE', 'AT'),
  isReturning: fc.boolean(),
  language: fc.constantFrom('de', 'en'),
})
const eventsArbitrary = fc
  .tuple(
    fc.array(visitArbitrary, { minLength: 24, maxLength: 24 }),
    fc.array(
      fc.record({
        visitor: fc.integer({ min: 0, max: 11 }),
        session: fc.integer({ min: 0, max: 1 }),
        minute: fc.integer({ min: 0, max: 6 * 60 }),
        type: fc.constantFrom(
          'page_view',
          'page_view',
          'click',
          'hover',
          'submit',
          'scroll',
          'engagement',
          'engagement',
          'Signup',
          'exposure',
          'exposure',
          'Paid',
        ),
        path: fc.constantFrom(...paths),
        element: fc.constantFrom('buy', 'more'),
        depth: fc.constantFrom(25, 50, 100),
        engagedMs: fc.constantFrom(1000, 3000, 6000),
        amount: fc.integer({ min: -20, max: 100 }),
        currency: fc.constantFrom('EUR', 'EUR', 'USD'),
        variant: fc.constantFrom('plain', 'plain', 'bold', 'holdout', 'forgotten'),
        idea: fc.constantFrom('idea', 'idea', 'other'),
      }),
      { minLength: 60, maxLength: 120 },
    ),
  )
  .map(([visits, drawn]) =>
    drawn.map((each, index): Happening => {
      const isCustom = ['Signup', 'exposure', 'Paid'].includes(each.type)
      return {
        id: `e${index}`,
        visitor: `v${each.visitor}`,
        session: `v${each.visitor}-${each.session}`,
        // No two at once, so that the first is one.
        timeMs: begunMs + each.minute * minute + index,
        type: isCustom ? 'custom' : each.type,
        path: each.path,
        name: isCustom ? each.type : '',
        element: ['click', 'hover', 'submit'].includes(each.type) ? each.element : '',
        depth: each.type === 'scroll' ? each.depth : 0,
        engagedMs: each.type === 'engagement' ? each.engagedMs : 0,
        amount: each.type === 'Paid' ? each.amount : 0,
        currency: each.type === 'Paid' ? each.currency : '',
        props: each.type === 'exposure' ? { idea: each.idea, variant: each.variant } : {},
        visit: visits[each.visitor * 2 + each.session] as Visit,
      }
    }),
  )

const ladderArbitrary: fc.Arbitrary<NewIdea['ladder']> = fc
  .tuple(
    fc.constantFrom<GoalRule>(
      { type: 'page', path: '/a' },
      { type: 'page', path: '/shop/**' },
      { type: 'scroll', path: '/a', depth: 25 },
      { type: 'time', path: '/shop/**', seconds: 3 },
    ),
    fc.constantFrom<GoalRule>(
      { type: 'scroll', path: '/b', depth: 50 },
      { type: 'element', element: 'buy', action: 'hover' },
      { type: 'time', seconds: 7 },
      { type: 'time', path: '/b', seconds: 5 },
    ),
    fc.constantFrom<GoalRule>(
      { type: 'element', element: 'buy' },
      { type: 'element', element: 'more', action: 'click', path: '/shop/**' },
    ),
    fc.constantFrom<GoalRule>(
      { type: 'form' },
      { type: 'form', element: 'buy', path: '/a' },
      { type: 'event', event_name: 'Signup' },
    ),
    fc.constantFrom<GoalRule>({ type: 'revenue' }, { type: 'revenue', event_name: 'Paid', at_least: 0 }),
  )
  .map(([seen, attention, click, intent, payment]) => [
    { grade: 'seen', rule: seen },
    { grade: 'attention', rule: attention },
    { grade: 'click', rule: click },
    { grade: 'intent', rule: intent },
    { grade: 'payment', rule: payment },
  ])

const ideaArbitrary: fc.Arbitrary<Shown> = fc
  .tuple(
    ladderArbitrary,
    fc.boolean(),
    fc.constantFrom<NewIdea['audience']>(
      undefined,
      [['is', 'visit:source', ['Google', '']]],
      [['is', 'visit:language', ['de']]],
      [['is', 'visit:returning', ['new']]],
    ),
    fc.constantFrom(0, 0.2),
  )
  .map(([ladder, hasVariants, audience, holdout]) => ({
    key: 'idea',
    ladder,
    ...(audience ? { audience } : {}),
    ...(hasVariants
      ? {
          variants: [
            { key: 'plain', name: 'Plain', weight: 1 },
            { key: 'bold', name: 'Bold', weight: 3 },
          ],
          holdout,
        }
      : {}),
  }))

describe('counting an idea', () => {
  let sites = 0
  it('comes to what a plain reading of the same events does', { timeout: 300_000 }, async () => {
    let exposed = 0
    await fc.assert(
      fc.asyncProperty(
        eventsArbitrary,
        ideaArbitrary,
        fc.array(fc.nat(119), { minLength: 4, maxLength: 12 }),
        async (events, idea, corrected) => {
          const site = `law-${sites++}`
          await store(site, events, new Set(corrected.map((index) => `e${index}`)))
          const expected = plainCount(idea, events, counting(site))
          expect(await asked(idea, counting(site))).toEqual(expected)
          exposed += expected.variants.reduce((sum, variant) => sum + variant.exposed, 0)
        },
      ),
      { numRuns: 25 },
    )
    expect(exposed).toBeGreaterThan(40)
  })

  it('comes to the same when somebody was erased, and when gold was made anew', { timeout: 120_000 }, async () => {
    const history = fc.tuple(eventsArbitrary, fc.array(fc.nat(119), { minLength: 8, maxLength: 8 }))
    const [events, corrected] = fc.sample(history, { numRuns: 1 })[0] as [Happening[], number[]]
    const ideas = fc.sample(ideaArbitrary, { numRuns: 6 })
    const site = 'erased'
    await store(site, events, new Set(corrected.map((index) => `e${index}`)))
    const holds = async (of: readonly Happening[]) => {
      for (const idea of ideas) expect(await asked(idea, counting(site))).toEqual(plainCount(idea, of, counting(site)))
    }
    await holds(events)
    await erase(fixture.store, { site, visitorId: 'v3' })
    const left = events.filter(({ visitor }) => visitor !== 'v3')
    expect(left.length).toBeLessThan(events.length)
    await holds(left)
    await refillGold(fixture.store, () => undefined)
    await holds(left)
    await erase(fixture.store, { site, visitorId: undefined })
    await holds([])
  })

  const visit: Visit = { source: 'Google', device: 'mobile', country: 'DE', isReturning: false, language: 'de' }
  const at = (id: string, visitor: string, timeMs: number, more: Partial<Happening>): Happening => ({
    id,
    visitor,
    session: `${visitor}-0`,
    timeMs,
    type: 'page_view',
    path: '/door',
    name: '',
    element: '',
    depth: 0,
    engagedMs: 0,
    amount: 0,
    currency: '',
    props: {},
    visit,
    ...more,
  })
  const door: Shown = {
    key: 'door',
    ladder: [
      { grade: 'seen', rule: { type: 'page', path: '/door' } },
      { grade: 'attention', rule: { type: 'time', seconds: 10, path: '/door' } },
      { grade: 'click', rule: { type: 'element', element: 'try', action: 'click' } },
    ],
  }
  const { fromMs, nowMs } = counting('')

  it('takes nothing into account that was done before the visitor was shown it, and what was done at that moment', async () => {
    const click = { type: 'click', element: 'try' }
    await store('order', [
      at('1', 'before', fromMs + 1000, click),
      at('2', 'before', fromMs + 2000, {}),
      at('3', 'with', fromMs + 1000, {}),
      at('4', 'with', fromMs + 1000, click),
      at('5', 'after', fromMs + 1000, {}),
      at('6', 'after', fromMs + 2000, click),
      at('7', 'early', fromMs - 1, {}),
      at('8', 'early', fromMs + 5, click),
      at('9', 'now', nowMs, {}),
      at('10', 'later', nowMs + 1, {}),
    ])
    const { variants, first_exposure, visitors_per_day } = await countVisitors(fixture.store, door, counting('order'))
    expect(variants[0]).toMatchObject({ variant: 'only', exposed: 4, reached: { seen: 4, click: 2 }, revenue: null })
    expect(first_exposure).toBe(new Date(fromMs + 1000).toISOString())
    expect(visitors_per_day).toBeCloseTo(4 / ((nowMs - fromMs - 1000) / 86_400_000))
  })

  it('knows who read for how long', async () => {
    await fixture.addEvents([
      { ...rowOf(at('1', 'reads', fromMs + 1000, {})), site: 'reading' },
      { ...rowOf(at('2', 'reads', fromMs + 9000, { type: 'engagement' })), site: 'reading', engaged_ms: 6000 },
      { ...rowOf(at('3', 'reads', fromMs + 19_000, { type: 'engagement' })), site: 'reading', engaged_ms: 5000 },
      { ...rowOf(at('4', 'glances', fromMs + 1000, {})), site: 'reading' },
      { ...rowOf(at('5', 'glances', fromMs + 9000, { type: 'engagement' })), site: 'reading', engaged_ms: 9999 },
    ])
    const { variants } = await countVisitors(fixture.store, door, counting('reading'))
    expect(variants[0]).toMatchObject({ exposed: 2, reached: { seen: 2, attention: 1, click: 0 } })
  })

  it('says nothing of money that is of several currencies, where the site has none of its own', async () => {
    const paying: Shown = {
      ...door,
      ladder: [
        { grade: 'seen', rule: { type: 'page', path: '/door' } },
        { grade: 'payment', rule: { type: 'revenue' } },
      ],
    }
    const paid = (id: string, currency: string) =>
      at(id, 'pays', fromMs + 2000 + Number(id), { type: 'custom', name: 'Paid', amount: 10, currency })
    await store('money', [at('1', 'pays', fromMs + 1000, {}), paid('2', 'EUR'), paid('3', 'USD')])
    const revenueIn = async (currency: string) =>
      (await countVisitors(fixture.store, paying, { ...counting('money'), currency })).variants[0]?.revenue
    expect(await revenueIn('')).toBeNull()
    expect(await revenueIn('EUR')).toEqual({ payers: 1, sum: 10, sum_of_squares: 100 })
  })

  const merge = () => fixture.store.execute('OPTIMIZE TABLE gold.moments FINAL')

  it('sums what was paid at one time, whichever of it was corrected and whatever was merged', async () => {
    const paying: Shown = {
      ...door,
      ladder: [
        { grade: 'seen', rule: { type: 'page', path: '/door' } },
        { grade: 'payment', rule: { type: 'revenue' } },
      ],
    }
    for (const corrected of ['2', '3']) {
      const site = `paid-at-once-${corrected}`
      const rows = [
        { ...rowOf(at('1', 'pays', fromMs + 1000, {})), site },
        ...[
          ['2', 10],
          ['3', 200],
        ].map(([id, amount]) => ({
          ...rowOf(at(`${id}`, 'pays', fromMs + 2000, { type: 'custom', name: 'Paid', currency: 'EUR' })),
          site,
          revenue: amount,
        })),
      ]
      await fixture.addEvents(rows)
      const again = rows.filter(({ event_id }) => event_id === corrected)
      await fixture.addEvents([
        ...again.map((row) => ({ ...row, sign: -1 })),
        ...again.map((row) => ({ ...row, source: 'News', version: 2 })),
      ])
      await merge()
      const { variants } = await countVisitors(fixture.store, paying, counting(site))
      expect(variants[0]?.revenue).toEqual({ payers: 1, sum: 210, sum_of_squares: 210 ** 2 })
    }
  })

  it('counts how far somebody scrolled once a visit, also where it was taken to be of another visit first', async () => {
    const scrolled: Shown = {
      ...door,
      ladder: [
        { grade: 'seen', rule: { type: 'page', path: '/door' } },
        { grade: 'attention', rule: { type: 'scroll', path: '/long', depth: 50 } },
      ],
    }
    const far = { type: 'scroll', path: '/long', depth: 90 }
    // In this visit the page was scrolled before the idea was shown; what came after is no news.
    await store('scrolled', [at('1', 'scrolls', fromMs + 1000, far), at('2', 'scrolls', fromMs + 2000, {})])
    const last = { ...rowOf(at('3', 'scrolls', fromMs + 3000, far)), site: 'scrolled' }
    // One after another: what comes at once is merged as it comes.
    await fixture.addEvents([{ ...last, session_id: 'another' }])
    await fixture.addEvents([{ ...last, session_id: 'another', sign: -1 }])
    await fixture.addEvents([{ ...last, version: 2 }])
    const reached = async () =>
      (await countVisitors(fixture.store, scrolled, counting('scrolled'))).variants[0]?.reached.attention
    expect(await reached()).toBe(0)
    await merge()
    expect(await reached()).toBe(0)
  })

  it('is nobody where nobody came', async () => {
    const { variants, first_exposure, visitors_per_day } = await countVisitors(fixture.store, door, counting('empty'))
    expect([variants[0]?.exposed, variants[0]?.days, first_exposure, visitors_per_day]).toEqual([0, [], null, 0])
  })

  /** An idea whose first visitor came ten days ago, and that was changed at that moment. */
  const changedAt = (site: string, changedMs: number): Idea => {
    const begun: NewIdea = {
      ...{ key: door.key, ladder: door.ladder, name: 'Door', hypothesis: '', template: 'fake_door' },
      bar: { grade: 'click', rate: 0.04 },
      budget: { visitors: 1000 },
    }
    const changed = new Date(changedMs).toISOString()
    const locked = new Date(counting(site).nowMs - 10 * 86_400_000).toISOString()
    return {
      ...begun,
      ...{ id: site, created_at: locked, locked_at: locked, counted_from: changed, status: 'running', decisions: [] },
      revisions: [{ at: changed, changed: ['bar'], why: 'Too low', before: begun }],
    }
  }

  it('is not said to be seen by nobody as soon as a change began its count anew, but a day later', async () => {
    const verdictAfter = async (hours: number) => {
      const idea = changedAt('changed', nowMs - hours * 60 * minute)
      return evidenceOf(await countIdea(fixture.store, idea, counting('changed'))).recommendation
    }
    await store('changed', [at('1', 'early', nowMs - 5 * 24 * 60 * minute, {})])
    expect(await verdictAfter(1)).toMatchObject({ verdict: 'keep_testing', reasons: [{ code: 'not_shown' }, {}, {}] })
    expect(await verdictAfter(25)).toMatchObject({ verdict: 'fix_test', reasons: [{ code: 'no_exposures' }, {}, {}] })
  })

  it("waits for those of today and yesterday by the site's clock, west of UTC and east of it", async () => {
    const askedMs = Date.UTC(2026, 5, 13, 3)
    const idea = changedAt('zones', Date.UTC(2026, 5, 8))
    await store(
      'zones',
      [8, 9, 10, 11, 12].map((day) => at(`${day}`, `of-${day}`, Date.UTC(2026, 5, day, 18), {})),
    )
    const waitedIn = async (timeZone: string) => {
      const counts = await countIdea(fixture.store, idea, { ...counting('zones'), timeZone, nowMs: askedMs })
      return [counts.today, evidenceOf(counts).variants[0]?.bar.waited.exposed]
    }
    expect(await waitedIn('America/Los_Angeles')).toEqual(['2026-06-12', 3])
    expect(await waitedIn('UTC')).toEqual(['2026-06-13', 4])
    // There it is past midnight when they come: each is of the next day.
    expect(await waitedIn('Asia/Tokyo')).toEqual(['2026-06-13', 3])
  })
})

describe("the data's health", () => {
  it('is of the page the idea is shown on, and of the site where that is all there is', async () => {
    const site = 'health'
    const lines = (rows: object[]) => Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'))
    const { fromMs } = counting(site)
    await store(
      site,
      [1, 2, 3, 4, 5, 6].map((index) => ({
        id: `${index}`,
        visitor: `v${index}`,
        session: `s${index}`,
        timeMs: fromMs + minute,
        type: 'page_view',
        path: index < 4 ? '/door' : '/else',
        name: '',
        element: '',
        depth: 0,
        engagedMs: 0,
        amount: 0,
        currency: '',
        props: {},
        visit: { source: '', device: '', country: '', isReturning: false, language: '' },
      })),
    )
    const excluded = (reason: string, path: string, events: number) => ({
      site,
      time: fromMs + minute,
      reason,
      path,
      events,
    })
    const rows = [
      excluded('user_agent', '/door', 1),
      excluded('own_address', '/door', 7),
      excluded('user_agent', '/', 4),
    ]
    await fixture.store.insert('silver.excluded', lines(rows), 'excluded')
    const entry = (kind: string, reason: string, events: number) => ({
      site,
      bucket: Math.floor(fromMs / 1000),
      kind,
      reason,
      stream_partition: 0,
      records: 1,
      events,
    })
    const ledger = [
      entry('counted', '', 3),
      entry('counted', 'late', 1),
      entry('refused', 'x', 1),
      entry('excluded', 'y', 5),
    ]
    await fixture.store.insert('silver.ledger', lines(ledger), 'ledger')
    const of = (rule: GoalRule) =>
      healthOf(
        fixture.store,
        {
          key: 'x',
          ladder: [
            { grade: 'seen', rule },
            { grade: 'click', rule: { type: 'form' } },
          ],
        },
        counting(site),
      )
    expect(await of({ type: 'page', path: '/door' })).toEqual({
      bots_share: 1 / 4,
      late_share: 1 / 4,
      refused_share: 1 / 10,
    })
    expect((await of({ type: 'event', event_name: 'x' })).bots_share).toBe(5 / 11)
  })
})
