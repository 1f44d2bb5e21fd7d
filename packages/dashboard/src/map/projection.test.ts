import { expect, it } from 'vitest'
import { alpha2ByNumeric } from './iso-codes.ts'
import { project, sheet } from './projection.ts'

it('the middle of the world is the middle of the sheet, north is up, and all land is on it', () => {
  expect(project(0, 0)[0]).toBe(sheet.width / 2)
  expect(project(180, 0)[0]).toBeCloseTo(sheet.width, 0)
  expect(project(0, 60)[1]).toBeLessThan(project(0, 0)[1])
  expect(project(0, 83.6)[1]).toBeGreaterThanOrEqual(0)
  expect(project(0, -56)[1]).toBeLessThan(sheet.height)
})

it('every code of a country is there once, and is one that has a name', () => {
  const codes = [...alpha2ByNumeric.values()]
  expect(new Set(codes).size).toBe(codes.length)
  expect(codes.length).toBeGreaterThan(170)
  const names = new Intl.DisplayNames('en', { type: 'region' })
  for (const code of codes) expect(names.of(code)).not.toBe(code)
  expect(alpha2ByNumeric.get('276')).toBe('DE')
})
