import type { HeatmapQuery, VitalsQuery } from '@clickwatch/contract'
import { readSearch, textOf, type ViewSearch } from '../../view.ts'

export const tabs = ['elements', 'heatmap', 'forms', 'vitals'] as const
export type Tab = (typeof tabs)[number]
export const kinds = ['click', 'rage_click', 'hover', 'scroll'] as const
export type Kind = HeatmapQuery['kind']
export const devices = ['desktop', 'tablet', 'mobile'] as const
export type Device = NonNullable<HeatmapQuery['device']>
export const backgrounds = ['blank', 'live', 'shot'] as const
export type Background = (typeof backgrounds)[number]
export const vitalsBy = ['page', 'device', 'country', 'day'] as const
export type VitalsBy = NonNullable<VitalsQuery['by']>

export type OwnSearch = {
  page?: string
  tab?: Tab
  kind?: Kind
  device?: Device
  over?: Background
  by?: VitalsBy
}
export type PagesSearch = ViewSearch & OwnSearch
export type Change = { [Key in keyof OwnSearch]?: OwnSearch[Key] | undefined }

export const readOwnSearch = (search: Record<string, unknown>): OwnSearch => {
  const own: OwnSearch = {}
  const page = textOf(search.page)
  if (page) own.page = page
  const tab = tabs.find((each) => each === search.tab)
  if (tab && tab !== 'elements') own.tab = tab
  const kind = kinds.find((each) => each === search.kind)
  if (kind && kind !== 'click') own.kind = kind
  const device = devices.find((each) => each === search.device)
  if (device) own.device = device
  const over = backgrounds.find((each) => each === search.over)
  if (over && over !== 'blank') own.over = over
  const by = vitalsBy.find((each) => each === search.by)
  if (by && by !== 'page') own.by = by
  return own
}

export const readPagesSearch = (search: Record<string, unknown>): PagesSearch => ({
  ...readSearch(search),
  ...readOwnSearch(search),
})
