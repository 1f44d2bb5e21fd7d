import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Waits for something that may never answer.
 * @throws what it threw, or that it has not answered in time
 */
export const within = async <Result>(limitMs: number, work: Promise<Result>): Promise<Result> => {
  const over = new AbortController()
  const late = async (): Promise<never> => {
    await sleep(limitMs, undefined, { signal: over.signal })
    throw new Error(`there was no answer in ${limitMs / 1000} seconds`)
  }
  try {
    return await Promise.race([work, late()])
  } finally {
    over.abort()
    // Whichever was slower has nobody left to tell.
    work.catch(() => undefined)
  }
}
