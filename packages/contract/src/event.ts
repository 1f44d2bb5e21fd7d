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
  'web_vital',
  'custom',
] as const

export const EventType = Type.Enum([...eventTypes])
export type EventType = Static<typeof EventType>

/** What an operator may set; docs/configuration.md explains each. */
export type EventLimits = {
  /** Events of one request of a browser. */
  events: number
  props: number
  /** Characters of a property's value. */
  propLength: number
  /** Characters of an address that are taken in; docs/events.md says how many are kept. */
  urlLength: number
}
export const defaultEventLimits: EventLimits = { events: 100, props: 30, propLength: 500, urlLength: 8192 }

/** Characters of a property's name. */
export const maxPropName = 100

const elementOf = ({ urlLength }: EventLimits) =>
  Type.Object({
    id: Type.Optional(text(1000, "the element's data-cw-id, id or name")),
    text: Type.Optional(text(1000, 'what the visitor read on it; never what was typed into it')),
    href: Type.Optional(text(urlLength, 'where it leads')),
    cta: Type.Optional(Type.Boolean({ description: 'marked data-cw-cta: a click on it is a conversion' })),
    link: Type.Optional(
      Type.Enum(['outbound', 'download', 'mailto', 'tel'], {
        description: 'what kind of link, where it leads off the site',
      }),
    ),
  })

const propsOf = ({ props, propLength }: EventLimits) =>
  Type.Record(
    Type.String({ minLength: 1, maxLength: maxPropName }),
    Type.Union([text(propLength), Type.Number(), Type.Boolean()]),
    { maxProperties: props },
  )
/** What the page says about an event beyond its name, for example { plan: 'pro', seats: 3 }. */
export type Props = Static<ReturnType<typeof propsOf>>

export const Revenue = Type.Object({
  amount: Type.Number({
    minimum: -1_000_000_000_000,
    maximum: 1_000_000_000_000,
    description: 'negative for a refund',
  }),
  currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217, for example EUR' }),
})
export type Revenue = Static<typeof Revenue>

const eventOf = (limits: EventLimits) =>
  Type.Object({
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
    url: name(limits.urlLength, 'the address of the page, with its query; what follows # counts as part of the page'),
    title: Type.Optional(text(2000)),
    referrer: Type.Optional(text(limits.urlLength, 'document.referrer, on a page_view')),
    name: Type.Optional(name(100, 'of a custom event; which measure a web_vital is: LCP, INP, CLS, FCP or TTFB')),
    element: Type.Optional(elementOf(limits)),
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
    position: Type.Optional(
      Type.Object({ x: Type.Number(), y: Type.Number() }, { description: 'where on the page, in CSS pixels' }),
    ),
    value: Type.Optional(
      Type.Number({ minimum: 0, maximum: 86400000, description: 'of a web_vital: milliseconds; of CLS what it is' }),
    ),
    fields: Type.Optional(
      Type.Array(text(1000), {
        maxItems: 1000,
        description: 'names of the filled fields of a form; never their values',
      }),
    ),
    props: Type.Optional(propsOf(limits)),
    revenue: Type.Optional(Revenue),
    interactive: Type.Optional(
      Type.Boolean({
        description: 'false for a custom event that happens without the visitor: it does not end a bounce',
      }),
    ),
  })

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
  layout: Type.Optional(
    text(
      20,
      'width of the window and height of the page in CSS pixels, for example 1280x4300: what positions are read by',
    ),
  ),
  language: Type.Optional(text(35, 'for example en-GB')),
}
const batchOf = <T extends Parameters<typeof Type.Array>[0]>(event: T, { events }: EventLimits) =>
  Type.Object({ ...batchFields, events: Type.Array(event, { minItems: 1, maxItems: events }) })

/** The schemas of what trackers send, under an operator's limits. */
export const eventSchemas = (limits: EventLimits) => ({
  TrackerEvent: eventOf(limits),
  /** A batch whose events are each checked by themselves, so that one that is wrong does not take the others with it. */
  TrackerEnvelope: batchOf(Type.Unknown(), limits),
})

const standard = eventSchemas(defaultEventLimits)

/** One thing that happened in the visitor's browser. Unknown fields are ignored. */
export const TrackerEvent = standard.TrackerEvent
export type TrackerEvent = Static<typeof TrackerEvent>

export const TrackerEnvelope = standard.TrackerEnvelope
export type TrackerEnvelope = Static<typeof TrackerEnvelope>

/** The body of `POST /e`: what one browser has to say, all of one visitor. */
export const TrackerBatch = batchOf(TrackerEvent, defaultEventLimits)
export type TrackerBatch = Static<typeof TrackerBatch>

/** A body of `POST /e` of a visitor who did not consent: how many events stayed in the page, and nothing of whose. */
export const WithheldEvents = Type.Object({
  site: Type.Optional(SiteId),
  withheld: Type.Integer({ minimum: 0, maximum: 20_000, description: 'events that were thrown away unsent' }),
})
export type WithheldEvents = Static<typeof WithheldEvents>
