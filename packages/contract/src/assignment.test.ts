import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assign, positionOf, type RunningIdea } from './assignment.ts'

const idea = (key: string, more: Partial<RunningIdea> = {}): RunningIdea => ({
  key,
  since: 0,
  variants: [
    { key: 'plain', weight: 1 },
    { key: 'bold', weight: 1 },
  ],
  ...more,
})
const units = Array.from({ length: 40_000 }, (_, index) => `01890f2e-${index.toString(16)}-7000`)

/** How far shares found are from those expected, as chi-square. */
const chiSquare = (found: readonly number[], expected: readonly number[]): number =>
  found.reduce((sum, count, index) => sum + (count - (expected[index] ?? 0)) ** 2 / (expected[index] ?? 1), 0)
/** One in ten thousand is beyond, by degrees of freedom. */
const beyond: Record<number, number> = { 1: 15.14, 3: 21.11, 19: 50.8 }

describe('the position of a text', () => {
  it.each([
    ['', 0.6689221884589642],
    ['a', 0.10352621669881046],
    ['new-pricing:01890f2e-5b7a-7000-8000-000000000001', 0.12321341200731695],
    ['new-pricing:01890f2e-5b7a-7000-8000-000000000002', 0.8179006893187761],
    ['prices/new-pricing:visitor', 0.7902201826218516],
    ['größe:Zoë ☕', 0.11731292214244604],
  ])('of %j is %d', (text, expected) => {
    expect(positionOf(text)).toBe(expected)
  })

  it('is spread evenly, whatever the units look like', () => {
    const families = [
      units,
      units.map((_, index) => String(index)),
      units.map((_, index) => `user-${index}@example.org`),
      units.map((_, index) => 'x'.repeat(index % 50) + index),
    ]
    for (const [family, of] of families.entries()) {
      for (const key of ['a', 'b', 'new-pricing', 'door-2026']) {
        const cells = Array.from({ length: 20 }, () => 0)
        for (const unit of of) {
          const cell = Math.floor(positionOf(`${key}:${unit}`) * 20)
          cells[cell] = (cells[cell] ?? 0) + 1
        }
        const expected = cells.map(() => of.length / 20)
        expect([family, key, chiSquare(cells, expected) < (beyond[19] ?? 0)]).toEqual([family, key, true])
      }
    }
  })

  it('says nothing of the position for another idea', () => {
    for (const [one, other] of [
      ['a', 'b'],
      ['new-pricing', 'new-pricing-2'],
      ['door', 'doors'],
    ]) {
      const cells = [0, 0, 0, 0]
      for (const unit of units) {
        const [left, right] = [positionOf(`${one}:${unit}`) < 0.5, positionOf(`${other}:${unit}`) < 0.5]
        const cell = (left ? 2 : 0) + (right ? 1 : 0)
        cells[cell] = (cells[cell] ?? 0) + 1
      }
      expect([
        one,
        chiSquare(
          cells,
          cells.map(() => units.length / 4),
        ) < (beyond[3] ?? 0),
      ]).toEqual([one, true])
    }
  })
})

describe('assignment', () => {
  it('gives every unit one variant, the same each time, in shares of the weights and the holdout', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 5 }),
        fc.constantFrom(0, 0.1, 0.5),
        fc.stringMatching(/^[a-z]{3,9}$/),
        (weights, holdout, key) => {
          const running = [idea(key, { holdout, variants: weights.map((weight, at) => ({ key: `v${at}`, weight })) })]
          const some = units.slice(0, 8000)
          const seen = some.map((unit) => assign(running, key, unit))
          expect(some.map((unit) => assign(running, key, unit))).toEqual(seen)
          const all = weights.reduce((sum, weight) => sum + weight, 0)
          const names = weights.map((_, at) => `v${at}`)
          const shares = weights.map((weight) => (weight / all) * (1 - holdout))
          const counts = [...names, ...(holdout ? ['holdout'] : [])].map(
            (name) => seen.filter((each) => each === name).length,
          )
          expect(counts.reduce((sum, count) => sum + count, 0)).toBe(some.length)
          const expected = [...shares, ...(holdout ? [holdout] : [])].map((share) => share * some.length)
          // So far off is less likely than one in a million, with up to five degrees of freedom.
          expect(chiSquare(counts, expected)).toBeLessThan(37)
        },
      ),
      { numRuns: 30, seed: 42 },
    )
  })

  it('lets a unit take part in one idea of a group, each as often, and the others stay when one ends', () => {
    const group = { group: 'prices' }
    const running = ['a', 'b', 'c'].map((key) => idea(key, group))
    const partOf = (ideas: RunningIdea[], unit: string) =>
      ideas.filter(({ key }) => assign(ideas, key, unit)).map(({ key }) => key)
    const taken = units.map((unit) => partOf(running, unit))
    expect(new Set(taken.map(({ length }) => length))).toEqual(new Set([1]))
    const counts = running.map(({ key }) => taken.filter(([of]) => of === key).length)
    expect(
      chiSquare(
        counts,
        counts.map(() => units.length / 3),
      ),
    ).toBeLessThan(21)
    const without = running.slice(0, 2)
    for (const [index, unit] of units.entries()) {
      const [before] = taken[index] ?? []
      if (before !== 'c') expect(partOf(without, unit)).toEqual([before])
    }
  })

  it('is of nobody outside the audience, nor of an idea that does not run', () => {
    expect(assign([idea('a', { is_outside: true })], 'a', 'unit')).toBeUndefined()
    expect(assign([idea('a')], 'b', 'unit')).toBeUndefined()
  })
})
