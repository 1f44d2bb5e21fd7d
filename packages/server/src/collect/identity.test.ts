import { readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { temporaryFolder } from '../../../../test/fixtures/clickwatch.ts'
import { openIdentity } from './identity.ts'

const folder = temporaryFolder()
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const day = 86_400_000
const today = Date.now()

it('a visitor without an id is the same for a day and a site, also after a restart, and nobody knows the next', () => {
  const path = join(folder, 'restarted')
  const identity = openIdentity(path)
  const visitor = identity.visitorOf('shop', '203.0.113.7', 'Firefox', today)
  expect(visitor).toMatch(/^[0-9a-f]{32}$/)
  expect(openIdentity(path).visitorOf('shop', '203.0.113.7', 'Firefox', today)).toBe(visitor)
  const others = [
    identity.visitorOf('other', '203.0.113.7', 'Firefox', today),
    identity.visitorOf('shop', '203.0.113.8', 'Firefox', today),
    identity.visitorOf('shop', '203.0.113.7', 'Chrome', today),
  ]
  expect(new Set([visitor, ...others]).size).toBe(4)
  const salt = readFileSync(join(path, 'identity.json'), 'utf8')
  expect(identity.visitorOf('shop', '203.0.113.7', 'Firefox', today + day)).not.toBe(visitor)
  // The salt of the day is gone: what was a visitor cannot be made again.
  expect(readFileSync(join(path, 'identity.json'), 'utf8')).not.toContain(JSON.parse(salt).salt.value)
  expect(identity.visitorOf('shop', '203.0.113.7', 'Firefox', today)).not.toBe(visitor)
})

it('a signed-in user is the same on every day, by site, and in no other installation', () => {
  const identity = openIdentity(join(folder, 'users'))
  const user = identity.userOf('shop', 'user-17')
  identity.visitorOf('shop', '203.0.113.7', 'Firefox', today + day)
  expect(openIdentity(join(folder, 'users')).userOf('shop', 'user-17')).toBe(user)
  expect(identity.userOf('other', 'user-17')).not.toBe(user)
  expect(openIdentity(join(folder, 'elsewhere')).userOf('shop', 'user-17')).not.toBe(user)
})

it('a token is of the visitor that it was made for, of nobody else', () => {
  const identity = openIdentity(join(folder, 'tokens'))
  const token = identity.tokenOf('v1')
  expect(identity.visitorOfToken(token)).toBe('v1')
  for (const forged of ['', 'v1', `${token}0`, token.replace('v1', 'v2'), `v2.${token.split('.')[1]}`]) {
    expect(identity.visitorOfToken(forged)).toBeUndefined()
  }
})

it('the secrets are for the operator’s account alone', () => {
  openIdentity(join(folder, 'mode'))
  expect(statSync(join(folder, 'mode/identity.json')).mode & 0o777).toBe(0o600)
})
