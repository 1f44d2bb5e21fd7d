import { type IdeaTemplate, ideaTemplates } from '@clickwatch/contract'
import { siteIn, textOf } from '../../view.ts'

const siteOf = (search: Record<string, unknown>): { site?: string } => {
  const site = siteIn(search)
  return site && site !== 'default' ? { site } : {}
}

export const sortings = ['latest', 'interest', 'certainty', 'visitors', 'cost', 'name'] as const
export type Sorting = (typeof sortings)[number]

export type PortfolioSearch = { site?: string; sort?: Sorting }
export const readPortfolioSearch = (search: Record<string, unknown>): PortfolioSearch => {
  const sort = sortings.find((each) => each === search.sort)
  return { ...siteOf(search), ...(sort && sort !== 'latest' ? { sort } : {}) }
}

export type NewIdeaSearch = { site?: string; template?: IdeaTemplate }
export const readNewIdeaSearch = (search: Record<string, unknown>): NewIdeaSearch => {
  const template = ideaTemplates.find((each) => each === search.template)
  return { ...siteOf(search), ...(template ? { template } : {}) }
}

/** `decision`: the report as it was when that was decided. */
export type IdeaSearch = { site?: string; decision?: string }
export const readIdeaSearch = (search: Record<string, unknown>): IdeaSearch => {
  const decision = textOf(search.decision)
  return { ...siteOf(search), ...(decision ? { decision } : {}) }
}
