import {
  type Comparing,
  type Comparison,
  comparisonModes,
  type Dimension,
  type Filter,
  filterOperators,
  type Metric,
  type NamedRange,
  namedRanges,
  propertyPrefix,
  siteIdPattern,
} from '@clickwatch/contract'
import { isNamedDimension } from './names.ts'

export type { Filter } from '@clickwatch/contract'

/** The steps a chart can be asked for; without one it takes what fits the range. */
export const steps = ['time:minute', 'time:hour', 'time:day', 'time:week', 'time:month'] as const
export type Step = (typeof steps)[number]

/** What the dashboard shows, all of it in the address. */
export type View = {
  site: string
  range: NamedRange | [string, string]
  metric: Metric
  /** null: what fits the range. */
  step: Step | null
  /** What the numbers are held against; null: nothing. */
  compare: Comparing | null
  filters: Filter[]
  /** The open tab of each panel that does not show its first. */
  tabs: Record<string, string>
  /** The panel whose details are open. */
  details: string | null
}

/** The address' search: short, and nothing that is as usual. */
export type ViewSearch = {
  site?: string
  period?: NamedRange
  from?: string
  to?: string
  metric?: Metric
  step?: Step
  compare?: 'off' | (typeof comparisonModes)[number]
  compare_from?: string
  compare_to?: string
  match?: 'weekday'
  filters?: Filter[]
  tabs?: Record<string, string>
  details?: string
}

export const ranges: readonly NamedRange[] = namedRanges

export const headline: readonly Metric[] = [
  'visitors',
  'visits',
  'pageviews',
  'views_per_visit',
  'bounce_rate',
  'visit_duration',
  'conversions',
  'conversion_rate',
]

const usual: View = {
  site: 'default',
  range: '7d',
  metric: 'visitors',
  step: null,
  compare: { mode: 'previous_period' },
  filters: [],
  tabs: {},
  details: null,
}
const date = /^\d{4}-\d{2}-\d{2}$/
const word = /^[\w:-]{1,40}$/
const deepestFilter = 6
const longestProperty = 100

const isDimension = (value: unknown): value is Dimension =>
  isNamedDimension(value) || (typeof value === 'string' && value.startsWith(propertyPrefix) && value.length > 12)

const isComparison = (value: readonly unknown[]): boolean => {
  const [operator, dimension, values, modifiers] = value
  return (
    (value.length === 3 || (value.length === 4 && typeof modifiers === 'object' && modifiers !== null)) &&
    (filterOperators as readonly unknown[]).includes(operator) &&
    (isDimension(dimension) || (operator === 'is' && dimension === 'segment')) &&
    Array.isArray(values) &&
    values.length > 0 &&
    values.every((each) => typeof each === 'string' || typeof each === 'number')
  )
}

/** Whether something is a filter as the API takes them. */
export const isFilter = (value: unknown, depth = 0): value is Filter => {
  if (!Array.isArray(value) || depth > deepestFilter) return false
  const [operator, inner] = value as unknown[]
  if (operator === 'and' || operator === 'or')
    return (
      value.length === 2 && Array.isArray(inner) && inner.length > 0 && inner.every((each) => isFilter(each, depth + 1))
    )
  if (operator === 'not' || operator === 'has_done' || operator === 'has_not_done')
    return value.length === 2 && isFilter(inner, depth + 1)
  return isComparison(value)
}

/** A search's value as text: an address may hold anything, and what looks like a number was read as one. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''

/** The site an address names; '' where that can be no site's name. */
export const siteIn = (search: Record<string, unknown>): string => {
  const site = textOf(search.site)
  return new RegExp(siteIdPattern).test(site) ? site : ''
}

const oneOf = <T extends string>(known: readonly T[], value: unknown): T | undefined =>
  known.find((each) => each === value)

const readCompare = (search: Record<string, unknown>): ViewSearch => {
  const mode = oneOf(['off', ...comparisonModes] as const, search.compare)
  if (!mode) return {}
  const [from, to] = [search.compare_from, search.compare_to].map(textOf)
  const isDated = from && to && date.test(from) && date.test(to)
  if (mode === 'custom' && !isDated) return {}
  return {
    compare: mode,
    ...(mode === 'custom' ? { compare_from: from ?? '', compare_to: to ?? '' } : {}),
    ...(search.match === 'weekday' && mode !== 'off' ? { match: 'weekday' } : {}),
  }
}

