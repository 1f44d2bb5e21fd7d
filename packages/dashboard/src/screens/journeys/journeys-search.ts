import type { JourneysQuery } from '@clickwatch/contract'
import { readSearch, textOf, type View, type ViewSearch } from '../../view.ts'
import { scopeOf } from '../behaviour/scope.ts'

export const usualSteps = 4
export const usualPerStep = 6
export const stepChoices = [2, 3, 4, 5, 6, 8]
export const perStepChoices = [4, 6, 8, 12, 20]

export type OwnSearch = {
  /** The page that ways begin with, or lead to. */
  page?: string
  towards?: 'to'
  steps?: number
  wide?: number
}
export type JourneysSearch = ViewSearch & OwnSearch

export const readOwnSearch = (search: Record<string, unknown>): OwnSearch => {
  const own: OwnSearch = {}
  const page = textOf(search.page)
  if (page) own.page = page
  if (search.towards === 'to') own.towards = 'to'
  const steps = stepChoices.find((each) => each === search.steps)
  if (steps && steps !== usualSteps) own.steps = steps
  const wide = perStepChoices.find((each) => each === search.wide)
  if (wide && wide !== usualPerStep) own.wide = wide
  return own
}

export const readJourneysSearch = (search: Record<string, unknown>): JourneysSearch => ({
  ...readSearch(search),
  ...readOwnSearch(search),
})

export const journeysQueryOf = (view: View, { page, towards, steps, wide }: OwnSearch): JourneysQuery => ({
  ...scopeOf(view),
  ...(page ? (towards === 'to' ? { end: page } : { start: page }) : {}),
  steps: steps ?? usualSteps,
  per_step: wide ?? usualPerStep,
})
