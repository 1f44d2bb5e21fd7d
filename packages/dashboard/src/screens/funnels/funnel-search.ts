import { type Dimension, dimensions, type Funnel, type FunnelQuery, type FunnelStep } from '@clickwatch/contract'
import { readSearch, type View, type ViewSearch } from '../../view.ts'
import { scopeOf } from '../behaviour/scope.ts'
import { type DraftStep, draftOf, type NameOf, readSteps, type StepKind, stepOf } from './step.ts'

export const windows = ['3600', '86400', '604800', '1209600', '2592000', '7776000'] as const
export type Window = (typeof windows)[number]
export const usualWindow: Window = '2592000'

/** What a funnel's address says beyond what every screen's does; `steps` are pairs of kind and value. */
export type OwnSearch = {
  steps?: [StepKind, string][]
  order?: 'strict'
  within?: Window
  by?: Dimension
  /** The step whose leavers are shown, from 0. */
  left?: number
  /** The saved funnel that this began as. */
  funnel?: string
}
export type FunnelSearch = ViewSearch & OwnSearch

export const readOwnSearch = (search: Record<string, unknown>): OwnSearch => {
  const own: OwnSearch = {}
  const steps = readSteps(search.steps)
  if (steps.length > 0) own.steps = pairsOf(steps)
  if (search.order === 'strict') own.order = 'strict'
  const within = windows.find((each) => each === String(search.within))
  if (within && within !== usualWindow) own.within = within
  const by = dimensions.find((each) => each === search.by)
  if (by?.startsWith('visit:')) own.by = by
  if (Number.isInteger(search.left) && Number(search.left) >= 0 && Number(search.left) <= 8)
    own.left = Number(search.left)
  if (typeof search.funnel === 'string') own.funnel = search.funnel
  return own
}

export const readFunnelSearch = (search: Record<string, unknown>): FunnelSearch => ({
  ...readSearch(search),
  ...readOwnSearch(search),
})

export const pairsOf = (steps: DraftStep[]): [StepKind, string][] => steps.map(({ kind, value }) => [kind, value])

/** A saved funnel as the builder has it; undefined where it was written by hand and says what the builder cannot. */
export const builtOf = (funnel: Funnel): (Pick<OwnSearch, 'order' | 'within'> & { steps: DraftStep[] }) | undefined => {
  const steps = funnel.steps.map(draftOf).filter((draft) => draft !== undefined)
  const within = windows.find((each) => each === String(funnel.window_s ?? usualWindow))
  if (steps.length < funnel.steps.length || within === undefined) return undefined
  return {
    steps,
    ...(funnel.order === 'strict' ? { order: 'strict' } : {}),
    ...(within === usualWindow ? {} : { within }),
  }
}

/** A saved funnel, asked as it was written. */
export const savedQueryOf = (
  view: View,
  { steps, order, window_s }: Funnel,
  by: Dimension | undefined,
): FunnelQuery => ({
  ...scopeOf(view),
  steps,
  ...(order === undefined ? {} : { order }),
  ...(window_s === undefined ? {} : { window_s }),
  ...(by ? { breakdown: by } : {}),
})

/** What is to be asked, once every step says something. */
export const funnelQueryOf = (
  view: View,
  steps: DraftStep[],
  own: OwnSearch,
  nameOf: NameOf,
): FunnelQuery | undefined => {
  const asked = steps.map((step) => stepOf(step, nameOf)).filter((step): step is FunnelStep => step !== undefined)
  if (asked.length < 2 || asked.length < steps.length) return undefined
  return {
    ...scopeOf(view),
    steps: asked,
    order: own.order ?? 'open',
    window_s: Number(own.within ?? usualWindow),
    ...(own.by ? { breakdown: own.by } : {}),
  }
}
