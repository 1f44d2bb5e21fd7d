import { createRequire } from 'node:module'
import { isIP } from 'node:net'
import { open, type Response } from 'maxmind'

// Public-domain (CC0) database of which country an address is registered in.
const databasePath = createRequire(import.meta.url).resolve(
  '@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb',
)

/** Answers the ISO 3166-1 alpha-2 code of the country of an address, '' where it is not known. The address goes nowhere else. */
export type CountryOf = (address: string) => string

export const openCountries = async (): Promise<CountryOf> => {
  const reader = await open<Response & { country_code?: string }>(databasePath)
  return (address) => {
    const plain = address.replace(/^::ffff:/, '')
    // A proxy may write anything into its forwarding header.
    return isIP(plain) ? (reader.get(plain)?.country_code ?? '') : ''
  }
}
