import type { RunningIdea } from '@clickwatch/contract/assignment'

const freshMs = 60_000
const retryMs = 5000
const timeoutMs = 3000

/** The running ideas of a site, asked for at most once a minute; the last that are known while the server cannot be reached. */
export const openIdeas = ({ url, site = 'default' }: { url: string; site?: string }) => {
  const address = new URL('clickwatch.ideas.json', url.endsWith('/') ? url : `${url}/`)
  address.searchParams.set('site', site)
  let known: RunningIdea[] = []
  let askAgainAtMs = 0
  let asking: Promise<void> | undefined

  const ask = async (): Promise<void> => {
    try {
      const answer = await fetch(address, { signal: AbortSignal.timeout(timeoutMs) })
      if (!answer.ok) throw new Error(`the server answered ${answer.status}`)
      known = ((await answer.json()) as { ideas: RunningIdea[] }).ideas.map(
        ({ is_outside: _ofThisServer, ...idea }) => idea,
      )
      askAgainAtMs = Date.now() + freshMs
    } catch {
      // Who is to be shown something must not wait for what is away.
      askAgainAtMs = Date.now() + retryMs
    }
  }
  return async (): Promise<readonly RunningIdea[]> => {
    if (Date.now() >= askAgainAtMs) {
      asking ??= ask().finally(() => {
        asking = undefined
      })
      await asking
    }
    return known
  }
}
