import { siteIn } from '../../view.ts'

export const tabs = ['goals', 'segments', 'annotations', 'links', 'reports', 'alerts', 'site', 'collection'] as const
export type SettingsTab = (typeof tabs)[number]

/** What changing something of a tab takes. */
export const neededFor = (tab: SettingsTab): 'mayWrite' | 'mayManage' =>
  tab === 'collection' ? 'mayManage' : 'mayWrite'

export type SettingsSearch = { site?: string; tab?: SettingsTab }

/** An address' search as far as it can be understood. */
export const readSettingsSearch = (search: Record<string, unknown>): SettingsSearch => {
  const site = siteIn(search)
  const tab = tabs.find((each) => each === search.tab)
  return { ...(site && site !== 'default' ? { site } : {}), ...(tab && tab !== tabs[0] ? { tab } : {}) }
}
