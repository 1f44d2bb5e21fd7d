import { type Dimension, type Metric, type NamedRange, type Query, siteIdPattern } from '@clickwatch/contract'

export type Filter = NonNullable<Query['filters']>[number]

/** What the dashboard shows, all of it in the address. */
export type View = {
  site: string
  range: NamedRange | [string, string]
  metric: Metric
  filters: Filter[]
}

/** The address' search: short, and nothing that is as usual. */
export type ViewSearch = {
  site?: string
  period?: NamedRange
  from?: string
  to?: string
  metric?: Metric
  filters?: Filter[]
}

export const ranges: { range: NamedRange; name: string }[] = [
  { range: 'realtime', name: 'Last 30 minutes' },
  { range: 'day', name: 'Today' },
  { range: '7d', name: 'Last 7 days' },
  { range: '30d', name: 'Last 30 days' },
  { range: '90d', name: 'Last 90 days' },
  { range: 'month', name: 'This month' },
  { range: '6mo', name: 'Last 6 months' },
  { range: '12mo', name: 'Last 12 months' },
  { range: 'all', name: 'All time' },
]

export const headline: { metric: Metric; name: string }[] = [
  { metric: 'visitors', name: 'Visitors' },
  { metric: 'visits', name: 'Visits' },
  { metric: 'pageviews', name: 'Page views' },
  { metric: 'bounce_rate', name: 'Bounce rate' },
  { metric: 'visit_duration', name: 'Visit duration' },
  { metric: 'conversions', name: 'Conversions' },
  { metric: 'conversion_rate', name: 'Conversion rate' },
]

export const dimensionNames: Record<Dimension, string> = {
  'event:page': 'Page',
  'event:type': 'Event',
  'event:element': 'Element',
  'event:name': 'Custom event',
  'visit:entry_page': 'Entry page',
  'visit:exit_page': 'Exit page',
  'visit:source': 'Source',
  'visit:referrer': 'Referrer',
  'visit:channel': 'Channel',
  'visit:utm_source': 'UTM source',
  'visit:utm_medium': 'UTM medium',
  'visit:utm_campaign': 'UTM campaign',
  'visit:utm_term': 'UTM term',
  'visit:utm_content': 'UTM content',
  'visit:browser': 'Browser',
  'visit:os': 'Operating system',
  'visit:device': 'Device',
  'visit:country': 'Country',
  'visit:region': 'Region',
  'visit:city': 'City',
}

const usual: View = { site: 'default', range: '7d', metric: 'visitors', filters: [] }
const date = /^\d{4}-\d{2}-\d{2}$/

const isFilter = (value: unknown): value is Filter =>
  Array.isArray(value) &&
  value.length === 3 &&
  ['is', 'is_not', 'contains'].includes(value[0]) &&
  value[1] in dimensionNames &&
  Array.isArray(value[2]) &&
  value[2].every((each) => typeof each === 'string')

/** A search's value as text: an address may hold anything, and what looks like a number was read as one. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''

/** The site an address names; '' where that can be no site's name. */
export const siteIn = (search: Record<string, unknown>): string => {
  const site = textOf(search.site)
  return new RegExp(siteIdPattern).test(site) ? site : ''
}

/** An address' search as far as it can be understood; what cannot is left out rather than shown as an error. */
export const readSearch = (search: Record<string, unknown>): ViewSearch => {
  const read: ViewSearch = {}
  const [from, to] = [search.from, search.to].map(textOf)
  const site = siteIn(search)
  if (site) read.site = site
  const range = ranges.find((each) => each.range === search.period)
  if (range) read.period = range.range
  if (from && to && date.test(from) && date.test(to)) Object.assign(read, { from, to })
  const metric = headline.find((each) => each.metric === search.metric)
  if (metric) read.metric = metric.metric
  if (Array.isArray(search.filters)) {
    const filters = search.filters.filter(isFilter)
    if (filters.length > 0) read.filters = filters
  }
  return read
}

export const viewOf = (search: ViewSearch): View => ({
  site: search.site ?? usual.site,
  range: search.from && search.to ? [search.from, search.to] : (search.period ?? usual.range),
  metric: search.metric ?? usual.metric,
  filters: search.filters ?? usual.filters,
})

export const searchOf = (view: View): ViewSearch => {
  const search: ViewSearch = {}
  if (view.site !== usual.site) search.site = view.site
  if (Array.isArray(view.range)) [search.from, search.to] = view.range
  else if (view.range !== usual.range) search.period = view.range
  if (view.metric !== usual.metric) search.metric = view.metric
  if (view.filters.length > 0) search.filters = view.filters
  return search
}

/** The view narrowed to one value of a dimension; a second value of the same dimension replaces the first. */
export const withFilter = (view: View, dimension: Dimension, value: string): View => ({
  ...view,
  filters: [...view.filters.filter((filter) => filter[1] !== dimension), ['is', dimension, [value]]],
})

export const withoutFilter = (view: View, dimension: Dimension): View => ({
  ...view,
  filters: view.filters.filter((filter) => filter[1] !== dimension),
})
