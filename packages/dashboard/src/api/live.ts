import type { SitesAnswer } from '@clickwatch/contract'
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { createParser } from 'eventsource-parser'
import { useEffect, useState } from 'react'
import { ApiError, ask } from './client.ts'
import { sitesQuery } from './queries.ts'
import { isLimited, sharedLink } from './shared.ts'
import { throttle } from './throttle.ts'

export type Connection = 'connecting' | 'live' | 'reconnecting'

const refetchEveryMs = 750
const firstRetryMs = 500
const lastRetryMs = 10_000

const wait = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })

/** Reads one connection until it ends. EventSource would do but for the access key, which it cannot send. */
const listen = async (site: string, signal: AbortSignal, onOpen: () => void, onChange: () => void): Promise<void> => {
  const response = await ask(`/api/live?site=${encodeURIComponent(site)}`, { signal })
  const parser = createParser({
    onEvent: ({ event }) => {
      if (event === 'open') onOpen()
      if (event === 'change') onChange()
    },
  })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const chunk = await reader?.read()
    if (!chunk || chunk.done) return
    parser.feed(chunk.value)
  }
}

/**
 * Whether something arrived between the first questions and the first word of the stream, which told nobody. Asking all of them
 * again would tell, too, and make every page load cost twice.
 */
const hasMissed = async (client: QueryClient, site: string): Promise<boolean> => {
  const eventsOf = (answer: SitesAnswer) => answer.sites.find((each) => each.site === site)?.events
  const query = sitesQuery(site)
  const before = eventsOf(await client.ensureQueryData(query))
  return before === undefined || eventsOf(await client.fetchQuery({ ...query, staleTime: 0 })) !== before
}

/** Keeps everything shown of a site up to date: what a stored batch changed is asked for again. */
export const useLive = (site: string): Connection => {
  const client = useQueryClient()
  const [connection, setConnection] = useState<Connection>('connecting')

  useEffect(() => {
    const link = sharedLink()
    if (link && isLimited(link)) return
    const abort = new AbortController()
    const refetch = throttle(() => void client.invalidateQueries({ queryKey: ['site', site] }), refetchEveryMs)
    const run = async () => {
      let isFirst = true
      for (let retryMs = firstRetryMs; !abort.signal.aborted; retryMs = Math.min(retryMs * 2, lastRetryMs)) {
        const opened = () => {
          retryMs = firstRetryMs
          setConnection('live')
          // What changed while nobody listened was told to nobody.
          const isMissed = isFirst ? hasMissed(client, site).catch(() => true) : Promise.resolve(true)
          isFirst = false
          void isMissed.then((missed) => missed && !abort.signal.aborted && refetch.ask())
        }
        const error: unknown = await listen(site, abort.signal, opened, () => refetch.ask()).catch((error) => error)
        // The shared link was limited meanwhile; asking again would not alter that.
        if (abort.signal.aborted || (error instanceof ApiError && error.code === 'not_of_link')) return
        setConnection('reconnecting')
        await wait(retryMs, abort.signal)
      }
    }
    void run()
    return () => {
      abort.abort()
      refetch.cancel()
    }
  }, [client, site])
  return connection
}
