import { everySite, type KeyScope, type Me } from '@clickwatch/contract'
import { useQuery } from '@tanstack/react-query'
import { meQuery } from './account.ts'
import { sharedLink } from './shared.ts'

/** What whoever looks may do about a site; the server refuses the rest, so that nothing else is offered. */
export type Rights = {
  /** Until the server has said so, nothing is theirs. */
  isKnown: boolean
  /** Goals, segments, links, ideas and the like. */
  mayWrite: boolean
  /** People, settings and erasures. */
  mayManage: boolean
  /** The same of all sites, and what is of none: other sites, keys, what was refused. */
  mayManageAll: boolean
}

const none: Rights = { isKnown: true, mayWrite: false, mayManage: false, mayManageAll: false }

export const rightsIn = ({ may }: Pick<Me, 'may'>, site: string): Rights => {
  const has = (of: string, scope: KeyScope): boolean => may[of]?.includes(scope) === true
  return {
    isKnown: true,
    mayWrite: has(everySite, 'write') || has(site, 'write'),
    mayManage: has(everySite, 'admin') || has(site, 'admin'),
    mayManageAll: has(everySite, 'admin'),
  }
}

/** A role may be given or taken while somebody looks: it is asked again now and then, and once something was refused. */
const freshMs = 60_000

/** Whoever looks by a shared link changes nothing, whoever they are. */
export const useRights = (site: string): Rights => {
  const isByLink = sharedLink() !== undefined
  const { data } = useQuery({ ...meQuery, staleTime: freshMs, refetchOnWindowFocus: true, enabled: !isByLink })
  if (isByLink) return none
  return data ? rightsIn(data, site) : { ...none, isKnown: false }
}
