import { describe, expect, it } from 'vitest'
import { readConfig } from './config.ts'

const databaseOf = (text: string) => readConfig({ CLICKWATCH_DATABASE: text }).databaseUrl

describe('what is secret in addresses', () => {
  it('are names with commas between them, with - before what is none', () => {
    expect(readConfig({}).scrubParameters).toEqual([])
    expect(readConfig({ CLICKWATCH_SCRUB_PARAMETERS: ' customer_number, -key,' }).scrubParameters).toEqual([
      'customer_number',
      '-key',
    ])
    expect(() => readConfig({ CLICKWATCH_SCRUB_PARAMETERS: 'a b' })).toThrow(/CLICKWATCH_SCRUB_PARAMETERS has 'a b'/)
  })
})

describe('the database', () => {
  it('is a file of the data folder unless an address is given', () => {
    expect(readConfig({}).databaseUrl).toBeUndefined()
    expect(databaseOf('')).toBeUndefined()
  })

  it.each([
    'postgres://clickwatch:secret@db.example:5432/clickwatch',
    'postgresql://db.example/clickwatch?sslmode=verify-full',
    'postgres://u:p%40ss%2Fw%23@db.example/clickwatch?sslmode=verify-ca&sslrootcert=/etc/authority.pem',
    'postgres:///clickwatch?host=/var/run/postgresql',
  ])('may be %s', (text) => {
    expect(databaseOf(text)).toBe(text)
  })

  it.each([
    ['mysql://u:secret@db.example/clickwatch', /is no address such as postgres:/],
    ['secret', /is no address/],
    ['postgres://u:secret@db.example', /is no address/],
    ['postgres:///secret', /is no address/],
    // As they come of passwords that are not encoded.
    ['postgres://u:secret/1@db.example/clickwatch', /written as '%'/],
    ['postgres://u:12/secret@db.example/clickwatch', /written as '%'/],
    ['postgres://u:12#secret@db.example/clickwatch', /written as '%'/],
    ['postgres://u:12?secret@db.example/clickwatch', /written as '%'/],
    ['postgres://u:secret@db.example/clickwatch?sslmode=prefer', /disable, require, verify-ca, verify-full/],
    ['postgres://u:secret@db.example/clickwatch?sslmode=verify-ca', /needs sslrootcert/],
  ])('stops the start where it is %s, and its password is not told', (text, sentence) => {
    const read = () => databaseOf(text)
    expect(read).toThrow(/^CLICKWATCH_DATABASE /)
    expect(read).toThrow(sentence)
    expect(read).not.toThrow(/secret/)
  })
})
