import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../../test/fixtures/clickwatch.ts'
import { openIdentity } from './identity.ts'

const folder = temporaryFolder()
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const minute = 60_000
const day = 86_400_000
const midnight = Date.UTC(2026, 5, 2)
const noon = midnight - day / 2

/** The identity of an installation whose clock stands still until it is set. */
const open = (name: string, startMs: number, silence: Record<string, number> = {}) => {
  let nowMs = startMs
  const path = join(folder, name)
  const restart = () =>
    openIdentity(path, {
      silenceMsOf: (site) => (silence[site] ?? 30) * minute,
      longestSilenceMs: Math.max(30, ...Object.values(silence)) * minute,
      now: () => nowMs,
    })
  let identity = restart()
  return {
    get identity() {
      return identity
    },
    /** The visitor that comes at this time, by this address. */
    at(timeMs: number, address = '203.0.113.7', site = 'shop') {
      nowMs = timeMs
      return identity.visitorOf(site, address, 'Firefox', timeMs)
    },
    tidyAt(timeMs: number) {
      nowMs = timeMs
      identity.tidy()
    },
    restart() {
      identity = restart()
    },
    /** Everything that lies on the disk. */
    onDisk: () => readdirSync(path).map((file) => readFileSync(join(path, file), 'utf8')),
    salt: () => JSON.parse(readFileSync(join(path, 'identity.json'), 'utf8')).salt.value as string,
    remembers: () => existsSync(join(path, 'overnight.json')),
  }
}

it('a visitor without an id is the same for a day and a site, also after a restart, and nobody knows the next', () => {
  const shop = open('restarted', noon)
  const visitor = shop.at(noon)
  expect(visitor).toMatch(/^[0-9a-f]{32}$/)
  shop.restart()
  expect(shop.at(noon + minute)).toBe(visitor)
  const others = [
    shop.at(noon, '203.0.113.7', 'other'),
    shop.at(noon, '203.0.113.8'),
    shop.identity.visitorOf('shop', '203.0.113.7', 'Chrome', noon),
  ]
  expect(new Set([visitor, ...others]).size).toBe(4)
  const salt = shop.salt()
  expect(shop.at(noon + day)).not.toBe(visitor)
  // The salt of the day is gone: what was a visitor cannot be made again.
  expect(shop.onDisk().join()).not.toContain(salt)
  expect(shop.at(noon)).not.toBe(visitor)
})

describe('a visit that lasts over midnight', () => {
  it('stays one as long as it goes on, and its visitor is somebody else after it', () => {
    const shop = open('over-midnight', noon)
    const visitor = shop.at(midnight - 5 * minute)
    for (const minutes of [1, 20, 45, 74, 100]) {
      shop.tidyAt(midnight + minutes * minute - 1)
      expect(shop.at(midnight + minutes * minute)).toBe(visitor)
    }
    const next = shop.at(midnight + 131 * minute)
    expect(next).not.toBe(visitor)
    expect(shop.at(midnight + 132 * minute)).toBe(next)
  })

  it('ends where its silence is longer than the site lets it be', () => {
    const shop = open('silent', noon, { brief: 5, shop: 30 })
    const [visitor, brief] = [shop.at(midnight - 10 * minute), shop.at(midnight - 3 * minute, '203.0.113.7', 'brief')]
    expect(shop.at(midnight + 3 * minute, '203.0.113.7', 'brief')).not.toBe(brief)
    expect(shop.at(midnight + 20 * minute)).toBe(visitor)
    expect(shop.at(midnight + 20 * minute, '203.0.113.8')).not.toBe(visitor)
  })

  it('is of nobody who was not there before midnight', () => {
    const shop = open('newcomer', noon)
    const early = shop.at(midnight - 40 * minute)
    expect(shop.at(midnight + minute)).not.toBe(early)
    const newcomer = shop.at(midnight + minute, '203.0.113.9')
    expect(shop.at(midnight + 2 * minute, '203.0.113.9')).toBe(newcomer)
    expect(shop.at(midnight + day / 2, '203.0.113.9')).toBe(newcomer)
  })

  it('needs the salt of the day before no longer than a visit may be silent; then it is nowhere', () => {
    const shop = open('salt', noon)
    const salt = shop.salt()
    const visitor = shop.at(midnight - minute)
    expect(shop.at(midnight + 25 * minute)).toBe(visitor)
    shop.tidyAt(midnight + 30 * minute - 1)
    expect(shop.onDisk().join()).toContain(salt)
    shop.tidyAt(midnight + 30 * minute)
    expect(shop.onDisk().join()).not.toContain(salt)
    expect(shop.at(midnight + 40 * minute)).toBe(visitor)
  })

  it('keeps no salt for longer than two hours, however long the visits of a site are', () => {
    const shop = open('bounded', noon, { shop: 1440 })
    const salt = shop.salt()
    const visitor = shop.at(midnight - minute)
    shop.tidyAt(midnight + 120 * minute)
    expect(shop.onDisk().join()).not.toContain(salt)
    expect(shop.at(midnight + 121 * minute)).not.toBe(visitor)
  })

  it('goes on after a restart, before midnight and after', () => {
    const shop = open('restart-over-midnight', noon)
    const visitor = shop.at(midnight - 10 * minute)
    shop.tidyAt(midnight - 10 * minute + 5000)
    shop.restart()
    expect(shop.at(midnight + 10 * minute)).toBe(visitor)
    shop.tidyAt(midnight + 31 * minute)
    shop.restart()
    expect(shop.at(midnight + 38 * minute)).toBe(visitor)
  })

  it('is forgotten once it is over, on the disk as well', () => {
    const shop = open('forgotten', noon)
    shop.at(midnight - minute)
    shop.tidyAt(midnight - minute)
    expect(shop.remembers()).toBe(true)
    shop.tidyAt(midnight + 30 * minute)
    expect(shop.remembers()).toBe(false)
    expect(shop.at(midnight + 31 * minute)).toBe(shop.at(midnight + 32 * minute))
  })

  it('is carried over one midnight, not over two', () => {
    const shop = open('two-midnights', noon)
    const visitor = shop.at(midnight - minute)
    for (let timeMs = midnight; timeMs < midnight + day; timeMs += 20 * minute) expect(shop.at(timeMs)).toBe(visitor)
    expect(shop.at(midnight + day)).not.toBe(visitor)
  })

  it('stays one when the clock is set back over midnight', () => {
    const shop = open('set-back', noon)
    const visitor = shop.at(midnight - minute)
    expect(shop.at(midnight + 1000)).toBe(visitor)
    expect(shop.at(midnight - 1000)).toBe(visitor)
    expect(shop.at(midnight + 2000)).toBe(visitor)
  })

  it('shows its token of before midnight, and the one that it gets for it no longer than it goes on', () => {
    const shop = open('overnight-token', noon)
    const visitor = shop.at(midnight - minute)
    const token = shop.identity.tokenOf(visitor)
    const other = shop.identity.tokenOf('somebody-silent')
    shop.tidyAt(midnight + minute)
    expect(shop.identity.visitorOfToken('shop', other)).toBeUndefined()
    expect(shop.identity.visitorOfToken('shop', token)).toBe(visitor)
    const next = shop.identity.tokenOf(visitor)
    expect(next).not.toBe(token)
    shop.tidyAt(midnight + 31 * minute)
    expect(shop.identity.visitorOfToken('shop', token)).toBeUndefined()
    expect(shop.identity.visitorOfToken('shop', next)).toBe(visitor)
    shop.tidyAt(midnight + 62 * minute)
    expect(shop.identity.visitorOfToken('shop', next)).toBeUndefined()
  })
})

