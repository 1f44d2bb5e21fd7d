import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Fixture, openFixture, type StoredEvent } from '../../../../../test/fixtures/behaviour.ts'
import { askDropped, askFunnel, type Funnel } from './funnel.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterEach(() => fixture.clear())
afterAll(() => fixture.close())

const startMs = Date.UTC(2026, 4, 1)
const pages = ['/', '/pricing', '/signup', '/docs']

type Happened = { visitor: string; atS: number; page: string; type: 'page_view' | 'click'; device: string }
const happened = (visitor: string, ...what: [atS: number, page: string, type?: Happened['type']][]): Happened[] =>
  what.map(([atS, page, type = 'page_view']) => ({ visitor, atS, page, type, device: 'desktop' }))

/** Events of a visitor that share a moment have happened in the order in which they are given. */
const rowsOf = (events: readonly Happened[]): StoredEvent[] =>
  events.map(({ visitor, atS, page, type, device }, index) => ({
    event_id: `event ${String(index).padStart(5, '0')}`,
    seq: index,
    time: startMs + atS * 1000,
    visitor_id: visitor,
    session_id: `${visitor} ${Math.floor(atS / 3600)}`,
    type,
    path: page,
    device,
  }))

type Asked = { pages: string[]; strict: boolean; windowS: number }
const funnelOf = ({ pages: steps, strict, windowS }: Asked): Funnel => ({
  steps: steps.map((page) => ({ name: page, condition: `path = '${page}'` })),
  between: strict ? "type = 'page_view'" : undefined,
  windowS,
})

/** When the steps of the attempt were taken that came furthest, by trying every beginning. */
const attemptOf = (events: readonly Happened[], { pages: steps, strict, windowS }: Asked): Happened[] => {
  const attempts = events.flatMap((first, index) => {
    if (first.page !== steps[0]) return []
    const taken = [first]
    let end = index
    for (let next = index + 1; next < events.length && taken.length < steps.length; next++) {
      const event = events[next] as Happened
      const isTaken = event.page === steps[taken.length] && event.atS - first.atS <= windowS
      if (isTaken) {
        taken.push(event)
        end = next
      } else if (strict) break
    }
    return [{ taken, index, end }]
  })
  const [best] = attempts.sort(
    (left, right) => right.taken.length - left.taken.length || left.end - right.end || right.index - left.index,
  )
  return best?.taken ?? []
}

const median = (numbers: readonly number[]): number | null => {
  const sorted = numbers.toSorted((left, right) => left - right)
  const middle = (sorted.length - 1) / 2
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]]
  return low === undefined || high === undefined ? null : (low + high) / 2
}

/** The visitors and median times at each step, by the definitions and nothing else. */
const expected = (events: readonly Happened[], asked: Asked) => {
  const relevant = events.filter(
    ({ page, type }) => asked.pages.includes(page) || (asked.strict && type === 'page_view'),
  )
  const byVisitor = Map.groupBy(
    relevant.toSorted((left, right) => left.atS - right.atS),
    ({ visitor }) => visitor,
  )
  const attempts = [...byVisitor.values()].map((ofVisitor) => attemptOf(ofVisitor, asked))
  const stepsOf = (chosen: Happened[][]) =>
    asked.pages.map((_, step) => {
      const there = chosen.filter(({ length }) => length > step)
      const took = there.map((attempt) => (attempt[step]?.atS ?? 0) - (attempt[step - 1]?.atS ?? 0))
      return { visitors: there.length, median_s: step === 0 ? null : median(took) }
    })
  const devices = Map.groupBy(
    attempts.filter(({ length }) => length > 0),
    ([first]) => first?.device ?? '',
  )
  return {
    steps: stepsOf(attempts),
    breakdown: [...devices].map(([value, chosen]) => ({ value, steps: stepsOf(chosen) })),
  }
}

const ask = async (asked: Asked) => {
  const answer = await askFunnel(fixture.question(), funnelOf(asked), 'device')
  const shown = (steps: typeof answer.steps) => steps.map(({ visitors, median_s }) => ({ visitors, median_s }))
  return {
    steps: shown(answer.steps),
    breakdown: answer.breakdown.map(({ value, steps }) => ({ value, steps: shown(steps) })),
  }
}
const byValue = <T extends { value: string }>(rows: T[]): T[] =>
  rows.toSorted((left, right) => (left.value < right.value ? -1 : 1))

