import { randomUUID } from 'node:crypto'
import { siteIdPattern, type TrackerEvent, timestampMs } from '@clickwatch/contract'
import Type, { type Static } from 'typebox'
import { type Checked, checkerOf } from '../http/validation.ts'
import type { Arrival } from './arrival.ts'
import { clickIdNames } from './enrich/advert.ts'
import { type Foreign, revenueOf, withoutHash } from './foreign.ts'
import type { Identity } from './identity.ts'
import type { Sender } from './intake.ts'

// What PostHog's events mean in our words (https://posthog.com/docs/api/capture).

const id = Type.Union([Type.String(), Type.Number(), Type.Null()])
const PostHogEvent = Type.Object({
  event: Type.String({ minLength: 1 }),
  api_key: Type.Optional(Type.String()),
  token: Type.Optional(Type.String()),
  distinct_id: Type.Optional(id),
  properties: Type.Optional(Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()])),
  timestamp: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  offset: Type.Optional(Type.Union([Type.Number({ description: 'milliseconds before it was sent' }), Type.Null()])),
  uuid: Type.Optional(Type.String()),
  messageId: Type.Optional(Type.String()),
})
type PostHogEvent = Static<typeof PostHogEvent>
type Properties = Record<string, unknown>
export const checkShape = checkerOf<PostHogEvent>(PostHogEvent)

export const sitePattern = new RegExp(siteIdPattern)
const idLimit = 64
export const textOfValue = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''

/** What an event is said with. */
type Context = {
  /** Of the request: its project, '' where it names none, and when it was sent by the sender's clock. */
  envelope: { apiKey: string; sentAtMs: number | undefined }
  sender: Sender
  identity: Identity
  foreign: Foreign
}

/** What PostHog itself has to say about a visitor, and what is nothing that they did: it counts as no event. */
const silent = new Set(['$identify', '$set', '$create_alias', '$merge_dangerously', '$groupidentify', '$web_vitals'])
const silentPattern = /^\$(\$|snapshot|opt_in|survey shown|exception|performance)/

const idOf = ({ attr__id, attr__name }: Properties): string => textOfValue(attr__id) || textOfValue(attr__name)

/** The element that was acted on, and the nearest link around it. */
const elementOf = ({ $elements, $el_text }: Properties): Partial<TrackerEvent> => {
  const elements = (Array.isArray($elements) ? $elements : []).filter(
    (part): part is Properties => typeof part === 'object' && part !== null,
  )
  const [element] = elements
  if (!element) return {}
  const link = elements.find(({ tag_name }) => tag_name === 'a')
  const acted = elements.findIndex(({ tag_name }) => tag_name === 'a' || tag_name === 'button')
  const id = elements.slice(0, acted + 1 || 1).reduce((found, part) => found || idOf(part), '')
  const href = textOfValue(link?.attr__href ?? link?.href)
  return {
    element: {
      id: id.slice(0, 1000),
      text: (textOfValue($el_text) || textOfValue(element.$el_text)).slice(0, 1000),
      ...(href ? { href } : {}),
    },
  }
}

const engagementOf = (properties: Properties): Partial<TrackerEvent> => {
  const depth = Number(
    properties.$prev_pageview_max_content_percentage ?? properties.$prev_pageview_max_scroll_percentage,
  )
  const seconds = Number(properties.$prev_pageview_duration)
  return {
    ...(depth >= 0 ? { scroll_depth: Math.min(100, depth * 100) } : {}),
    ...(seconds >= 0 ? { engaged_ms: Math.min(86_400_000, Math.round(seconds * 1000)) } : {}),
  }
}

const meaningOf = (event: string, properties: Properties): Partial<TrackerEvent> => {
  const name = event.slice(0, 100)
  if (event === '$pageview') return { type: 'page_view', referrer: referrerOf(properties) }
  if (event === '$pageleave') return { type: 'engagement', ...engagementOf(properties) }
  if (event === '$rageclick') return { type: 'rage_click', ...elementOf(properties) }
  if (event === '$autocapture') {
    const did = properties.$event_type
    if (did === 'click' || did === 'submit') return { type: did, ...elementOf(properties) }
    return { type: 'custom', name: textOfValue(did).slice(0, 100) || name, ...elementOf(properties) }
  }
  if (silent.has(event) || silentPattern.test(event)) return { type: 'engagement', name }
  return { type: 'custom', name, interactive: !event.startsWith('$') }
}

/** '$direct' is its word for none. */
const referrerOf = ({ $referrer }: Properties): string => {
  const referrer = textOfValue($referrer)
  return referrer === '$direct' ? '' : referrer
}

const inAddress = new Set([...clickIdNames, 'token', 'distinct_id', 'title'])
const isOwn = (key: string): boolean =>
  key.startsWith('$feature') || !(/^(\$|utm_)/.test(key) || inAddress.has(key.toLowerCase()))

/** Without PostHog's own properties, save which variant was shown, and those that the address has. */
const ownOf = (properties: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([key]) => isOwn(key)))

/**
 * Until its visitor is known, distinct_id is an id of the browser; after, it is the site's own of a person, and $device_id goes on
 * being the browser's. A server knows the person alone, who is then one visitor, under a hash.
 */
const whoIs = (given: PostHogEvent, properties: Properties, site: string, identity: Identity) => {
  const distinctId = textOfValue(given.distinct_id ?? properties.distinct_id)
  const device = textOfValue(properties.$device_id) || textOfValue(properties.$anon_distinct_id)
  const user = textOfValue(properties.$user_id) || (device === distinctId ? '' : distinctId)
  return {
    visitor_id: device.slice(0, idLimit) || (user && identity.userOf(site, user)) || undefined,
    session_id: textOfValue(properties.$session_id).slice(0, idLimit) || undefined,
    user_id: user.slice(0, 200) || undefined,
  }
}

const screenOf = ({ $screen_width, $screen_height }: Properties): string | undefined =>
  typeof $screen_width === 'number' && typeof $screen_height === 'number'
    ? `${$screen_width}x${$screen_height}`.slice(0, 20)
    : undefined

export const arrivalOf = (given: PostHogEvent, { envelope, sender, identity, foreign }: Context): Checked<Arrival> => {
  const properties = given.properties ?? {}
  const site = given.api_key || given.token || textOfValue(properties.token) || envelope.apiKey
  if (!sitePattern.test(site)) return { ok: false, field: 'api_key', reason: "is expected to be the project's key" }
  const sentAtMs = envelope.sentAtMs ?? Date.now()
  const saidMs = timestampMs(given.timestamp ?? '')
  const timeMs = Number.isFinite(saidMs) ? saidMs : sentAtMs - Math.max(0, given.offset ?? 0)
  const event = {
    id: (given.uuid || given.messageId || randomUUID()).slice(0, idLimit),
    time: Math.max(0, timeMs),
    url: withoutHash(textOfValue(properties.$current_url)),
    ...(properties.title ? { title: textOfValue(properties.title).slice(0, 2000) } : {}),
    props: foreign.propsOf(ownOf(properties)),
    ...revenueOf(properties.revenue, properties.currency),
    ...meaningOf(given.event, properties),
  }
  const whose = {
    ...whoIs(given, properties, site, identity),
    screen: screenOf(properties),
    language: textOfValue(properties.$browser_language).slice(0, 35) || undefined,
    sent_at: sentAtMs,
  }
  return foreign.checked({ site, whose, event: event as TrackerEvent, sender })
}
