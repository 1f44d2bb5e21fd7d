import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../../test/fixtures/clickwatch.ts'
import { readSites } from './sites.ts'

const folder = temporaryFolder()
const path = join(folder, 'sites.json')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const read = (settings: unknown) => {
  writeFileSync(path, typeof settings === 'string' ? settings : JSON.stringify(settings))
  return readSites(path)
}

describe('the settings of sites', () => {
  it('are those of the site, else those of all', () => {
    const rulesOf = read({
      '*': { identity: 'cookieless', events_per_minute: 10 },
      shop: { identity: 'default', aliases: ['old-shop'] },
    })
    expect(rulesOf('shop')).toMatchObject({ id: 'shop', isCookieless: false, eventsPerMinute: 10 })
    expect(rulesOf('old-shop')).toMatchObject({ id: 'shop', isCookieless: false })
    expect(rulesOf('other')).toMatchObject({ id: 'other', isCookieless: true, eventsPerMinute: 10 })
    expect(readSites(undefined)('any')).toMatchObject({ id: 'any', isCookieless: false, eventsPerMinute: undefined })
  })

  it('let pages of the named origins send, and who names none', () => {
    const { allowsOrigin } = read({ shop: { origins: ['https://Shop.example/'] } })('shop')
    expect(['https://shop.example', ''].map(allowsOrigin)).toEqual([true, true])
    expect(['https://copy.example', 'http://shop.example', 'null'].map(allowsOrigin)).toEqual([false, false, false])
  })

  it('know the site’s own addresses, however they are written', () => {
    const { excludesAddress } = read({ shop: { exclude_addresses: ['203.0.113.0/24', '2001:db8::/32', '192.0.2.7'] } })(
      'shop',
    )
    expect(['203.0.113.9', '::ffff:203.0.113.9', '2001:db8::1', '192.0.2.7'].map(excludesAddress)).not.toContain(false)
    expect(['203.0.114.9', '2001:db9::1', '192.0.2.8', '', 'nonsense'].map(excludesAddress)).not.toContain(true)
  })

  it.each([
    [{ shop: { colour: 'red' } }, /shop\/colour is not known/],
    [{ shop: { identity: 'spying' } }, /shop\/identity .*default, cookieless/],
    [{ shop: { exclude_addresses: ['10.0.0.0/99'] } }, /shop\/exclude_addresses has '10\.0\.0\.0\/99'/],
    [{ 'a b': {} }, /a b is not known/],
    [{ shop: { aliases: ['x'] }, other: { aliases: ['x'] } }, /'x' means both shop and other/],
    ['{', /cannot be read/],
  ])('that make no sense stop the start with a sentence: %j', (settings, sentence) => {
    expect(() => read(settings)).toThrow(sentence)
  })

  it('have to be there', () => {
    expect(() => readSites(join(folder, 'nowhere.json'))).toThrow(/there is no such file/)
  })
})
