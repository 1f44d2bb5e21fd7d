import Type, { type Static } from 'typebox'
import { defaultEventLimits, type EventLimits, EventType, eventSchemas } from './event.ts'
import { Timestamp } from './session.ts'
import { name, SiteId, text } from './text.ts'

/** The schema of what servers send, under an operator's limits. */
export const serverEventSchema = (limits: EventLimits) => {
  const { id: _id, type: _type, time: _time, url: _url, ...eventFields } = eventSchemas(limits).TrackerEvent.properties
  return Type.Object({
    ...eventFields,
    id: Type.Optional(name(64, 'unique; made from the Idempotency-Key, or at random, when left out')),
    messageId: Type.Optional(name(64, 'another name of id')),
    type: Type.Optional(EventType),
    time: Type.Optional(
      Type.Union([Type.Number({ minimum: 0, maximum: 253402300799999 }), Timestamp], {
        description: 'milliseconds since 1970, or ISO 8601; now when left out',
      }),
    ),
    url: Type.Optional(text(limits.urlLength, 'the address of the page; required of a page_view')),
    visitor_id: Type.Optional(name(64, 'the id that the browser has for the visitor')),
    address: Type.Optional(text(45, 'IP address of the visitor: used to find the country and never stored')),
    user_agent: Type.Optional(text(1000, "User-Agent of the visitor's browser")),
    screen: Type.Optional(text(20, 'for example 1920x1080')),
    language: Type.Optional(text(35, 'for example en-GB')),
  })
}

/** Something that a server knows of, such as an order that was paid. Unknown fields are ignored. */
export const ServerEvent = serverEventSchema(defaultEventLimits)
export type ServerEvent = Static<typeof ServerEvent>

export const maxServerEvents = 10_000

/** The body of `POST /v1/events`: events, each checked by itself. */
export const ServerEnvelope = Type.Object({
  site: Type.Optional(SiteId),
  events: Type.Array(Type.Unknown(), { minItems: 1, maxItems: maxServerEvents }),
})
export type ServerEnvelope = Static<typeof ServerEnvelope>
