import { expect, it } from 'vitest'
import { formatVital, ratingOf } from './ratings.ts'

it('rates by the thresholds, each of which still belongs to the better side', () => {
  expect(ratingOf('LCP', 2500)).toBe('good')
  expect(ratingOf('LCP', 2501)).toBe('fair')
  expect(ratingOf('INP', 500)).toBe('fair')
  expect(ratingOf('CLS', 0.26)).toBe('poor')
})

it('says milliseconds below a second and seconds from there on', () => {
  expect(formatVital('LCP', 2412)).toBe('2.41 s')
  expect(formatVital('INP', 180.4)).toBe('180 ms')
  expect(formatVital('CLS', 0.083)).toBe('0.08')
})
