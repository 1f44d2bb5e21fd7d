import type { LookupAddress } from 'node:dns'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isInside, lookupOutside } from './webhook.ts'

const byte = fc.integer({ min: 0, max: 255 })
const privateAddress = fc.oneof(
  fc.tuple(fc.constantFrom(0, 10, 127), byte, byte, byte),
  fc.tuple(fc.constant(169), fc.constant(254), byte, byte),
  fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), byte, byte),
  fc.tuple(fc.constant(192), fc.constant(168), byte, byte),
  fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), byte, byte),
  fc.tuple(fc.integer({ min: 224, max: 255 }), byte, byte, byte),
)
const hex = (high: number, low: number): string => (high * 256 + low).toString(16)

describe('an address inside', () => {
  it('is known in every costume that IPv6 has for it', () => {
    fc.assert(
      fc.property(privateAddress, ([a, b, c, d]) => {
        const plain = `${a}.${b}.${c}.${d}`
        const groups = `${hex(a, b)}:${hex(c, d)}`
        for (const address of [
          plain,
          `::ffff:${plain}`,
          `::FFFF:${groups}`,
          `0:0:0:0:0:ffff:${groups}`,
          `0000:0000:0000:0000:0000:ffff:${groups}`,
          `::${plain}`,
          `64:ff9b::${groups}`,
          `2002:${groups}::1`,
        ]) {
          expect(isInside(address), address).toBe(true)
        }
      }),
    )
  })

  it.each(['fe80::1%eth0', 'fc00::1', 'ff02::1', '::', '::1', '2001:0:4136:e378:8000:63bf:3fff:fdd2', 'nonsense', ''])(
    '%j is inside, or none at all',
    (address) => expect(isInside(address)).toBe(true),
  )
})

/** What a name resolves to, each time that it is asked: a name server may say one thing first and another one then. */
const connectedTo = (...answers: string[][]): Promise<{ addresses: string[]; asked: number }> => {
  let asked = 0
  const resolve = (_host: string, _options: object, done: (error: null, addresses: LookupAddress[]) => void) =>
    done(
      null,
      (answers[asked++] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  return new Promise((settle, reject) =>
    lookupOutside(resolve)('rebound.example', { all: true }, (error, addresses) => {
      if (error) reject(error)
      else settle({ addresses: (addresses as LookupAddress[]).map(({ address }) => address), asked })
    }),
  )
}

describe('a name', () => {
  it('that is of both sides leads outside alone', async () => {
    expect(await connectedTo(['10.0.0.1', '8.8.8.8', '::1'])).toEqual({ addresses: ['8.8.8.8'], asked: 1 })
  })

  it('that would lead inside the second time is asked once, and what was checked is what is connected to', async () => {
    expect(await connectedTo(['8.8.8.8'], ['127.0.0.1'])).toEqual({ addresses: ['8.8.8.8'], asked: 1 })
  })

  it('that leads inside is refused', async () => {
    await expect(connectedTo(['169.254.169.254', '::ffff:a9fe:a9fe'])).rejects.toThrow(/private network/)
  })
})
