import { expect, it } from 'vitest'
import type { IdeaPlan, Stratum, VariantCounts } from './counts.ts'
import { strataEvidence } from './strata.ts'

const plan = { bar: { grade: 'intent', rate: 0.04 } } as IdeaPlan
const stratum = (source: string, isReturning: boolean, exposed: number, intent: number): Stratum => ({
  source,
  device: 'desktop',
  country: '',
  returning: isReturning,
  exposed,
  reached: { intent },
})
const of = (...strata: Stratum[]) => strataEvidence({ strata } as VariantCounts, plan)

it('who came is told by each dimension, the most first, with how sure it is', () => {
  const found = of(stratum('Google', false, 100, 10), stratum('Google', true, 50, 1), stratum('', false, 40, 8))
  expect(found.map(({ dimension, value, exposed, reached }) => [dimension, value, exposed, reached])).toEqual([
    ['source', 'Google', 150, 11],
    ['source', '', 40, 8],
    ['device', 'desktop', 190, 19],
    ['country', '', 190, 19],
    ['returning', 'new', 140, 18],
    ['returning', 'returning', 50, 1],
  ])
  for (const { rate, credible } of found) {
    expect(credible.low).toBeLessThan(rate ?? 0)
    expect(credible.high).toBeGreaterThan(rate ?? 1)
  }
})

it('where nobody came from, nothing is told', () => {
  expect(of(stratum('Google', false, 0, 0))).toEqual([])
  expect(of()).toEqual([])
})
