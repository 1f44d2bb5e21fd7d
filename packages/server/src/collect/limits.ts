import type { EventLimits } from '@clickwatch/contract'
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { ClickWatchError } from '../errors.ts'
import type { RulesOf } from '../metadata/sites.ts'

/** How large a request of a browser may be, and what it holds; docs/configuration.md explains each. */
export type CollectLimits = EventLimits & { bodyBytes: number }

/**
 * Counts events against what an address and a site may send a minute. Addresses are held in memory for that minute and nowhere else.
 * @throws {ClickWatchError} 429 with Retry-After
 */
export type Rates = (site: string, address: string, events: number) => Promise<void>

const minuteS = 60

const isRefusal = (error: unknown): error is RateLimiterRes =>
  typeof error === 'object' && error !== null && 'msBeforeNext' in error

const consume = async (limiter: RateLimiterMemory, key: string, events: number, who: string): Promise<void> => {
  try {
    await limiter.consume(key, events)
  } catch (error) {
    if (!isRefusal(error)) throw error
    throw new ClickWatchError(
      'rate_limited',
      429,
      `${who} sends more than it may in a minute; send this again later.`,
      {
        retryAfterSeconds: Math.max(1, Math.ceil(error.msBeforeNext / 1000)),
      },
    )
  }
}

/** @param perAddress events a minute that one address may send; 0 is without limit */
export const createRates = (perAddress: number, rulesOf: RulesOf): Rates => {
  const addresses = perAddress > 0 ? new RateLimiterMemory({ points: perAddress, duration: minuteS }) : undefined
  const sites = new Map<string, RateLimiterMemory>()
  const siteLimiter = (site: string): RateLimiterMemory | undefined => {
    const points = rulesOf(site).eventsPerMinute
    if (points === undefined) return undefined
    const limiter = sites.get(site) ?? new RateLimiterMemory({ points, duration: minuteS })
    sites.set(site, limiter)
    return limiter
  }
  return async (site, address, events) => {
    if (addresses && address !== '') await consume(addresses, address, events, 'This address')
    const limiter = siteLimiter(site)
    if (limiter) await consume(limiter, site, events, 'This site')
  }
}
