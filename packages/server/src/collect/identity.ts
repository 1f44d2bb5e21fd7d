import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** Ids that the collector makes of what it must not keep. */
export type Identity = {
  /**
   * The id of a visitor whose browser stores none: a hash of address and user agent with a salt that is thrown away each day
   * (UTC), so that nobody can tell afterwards who it was, nor that two days were the same person.
   */
  visitorOf(site: string, address: string, userAgent: string, nowMs: number): string
  /** The id under which a site's own user id is kept: a hash keyed by this installation, the same every day. */
  userOf(site: string, userId: string): string
  /** What a browser may show later in the day to be the same visitor, whatever its address is by then. */
  tokenOf(visitorId: string): string
  /** The visitor of a token of today; undefined when it is none of ours. */
  visitorOfToken(token: string): string | undefined
}

type Secrets = { secret: string; salt: { day: string; value: string } }

const hexDigits = 32
const dayOf = (nowMs: number): string => new Date(nowMs).toISOString().slice(0, 10)
const fresh = (): string => randomBytes(32).toString('hex')

const hash = (key: string, parts: readonly string[]): string =>
  createHmac('sha256', Buffer.from(key, 'hex')).update(parts.join('\0')).digest('hex').slice(0, hexDigits)

/** Replaces the file whole or not at all, so that a power failure leaves the old one or the new one. */
const write = (path: string, secrets: Secrets): void => {
  const next = `${path}.next`
  const file = openSync(next, 'w', 0o600)
  writeSync(file, JSON.stringify(secrets))
  fsyncSync(file)
  closeSync(file)
  renameSync(next, path)
}

/** Opens the secrets of an installation, `identity.json` in `folder`; makes them at the first start. */
export const openIdentity = (folder: string): Identity => {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'identity.json')
  let secrets: Secrets = existsSync(path)
    ? (JSON.parse(readFileSync(path, 'utf8')) as Secrets)
    : { secret: fresh(), salt: { day: '', value: '' } }

  const saltOf = (nowMs: number): string => {
    const day = dayOf(nowMs)
    if (secrets.salt.day !== day) {
      secrets = { ...secrets, salt: { day, value: fresh() } }
      write(path, secrets)
    }
    return secrets.salt.value
  }
  // The secret is on disk before it is used for the first time.
  saltOf(Date.now())
  const tokenOf = (visitorId: string): string => `${visitorId}.${hash(saltOf(Date.now()), ['token', visitorId])}`
  return {
    tokenOf,
    visitorOfToken: (token) => {
      const visitorId = token.split('.', 1)[0] ?? ''
      const expected = Buffer.from(tokenOf(visitorId))
      const given = Buffer.from(token)
      return given.length === expected.length && timingSafeEqual(given, expected) ? visitorId : undefined
    },
    visitorOf: (site, address, userAgent, nowMs) => hash(saltOf(nowMs), [site, address, userAgent]),
    userOf: (site, userId) => hash(secrets.secret, [site, userId]),
  }
}
