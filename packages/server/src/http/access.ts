import { timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { ClickWatchError } from '../errors.ts'

/** Who asks, as far as a decision needs it. */
export type Asker = {
  /** Address of the other end of the connection. */
  address: string | undefined
  headers: IncomingHttpHeaders
}

const loopback = /^(127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/
const loopbackHost = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i
const forwardingHeaders = ['x-forwarded-for', 'x-real-ip', 'forwarded'] as const

/**
 * Whether a request comes from a person or a program on this machine. A proxy on this machine connects from loopback too, for
 * anybody, and so does a browser that another site's name was pointed at: the forwarding headers and the Host tell them apart.
 */
export const isFromThisMachine = ({ address, headers }: Asker): boolean =>
  loopback.test(address ?? '') &&
  loopbackHost.test(headers.host ?? '') &&
  forwardingHeaders.every((header) => headers[header] === undefined)

// A page of another site can make a visitor's browser ask here without being asked; its Origin gives it away.
const isFromForeignPage = ({ headers }: Asker): boolean => {
  const origin = headers.origin
  if (origin === undefined) return false
  return URL.parse(origin)?.host !== headers.host
}

/** Whether a key is the one that is expected; how long it takes says nothing of how much of it is. */
export const isKey = (given: string, expected: string): boolean => {
  const left = Buffer.from(given)
  const right = Buffer.from(expected)
  return left.length === right.length && timingSafeEqual(left, right)
}

/**
 * @param mustSay whether a request that says of no page is refused, too
 * @throws {ClickWatchError} 403 foreign_origin
 */
export const refuseForeignPage = (asker: Asker, mustSay = false): void => {
  if (!isFromForeignPage(asker) && !(mustSay && asker.headers.origin === undefined)) return
  throw new ClickWatchError('foreign_origin', 403, 'A page of another site may not ask this.')
}

/** What a request shows as its key, as `Authorization: Bearer …` (RFC 6750). */
export const bearerOf = ({ authorization }: IncomingHttpHeaders): string | undefined =>
  /^Bearer (.+)$/i.exec(authorization ?? '')?.[1]

/**
 * Lets the holder of the full key in, or, where no key is set, this machine alone.
 * @throws {ClickWatchError} 401 unauthorized, 403 loopback_only, 403 foreign_origin
 */
export const requireFullAccess = (asker: Asker, apiKey: string | undefined): void => {
  if (apiKey !== undefined) {
    const given = bearerOf(asker.headers)
    if (given !== undefined && isKey(given, apiKey)) return
    const sentence =
      'This needs the access key, sent as "Authorization: Bearer …"; it is the CLICKWATCH_API_KEY of the server.'
    throw new ClickWatchError('unauthorized', 401, sentence)
  }
  if (!isFromThisMachine(asker)) {
    const sentence =
      'Without a key this answers only on the machine it runs on. Set CLICKWATCH_API_KEY and send it as "Authorization: Bearer …".'
    throw new ClickWatchError('loopback_only', 403, sentence)
  }
  refuseForeignPage(asker)
}
