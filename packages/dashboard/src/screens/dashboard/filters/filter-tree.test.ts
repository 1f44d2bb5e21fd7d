import type { Filter } from '@clickwatch/contract'
import { describe, expect, it } from 'vitest'
import { filtersOf, groupOf, isComplete, newGroup, newRule, withItem } from './filter-tree.ts'

describe('filters that are opened and applied as they were', () => {
  const page: Filter = ['contains', 'event:page', ['/idea']]
  const source: Filter = ['is', 'visit:source', ['Google', 'Bing']]
  const cases: Record<string, Filter[]> = {
    'one condition': [page],
    'several that all hold': [page, source],
    'any of several': [['or', [page, source]]],
    'a group beside a condition': [page, ['or', [source, ['is_not', 'visit:device', ['mobile']]]]],
    'turned round': [['not', page]],
    'a group turned round': [['not', ['or', [page, source]]]],
    'visitors who did': [source, ['has_done', ['and', [page, source]]]],
    'visitors who did not': [['has_not_done', ['is', 'event:goal', ['Signup']]]],
    'a property': [['is', 'event:props:plan', ['pro']]],
    'a saved segment': [['is', 'segment', ['s1']], page],
  }
  for (const [name, filters] of Object.entries(cases)) {
    it(name, () => {
      expect(filtersOf(groupOf(filters))).toEqual(filters)
    })
  }
})

it('a condition without a value is not ready to be asked', () => {
  const group = newGroup()
  expect(isComplete(group)).toBe(false)
  const [rule] = group.items
  const filled = withItem(group, rule?.id ?? 0, { ...newRule('visit:os'), values: ['iOS'] })
  expect(isComplete(filled)).toBe(true)
  expect(filtersOf(filled)).toEqual([['is', 'visit:os', ['iOS']]])
})

it('what is taken away is gone however deep it was', () => {
  const [kept, gone] = [newRule('visit:os'), newRule('visit:city')]
  const group = newGroup([newGroup([kept, gone])])
  expect(withItem(group, gone.id, undefined)).toEqual({ ...group, items: [{ ...group.items[0], items: [kept] }] })
})
