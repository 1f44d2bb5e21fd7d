import type { SiteView, SiteViewAnswer } from '@clickwatch/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask, askJson } from './client.ts'

/** What people keep of a site, by the last part of its address. */
export type KeptNoun = 'goals' | 'segments' | 'annotations' | 'funnels' | 'links' | 'reports' | 'alerts'

const address = (site: string, noun: KeptNoun, id?: string): string =>
  `/api/sites/${encodeURIComponent(site)}/${noun}${id === undefined ? '' : `/${encodeURIComponent(id)}`}`

/** Whatever is kept changes what is asked: all of the site is asked again. */
const useForget = (site: string): (() => Promise<void>) => {
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: ['site', site] })
}

export const useKept = <Thing>(site: string, noun: KeptNoun) =>
  useQuery({
    queryKey: ['site', site, 'kept', noun],
    queryFn: async ({ signal }) =>
      (await askJson<{ [key: string]: Thing[] }>(address(site, noun), { signal }))[noun] ?? [],
  })

/** Adds what has no id yet, and replaces what has one. */
export const useKeep = <Body, Thing = unknown>(site: string, noun: KeptNoun) => {
  const forget = useForget(site)
  return useMutation({
    mutationFn: ({ id, body }: { id: string | undefined; body: Body }) =>
      askJson<Thing>(address(site, noun, id), { method: id === undefined ? 'POST' : 'PUT', body }),
    onSuccess: forget,
  })
}

export const useRemove = (site: string, noun: KeptNoun) => {
  const forget = useForget(site)
  return useMutation({
    mutationFn: async (id: string) => {
      await ask(address(site, noun, id), { method: 'DELETE' })
    },
    onSuccess: forget,
  })
}

/** Sends what an alert or a report would send, now. */
export const useTest = (site: string, noun: 'reports' | 'alerts') =>
  useMutation({ mutationFn: (id: string) => askJson(`${address(site, noun, id)}/test`, { method: 'POST', body: {} }) })

const siteAddress = (site: string): string => `/api/sites/${encodeURIComponent(site)}`

export const useSiteView = (site: string) =>
  useQuery({
    queryKey: ['site', site, 'view'],
    queryFn: ({ signal }) => askJson<SiteViewAnswer>(siteAddress(site), { signal }),
  })

export const useChangeSiteView = (site: string) => {
  const forget = useForget(site)
  return useMutation({
    mutationFn: (change: SiteView) => askJson<SiteViewAnswer>(siteAddress(site), { method: 'PATCH', body: change }),
    onSuccess: forget,
  })
}
