import { type Dimension, type NamedDimension, type PropertyDimension, propertyPrefix } from '@clickwatch/contract'
import type { Bound } from './bound.ts'

/** Where a dimension's value stands: SQL over columns of silver.events, of silver.sessions, or of both. */
export type Columns =
  | { events: string; sessions: string }
  | { events: string; sessions?: never }
  | { events?: never; sessions: string }

const both = (column: string): Columns => ({ events: column, sessions: column })

/** The dictionary of dimensions; docs/metrics.md says what each means. Goals and properties are made of what is asked. */
const named: Record<Exclude<NamedDimension, 'event:goal'>, Columns> = {
  'event:page': { events: 'path' },
  'event:hostname': { events: 'hostname' },
  'event:title': { events: 'title' },
  'event:type': { events: 'type' },
  'event:name': { events: 'name' },
  'event:element': { events: 'element_id' },
  'visit:entry_page': { sessions: 'entry_page' },
  'visit:exit_page': { sessions: 'exit_page' },
  'visit:source': both('source'),
  'visit:referrer': both('referrer'),
  'visit:channel': both('channel'),
  'visit:utm_source': both('utm_source'),
  'visit:utm_medium': both('utm_medium'),
  'visit:utm_campaign': both('utm_campaign'),
  'visit:utm_term': both('utm_term'),
  'visit:utm_content': both('utm_content'),
  'visit:click_id': both('click_id_name'),
  'visit:country': both('country'),
  'visit:region': both('region'),
  'visit:city': both('city'),
  'visit:browser': both('browser'),
  'visit:browser_version': both('browser_version'),
  'visit:os': both('os'),
  'visit:os_version': both('os_version'),
  'visit:device': both('device'),
  'visit:screen': both('screen'),
  'visit:language': both('language'),
  'visit:number': { sessions: 'toString(visit_number)' },
  'visit:returning': { sessions: "if(is_returning, 'returning', 'new')" },
}

export const isProperty = (dimension: string): dimension is PropertyDimension => dimension.startsWith(propertyPrefix)

/** What gold.traffic and gold.visits are rolled up by. */
const rolledUp: ReadonlySet<Dimension> = new Set<Dimension>([
  'event:page',
  'event:type',
  'event:name',
  'event:element',
  'visit:entry_page',
  'visit:exit_page',
  'visit:number',
  'visit:returning',
  'visit:source',
  'visit:referrer',
  'visit:channel',
  'visit:utm_source',
  'visit:utm_medium',
  'visit:utm_campaign',
  'visit:utm_term',
  'visit:utm_content',
  'visit:country',
  'visit:region',
  'visit:city',
  'visit:browser',
  'visit:os',
  'visit:device',
])
export const isRolledUp = (dimension: Dimension): boolean => rolledUp.has(dimension)

/** Whether gold.activity and gold.stays hold it, by the quarter of an hour: all but what sites call their own. */
export const isInGold = (dimension: Dimension): boolean => dimension !== 'event:goal' && !isProperty(dimension)

/** Where the value of a dimension stands. */
export const columnsOf = (dimension: Exclude<Dimension, 'event:goal'>, bound: Bound): Columns =>
  isProperty(dimension)
    ? { events: `props[${bound.add(dimension.slice(propertyPrefix.length), 'String')}]` }
    : named[dimension]

/** Whether only events know it, or only visits do. */
export const isOnlyOfEvents = (dimension: Dimension): boolean =>
  dimension === 'event:goal' || isProperty(dimension) || named[dimension].sessions === undefined
export const isOnlyOfVisits = (dimension: Dimension): boolean =>
  dimension !== 'event:goal' && !isProperty(dimension) && named[dimension].events === undefined
