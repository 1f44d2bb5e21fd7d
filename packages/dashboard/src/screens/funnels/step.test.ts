import type { Filter, FunnelStep } from '@clickwatch/contract'
import { expect, it } from 'vitest'
import { draftOf, moved, readSteps, stepKinds, stepOf } from './step.ts'

const nameOf = (kind: string, value: string) => `${kind} ${value}`

it('says of every kind of step the same after it went to the server and back', () => {
  for (const kind of stepKinds) {
    const step = stepOf({ kind, value: '/a' }, nameOf)
    expect(step && draftOf(step)).toEqual({ kind, value: '/a' })
  }
})

it('does not take for its own what was written by hand and says more', () => {
  const page = (what: Filter): FunnelStep => ({ filter: ['and', [['is', 'event:type', ['page_view']], what]] })
  expect(draftOf(page(['is', 'event:page', ['/a']]))).toEqual({ kind: 'page', value: '/a' })
  const written: FunnelStep[] = [
    page(['is', 'event:page', ['/a', '/b']]),
    page(['is_not', 'event:page', ['/a']]),
    page(['is', 'visit:source', ['/a']]),
    page(['contains', 'event:page', ['/a'], { case_sensitive: false }]),
    {
      filter: [
        'and',
        [
          ['is', 'event:type', ['page_view']],
          ['is', 'event:page', ['/a']],
          ['is', 'visit:os', ['iOS']],
        ],
      ],
    },
    { filter: ['is', 'event:page', ['/a']] },
  ]
  expect(written.map(draftOf)).toEqual(written.map(() => undefined))
})

it('asks for nothing as long as a step says nothing', () => {
  expect(stepOf({ kind: 'page', value: '' }, nameOf)).toBeUndefined()
})

it('takes what is a step out of an address and leaves the rest', () => {
  expect(readSteps([['page', '/'], ['flight', '/'], 'page', ['goal', 7], ['goal', 'g1']])).toEqual([
    { kind: 'page', value: '/' },
    { kind: 'goal', value: 'g1' },
  ])
  expect(readSteps('page')).toEqual([])
})

it('moves a step and keeps the order of the others', () => {
  const steps = ['a', 'b', 'c'].map((value) => ({ kind: 'page' as const, value }))
  expect(moved(steps, 2, 0).map(({ value }) => value)).toEqual(['c', 'a', 'b'])
  expect(moved(steps, 0, 1).map(({ value }) => value)).toEqual(['b', 'a', 'c'])
})
