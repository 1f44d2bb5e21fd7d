import type { Comparison, Dimension, Filter, FilterOperator } from '@clickwatch/contract'

/** One condition while it is being made: it may lack values. */
export type Rule = {
  kind: 'rule'
  id: number
  dimension: Dimension | 'segment'
  operator: FilterOperator
  values: string[]
}
export type Scope = 'itself' | 'has_done' | 'has_not_done'
/** Conditions that go together, turned round where `isNot`; of what is counted itself, or of visitors who did. */
export type Group = { kind: 'group'; id: number; join: 'and' | 'or'; isNot: boolean; scope: Scope; items: Item[] }
export type Item = Rule | Group

let lastId = 0
const nextId = (): number => ++lastId

export const newRule = (dimension: Dimension = 'event:page'): Rule => ({
  kind: 'rule',
  id: nextId(),
  dimension,
  operator: 'is',
  values: [],
})
export const newGroup = (items: Item[] = [newRule()]): Group => ({
  kind: 'group',
  id: nextId(),
  join: 'and',
  isNot: false,
  scope: 'itself',
  items,
})

const isPlain = (group: Group): boolean => !group.isNot && group.scope === 'itself'

const itemOf = (filter: Filter): Item => {
  switch (filter[0]) {
    case 'and':
    case 'or':
      return { ...newGroup(filter[1].map(itemOf)), join: filter[0] }
    case 'not':
    case 'has_done':
    case 'has_not_done': {
      const inner = itemOf(filter[1])
      const group = inner.kind === 'group' && isPlain(inner) ? inner : newGroup([inner])
      return filter[0] === 'not' ? { ...group, isNot: true } : { ...group, scope: filter[0] }
    }
    default: {
      const [operator, dimension, values] = filter
      return { kind: 'rule', id: nextId(), dimension, operator, values: values.map(String) }
    }
  }
}

/** Filters as they are edited: one group in which all hold. */
export const groupOf = (filters: readonly Filter[]): Group => {
  const items = filters.map(itemOf)
  const [only] = items
  return items.length === 1 && only?.kind === 'group' ? only : newGroup(items.length > 0 ? items : [newRule()])
}

const filterOf = (item: Item): Filter => {
  if (item.kind === 'rule')
    return item.dimension === 'segment'
      ? ['is', 'segment', item.values]
      : ([item.operator, item.dimension, item.values] satisfies Comparison)
  const inner = item.items.map(filterOf)
  const [only] = inner
  let made: Filter = only && inner.length === 1 ? only : [item.join, inner]
  if (item.isNot) made = ['not', made]
  return item.scope === 'itself' ? made : [item.scope, made]
}

/** What was made, as the API takes it. */
export const filtersOf = (group: Group): Filter[] =>
  isPlain(group) && group.join === 'and' ? group.items.map(filterOf) : [filterOf(group)]

/** Whether every condition has something to be held against. */
export const isComplete = (item: Item): boolean =>
  item.kind === 'rule'
    ? item.values.length > 0 && item.dimension !== 'event:props:'
    : item.items.length > 0 && item.items.every(isComplete)

/** The group with one item, however deep it is, replaced; taken away where `next` is undefined. */
export const withItem = (group: Group, id: number, next: Item | undefined): Group => ({
  ...group,
  items: group.items.flatMap((item) => {
    if (item.id === id) return next ? [next] : []
    return item.kind === 'group' ? [withItem(item, id, next)] : [item]
  }),
})
