import type { Filter, FunnelStep } from '@clickwatch/contract'

export const stepKinds = ['page', 'contains', 'event', 'click', 'cta_seen', 'submit', 'goal'] as const
export type StepKind = (typeof stepKinds)[number]
/** A step as it is put together: what kind of thing, and which. */
export type DraftStep = { kind: StepKind; value: string }

const longestName = 120

const ofType = (type: string, filter: Filter): Filter => ['and', [['is', 'event:type', [type]], filter]]

/** What a step of a kind, a goal apart, is called; a goal has a name already. */
export type NameOf = (kind: Exclude<StepKind, 'goal'>, value: string) => string

/** A step as the server is asked for it; undefined as long as it says nothing. */
export const stepOf = ({ kind, value }: DraftStep, nameOf: NameOf): FunnelStep | undefined => {
  if (value === '') return undefined
  if (kind === 'goal') return { goal: value }
  return { name: nameOf(kind, value).slice(0, longestName), filter: filterOf(kind, value) }
}

const filterOf = (kind: Exclude<StepKind, 'goal'>, value: string): Filter => {
  switch (kind) {
    case 'page':
      return ofType('page_view', ['is', 'event:page', [value]])
    case 'contains':
      return ofType('page_view', ['contains', 'event:page', [value]])
    case 'event':
      return ofType('custom', ['is', 'event:name', [value]])
    default:
      return ofType(kind, ['is', 'event:element', [value]])
  }
}

const isSame = (one: Filter, other: Filter): boolean => JSON.stringify(one) === JSON.stringify(other)

/** What a step says, of those that are put together here; undefined for one that was written by hand. */
export const draftOf = ({ goal, filter }: FunnelStep): DraftStep | undefined => {
  if (goal !== undefined) return { kind: 'goal', value: goal }
  if (filter?.[0] !== 'and') return undefined
  const [, what] = filter[1]
  // Whatever the filter is, it is one of these only where the same would be put together of it.
  const value = what && Array.isArray(what[2]) ? String(what[2][0]) : ''
  return stepKinds
    .filter((kind) => kind !== 'goal')
    .map((kind) => ({ kind, value }))
    .find((draft) => isSame(filterOf(draft.kind, value), filter))
}

const isDraft = (value: unknown): value is [StepKind, string] =>
  Array.isArray(value) &&
  value.length === 2 &&
  stepKinds.some((kind) => kind === value[0]) &&
  typeof value[1] === 'string' &&
  value[1].length <= 2048

/** Steps out of an address, where each is a kind and a value; what cannot be understood is left out. */
export const readSteps = (value: unknown): DraftStep[] =>
  Array.isArray(value)
    ? value
        .filter(isDraft)
        .slice(0, 10)
        .map(([kind, text]) => ({ kind, value: text }))
    : []

/** The steps with one of them at another place. */
export const moved = (steps: DraftStep[], from: number, to: number): DraftStep[] => {
  const step = steps[from]
  return step ? steps.toSpliced(from, 1).toSpliced(to, 0, step) : steps
}
