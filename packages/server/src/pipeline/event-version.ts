import { crc32 } from 'node:zlib'

/**
 * The version of an event that is stored for the first time. Whoever names visits may number the events of each from one on, so that two of
 * a visitor are of one id and one moment, and are told apart by nothing else in the key of silver.events: a row that takes back one of
 * them must not take back the other. So a version begins with what stands for the visit, and ends, in ten bits, with how often it was said.
 * @param namedSession the visit its sender names; '' where ids are the visitor's
 */
export const firstVersion = (namedSession: string): number =>
  (namedSession === '' ? 0 : (crc32(namedSession) & ~0x3ff) >>> 0) + 1

export const isAmended = (version: number): boolean => (version & 0x3ff) > 1
