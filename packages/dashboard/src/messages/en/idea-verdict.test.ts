import { createTranslator } from 'use-intl/core'
import { describe, expect, it } from 'vitest'
import { english } from './index.ts'

const translate = createTranslator({
  locale: 'en',
  messages: english,
  namespace: 'ideaVerdict',
  onError: (error) => {
    throw error
  },
})

/** Every number and name that any of the sentences takes. */
const particulars = {
  days: 2,
  visitors: 12,
  needed: 50,
  variant: 'control',
  exposed: 1700,
  expected: 1650.4,
  of_reached: 0.61,
  of_exposed: 0.3,
  source: 'newsletter',
  share: 0.25,
  from: '2026-10-20',
  first: 0.2,
  later: 0.021,
  distance: 0.4,
  rate: 0.0898,
  low: 0.0509,
  high: 0.14,
  bar: 0.04,
  probability: 0.9731,
  counted: 0.1,
  left: 300,
  money: '€1,200',
  cost: '€20,000',
  at: '2026-10-20',
  date: 'November 3',
}

const leaves = (group: object, path: string): string[] =>
  Object.entries(group).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${path}${key}`] : leaves(value, `${path}${key}.`),
  )

describe('the words of a verdict', () => {
  it.each(leaves(english.ideaVerdict, ''))('%s is a whole sentence once it is filled', (key) => {
    const said = (translate as unknown as (key: string, values: object) => string)(key, particulars)
    expect(said).not.toMatch(/[{}#]|::|NaN|undefined/)
    expect(said.length).toBeGreaterThan(3)
  })

  it('rates are told in per cent, to the hundredth', () => {
    expect(translate('reasons.above_bar', { rate: 0.0898, low: 0.0509, bar: 0.04 })).toBe(
      '8.98% do it, and however often one looks, at least 5.09%: above the bar of 4.0%',
    )
    expect(translate('reasons.probability', { bar: 0.04, probability: 0.9731 })).toBe(
      'The bar of 4.0% is met with a probability of 97.3%',
    )
  })
})
