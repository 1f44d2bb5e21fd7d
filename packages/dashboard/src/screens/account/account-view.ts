import { siteIn } from '../../view.ts'

export const tabs = ['you', 'people', 'keys', 'audit'] as const
export type AccountTab = (typeof tabs)[number]
export type AccountSearch = { site?: string; tab?: AccountTab }

/** An address' search as far as it can be understood. */
export const readAccountSearch = (search: Record<string, unknown>): AccountSearch => {
  const site = siteIn(search)
  const tab = tabs.find((each) => each === search.tab)
  return { ...(site && site !== 'default' ? { site } : {}), ...(tab && tab !== tabs[0] ? { tab } : {}) }
}
