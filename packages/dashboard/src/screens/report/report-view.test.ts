import { expect, it } from 'vitest'
import { readReportSearch, sortRows, withOption, withoutSlicer } from './report-view.ts'

it('an option is switched on and off, and a slicer with none is left out', () => {
  const one = withOption({ site: 'shop' }, 'os', 'iOS')
  const two = withOption(one, 'os', 'Linux')
  expect(two).toEqual({ site: 'shop', os: ['iOS', 'Linux'] })
  expect(withOption(withOption(two, 'os', 'iOS'), 'os', 'Linux')).toEqual({ site: 'shop' })
  expect(withoutSlicer(two, 'os')).toEqual({ site: 'shop' })
})

it('an address with one value, or a number, is read as text', () => {
  expect(readReportSearch({ site: 7, Platform: 'linkedin', os: ['iOS', 11], other: 'x' })).toEqual({
    site: '7',
    Platform: ['linkedin'],
    os: ['iOS', '11'],
  })
})

it('rows are sorted by number or by text, and the given ones stay as they are', () => {
  const row = (Platform: string, visitor_count: number) => ({
    Platform,
    page_url: '',
    referrer: '',
    browser: '',
    os: '',
    visitor_count,
  })
  const rows = [row('b', 2), row('a', 10), row('c', 3)]
  const names = (sorted: typeof rows) => sorted.map(({ Platform }) => Platform).join('')
  expect(names(sortRows(rows, { column: 'visitor_count', isDescending: true }))).toBe('acb')
  expect(names(sortRows(rows, { column: 'Platform', isDescending: false }))).toBe('abc')
  expect(names(rows)).toBe('bac')
})
