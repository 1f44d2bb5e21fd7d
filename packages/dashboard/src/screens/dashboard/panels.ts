import { type Dimension, type Metric, propertyPrefix } from '@clickwatch/contract'
import type { Filter } from '../../view.ts'

export type PanelId = 'sources' | 'pages' | 'doings' | 'devices' | 'places' | 'audience'

/** One breakdown of a panel. */
export type PanelTab = {
  id: string
  dimension: Dimension
  /** Narrows what is counted beyond the view's own filters. */
  only?: Filter
  /** What a row shows; it is sorted by the first. */
  metrics: [Metric, ...Metric[]]
  /** What the details have as well. */
  details: readonly Metric[]
  /** Drawn as a map of the world. */
  isMap?: true
  /** Of the property that the view chooses, in whose name `dimension` has to end. */
  isOfProperties?: true
}
export type PanelDefinition = { id: PanelId; tabs: [PanelTab, ...PanelTab[]] }

const ofVisits = (id: string, dimension: Dimension): PanelTab => ({
  id,
  dimension,
  metrics: ['visitors', 'group_conversion_rate'],
  details: ['visits', 'pageviews', 'bounce_rate', 'visit_duration'],
})
const ofEvents = (id: string, dimension: Dimension, only?: Filter): PanelTab => ({
  id,
  dimension,
  ...(only ? { only } : {}),
  metrics: ['events', 'visitors'],
  details: [],
})
const ofPages = (id: string, dimension: Dimension): PanelTab => ({
  id,
  dimension,
  metrics: ['visitors', 'pageviews'],
  details: ['time_on_page', 'scroll_depth', 'group_conversion_rate'],
})

/** The panels of the main screen; their names and those of their tabs are in the catalogue. */
export const panels: Record<PanelId, PanelDefinition> = {
  sources: {
    id: 'sources',
    tabs: [
      ofVisits('source', 'visit:source'),
      ofVisits('channel', 'visit:channel'),
      ofVisits('referrer', 'visit:referrer'),
      ofVisits('medium', 'visit:utm_medium'),
      ofVisits('campaign', 'visit:utm_campaign'),
    ],
  },
  pages: {
    id: 'pages',
    tabs: [
      ofPages('top', 'event:page'),
      ofVisits('entry', 'visit:entry_page'),
      ofVisits('exit', 'visit:exit_page'),
      ofPages('title', 'event:title'),
      ofPages('hostname', 'event:hostname'),
    ],
  },
  doings: {
    id: 'doings',
    tabs: [
      ofEvents('clicks', 'event:element', ['is', 'event:type', ['click']]),
      ofEvents('submits', 'event:element', ['is', 'event:type', ['submit']]),
      ofEvents('custom', 'event:name', ['is', 'event:type', ['custom']]),
      { ...ofEvents('properties', propertyPrefix), isOfProperties: true },
      ofEvents('allEvents', 'event:type'),
    ],
  },
  devices: {
    id: 'devices',
    tabs: [
      ofVisits('browser', 'visit:browser'),
      ofVisits('system', 'visit:os'),
      ofVisits('device', 'visit:device'),
      ofVisits('screen', 'visit:screen'),
    ],
  },
  places: {
    id: 'places',
    tabs: [
      ofVisits('country', 'visit:country'),
      { ...ofVisits('map', 'visit:country'), isMap: true },
      ofVisits('region', 'visit:region'),
      ofVisits('city', 'visit:city'),
    ],
  },
  audience: {
    id: 'audience',
    tabs: [
      ofVisits('returning', 'visit:returning'),
      ofVisits('number', 'visit:number'),
      ofVisits('language', 'visit:language'),
    ],
  },
}

/** A panel's open tab. */
export const tabOf = ({ tabs }: PanelDefinition, open: string | undefined): PanelTab =>
  tabs.find(({ id }) => id === open) ?? tabs[0]
