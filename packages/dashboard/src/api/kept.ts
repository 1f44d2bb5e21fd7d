import type {
  Gone,
  NewSite,
  SiteSettingsAnswer,
  SiteSettingsChange,
  SiteView,
  SiteViewAnswer,
} from '@clickwatch/contract'
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

/** What is taken in of a site, and for how long it is kept. */
export const useSiteSettings = (site: string) =>
  useQuery({
    queryKey: ['site', site, 'settings'],
    queryFn: ({ signal }) => askJson<SiteSettingsAnswer>(`${siteAddress(site)}/settings`, { signal }),
  })
export const useChangeSiteSettings = (site: string) => {
  const forget = useForget(site)
  return useMutation({
    mutationFn: (body: SiteSettingsChange) =>
      askJson<SiteSettingsAnswer>(`${siteAddress(site)}/settings`, { method: 'PATCH', body }),
    onSuccess: forget,
  })
}
/** Erases what is stored of a site, or removes it, once its name was typed. */
export const useEnd = (site: string, how: 'reset' | 'remove') => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (name: string) =>
      how === 'reset'
        ? askJson<Gone>(`${siteAddress(site)}/reset`, { body: { name } })
        : askJson<Gone>(`${siteAddress(site)}?name=${encodeURIComponent(name)}`, { method: 'DELETE' }),
    onSuccess: () => client.invalidateQueries(),
  })
}
export const useAddSite = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: NewSite) => askJson<SiteViewAnswer>('/api/sites', { body }),
    onSuccess: () => client.invalidateQueries(),
  })
}

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
