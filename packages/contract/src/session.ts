import Type, { type Static } from 'typebox'
import { Revenue } from './event.ts'
import { name, text } from './text.ts'

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Optional(Type.Union([schema, Type.Null()]))

/** An ISO 8601 moment; without an offset it is read as UTC. */
export const Timestamp = Type.String({
  maxLength: 40,
  format: 'timestamp',
  description: 'ISO 8601, for example 2025-07-22T10:49:39Z; without an offset it is UTC',
})

/** A `Timestamp` in milliseconds since 1970; NaN when it is none. */
export const timestampMs = (text: string): number => {
  const iso = text.trim().replace(' ', 'T')
  const hasTime = iso.includes('T')
  const hasOffset = hasTime && /(Z|[+-]\d{2}:?\d{2})$/i.test(iso)
  return Date.parse(hasOffset || !hasTime ? iso : `${iso}Z`)
}

/** One event inside a session document. */
export const SessionEvent = Type.Object({
  event_type: name(50, 'click, hover, scroll, submit, page_view or a name of your own'),
  element_id: nullable(text(200)),
  timestamp: nullable(Timestamp),
  page_url: nullable(text(2048, "where it happened; the document's page_url when left out")),
  position: nullable(Type.Object({ x: Type.Number(), y: Type.Number() })),
  scroll_depth: nullable(Type.Number({ minimum: 0, maximum: 100 })),
  fields: nullable(Type.Array(text(1000), { maxItems: 1000, description: 'names of the filled fields of a form' })),
  name: nullable(text(100, 'of a web_vital: LCP, INP, CLS, FCP or TTFB')),
  value: nullable(Type.Number({ minimum: 0, maximum: 86400000, description: 'of a web_vital' })),
  title: nullable(text(500, 'of the page')),
  revenue: nullable(Revenue),
})
export type SessionEvent = Static<typeof SessionEvent>

/**
 * One visit as a producer reports it: the format of the reference's `wentraffic.json`. Unknown fields are kept in bronze and
 * ignored otherwise. What follows `conversion`, and what an event has
 * beside its type, element, moment and page are ours, and optional.
 */
export const SessionDocument = Type.Object({
  session_id: name(200),
  user_id: name(200),
  timestamp: Timestamp,
  user_agent: nullable(text(1000)),
  device_type: nullable(text(50)),
  os: nullable(text(100)),
  browser: nullable(text(100)),
  page_url: nullable(text(2048)),
  referrer: nullable(text(2048)),
  utm_source: nullable(text(200)),
  utm_medium: nullable(text(200)),
  utm_campaign: nullable(text(200)),
  events: nullable(Type.Array(SessionEvent, { maxItems: 10000 })),
  time_spent_seconds: nullable(Type.Number({ minimum: 0, maximum: 31536000 })),
  is_returning_visitor: nullable(Type.Boolean()),
  visit_count: nullable(Type.Integer({ minimum: 0, maximum: 1000000000 })),
  bounce: nullable(Type.Boolean()),
  conversion: nullable(Type.Boolean()),
  country: nullable(text(2, 'ISO 3166-1 alpha-2')),
  region: nullable(text(100, 'its name')),
  city: nullable(text(100, 'its name')),
  language: nullable(text(35)),
  screen: nullable(text(20, 'for example 1920x1080')),
  layout: nullable(text(20, 'width of the window and height of the page, for example 1280x4300')),
})
export type SessionDocument = Static<typeof SessionDocument>
