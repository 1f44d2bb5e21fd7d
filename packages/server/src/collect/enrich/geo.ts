import { createRequire } from 'node:module'
import { isIP } from 'node:net'
import { type CityResponse, open, type Reader, type Response } from 'maxmind'
import { messageOf, StartError } from '../../errors.ts'
import type { Place } from '../../stream/document.ts'

// Public-domain (CC0) database of which country an address is registered in.
const countriesPath = createRequire(import.meta.url).resolve(
  '@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb',
)

/** Where an address is, by the databases of this machine; '' where they do not know. The address goes nowhere else. */
export type PlaceOf = (address: string) => Place

type Flat = { country_code?: string; state1?: string; city?: string }
const nowhere: Place = { country: '', region: '', city: '' }

const openCities = async (path: string): Promise<Reader<Response & CityResponse & Flat>> => {
  try {
    return await open<Response & CityResponse & Flat>(path)
  } catch (cause) {
    const reason = messageOf(cause)
    throw new StartError(`CLICKWATCH_GEO_DATABASE is '${path}', which cannot be read as an .mmdb file: ${reason}.`, {
      cause,
    })
  }
}

/** MaxMind's and DB-IP's own form, or the flat one of ip-location-db. */
const placeOfRecord = (record: (CityResponse & Flat) | null): Place => {
  if (!record) return nowhere
  if ('country_code' in record || 'state1' in record) {
    return {
      country: record.country_code ?? '',
      region: record.state1 ?? '',
      city: typeof record.city === 'string' ? record.city : '',
    }
  }
  return {
    country: record.country?.iso_code ?? '',
    region: record.subdivisions?.[0]?.names.en ?? '',
    city: record.city?.names.en ?? '',
  }
}

/**
 * Opens the country database that comes along, and a city database where the operator has one.
 * @throws {StartError} when the city database cannot be read
 */
export const openPlaces = async (citiesPath: string | undefined): Promise<PlaceOf> => {
  const countries = await open<Response & Flat>(countriesPath)
  const cities = citiesPath === undefined ? undefined : await openCities(citiesPath)
  return (address) => {
    const plain = address.replace(/^::ffff:/, '')
    // A proxy may write anything into its forwarding header.
    if (!isIP(plain)) return nowhere
    const { country, region, city } = placeOfRecord(cities?.get(plain) ?? null)
    return { country: country || (countries.get(plain)?.country_code ?? ''), region, city }
  }
}