describe('a funnel', () => {
  it('counts what a plain evaluation counts, whatever happened and whatever is asked', async () => {
    const event = fc.record({
      visitor: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      // Few moments, so that many events share one.
      atS: fc.integer({ min: 0, max: 40 }),
      page: fc.constantFrom(...pages),
      type: fc.constantFrom('page_view' as const, 'click' as const),
      device: fc.constantFrom('desktop', 'mobile'),
    })
    const asked = fc.record({
      // Also the same page several times.
      pages: fc.array(fc.constantFrom(...pages), { minLength: 2, maxLength: 5 }),
      strict: fc.boolean(),
      windowS: fc.integer({ min: 1, max: 45 }),
    })
    await fc.assert(
      fc
        .asyncProperty(
          fc.array(event, { minLength: 1, maxLength: 120 }),
          fc.array(asked, { minLength: 4, maxLength: 4 }),
          async (events, questions) => {
            await fixture.addEvents(rowsOf(events))
            for (const question of questions) {
              const answer = await ask(question)
              const wanted = expected(events, question)
              expect(answer.steps).toEqual(wanted.steps)
              expect(byValue(answer.breakdown)).toEqual(byValue(wanted.breakdown))
            }
          },
        )
        .afterEach(() => fixture.clear()),
      { numRuns: 40 },
    )
  })

  const twoSteps = (more: Partial<Asked> = {}): Asked => ({
    pages: ['/', '/signup'],
    strict: false,
    windowS: 60,
    ...more,
  })
  const visitorsAt = async (asked: Asked) => (await ask(asked)).steps.map(({ visitors }) => visitors)

  it('takes a step at the very end of its window, and none a moment later', async () => {
    await fixture.addEvents(
      rowsOf([...happened('a', [0, '/'], [60, '/signup']), ...happened('b', [0, '/'], [61, '/signup'])]),
    )
    expect(await visitorsAt(twoSteps())).toEqual([2, 1])
  })

  it('counts a visitor once, over all their visits, by the attempt that came furthest', async () => {
    await fixture.addEvents(rowsOf(happened('a', [0, '/'], [7200, '/'], [7210, '/signup'], [9000, '/'])))
    expect(await ask(twoSteps())).toMatchObject({ steps: [{ visitors: 1 }, { visitors: 1, median_s: 10 }] })
  })

  it('in strict order forgives no other page between, and in open order does', async () => {
    await fixture.addEvents(rowsOf(happened('a', [0, '/'], [5, '/docs'], [10, '/signup'])))
    expect(await visitorsAt(twoSteps())).toEqual([1, 1])
    expect(await visitorsAt(twoSteps({ strict: true }))).toEqual([1, 0])
  })

  it('takes one step with an event, so the same step twice takes two', async () => {
    await fixture.addEvents(rowsOf([...happened('a', [0, '/']), ...happened('b', [0, '/'], [0, '/'])]))
    expect(await visitorsAt(twoSteps({ pages: ['/', '/'] }))).toEqual([2, 1])
  })

  it('counts nobody where nothing happened', async () => {
    expect(await ask(twoSteps())).toEqual({
      steps: [
        { visitors: 0, median_s: null },
        { visitors: 0, median_s: null },
      ],
      breakdown: [],
    })
  })

  it('says who dropped off, and where they went instead', async () => {
    const events = [
      ...happened('gone', [0, '/']),
      ...happened('reader', [1, '/'], [2, '/docs'], [3, '/pricing']),
      ...happened('buyer', [0, '/'], [9, '/signup']),
    ]
    await fixture.addEvents(rowsOf(events))
    await fixture.addVisits(
      ['gone', 'reader', 'buyer'].map((visitor) => ({
        session_id: `visit of ${visitor}`,
        visitor_id: visitor,
        start: startMs,
        end: startMs + 3000,
        events: 3,
        browser: 'Firefox',
      })),
    )
    const question = fixture.question()
    const dropped = await askDropped(question, funnelOf(twoSteps()), 0)
    expect(dropped.total).toBe(2)
    expect(dropped.visitors.map(({ visitor }) => question.aliases.idOf(question.site, visitor))).toEqual([
      'reader',
      'gone',
    ])
    expect(dropped.visitors[0]).toMatchObject({
      visits: 1,
      events: 3,
      browser: 'Firefox',
      first_seen: '2026-05-01T00:00:00.000Z',
    })
    expect(dropped.next_pages).toEqual([{ page: '/docs', visitors: 1 }])
  })
})
