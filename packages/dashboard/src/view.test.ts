import { comparisonModes, type Filter, siteIdPattern } from '@clickwatch/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  headline,
  isFilter,
  ranges,
  readSearch,
  searchOf,
  steps,
  type View,
  viewOf,
  withFilter,
  withoutFilter,
} from './view.ts'

const usual = viewOf({})
const comparison: fc.Arbitrary<Filter> = fc.tuple(
  fc.constantFrom('is', 'contains_not'),
  fc.constantFrom('visit:source', 'event:page', 'event:props:plan'),
  fc.array(fc.string(), { minLength: 1 }),
)
const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    comparison,
    fc.tuple(
      fc.constantFrom('and', 'or'),
      fc.array(tie('filter'), { minLength: 1, maxLength: 3 }),
    ) as fc.Arbitrary<Filter>,
    fc.tuple(fc.constantFrom('not', 'has_done', 'has_not_done'), tie('filter')) as fc.Arbitrary<Filter>,
  ),
}))
const dates = fc.constant<[string, string]>(['2026-01-01', '2026-02-03'])

describe('the address', () => {
  it('is empty for the usual view', () => {
    expect(searchOf(usual)).toEqual({})
  })

  it('holds the whole view', () => {
    const view: fc.Arbitrary<View> = fc.record({
      site: fc.stringMatching(new RegExp(siteIdPattern)),
      range: fc.oneof(fc.constantFrom(...ranges), dates),
      metric: fc.constantFrom(...headline),
      step: fc.constantFrom(null, ...steps),
      compare: fc.oneof(
        fc.constant(null),
        fc.tuple(fc.constantFrom(...comparisonModes), fc.boolean(), dates).map(([mode, isMatched, range]) => ({
          mode,
          ...(mode === 'custom' ? { date_range: range } : {}),
          ...(isMatched ? { match_day_of_week: true } : {}),
        })),
      ),
      filters: fc.array(filter, { maxLength: 3 }),
      tabs: fc.dictionary(fc.constantFrom('sources', 'pages'), fc.constantFrom('channel', 'exit')),
      details: fc.constantFrom(null, 'sources'),
    })
    fc.assert(
      fc.property(view, (each) => {
        expect(viewOf(readSearch({ ...searchOf(each) }))).toEqual({ ...each, tabs: { ...each.tabs } })
      }),
    )
  })

  it('that cannot be understood is the usual view, not an error', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('period', 'from', 'to', 'metric', 'filters', 'compare', 'step', 'tabs', 'details'),
          fc.anything(),
        ),
        (search) => {
          const view = viewOf(readSearch(search))
          expect(view.filters.every((each) => isFilter(each))).toBe(true)
          expect(headline).toContain(view.metric)
        },
      ),
    )
    expect(
      viewOf(readSearch({ period: 'ever', metric: 'likes', from: '2026-01-01', filters: [['is', 'no:such', ['x']]] })),
    ).toEqual(usual)
  })
})

describe('a filter', () => {
  it('replaces the one on the same dimension, and goes again', () => {
    const once = withFilter(withFilter(usual, 'visit:os', 'iOS'), 'visit:source', 'linkedin')
    const twice = withFilter(once, 'visit:source', 'twitter')
    expect(twice.filters).toEqual([
      ['is', 'visit:os', ['iOS']],
      ['is', 'visit:source', ['twitter']],
    ])
    expect(withoutFilter(twice, 0).filters).toEqual([['is', 'visit:source', ['twitter']]])
  })
})