it('a signed-in user is the same on every day, by site, and in no other installation', () => {
  const users = open('users', noon)
  const user = users.identity.userOf('shop', 'user-17')
  users.at(noon + day)
  users.restart()
  expect(users.identity.userOf('shop', 'user-17')).toBe(user)
  expect(users.identity.userOf('other', 'user-17')).not.toBe(user)
  expect(open('elsewhere', noon).identity.userOf('shop', 'user-17')).not.toBe(user)
})

it('a token is of the visitor that it was made for, of nobody else', () => {
  const { identity } = open('tokens', noon)
  const token = identity.tokenOf('v1')
  expect(identity.visitorOfToken('shop', token)).toBe('v1')
  const forged = [
    '',
    'v1',
    `${token}0`,
    token.replace('v1', 'v2'),
    `v2.${token.split('.')[1]}`,
    `${token.slice(0, -1)}é`,
  ]
  for (const each of forged) expect(identity.visitorOfToken('shop', each)).toBeUndefined()
})

it('the secrets are for the operator’s account alone', () => {
  const shop = open('mode', midnight - minute)
  shop.at(midnight - minute)
  shop.tidyAt(midnight - minute)
  for (const file of ['identity.json', 'overnight.json']) {
    expect(statSync(join(folder, 'mode', file)).mode & 0o777).toBe(0o600)
  }
})

describe('whom variants are assigned to', () => {
  const unitAt = (shop: ReturnType<typeof open>, timeMs: number, address = '203.0.113.7') =>
    shop.identity.unitOf('shop', address, 'Firefox', timeMs)

  it('is the same for a day and a visit that lasts over its end, and is not the id of the visitor', () => {
    const shop = open('unit', noon)
    const unit = unitAt(shop, noon)
    expect(unit).toMatch(/^[0-9a-f]{32}$/)
    expect(unit).not.toBe(shop.at(noon))
    expect(unitAt(shop, noon, '203.0.113.8')).not.toBe(unit)
    shop.at(midnight - minute)
    shop.at(midnight + minute)
    expect(unitAt(shop, midnight + 2 * minute)).toBe(unit)
    expect(unitAt(shop, midnight + day / 2)).not.toBe(unit)
  })

  it('is no visit when it is asked for: nobody goes on over midnight by it', () => {
    const shop = open('unit-late', noon)
    const before = unitAt(shop, midnight - minute)
    shop.tidyAt(midnight - minute)
    expect(shop.remembers()).toBe(false)
    expect(unitAt(shop, midnight + minute)).not.toBe(before)
  })
})
