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

/** Characters of an address that are taken in; docs/events.md says how many are kept. */
export const maxAddress = 8192

/** What was acted on: the element of a click, hover or submit. */
export const EventElement = Type.Object({
  id: Type.Optional(text(1000, "the element's data-cw-id, id or name")),
  text: Type.Optional(text(1000, 'what the visitor read on it; never what was typed into it')),
  href: Type.Optional(text(maxAddress, 'where it leads')),
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
  session_id: Type.Optional(name(64, "its visit, where the batch's own does not hold for it")),
  user_id: Type.Optional(name(200, "who was signed in, where the batch's own does not hold for it")),
  seq: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 1_000_000_000, description: "the event's number in its session, rising" }),
  ),
  time: Type.Number({
    minimum: 0,
    maximum: 253402300799999,
    description: "milliseconds since 1970 by the visitor's clock",
  }),
  url: name(maxAddress, 'the address of the page, with its query; what follows # counts as part of the page'),
  title: Type.Optional(text(2000)),
  referrer: Type.Optional(text(maxAddress, 'document.referrer, on a page_view')),
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
    Type.Array(text(1000), { maxItems: 1000, description: 'names of the filled fields of a form; never their values' }),
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

const batchFields = {
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
}
const arrayOf = <T extends Parameters<typeof Type.Array>[0]>(schema: T) =>
  Type.Array(schema, { minItems: 1, maxItems: maxEventsPerBatch })

/** The body of `POST /e`: what one browser has to say, all of one visitor. */
export const TrackerBatch = Type.Object({ ...batchFields, events: arrayOf(TrackerEvent) })
export type TrackerBatch = Static<typeof TrackerBatch>

/** A batch whose events are each checked by themselves, so that one that is wrong does not take the others with it. */
export const TrackerEnvelope = Type.Object({ ...batchFields, events: arrayOf(Type.Unknown()) })
export type TrackerEnvelope = Static<typeof TrackerEnvelope>
