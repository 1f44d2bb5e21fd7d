import type {
  DeadLettersAnswer,
  LedgerAnswer,
  NowAnswer,
  PropertiesAnswer,
  Query,
  QueryAnswer,
  ReportAnswer,
  Scope,
  SitesAnswer,
  Slicer,
} from '@clickwatch/contract'
import { keepPreviousData, MutationCache, QueryClient, queryOptions, useQuery } from '@tanstack/react-query'
import { meQuery } from './account.ts'
import { ApiError, askJson } from './client.ts'

const retryMs = 1000

export const createQueryClient = (): QueryClient => {
  const client: QueryClient = new QueryClient({
    mutationCache: new MutationCache({
      // What was offered and is refused was theirs a moment ago: a role was taken.
      onError: (error) => {
        if (error instanceof ApiError && error.status === 403) void client.invalidateQueries(meQuery)
      },
    }),
    defaultOptions: {
      queries: {
        // The server says what changed; there is nothing to guess.
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        placeholderData: keepPreviousData,
        retry: (_count, error) => error instanceof ApiError && error.isPassing,
        retryDelay: retryMs,
      },
    },
  })
  return client
}

/** Everything asked of one site is under its key, so that a change of the site can be told to all of it. */
const siteKey = (site: string, ...rest: unknown[]) => ['site', site, ...rest]

export const useStats = (query: Query & { site_id: string }, options: { enabled?: boolean } = {}) =>
  useQuery({
    ...options,
    queryKey: siteKey(query.site_id, 'stats', query),
    queryFn: ({ signal }) => askJson<QueryAnswer>('/api/v2/query', { body: query, signal }),
  })

/** The properties that a site's events carry, the most frequent first. */
export const useProperties = (scope: Scope & { site_id: string }, options: { enabled?: boolean } = {}) =>
  useQuery({
    ...options,
    queryKey: siteKey(scope.site_id, 'properties', scope),
    queryFn: ({ signal }) => askJson<PropertiesAnswer>('/api/v2/properties', { body: scope, signal }),
  })

const stripMs = 120_000

/** Events of the last two minutes by second. The question moves on with the clock, so it is asked by the clock. */
export const useLastSeconds = (site: string) =>
  useQuery({
    queryKey: siteKey(site, 'seconds'),
    queryFn: ({ signal }) => {
      const until = Math.ceil(Date.now() / 1000) * 1000
      const range = [new Date(until - stripMs), new Date(until)].map((each) => each.toISOString()) as [string, string]
      const query: Query = { site_id: site, metrics: ['events'], date_range: range, dimensions: ['time:second'] }
      return askJson<QueryAnswer>('/api/v2/query', { body: query, signal })
    },
    refetchInterval: 2000,
  })

export const useNow = (site: string) =>
  useQuery({
    queryKey: siteKey(site, 'now'),
    queryFn: ({ signal }) => askJson<NowAnswer>(`/api/now?site=${encodeURIComponent(site)}`, { signal }),
    // Whoever leaves sends nothing: five minutes later they are gone all the same.
    refetchInterval: 15_000,
  })

/** The sites there are, and how much each has. */
export const sitesQuery = (site: string) =>
  queryOptions({
    queryKey: siteKey(site, 'sites'),
    queryFn: ({ signal }) => askJson<SitesAnswer>('/api/sites', { signal }),
  })
export const useSites = (site: string) => useQuery(sitesQuery(site))

export const useLedger = (site: string) =>
  useQuery({
    queryKey: siteKey(site, 'ledger'),
    queryFn: ({ signal }) => askJson<LedgerAnswer>(`/api/ledger?site=${encodeURIComponent(site)}`, { signal }),
    refetchInterval: 60_000,
  })

export const useDeadLetters = (site: string) =>
  useQuery({
    queryKey: siteKey(site, 'dead letters'),
    queryFn: ({ signal }) => askJson<DeadLettersAnswer>('/api/admin/dead-letters', { signal }),
    refetchInterval: 60_000,
  })

export const useReport = (site: string, selection: Partial<Record<Slicer, string[]>>) => {
  const search = new URLSearchParams({ site })
  for (const [slicer, values] of Object.entries(selection)) for (const value of values) search.append(slicer, value)
  return useQuery({
    queryKey: siteKey(site, 'report', selection),
    queryFn: ({ signal }) => askJson<ReportAnswer>(`/api/report?${search}`, { signal }),
  })
}
