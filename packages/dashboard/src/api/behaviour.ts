import type {
  ElementsAnswer,
  ElementsQuery,
  FormsAnswer,
  FormsQuery,
  FunnelAnswer,
  FunnelDropAnswer,
  FunnelDropQuery,
  FunnelQuery,
  Gone,
  HeatmapAnswer,
  HeatmapQuery,
  JourneysAnswer,
  JourneysQuery,
  RetentionAnswer,
  RetentionQuery,
  Scope,
  SessionAnswer,
  SessionsAnswer,
  VisitorAnswer,
  VitalsAnswer,
  VitalsQuery,
} from '@clickwatch/contract'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { askJson } from './client.ts'

// What people did is asked again by the minute and not by the event: these questions read raw events, and nobody watches them by the second.
const againMs = 60_000
const pageSize = 50

/** A question about what people did: its site is in its key, its words are its body. */
const useBehaviour = <Answer>(question: string, query: Scope | undefined) =>
  useQuery({
    queryKey: ['behaviour', query?.site_id, question, query],
    queryFn: ({ signal }) => askJson<Answer>(`/api/v2/${question}`, { body: query, signal }),
    enabled: query !== undefined,
    refetchInterval: againMs,
  })

/** @param query undefined as long as there is nothing to ask */
export const useFunnel = (query: FunnelQuery | undefined) => useBehaviour<FunnelAnswer>('funnel', query)
export const useFunnelDropped = (query: FunnelDropQuery) => useBehaviour<FunnelDropAnswer>('funnel/dropped', query)
export const useJourneys = (query: JourneysQuery) => useBehaviour<JourneysAnswer>('journeys', query)
export const useRetention = (query: RetentionQuery) => useBehaviour<RetentionAnswer>('retention', query)
export const useElements = (query: ElementsQuery) => useBehaviour<ElementsAnswer>('elements', query)
export const useHeatmap = (query: HeatmapQuery) => useBehaviour<HeatmapAnswer>('heatmap', query)
export const useForms = (query: FormsQuery) => useBehaviour<FormsAnswer>('forms', query)
export const useVitals = (query: VitalsQuery) => useBehaviour<VitalsAnswer>('vitals', query)

/** Visits, the latest first, page by page. */
export const useSessions = (scope: Scope) =>
  useInfiniteQuery({
    queryKey: ['behaviour', scope.site_id, 'sessions', scope],
    queryFn: ({ signal, pageParam }) =>
      askJson<SessionsAnswer>('/api/v2/sessions', {
        body: { ...scope, limit: pageSize, ...(pageParam ? { after: pageParam } : {}) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  })

export const useSession = (site: string, session: string, visitor: string) =>
  useQuery({
    queryKey: ['behaviour', site, 'session', session, visitor],
    queryFn: ({ signal }) =>
      askJson<SessionAnswer>(
        `/api/v2/sessions/${encodeURIComponent(session)}?${new URLSearchParams({ site, visitor })}`,
        { signal },
      ),
    refetchInterval: againMs,
  })

const visitorKey = (site: string, visitor: string) => ['behaviour', site, 'visitor', visitor]

export const useVisitor = (site: string, visitor: string, options: { enabled?: boolean } = {}) =>
  useQuery({
    ...options,
    queryKey: visitorKey(site, visitor),
    queryFn: ({ signal }) =>
      askJson<VisitorAnswer>(`/api/v2/visitors/${encodeURIComponent(visitor)}?${new URLSearchParams({ site })}`, {
        signal,
      }),
    refetchInterval: againMs,
  })

/** Erases a visitor of a site; what was asked before has them in it, and is asked again. */
export const useEraseVisitor = (site: string) => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (visitor: string) =>
      askJson<Gone>(`/api/visitors?${new URLSearchParams({ site, visitor })}`, { method: 'DELETE' }),
    onSuccess: (_gone, visitor) => {
      client.removeQueries({ queryKey: visitorKey(site, visitor) })
      // What no screen shows now is not to be shown once more before it is asked again.
      client.removeQueries({ type: 'inactive' })
      void client.invalidateQueries()
    },
  })
}
