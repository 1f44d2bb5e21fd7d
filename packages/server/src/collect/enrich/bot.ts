import type { IncomingHttpHeaders } from 'node:http'
import { isbot } from 'isbot'
import { LRUCache } from 'lru-cache'

const cache = new LRUCache<string, string>({ max: 5000 })

const reasonOf = (userAgent: string): string => {
  if (userAgent === '') return 'no_user_agent'
  if (/headless|phantomjs|puppeteer|playwright|selenium/i.test(userAgent)) return 'headless'
  return isbot(userAgent) ? 'bot' : ''
}

/** Why a request is not a visitor's: prefetch, no_user_agent, headless or bot; '' for a visitor. */
export const botReason = (headers: IncomingHttpHeaders): string => {
  if (/prefetch|prerender|preview/.test(`${headers['sec-purpose'] ?? headers.purpose ?? headers['x-moz'] ?? ''}`))
    return 'prefetch'
  const userAgent = (headers['user-agent'] ?? '').slice(0, 1000)
  if (/headless/i.test(`${headers['sec-ch-ua'] ?? ''}`)) return 'headless'
  const known = cache.get(userAgent)
  if (known !== undefined) return known
  const reason = reasonOf(userAgent)
  cache.set(userAgent, reason)
  return reason
}
