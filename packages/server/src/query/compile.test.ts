import { type Dimension, dimensions, type Goal, type Metric, metrics } from '@clickwatch/contract'
import { describe, expect, it } from 'vitest'
import { ClickWatchError } from '../errors.ts'
import { compile, type Question } from './compile.ts'
import type { PlainFilter } from './filters.ts'

const day = 86_400_000
const fromMs = Date.UTC(2026, 2, 1) - 3_600_000
const question = (given: Partial<Question>): Question => ({
  metrics: ['visitors'],
  site: 'default',
  timeZone: 'Europe/Berlin',
  weekStart: 1,
  currency: 'EUR',
  range: { from: '2026-03-01 00:00:00', to: '2026-03-29 00:00:00', fromMs, toMs: fromMs + 28 * day },
  filters: [],
  goals: [],
  dimensions: [],
  ...given,
})

/** Where a question is answered from; undefined where it has no answer. */
const placesOf = (given: Partial<Question>): string[] | undefined => {
  try {
    return compile(question(given)).places
  } catch (error) {
    if (error instanceof ClickWatchError) return undefined
    throw error
  }
}

const named = dimensions.filter((dimension) => dimension !== 'event:goal')
const filters: (PlainFilter | undefined)[] = [
  undefined,
  ...named.map((dimension): PlainFilter => ['is', dimension, ['one']]),
]

describe('a question by up to one dimension and one filter', () => {
  it.each(metrics.map((metric) => [metric]))('is answered from gold alone: %s', (metric) => {
    let answered = 0
    for (const filter of filters) {
      for (const dimension of [undefined, 'time:day' as const, ...named]) {
        const places = placesOf({
          metrics: [metric as Metric],
          dimensions: dimension === undefined ? [] : [dimension as Dimension],
          filters: filter === undefined ? [] : [filter],
        })
        if (places === undefined) continue
        answered++
        expect(places, `${metric} by ${dimension} where ${JSON.stringify(filter)}`).not.toContain('silver')
      }
    }
    // Exit rate has an answer by the exit page alone.
    expect(answered).toBeGreaterThanOrEqual(filters.length)
  })
})

describe('each number of a question', () => {
  it('comes from the cheapest place that knows it', () => {
    expect(placesOf({ metrics: ['visitors', 'pageviews', 'bounce_rate'] })).toEqual(['rolled-up'])
    expect(placesOf({ metrics: ['visitors', 'scroll_depth'] })).toEqual(['rolled-up', 'gold'])
    expect(placesOf({ metrics: ['visitors'], dimensions: ['event:props:plan'] })).toEqual(['silver'])
  })
  it('comes from roll-ups by goal, by element and by name, where those know all of it', () => {
    const goal = (rule: Goal['rule']): Goal => ({ id: 'one', name: 'one', rule, created_at: '' })
    const byGoal = (rule: Goal['rule']) => placesOf({ dimensions: ['event:goal'], goals: [goal(rule)] })
    expect(byGoal({ type: 'page', path: '/docs/**' })).toEqual(['rolled-up'])
    expect(byGoal({ type: 'element', element: 'buy' })).toEqual(['rolled-up'])
    expect(byGoal({ type: 'element', element: 'buy', path: '/' })).toEqual(['gold'])
    expect(byGoal({ type: 'scroll', path: '/', depth: 50 })).toEqual(['silver'])
    const ofType = (type: string): PlainFilter[] => [['is', 'event:type', [type]]]
    expect(placesOf({ dimensions: ['event:element'], filters: ofType('click') })).toEqual(['rolled-up'])
    expect(placesOf({ dimensions: ['event:name'], filters: ofType('custom') })).toEqual(['rolled-up'])
    expect(placesOf({ dimensions: ['event:element'], filters: ofType('page_view') })).toEqual(['gold'])
    const inAnyCase: PlainFilter[] = [['is', 'event:type', ['Click'], { case_sensitive: false }]]
    expect(placesOf({ dimensions: ['event:element'], filters: inAnyCase })).toEqual(['gold'])
  })
  it('is asked of spans of hours where the range and its zone have some', () => {
    expect(compile(question({ dimensions: ['visit:source'] })).sql).toContain('gold.traffic_spans')
    expect(compile(question({ dimensions: ['time:day'] })).sql).toContain('gold.traffic_spans')
    expect(compile(question({ dimensions: ['time:day'], timeZone: 'Asia/Kathmandu' })).sql).not.toContain(
      'gold.traffic_spans',
    )
  })
})
