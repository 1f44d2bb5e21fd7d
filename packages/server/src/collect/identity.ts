import { createHmac, timingSafeEqual } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freshSalt } from '../metadata/salts.ts'
import { openOvernight, replaceFile } from './overnight.ts'

/** Ids that the collector makes of what it must not keep. */
export type Identity = {
  /**
   * The id of a visitor whose browser stores none: a hash of address and user agent with a salt that is thrown away each day
   * (UTC), so that nobody can tell afterwards who it was, nor that two days were the same person. Who is in the middle of a visit
   * at midnight keeps the id until that visit is over.
   */
  visitorOf(site: string, address: string, userAgent: string, nowMs: number): string
  /**
   * Whom variants are assigned to for that visitor: a hash of the id, which tells nobody the id. Asking is no visit: it changes nothing
   * of who goes on over midnight.
   */
  unitOf(site: string, address: string, userAgent: string, nowMs: number): string
  /** The id under which a site's own user id is kept: a hash keyed by this installation, the same every day. */
  userOf(site: string, userId: string): string
  /** What a browser may show later in the day to be the same visitor, whatever its address is by then. */
  tokenOf(visitorId: string): string
  /** The visitor of a token of today, or of a visit that goes on since yesterday; undefined when it is none of ours. */
  visitorOfToken(site: string, token: string): string | undefined
  /** Throws away what has had its time, and writes down who may go on over midnight; to be called every few seconds. */
  tidy(): void
}

type Secrets = {
  secret: string
  salt: { day: string; value: string }
  /** The salt of the day before, while visits from before midnight may still be open. */
  previous?: { value: string; untilMs: number } | undefined
}

/** The salt of a day (UTC). */
type SaltOf = (day: string) => string
/** What the collectors and pipelines of a cluster have in common, so that all make the same ids. */
export type SharedSecrets = { secret: string; saltOf: SaltOf }

const hexDigits = 32
const dayMs = 86_400_000
/** However long a site lets a visit be silent, the salt of a day outlives it by no more. */
const longestKeptMs = 2 * 3_600_000

const dayOf = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 10)
const midnightOf = (timeMs: number): number => timeMs - (timeMs % dayMs)

const hash = (key: string, parts: readonly string[]): string =>
  createHmac('sha256', Buffer.from(key, 'hex')).update(parts.join('\0')).digest('hex').slice(0, hexDigits)

