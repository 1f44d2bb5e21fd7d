import {
  type Filter,
  type GoalRule,
  grades,
  type Idea,
  ideaTemplates,
  intendedDimensions,
  type NewIdea,
} from '@clickwatch/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changedIdea, changedLocks } from './changed.ts'
import { draftOf, ideaOf, keyOf, ladderOf } from './draft.ts'
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
/** A text as the form sends it: without blanks at its ends. */
const typed = fc.string({ minLength: 1, maxLength: 12 }).map((text) => `a${text}b`)
const part = fc
  .tuple(fc.nat(9999), fc.integer({ min: 1, max: 10_000 }))
  .map(([less, more]) => (less + 0.5) / (less + more))
const optional = <T extends { [name: string]: fc.Arbitrary<unknown> }>(fields: T) =>
  fc.record(fields, { requiredKeys: [] })

/** Ideas of such texts, with lists of at least so many, where fewer are allowed. */
const ideasOf = (typed: fc.Arbitrary<string>, least: number): fc.Arbitrary<NewIdea> => {
  const listOf = <T>(each: fc.Arbitrary<T>, minLength = least) => fc.array(each, { minLength, maxLength: 4 })
  const rule: fc.Arbitrary<GoalRule> = fc.oneof(
    fc.record({ type: fc.constant('page' as const), path: typed }),
    fc.record({ type: fc.constant('event' as const), event_name: typed }),
    fc.record(
      {
        type: fc.constant('element' as const),
        element: typed,
        action: fc.constantFrom('click' as const, 'hover' as const, 'cta_seen' as const, 'rage_click' as const),
        path: typed,
      },
      { requiredKeys: ['type', 'element'] },
    ),
    fc.record({ type: fc.constant('form' as const), element: typed, path: typed }, { requiredKeys: ['type'] }),
    fc.record({ type: fc.constant('scroll' as const), path: typed, depth: fc.integer({ min: 1, max: 100 }) }),
    fc.record(
      {
        type: fc.constant('revenue' as const),
        event_name: typed,
        at_least: fc.double({ min: 0, max: 1e9, noNaN: true }),
      },
      { requiredKeys: ['type'] },
    ),
    fc.record(
      { type: fc.constant('time' as const), seconds: fc.integer({ min: 1, max: 86_400 }), path: typed },
      { requiredKeys: ['type', 'seconds'] },
    ),
  )
  const dimension = fc.constantFrom('visit:source' as const, 'visit:country' as const, 'visit:os' as const)
  const comparison: fc.Arbitrary<Filter> = fc.oneof(
    fc.tuple(
      fc.constantFrom('is' as const, 'is_not' as const, 'contains' as const, 'matches' as const),
      dimension,
      listOf(fc.oneof(fc.string(), fc.integer())),
    ),
    fc.tuple(fc.constant('is' as const), dimension, listOf(fc.string()), optional({ case_sensitive: fc.boolean() })),
  ) as fc.Arbitrary<Filter>
  const filter: fc.Arbitrary<Filter> = fc.oneof(
    { arbitrary: comparison, weight: 3 },
    { arbitrary: fc.tuple(fc.constantFrom('and' as const, 'or' as const), listOf(comparison)), weight: 1 },
    { arbitrary: fc.tuple(fc.constant('not' as const), comparison), weight: 1 },
  )
  const oneChange = fc
    .record({ selector: typed, text: fc.string(), hidden: fc.boolean() }, { requiredKeys: ['selector'] })
    .filter(({ text, hidden }) => text !== undefined || hidden !== undefined)
  const variant = fc.record(
    {
      key: fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,9}$/),
      name: typed,
      weight: fc.double({ min: 1e-6, max: 1000, noNaN: true }),
      url: typed.map((path) => `/${path}`),
      changes: listOf(oneChange),
    },
    { requiredKeys: ['key', 'name', 'weight'] },
  )
  const money = fc.double({ min: 0, max: 1e12, noNaN: true })
  return fc
    .record({
      always: fc.record({
        name: typed,
        key: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,9}$/),
        hypothesis: typed,
        template: fc.constantFrom(...ideaTemplates),
        ladder: listOf(
          fc.record({ grade: fc.constantFrom(...grades), rule, label: typed }, { requiredKeys: ['grade', 'rule'] }),
          2,
        ),
        bar: fc.record({ grade: fc.constantFrom(...grades), rate: part }),
        budget: optional({ visitors: fc.integer({ min: 1, max: 1e9 }), days: fc.integer({ min: 1, max: 3650 }) }),
      }),
      perhaps: optional({
        audience: listOf(filter),
        intended_mix: listOf(
          fc.record({
            dimension: fc.constantFrom(...intendedDimensions),
            shares: fc.dictionary(fc.string(), part, { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
          }),
        ),
        cost_per_visitor: money,
        cost_to_build: money,
        value_of_converter: money,
        door: fc.record(
          {
            title: typed,
            text: fc.string(),
            asks_address: fc.boolean(),
            lang: fc.constant('de'),
            labels: optional({ send: typed }),
          },
          { requiredKeys: ['title', 'text', 'asks_address'] },
        ),
      }),
      arms: fc.oneof(
        fc.constant({}),
        fc.record(
          { variants: listOf(variant, 2), holdout: part, exclusive_group: typed },
          { requiredKeys: ['variants'] },
        ),
      ),
    })
    .map(({ always, perhaps, arms }) => ({ ...always, ...perhaps, ...arms }) as NewIdea)
}

const again = (idea: NewIdea): NewIdea => ideaOf(draftOf(kept(idea)), 'shop')

describe('an idea that is opened and saved', () => {
  it('is what it was, whatever it is', () => {
    fc.assert(
      fc.property(ideasOf(typed, 1), (idea) => {
        expect(again(idea)).toEqual(idea)
        expect(changedLocks(idea, again(idea))).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('is what it was to the last blank, with what is empty, and where something else was changed', () => {
    fc.assert(
      fc.property(ideasOf(fc.string({ maxLength: 5 }), 0), fc.boolean(), (idea, isRenamed) => {
        const draft = draftOf(kept(idea))
        const name = isRenamed ? 'Another' : idea.name
        const changed = changedIdea(kept(idea), isRenamed ? { ...draft, name } : draft, 'shop')
        expect(changed).toEqual({ ...idea, name })
        expect(changedLocks(idea, changed)).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('is without what was taken out of it', () => {
    const changed = changedIdea(kept(whole), { ...draftOf(kept(whole)), hasVariants: false, hasDoor: false }, 'shop')
    const { variants, holdout, exclusive_group, door, ...rest } = whole
    expect(changed).toEqual(rest)
  })

  it('empties no element that it shows, and leaves the text of one that it hides', () => {
    const [control, other] = whole.variants ?? []
    if (!control || !other) throw new Error('of two variants')
    const changes = [
      { selector: '.banner', hidden: false },
      { selector: '#price', text: '29', hidden: true },
    ]
    const idea = { ...whole, variants: [control, { ...other, changes }] }
    expect(again(idea).variants?.[1]?.changes).toEqual(changes)
  })

  it('has its audience in the order it was in', () => {
    const audience = whole.audience?.toReversed() ?? []
    expect(again({ ...whole, audience }).audience).toEqual(audience)
  })

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
