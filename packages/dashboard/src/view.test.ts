import { siteIdPattern } from '@clickwatch/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { headline, ranges, readSearch, searchOf, type View, viewOf, withFilter, withoutFilter } from './view.ts'

const usual = viewOf({})

describe('the address', () => {
  it('is empty for the usual view', () => {
    expect(searchOf(usual)).toEqual({})
  })

  it('holds the whole view', () => {
    const view: fc.Arbitrary<View> = fc.record({
      site: fc.stringMatching(new RegExp(siteIdPattern)),
      range: fc.oneof(
        fc.constantFrom(...ranges.map(({ range }) => range)),
        fc.constant<[string, string]>(['2026-01-01', '2026-02-03']),
      ),
      metric: fc.constantFrom(...headline.map(({ metric }) => metric)),
      filters: fc.array(
        fc.tuple(
          fc.constant('is' as const),
          fc.constantFrom('visit:source', 'event:page'),
          fc.array(fc.string(), { minLength: 1 }),
        ),
      ) as fc.Arbitrary<View['filters']>,
    })
    fc.assert(
      fc.property(view, (each) => {
        expect(viewOf(readSearch(searchOf(each)))).toEqual(each)
      }),
    )
  })

  it('that cannot be understood is the usual view, not an error', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('period', 'from', 'to', 'metric', 'filters'), fc.anything()),
        (search) => {
          const view = viewOf(readSearch(search))
          expect(view.filters.every((filter) => filter.length === 3)).toBe(true)
          expect(headline.map(({ metric }) => metric)).toContain(view.metric)
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
    expect(withoutFilter(twice, 'visit:os').filters).toEqual([['is', 'visit:source', ['twitter']]])
  })
})