/** An address' search as far as it can be understood; what cannot is left out rather than shown as an error. */
export const readSearch = (search: Record<string, unknown>): ViewSearch => {
  const read: ViewSearch = readCompare(search)
  const [from, to] = [search.from, search.to].map(textOf)
  const site = siteIn(search)
  if (site) read.site = site
  const period = oneOf(ranges, search.period)
  if (period) read.period = period
  if (from && to && date.test(from) && date.test(to)) Object.assign(read, { from, to })
  const metric = oneOf(headline, search.metric)
  if (metric) read.metric = metric
  const step = oneOf(steps, search.step)
  if (step) read.step = step
  if (Array.isArray(search.filters)) {
    const filters = search.filters.filter((each) => isFilter(each))
    if (filters.length > 0) read.filters = filters
  }
  if (typeof search.tabs === 'object' && search.tabs !== null) {
    // A tab may be called as a property is, which is called as a site likes.
    const tabs = Object.entries(search.tabs)
      .map(([panel, tab]) => [panel, textOf(tab)] as const)
      .filter(([panel, tab]) => word.test(panel) && tab !== '' && tab.length <= longestProperty)
    if (tabs.length > 0) read.tabs = Object.fromEntries(tabs)
  }
  if (word.test(textOf(search.details))) read.details = textOf(search.details)
  return read
}

const compareOf = (search: ViewSearch): Comparing | null => {
  const { compare, compare_from: from, compare_to: to, match } = search
  if (compare === undefined) return usual.compare
  if (compare === 'off') return null
  return {
    mode: compare,
    ...(compare === 'custom' && from && to ? { date_range: [from, to] } : {}),
    ...(match ? { match_day_of_week: true } : {}),
  }
}

export const viewOf = (search: ViewSearch): View => ({
  site: search.site ?? usual.site,
  range: search.from && search.to ? [search.from, search.to] : (search.period ?? usual.range),
  metric: search.metric ?? usual.metric,
  step: search.step ?? usual.step,
  compare: compareOf(search),
  filters: search.filters ?? usual.filters,
  tabs: search.tabs ?? usual.tabs,
  details: search.details ?? usual.details,
})

const searchOfCompare = (compare: Comparing | null): ViewSearch => {
  if (compare === null) return usual.compare === null ? {} : { compare: 'off' }
  const isUsual = compare.mode === usual.compare?.mode && !compare.match_day_of_week
  const [from, to] = compare.date_range ?? []
  return {
    ...(isUsual ? {} : { compare: compare.mode }),
    ...(compare.mode === 'custom' && from && to ? { compare_from: from, compare_to: to } : {}),
    ...(compare.match_day_of_week ? { match: 'weekday' as const } : {}),
  }
}

export const searchOf = (view: View): ViewSearch => {
  const search: ViewSearch = searchOfCompare(view.compare)
  if (view.site !== usual.site) search.site = view.site
  if (Array.isArray(view.range)) [search.from, search.to] = view.range
  else if (view.range !== usual.range) search.period = view.range
  if (view.metric !== usual.metric) search.metric = view.metric
  if (view.step !== null) search.step = view.step
  if (view.filters.length > 0) search.filters = view.filters
  if (Object.keys(view.tabs).length > 0) search.tabs = view.tabs
  if (view.details !== null) search.details = view.details
  return search
}

/** The part of the address that every screen understands: site, range and filters. */
export const sharedSearchOf = (view: View): ViewSearch => {
  const { site, period, from, to, filters } = searchOf(view)
  return {
    ...(site === undefined ? {} : { site }),
    ...(period === undefined ? {} : { period }),
    ...(from === undefined || to === undefined ? {} : { from, to }),
    ...(filters === undefined ? {} : { filters }),
  }
}

/** The dimension that a filter holds against values; undefined for what is made of other filters. */
export const dimensionOf = (filter: Filter): Dimension | undefined =>
  isComparison(filter) && filter[1] !== 'segment' ? (filter as Comparison)[1] : undefined

/** The view narrowed to one value of a dimension; a second value of the same dimension replaces the first. */
export const withFilter = (view: View, dimension: Dimension, value: string): View => ({
  ...view,
  filters: [
    ...view.filters.filter((filter) => !(filter[0] === 'is' && dimensionOf(filter) === dimension)),
    ['is', dimension, [value]],
  ],
})

/** The view without the filter at this place. */
export const withoutFilter = (view: View, place: number): View => ({
  ...view,
  filters: view.filters.filter((_filter, index) => index !== place),
})
