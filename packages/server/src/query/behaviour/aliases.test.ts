import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aliasesOf } from './aliases.ts'

const aliases = aliasesOf(Buffer.alloc(32, 1))

describe('an alias', () => {
  it('leads back to its id, whatever that is, and is the same each time', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), (id) => {
        const alias = aliases.aliasOf('shop', id)
        expect(aliases.idOf('shop', alias)).toBe(id)
        expect(aliases.aliasOf('shop', id)).toBe(alias)
        expect(alias).toMatch(/^[\w-]+$/)
      }),
    )
  })

  it('says nothing of its id, and is another on another site and another server', () => {
    const alias = aliases.aliasOf('shop', 'guest_10.0.0.1')
    expect(Buffer.from(alias, 'base64url').toString()).not.toContain('guest')
    expect(aliases.idOf('other', alias)).toBeUndefined()
    expect(aliasesOf(Buffer.alloc(32, 2)).idOf('shop', alias)).toBeUndefined()
  })

  it('is not made by guessing', () => {
    const alias = Buffer.from(aliases.aliasOf('shop', 'visitor-1'), 'base64url')
    for (let index = 0; index < alias.length; index++) {
      const changed = Buffer.from(alias)
      changed[index] = (changed[index] ?? 0) ^ 1
      expect(aliases.idOf('shop', changed.toString('base64url'))).toBeUndefined()
    }
    expect(aliases.idOf('shop', '')).toBeUndefined()
    expect(aliases.idOf('shop', 'AAAA')).toBeUndefined()
  })
})
