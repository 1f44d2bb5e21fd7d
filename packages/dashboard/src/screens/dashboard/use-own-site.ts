import { everySite } from '@clickwatch/contract'
import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useMe } from '../../api/account.ts'
import { sharedLink } from '../../api/shared.ts'
import type { ViewSearch } from '../../view.ts'

/** Leads whoever may not look at the usual site, by an address that names none, to one of theirs. @param other the first of them */
export const useOwnSite = ({ site }: ViewSearch, other: string | undefined): void => {
  const navigate = useNavigate()
  const mayBeElsewhere = site === undefined && other !== undefined && sharedLink() === undefined
  const { data: me } = useMe({ enabled: mayBeElsewhere })
  const isElsewhere = mayBeElsewhere && me?.as === 'person' && !(everySite in me.may) && !('default' in me.may)
  useEffect(() => {
    if (isElsewhere) void navigate({ to: '/', search: { site: other }, replace: true })
  }, [isElsewhere, other, navigate])
}
