import type {
  DecidedReport,
  Decision,
  Idea,
  IdeaChange,
  IdeaDraft,
  IdeaPlanAnswer,
  IdeaReport,
  IdeasAnswer,
  InterestedAnswer,
  NewDecision,
  PortfolioAnswer,
} from '@clickwatch/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { ask, askJson } from './client.ts'
import { useSites } from './queries.ts'

const address = (site: string, ...rest: string[]): string =>
  ['/api/sites', ...[site, 'ideas', ...rest].map(encodeURIComponent)].join('/')

/** Under the site's key: what arrives for the site changes them. */
const ideasKey = (site: string, ...rest: unknown[]) => ['site', site, 'ideas', ...rest]

/** What is counted anew from all that visitors did, which may take longer than the time between two changes. */
const evidenceKey = (site: string, ...rest: unknown[]) => ['evidence', site, ...rest]

/**
 * Asks again when something arrived for the site, but never before the last answer is there: where much arrives, an answer that is
 * given up for the next would never come.
 */
const useFollowing = <Question extends { isFetching: boolean; refetch: () => unknown }>(
  site: string,
  question: Question,
): Question => {
  // Under the site's key and cheap: it is asked again whenever the site changes.
  const { dataUpdatedAt: changedAt } = useSites(site)
  const { isFetching, refetch } = question
  const askedAt = useRef(changedAt)
  useEffect(() => {
    // The first answer about the sites is no change.
    if (askedAt.current === 0) askedAt.current = changedAt
    if (isFetching || changedAt === askedAt.current) return
    askedAt.current = changedAt
    void refetch()
  }, [isFetching, changedAt, refetch])
  return question
}

export const usePortfolio = (site: string) =>
  useFollowing(
    site,
    useQuery({
      queryKey: evidenceKey(site, 'portfolio'),
      queryFn: ({ signal }) => askJson<PortfolioAnswer>(address(site, 'portfolio'), { signal }),
    }),
  )

export const useIdeas = (site: string) =>
  useQuery({
    queryKey: ideasKey(site, 'all'),
    queryFn: ({ signal }) => askJson<IdeasAnswer>(address(site), { signal }),
  })

export const useIdea = (site: string, id: string) =>
  useQuery({
    queryKey: ideasKey(site, 'one', id),
    queryFn: ({ signal }) => askJson<Idea>(address(site, id), { signal }),
  })

/** Asked again every minute: whoever looks by a link is not told when the site changes, as that would tell of more than the idea. */
export const useSharedIdeaReport = (site: string, id: string) =>
  useQuery({
    queryKey: evidenceKey(site, 'report', id),
    queryFn: ({ signal }) => askJson<IdeaReport>(address(site, id, 'report'), { signal }),
    // How long it runs and what it forecasts move on with the clock, also where nobody comes.
    refetchInterval: 60_000,
  })

export const useIdeaReport = (site: string, id: string) => useFollowing(site, useSharedIdeaReport(site, id))

/** A report as it was when something was decided. It never changes, so it is not under the site's key. */
export const useDecidedReport = (site: string, id: string, decision: string | undefined) =>
  useQuery({
    queryKey: ['decided', site, id, decision],
    queryFn: ({ signal }) => askJson<DecidedReport>(address(site, id, 'decisions', decision ?? ''), { signal }),
    enabled: decision !== undefined,
  })

/** @param draft undefined as long as it cannot be planned */
export const useIdeaPlan = (site: string, draft: IdeaDraft | undefined) =>
  useQuery({
    queryKey: ['plan', site, draft],
    queryFn: ({ signal }) => askJson<IdeaPlanAnswer>(address(site, 'plan'), { body: draft, signal }),
    enabled: draft !== undefined,
  })

export const useInterested = (site: string, id: string) =>
  useQuery({
    queryKey: ideasKey(site, 'interested', id),
    queryFn: ({ signal }) => askJson<InterestedAnswer>(address(site, id, 'interested'), { signal }),
  })

const useForget = (site: string): (() => Promise<void>) => {
  const client = useQueryClient()
  return async () => {
    await Promise.all([ideasKey(site), evidenceKey(site)].map((queryKey) => client.invalidateQueries({ queryKey })))
  }
}

/** Adds one, or changes the one of `id`. */
export const useKeepIdea = (site: string) => {
  const forget = useForget(site)
  return useMutation({
    mutationFn: ({ id, body }: { id: string | undefined; body: IdeaChange }) =>
      askJson<Idea>(id === undefined ? address(site) : address(site, id), {
        method: id === undefined ? 'POST' : 'PUT',
        body,
      }),
    onSuccess: forget,
  })
}

export const useRemoveIdea = (site: string) => {
  const forget = useForget(site)
  return useMutation({
    mutationFn: async (id: string) => {
      await ask(address(site, id), { method: 'DELETE' })
    },
    onSuccess: forget,
  })
}

export const useDecide = (site: string, id: string) => {
  const forget = useForget(site)
  return useMutation({
    mutationFn: (decision: NewDecision) => askJson<Decision>(address(site, id, 'decisions'), { body: decision }),
    onSuccess: forget,
  })
}

/** Erases one who left an address. */
export const useEraseInterested = (site: string, id: string) => {
  const forget = useForget(site)
  return useMutation({
    mutationFn: async (interested: string) => {
      await ask(address(site, id, 'interested', interested), { method: 'DELETE' })
    },
    onSuccess: forget,
  })
}

/** Erases all of them, for whoever says the idea's name. */
export const useEraseAllInterested = (site: string, id: string) => {
  const forget = useForget(site)
  return useMutation({
    mutationFn: async (name: string) => {
      await ask(`${address(site, id, 'interested')}?${new URLSearchParams({ name })}`, { method: 'DELETE' })
    },
    onSuccess: forget,
  })
}
