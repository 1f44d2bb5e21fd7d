import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Fixture, openFixture } from '../../../../../test/fixtures/behaviour.ts'
import { localText } from '../calendar.ts'
import { askRetention } from './retention.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterEach(() => fixture.clear())
afterAll(() => fixture.close())

// Clocks are put on in Berlin on the 29th of March 2026, and in New York on the 8th.
const fromMs = Date.UTC(2026, 1, 25)
const hourMs = 3_600_000
const nowMs = Date.UTC(2026, 3, 6, 12)

type Visit = { visitor: string; startMs: number; source: string }
const visits = fc.array(
  fc.record({
    visitor: fc.integer({ min: 1, max: 12 }).map((number) => `visitor ${number}`),
    // Half hours, so that some visits begin with a day.
    startMs: fc.integer({ min: 0, max: 40 * 48 }).map((half) => fromMs + (half * hourMs) / 2),
    source: fc.constantFrom('Google', 'Bing'),
  }),
  { minLength: 1, maxLength: 60 },
)

const periodOf = (period: 'day' | 'week' | 'month', timeMs: number, timeZone: string): string => {
  const date = localText(timeMs, timeZone).slice(0, 10)
  if (period === 'day') return date
  if (period === 'month') return `${date.slice(0, 7)}-01`
  const at = Date.parse(`${date}T00:00:00Z`)
  return new Date(at - ((new Date(at).getUTCDay() + 6) % 7) * 24 * hourMs).toISOString().slice(0, 10)
}

/** Visitors by the period of their first visit and of a later one, by the definition and nothing else. */
const expected = (all: readonly Visit[], period: 'day' | 'week' | 'month', timeZone: string, source?: string) => {
  const counts = new Map<string, Set<string>>()
  for (const [visitor, theirs] of Map.groupBy(all, (visit) => visit.visitor)) {
    const firstMs = Math.min(...theirs.map(({ startMs }) => startMs))
    const isInScope = theirs.some((visit) => visit.startMs === firstMs && (!source || visit.source === source))
    if (!isInScope) continue
    for (const { startMs } of theirs) {
      const key = `${periodOf(period, firstMs, timeZone)} ${periodOf(period, startMs, timeZone)}`
      counts.set(key, (counts.get(key) ?? new Set()).add(visitor))
    }
  }
  return counts
}

describe('retention', () => {
  it('counts what a plain evaluation counts, across changes of clocks', async () => {
    await fc.assert(
      fc
        .asyncProperty(visits, async (all) => {
          await fixture.addVisits(
            all.map(({ visitor, startMs, source }, index) => ({
              session_id: `visit ${index}`,
              visitor_id: visitor,
              start: startMs,
              end: startMs,
              source,
            })),
          )
          for (const timeZone of ['Europe/Berlin', 'America/New_York']) {
            for (const period of ['day', 'week', 'month'] as const) {
              for (const source of [undefined, 'Google']) {
                const question = fixture.question(
                  {
                    date_range: ['2026-02-20', '2026-04-30'],
                    timezone: timeZone,
                    ...(source ? { filters: [['is', 'visit:source', [source]]] } : {}),
                  },
                  { nowMs },
                )
                const { cohorts } = await askRetention(question, period, undefined)
                const counts = expected(all, period, timeZone, source)
                const answered = new Map(
                  cohorts.flatMap(({ period: cohort, visitors }, index) =>
                    visitors.flatMap((count, later) =>
                      count > 0 ? [[`${cohort} ${cohorts[index + later]?.period}`, count] as const] : [],
                    ),
                  ),
                )
                expect(answered).toEqual(new Map([...counts].map(([key, visitors]) => [key, visitors.size])))
                for (const { period: cohort, size } of cohorts) {
                  expect(size).toBe(counts.get(`${cohort} ${cohort}`)?.size ?? 0)
                }
              }
            }
          }
        })
        .afterEach(() => fixture.clear()),
      { numRuns: 5 },
    )
  })

  it('has a curve of the periods that are over, over the cohorts that have them', async () => {
    const day = (number: number) => Date.UTC(2026, 3, number, 9)
    const came: [visitor: string, ...days: number[]][] = [
      ['a', 1, 2],
      ['b', 1],
      ['c', 2, 3],
      ['d', 3, 4],
      ['e', 3],
    ]
    await fixture.addVisits(
      came.flatMap(([visitor, ...days]) =>
        days.map((number) => ({
          session_id: `${visitor} ${number}`,
          visitor_id: visitor,
          start: day(number),
          end: day(number),
        })),
      ),
    )
    const question = fixture.question({ date_range: ['2026-04-01', '2026-04-30'] }, { nowMs: day(4) })
    const { cohorts, curve } = await askRetention(question, 'day', undefined)
    expect(cohorts.map(({ size, visitors }) => [size, visitors])).toEqual([
      [2, [2, 1, 0, 0]],
      [1, [1, 1, 0]],
      [2, [2, 1]],
      [0, [0]],
    ])
    // The fourth is not over: whoever came on the third may yet come.
    expect(curve).toEqual([100, 66.67, 0, null])
  })

  it('counts those who reached a goal, where one is asked for', async () => {
    const start = Date.UTC(2026, 3, 1)
    await fixture.addVisits(
      ['a', 'b'].map((visitor) => ({ session_id: 'visit', visitor_id: visitor, start, end: start })),
    )
    await fixture.addEvents([
      { event_id: '1', visitor_id: 'a', time: start + 24 * hourMs, type: 'custom', name: 'signup' },
      { event_id: '2', visitor_id: 'b', time: start + 24 * hourMs, type: 'custom', name: 'other' },
    ])
    const question = fixture.question({ date_range: ['2026-04-01', '2026-04-02'] }, { nowMs: start + 90 * hourMs })
    const { cohorts } = await askRetention(question, 'day', { type: 'event', event_name: 'signup' })
    expect(cohorts[0]).toEqual({ period: '2026-04-01', size: 2, visitors: [0, 1] })
  })
})
