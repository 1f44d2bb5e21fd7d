import type { GoalRule, Idea, NewIdea } from '@clickwatch/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { draftOf, ideaOf, keyOf, ladderOf } from './draft.ts'
import { changedLocks } from './locked.tsx'
import { canBePlanned, problemsOf } from './problems.ts'
import { draftFrom } from './templates.ts'

const whole: NewIdea = {
  name: 'Export to PDF',
  key: 'export-to-pdf',
  hypothesis: 'They want it.',
  template: 'price_test',
  ladder: [
    { grade: 'seen', rule: { type: 'element', element: 'export', action: 'cta_seen', path: '/reports' } },
    { grade: 'attention', rule: { type: 'scroll', path: '/reports', depth: 50 }, label: 'Read on' },
    { grade: 'click', rule: { type: 'element', element: 'export' } },
    { grade: 'intent', rule: { type: 'form', path: '/idea/shop/export-to-pdf' } },
    { grade: 'payment', rule: { type: 'revenue', event_name: 'order', at_least: 9.99 } },
  ],
  audience: [
    ['is', 'visit:source', ['Google', 'Bing']],
    [
      'or',
      [
        ['is', 'visit:device', ['mobile']],
        ['is', 'visit:country', ['DE']],
      ],
    ],
  ],
  intended_mix: [{ dimension: 'visit:source', shares: { Google: 2 / 3, '': 1 / 3 } }],
  bar: { grade: 'intent', rate: 0.035 },
  budget: { visitors: 2000, days: 28 },
  cost_per_visitor: 0.8,
  cost_to_build: 40_000,
  value_of_converter: 90,
  variants: [
    { key: 'a', name: '19', weight: 1 },
    {
      key: 'b',
      name: '29',
      weight: 2.5,
      url: '/pricing-b',
      changes: [
        { selector: '#price', text: '29' },
        { selector: '.old', hidden: true },
      ],
    },
  ],
  holdout: 0.1,
  exclusive_group: 'prices',
  door: { title: 'Noch nicht', text: 'Danke.', asks_address: true, lang: 'de', labels: { send: 'Senden' } },
}
const kept = (idea: NewIdea): Idea => ({
  ...idea,
  id: '1',
  created_at: '2026-11-01T00:00:00Z',
  locked_at: '2026-11-02T00:00:00Z',
  counted_from: '2026-11-01T00:00:00Z',
  status: 'running',
  revisions: [],
  decisions: [],
})
const again = (idea: NewIdea): NewIdea => ideaOf(draftOf(kept(idea)), 'shop')

describe('an idea that is opened and saved', () => {
  it('is what it was, part by part', () => {
    expect(again(whole)).toEqual(whole)
    expect(changedLocks(kept(whole), again(whole))).toEqual([])
  })

  it('is what it was with the least there can be', () => {
    const least: NewIdea = {
      name: 'A',
      key: 'a',
      hypothesis: '',
      template: 'landing_page',
      ladder: [
        { grade: 'seen', rule: { type: 'page', path: '/' } },
        { grade: 'click', rule: { type: 'event', event_name: 'signup' } },
      ],
      bar: { grade: 'click', rate: 0.1 },
      budget: { days: 7 },
    }
    expect(again(least)).toEqual(least)
  })

  it('has the same bar, whatever part of whatever number it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 10_000 }), (part, more) => {
        const rate = part / (part + more)
        expect(again({ ...whole, bar: { grade: 'intent', rate } }).bar.rate).toBe(rate)
      }),
    )
  })

  it('has the same rules', () => {
    const rules: GoalRule[] = [
      { type: 'time', seconds: 20 },
      { type: 'time', seconds: 20, path: '/a' },
      { type: 'form' },
      { type: 'form', element: 'signup' },
      { type: 'revenue' },
      { type: 'element', element: 'x', action: 'hover' },
    ]
    const ladder = rules.map((rule) => ({ grade: 'click' as const, rule }))
    expect(again({ ...whole, ladder }).ladder).toEqual(ladder)
  })
})

it('what is locked and changed is named, and nothing else', () => {
  const changed = { ...whole, name: 'Another', bar: { ...whole.bar, rate: 0.05 }, budget: { days: 7 } }
  expect(changedLocks(whole, changed)).toEqual(['bar'])
  expect(changedLocks(whole, { ...whole, intended_mix: [] })).toEqual(['intended_mix'])
})

describe('a template', () => {
  const words = ((key: string) => key) as unknown as Parameters<typeof draftFrom>[1]

  it('makes its ladder of page, element and key, until somebody changes it', () => {
    const draft = { ...draftFrom('fake_door', words), key: 'export', page: '/reports', element: 'export-pdf' }
    expect(ladderOf(draft, 'shop').map(({ grade }) => grade)).toEqual(['seen', 'attention', 'click', 'intent'])
    expect(ideaOf(draft, 'shop').ladder.at(-1)?.rule).toEqual({ type: 'form', path: '/idea/shop/export' })
  })

  it('asks for what only its author knows, and is planned before it has a name', () => {
    const blank = draftFrom('price_test', words)
    expect(Object.keys(problemsOf(blank, 'shop')).sort()).toEqual(['key', 'name', 'place/element'])
    expect(canBePlanned(problemsOf(blank, 'shop'))).toBe(false)
    expect(canBePlanned(problemsOf({ ...blank, element: 'buy' }, 'shop'))).toBe(true)
  })

  it('cannot have a bar that its ladder does not measure', () => {
    const draft = { ...draftFrom('two_pitches', words), name: 'A', key: 'a', page: '/', element: 'buy' }
    expect(problemsOf(draft, 'shop')).toEqual({})
    expect(problemsOf({ ...draft, barGrade: 'payment' }, 'shop')).toEqual({ 'bar/grade': 'barGrade' })
    expect(problemsOf({ ...draft, barPercent: '100' }, 'shop')).toEqual({ 'bar/rate': 'barRate' })
  })
})

it.each([
  ['Export to PDF!', 'export-to-pdf'],
  ['  Über uns: Größe  ', 'uber-uns-gro-e'],
  ['日本', ''],
])('the key of %j is %j', (name, key) => {
  expect(keyOf(name)).toBe(key)
})
