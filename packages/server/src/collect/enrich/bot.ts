import type { IncomingHttpHeaders } from 'node:http'

/** Why a request is not a visitor's: a stable short word; '' for a visitor. */
export const botReason = (headers: IncomingHttpHeaders): string => {
  if (/prefetch|prerender/.test(String(headers['sec-purpose'] ?? headers.purpose ?? ''))) return 'prefetch'
  return headers['user-agent'] ? '' : 'empty_user_agent'
}
