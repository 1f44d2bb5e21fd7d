import Type, { type Static } from 'typebox'
import { name, SiteId, text } from './text.ts'

/** What can happen; docs/events.md says when each is sent. `custom` is the page's own, by its name. */
export const eventTypes = [
  'page_view',
  'click',
  'rage_click',
  'cta_seen',
  'hover',
  'scroll',
  'submit',
  'form_abandon',
  'engagement',
  'custom',
] as const

export const EventType = Type.Enum([...eventTypes])
export type EventType = Static<typeof EventType>

export const maxEventsPerBatch = 100

/** What was acted on: the element of a click, hover or submit. */
export const EventElement = Type.Object({
  id: Type.Optional(text(200, "the element's data-cw-id, id or name")),
  text: Type.Optional(text(200, 'what the visitor read on it; never what was typed into it')),
  href: Type.Optional(text(2048, 'where it leads')),
  cta: Type.Optional(Type.Boolean({ description: 'marked data-cw-cta: a click on it is a conversion' })),
  link: Type.Optional(
    Type.Enum(['outbound', 'download', 'mailto', 'tel'], {
      description: 'what kind of link, where it leads off the site',
    }),
  ),
})

export const maxProps = 30

/** What the page says about an event beyond its name, for example { plan: 'pro', seats: 3 }. */
export const Props = Type.Record(
  Type.String({ minLength: 1, maxLength: 100 }),
  Type.Union([text(500), Type.Number(), Type.Boolean()]),
  { maxProperties: maxProps },
)
export type Props = Static<typeof Props>

export const Revenue = Type.Object({
  amount: Type.Number({
    minimum: -1_000_000_000_000,
    maximum: 1_000_000_000_000,
    description: 'negative for a refund',
  }),
  currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217, for example EUR' }),
})
export type Revenue = Static<typeof Revenue>

/** One thing that happened in the visitor's browser. Unknown fields are ignored. */
export const TrackerEvent = Type.Object({
  id: name(64, 'made by the sender, unique; a second event with the same id in the same session is dropped (UUIDv7)'),
  type: EventType,
  seq: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 1_000_000_000, description: "the event's number in its session, from 0" }),
  ),
  time: Type.Number({
    minimum: 0,
    maximum: 253402300799999,
    description: "milliseconds since 1970 by the visitor's clock",
  }),
  url: name(2048, 'the address of the page, with its query'),
  title: Type.Optional(text(500)),
  referrer: Type.Optional(text(2048, 'document.referrer, on a page_view')),
  name: Type.Optional(name(100, 'of a custom event')),
  element: Type.Optional(EventElement),
  scroll_depth: Type.Optional(
    Type.Number({ minimum: 0, maximum: 100, description: 'per cent of the page seen so far' }),
  ),
  engaged_ms: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 86400000,
      description: 'visible and focused time since the last event that carried it',
    }),
  ),
  position: Type.Optional(Type.Object({ x: Type.Number(), y: Type.Number() })),
  fields: Type.Optional(
    Type.Array(text(100), { maxItems: 100, description: 'names of the filled fields of a form; never their values' }),
  ),
  props: Type.Optional(Props),
  revenue: Type.Optional(Revenue),
  interactive: Type.Optional(
    Type.Boolean({
      description: 'false for a custom event that happens without the visitor: it does not end a bounce',
    }),
  ),
})
export type TrackerEvent = Static<typeof TrackerEvent>

/** The body of `POST /e`: what one browser has to say, all of one visitor and one session. */
export const TrackerBatch = Type.Object({
  site: Type.Optional(SiteId),
  visitor_id: Type.Optional(
    name(
      64,
      'first-party id of the browser; left out, the collector makes one that holds for a day and is stored nowhere',
    ),
  ),
  session_id: Type.Optional(
    name(64, "id of the visit; left out, the visitor's visit ends after 30 minutes of silence"),
  ),
  user_id: Type.Optional(name(200, "the site's own id of who is signed in; only a keyed hash of it is kept")),
  sent_at: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 253402300799999,
      description: "milliseconds since 1970 by the visitor's clock, when the batch was sent",
    }),
  ),
  screen: Type.Optional(text(20, 'for example 1920x1080')),
  language: Type.Optional(text(35, 'for example en-GB')),
  events: Type.Array(TrackerEvent, { minItems: 1, maxItems: maxEventsPerBatch }),
})
export type TrackerBatch = Static<typeof TrackerBatch>

/** The answer to `POST /e`: all of the batch is on disk. */
export const TrackerAnswer = Type.Object({ accepted: Type.Integer() })