const isEqual = (left: string, right: string): boolean => {
  const [given, expected] = [Buffer.from(left), Buffer.from(right)]
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/**
 * The secrets after some time has passed: the salt of the day, and that of the day before as long as it is kept.
 * @returns the same object where nothing changes
 */
const secretsAt = (secrets: Secrets, nowMs: number, keptMs: number, saltOf: SaltOf): Secrets => {
  const { salt, previous } = secrets
  const saltFromMs = salt.day === '' ? Number.NEGATIVE_INFINITY : Date.parse(salt.day)
  // A clock that is set back over midnight stays in the day that had begun.
  if (nowMs >= saltFromMs - dayMs && nowMs < saltFromMs + dayMs) {
    return previous && nowMs >= previous.untilMs ? { ...secrets, previous: undefined } : secrets
  }
  const untilMs = midnightOf(nowMs) + keptMs
  const isOfYesterday = saltFromMs + dayMs === midnightOf(nowMs)
  return {
    ...secrets,
    salt: { day: dayOf(nowMs), value: saltOf(dayOf(nowMs)) },
    previous: isOfYesterday && nowMs < untilMs ? { value: salt.value, untilMs } : undefined,
  }
}

/** What this process kept by itself gives way to what all have; the salt of yesterday it knows alone. */
const withShared = (own: Secrets, { secret, saltOf }: SharedSecrets, today: string): Secrets =>
  own.salt.day === today ? { ...own, secret, salt: { day: today, value: saltOf(today) } } : { ...own, secret }

/**
 * Opens the secrets of an installation, `identity.json` in `folder`; makes them at the first start. Beside it, `overnight.json`
 * remembers around midnight whose visits may go on.
 */
export const openIdentity = (
  folder: string,
  options: {
    /** How long a visit of a site may be silent. */
    silenceMsOf: (site: string) => number
    /** The longest of them. */
    longestSilenceMs: number
    /** What the processes of a cluster have in common. */
    shared?: SharedSecrets
    now?: () => number
  },
): Identity => {
  const { silenceMsOf, shared, now = Date.now } = options
  const saltOf = shared?.saltOf ?? freshSalt
  const keptMs = Math.min(options.longestSilenceMs, longestKeptMs)
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'identity.json')
  const overnight = openOvernight(join(folder, 'overnight.json'))
  let secrets: Secrets = existsSync(path)
    ? (JSON.parse(readFileSync(path, 'utf8')) as Secrets)
    : { secret: freshSalt(), salt: { day: '', value: '' } }
  if (shared) secrets = withShared(secrets, shared, dayOf(now()))

  const secretsOf = (nowMs: number): Secrets => {
    const next = secretsAt(secrets, nowMs, keptMs, saltOf)
    if (next === secrets) return secrets
    // On disk before it is used, and gone from there before it is forgotten.
    replaceFile(path, next)
    if (next.salt.day !== secrets.salt.day) overnight.beginDay()
    secrets = next
    return secrets
  }
  secretsOf(now())

  const goesOn = (site: string, id: string, nowMs: number): boolean => {
    const lastMs = overnight.lastSeenMs(id)
    return lastMs !== undefined && nowMs - lastMs <= Math.min(silenceMsOf(site), keptMs)
  }
  /** Who is seen so late may come again after midnight. */
  const noteLate = (id: string, nowMs: number): void => {
    if (nowMs >= midnightOf(nowMs) + dayMs - keptMs) overnight.saw(id, nowMs)
  }
  /** The id of today, and that of yesterday where the visit under it goes on. */
  const idsOf = (site: string, address: string, userAgent: string, nowMs: number): { id: string; before?: string } => {
    const { salt, previous } = secretsOf(nowMs)
    const parts = [site, address, userAgent]
    const id = hash(salt.value, parts)
    const before = overnight.nameOf(id) ?? (previous && hash(previous.value, parts))
    return before !== undefined && goesOn(site, before, nowMs) ? { id, before } : { id }
  }
  const signed = (salt: string, label: 'token' | 'carried', id: string): string => `${id}.${hash(salt, [label, id])}`

  return {
    visitorOf: (site, address, userAgent, nowMs) => {
      const { id, before } = idsOf(site, address, userAgent, nowMs)
      if (before !== undefined) {
        overnight.carry(id, before)
        overnight.saw(before, nowMs)
        return before
      }
      noteLate(id, nowMs)
      return id
    },
    unitOf: (site, address, userAgent, nowMs) => {
      const { id, before = id } = idsOf(site, address, userAgent, nowMs)
      return hash(secrets.secret, ['unit', site, before])
    },
    userOf: (site, userId) => hash(secrets.secret, [site, userId]),
    tokenOf: (visitorId) => {
      const { salt } = secretsOf(now())
      return signed(salt.value, overnight.isCarried(visitorId) ? 'carried' : 'token', visitorId)
    },
    visitorOfToken: (site, token) => {
      const nowMs = now()
      const { salt, previous } = secretsOf(nowMs)
      const id = token.split('.', 1)[0] ?? ''
      if (isEqual(token, signed(salt.value, 'token', id))) {
        noteLate(id, nowMs)
        return id
      }
      const isOfYesterday =
        isEqual(token, signed(salt.value, 'carried', id)) ||
        (previous !== undefined && isEqual(token, signed(previous.value, 'token', id)))
      if (!isOfYesterday || !goesOn(site, id, nowMs)) return undefined
      overnight.carry(id, id)
      overnight.saw(id, nowMs)
      return id
    },
    tidy: () => {
      const nowMs = now()
      secretsOf(nowMs)
      overnight.tidy(nowMs - keptMs)
    },
  }
}

/** Ids of documents that come by the stream; whose visit goes on over midnight is not known there. */
export type StreamIdentity = Pick<Identity, 'userOf' | 'visitorOf'>

/** The same ids in a process beside the collector's, which alone changes what they are made of. */
export const readIdentity = (folder: string): StreamIdentity => {
  const path = join(folder, 'identity.json')
  const secrets = (): Secrets => JSON.parse(readFileSync(path, 'utf8')) as Secrets
  return {
    userOf: (site, userId) => hash(secrets().secret, [site, userId]),
    visitorOf: (site, address, userAgent) => hash(secrets().salt.value, [site, address, userAgent]),
  }
}

/** The key of user ids that a data folder has; undefined where it has none. */
export const secretIn = (folder: string): string | undefined => {
  const path = join(folder, 'identity.json')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Secrets).secret : undefined
}

/** The same ids in a process of a cluster. */
export const sharedIdentity = ({ secret, saltOf }: SharedSecrets): StreamIdentity => ({
  userOf: (site, userId) => hash(secret, [site, userId]),
  visitorOf: (site, address, userAgent) => hash(saltOf(dayOf(Date.now())), [site, address, userAgent]),
})
