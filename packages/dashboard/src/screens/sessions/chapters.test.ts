import type { VisitEvent } from '@clickwatch/contract'
import { expect, it } from 'vitest'
import { chaptersOf, secondsBetween } from './chapters.ts'

const event = (type: string, page: string, second = 0): VisitEvent => ({
  time: new Date(second * 1000).toISOString(),
  type,
  name: '',
  page,
  title: '',
  element: '',
  text: '',
  props: {},
  revenue: 0,
  currency: '',
  scroll_depth: 0,
  engaged_ms: 0,
})

it('groups what happened by the page it happened on, and begins anew with each view', () => {
  const chapters = chaptersOf([
    event('page_view', '/'),
    event('click', '/'),
    event('page_view', '/a'),
    event('page_view', '/'),
    event('page_view', '/'),
  ])
  expect(chapters.map(({ page, events }) => [page, events.length])).toEqual([
    ['/', 2],
    ['/a', 1],
    ['/', 1],
    ['/', 1],
  ])
})

it('begins a chapter where an event names another page without having viewed it', () => {
  expect(chaptersOf([event('click', '/a'), event('custom', '/b')]).map(({ page }) => page)).toEqual(['/a', '/b'])
  expect(chaptersOf([])).toEqual([])
})

it('tells the seconds between, and none where clocks went back', () => {
  expect(secondsBetween(event('click', '/', 1), event('click', '/', 3))).toBe(2)
  expect(secondsBetween(event('click', '/', 3), event('click', '/', 1))).toBe(0)
})
