import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { ClickWatchError, messageOf } from '../errors.ts'

/** Posts JSON to an address. @throws {ClickWatchError} 400 invalid_field, 502 not_delivered */
export type PostWebhook = (url: string, body: object) => Promise<void>

const timeoutMs = 10_000

// What is not the open internet (IANA's special-purpose registries): an analyst's webhook must not reach what stands beside the server.
const inside = new BlockList()
for (const [address, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  inside.addSubnet(address, bits, 'ipv4')
}
for (const [address, bits] of [
  ['::', 96],
  // Translated to IPv4 on the way, whichever that is.
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2001::', 32],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['100::', 64],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  inside.addSubnet(address, bits, 'ipv6')
}

/** Whether an address is of this machine or of a private network. */
export const isInside = (address: string): boolean => {
  const plain = address.replace(/%.*$/, '')
  const family = isIP(plain)
  if (family === 4) return inside.check(plain, 'ipv4')
  // Nobody names an IPv4 address in IPv6's clothes but to hide it. As a part of a URL an address is written in one way.
  const host = URL.parse(`http://[${plain}]`)?.hostname
  return host === undefined || host.startsWith('[::ffff:') || inside.check(plain, 'ipv6')
}

const refused = (host: string) =>
  new Error(`${host} is an address of a private network; CLICKWATCH_WEBHOOKS_INSIDE=yes lets webhooks go there`)

type Resolve = (
  host: string,
  options: LookupAllOptions,
  done: (error: Error | null, addresses: LookupAddress[]) => void,
) => void

/** Finds the addresses of a name and hands on only those of the open internet: these and no others are connected to. */
export const lookupOutside =
  (resolve: Resolve): LookupFunction =>
  (host, options, done) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, [])
      const outside = addresses.filter(({ address }) => !isInside(address))
      const [first] = outside
      if (!first) return done(refused(host), [])
      return options.all ? done(null, outside) : done(null, first.address, first.family)
    })
  }

/** The address of a webhook, as far as it can be told without asking. @throws {ClickWatchError} 400 invalid_field */
export const checkWebhookUrl = (text: string): URL => {
  const url = URL.parse(text)
  if (url && (url.protocol === 'https:' || url.protocol === 'http:') && url.hostname !== '') return url
  throw new ClickWatchError(
    'invalid_field',
    400,
    'target/url is expected to be an address such as https://hooks.example/…',
    {
      field: 'target/url',
    },
  )
}

const send = (url: URL, body: string, mayGoInside: boolean): Promise<void> =>
  new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'ClickWatch',
      },
      ...(mayGoInside ? {} : { lookup: lookupOutside(lookup) }),
      // A connection of its own each time: a kept one was looked up for another.
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
    })
    request.once('error', reject)
    request.once('response', (response) => {
      const { statusCode = 0 } = response
      // Redirects are not followed: they would lead where nobody checked. What the answer says beyond its status is not read.
      response.destroy()
      if (statusCode >= 200 && statusCode < 300) resolve()
      else reject(new Error(`it answered ${statusCode}`))
    })
    request.end(body)
  })

/** @param mayGoInside whether the operator lets webhooks reach this machine and private networks */
export const webhookBy =
  (mayGoInside: boolean): PostWebhook =>
  async (text, body) => {
    const url = checkWebhookUrl(text)
    try {
      // An address instead of a name is never looked up.
      const host = url.hostname.replace(/^\[|\]$/g, '')
      if (!mayGoInside && isIP(host) !== 0 && isInside(host)) throw refused(host)
      await send(url, JSON.stringify(body), mayGoInside)
    } catch (cause) {
      const reason = messageOf(cause)
      throw new ClickWatchError('not_delivered', 502, `The webhook was not delivered: ${reason}.`, { cause })
    }
  }
