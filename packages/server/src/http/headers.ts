import type { FastifyReply, FastifyRequest } from 'fastify'

/** What no page of ours asks a browser for, so that nothing that gets into one can. */
const unused = [
  'accelerometer',
  'browsing-topics',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'serial',
  'usb',
]
const permissions = unused.map((feature) => `${feature}=()`).join(', ')

/** Of answers that are no page: were one shown as a page all the same, it could load, run, send and frame nothing. */
const noPage = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const yearS = 31_536_000

/** What every answer says to browsers, beside what its route says. A page has a policy of its own. */
export const secureHeaders = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
  reply.header('x-content-type-options', 'nosniff').header('permissions-policy', permissions)
  if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', noPage)
  if (!reply.hasHeader('referrer-policy')) reply.header('referrer-policy', 'no-referrer')
  // Said over TLS alone, which is ours or a trusted proxy's: on a laptop there is none, and browsers would not come back without.
  if (request.protocol === 'https') reply.header('strict-transport-security', `max-age=${yearS}`)
}
