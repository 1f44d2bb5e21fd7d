import { expect, it } from 'vitest'
import { formatMoney, formatPoints, formatProbability, formatRate } from './rates.ts'

it('a rate has as many digits as tell it from its neighbours', () => {
  expect([0, 0.5, 0.0432, 0.00432, 0.000432, 1, null].map(formatRate)).toEqual([
    '0%',
    '50%',
    '4.3%',
    '0.43%',
    '0.043%',
    '100%',
    '–',
  ])
})

it('what is not certain is not called so', () => {
  expect([1, 0.9995, 0.995, 0.75, 0.0321, 0].map(formatProbability)).toEqual([
    '> 99.9%',
    '> 99.9%',
    '99.5%',
    '75%',
    '3.2%',
    '< 0.1%',
  ])
})

it('a difference of rates is in points, with its sign', () => {
  expect([0.012, -0.0004, 0].map(formatPoints)).toEqual(['+1.2', '-0.04', '0'])
})

it('money is of the currency, where one is said', () => {
  expect([formatMoney(12.4, 'EUR'), formatMoney(40_000, 'EUR'), formatMoney(12.4, '')]).toEqual([
    '€12.40',
    '€40,000',
    '12.4',
  ])
})
