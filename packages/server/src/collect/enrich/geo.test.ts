import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { openPlaces } from './geo.ts'

const cities = fileURLToPath(new URL('../../../../../test/fixtures/places.mmdb', import.meta.url))

it('an address is in the country that the bundled database says', async () => {
  const placeOf = await openPlaces(undefined)
  expect(placeOf('193.99.144.80')).toEqual({ country: 'DE', region: '', city: '' })
  expect(placeOf('::ffff:193.99.144.80').country).toBe('DE')
  expect(placeOf('127.0.0.1')).toEqual({ country: '', region: '', city: '' })
  expect(placeOf('not an address, "><script>')).toEqual({ country: '', region: '', city: '' })
})

it('an address is in the city that the operator’s database says, and else in its country', async () => {
  const placeOf = await openPlaces(cities)
  expect(placeOf('203.0.113.7')).toEqual({ country: 'DE', region: 'Hamburg', city: 'Altona' })
  expect(placeOf('2001:db8::7')).toEqual({ country: 'FR', region: '', city: 'Lyon' })
  expect(placeOf('193.99.144.80')).toEqual({ country: 'DE', region: '', city: '' })
})

it('a city database that is none is said to be none', async () => {
  await expect(openPlaces(fileURLToPath(import.meta.url))).rejects.toThrow('CLICKWATCH_GEO_DATABASE')
})
