import { RateLimiterMemory } from 'rate-limiter-flexible'
import { ClickWatchError } from '../errors.ts'

/** How many wrong tries there may be within a while. */
export type Tries = { perAddress: number; perTarget: number; seconds: number }

/** Of an account: so many wrong passwords lock it for a while, whoever gave them. */
export const triesAtAccount: Tries = { perAddress: 10, perTarget: 50, seconds: 15 * 60 }
/** Of all accounts together: trying one password with many is guessing, too. */
export const triesAtAccounts: Tries = { perAddress: 100, perTarget: 100_000, seconds: 15 * 60 }
/** Of what sends somebody a mail each time. */
export const triesOfMail: Tries = { perAddress: 3, perTarget: 5, seconds: 60 * 60 }
/** Of what cannot be told apart before it is known, such as tokens: nobody is to be kept out by what others try. */
export const triesOfAnything: Tries = { perAddress: 10, perTarget: 100_000, seconds: 15 * 60 }

export type Throttle = {
  /** @throws {ClickWatchError} 429 too_many_tries, until when nothing is tried at all */
  refuseTooMany(target: string, client: string): Promise<void>
  /** Notes that one was wrong. */
  wasWrong(target: string, client: string): Promise<void>
}

/** Bounds how often somebody may guess: from an address what is `target`'s, and from all of them together. Kept in memory alone. */
export const throttleOf = ({ perAddress, perTarget, seconds }: Tries): Throttle => {
  const byAddress = new RateLimiterMemory({ points: perAddress, duration: seconds })
  const byTarget = new RateLimiterMemory({ points: perTarget, duration: seconds })
  const counted = (target: string, client: string): [RateLimiterMemory, string][] => [
    [byAddress, `${target} ${client}`],
    [byTarget, target],
  ]
  return {
    async refuseTooMany(target, client) {
      for (const [limiter, key] of counted(target, client)) {
        const state = await limiter.get(key)
        if (!state || state.consumedPoints < limiter.points) continue
        throw new ClickWatchError('too_many_tries', 429, 'Too many wrong tries; try again later.', {
          retryAfterSeconds: Math.ceil(state.msBeforeNext / 1000),
        })
      }
    },
    async wasWrong(target, client) {
      for (const [limiter, key] of counted(target, client)) await limiter.penalty(key)
    },
  }
}
