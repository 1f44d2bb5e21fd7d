import type { LakeDays } from '@clickwatch/contract'
import { useQueryClient } from '@tanstack/react-query'
import { Archive } from 'lucide-react'
import { useCallback, useSyncExternalStore } from 'react'
import { useTranslations } from 'use-intl'
import { formatDay } from '../format.ts'

type Answer = { lake?: LakeDays; meta?: { lake?: LakeDays } }

/** What an answer says of the lake, or the first page of one that is had page by page. */
const lakeIn = (data: unknown): LakeDays | undefined => {
  const { pages, ...answer } = (data ?? {}) as Answer & { pages?: Answer[] }
  const { lake, meta } = pages?.[0] ?? answer
  return meta?.lake ?? lake
}

/** The day up to which something that is on the screen was read from the lake; '' where nothing was. */
const useDayOfLake = (site: string): string => {
  const cache = useQueryClient().getQueryCache()
  const subscribe = useCallback((onChange: () => void) => cache.subscribe(onChange), [cache])
  return useSyncExternalStore(subscribe, () => {
    return ['site', 'behaviour']
      .flatMap((what) => cache.findAll({ queryKey: [what, site], type: 'active' }))
      .map(({ state }) => lakeIn(state.data)?.to ?? '')
      .reduce((latest, day) => (day > latest ? day : latest), '')
  })
}

/** Says that a part of what is on the screen comes from the lake, and that this is why it takes longer. */
export const FromLake = ({ site }: { site: string }) => {
  const t = useTranslations('shell')
  const day = useDayOfLake(site)
  if (day === '') return null
  return (
    <p role="note" className="flex items-center gap-2 text-sm text-soft">
      <Archive size={14} aria-hidden className="shrink-0" /> {t('fromLake', { day: formatDay(day) })}
    </p>
  )
}
