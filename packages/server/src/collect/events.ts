import { createHash, randomUUID } from 'node:crypto'
import {
  type EventLimits,
  ServerEnvelope,
  ServerEvent,
  serverEventSchema,
  type TrackerEvent,
  timestampMs,
} from '@clickwatch/contract'
import type { FastifyInstance } from 'fastify'
import { invalidField } from '../errors.ts'
import { requireFullAccess } from '../http/access.ts'
import { parseJson, textOf } from '../http/body.ts'
import { siteOf } from '../http/site.ts'
import { type Checked, checkerOf, countUnknown } from '../http/validation.ts'
import { type Arrival, ignoredFieldsOf, receive } from './arrival.ts'
import type { Intake, Sender } from './intake.ts'
import { answerOf, type Candidate, type Sorted, sortOut } from './sort.ts'

const bodyLimitBytes = 10 * 1024 * 1024
const longestKey = 255
/** What is older is a visit that is over, and the pipeline would take its clock for wrong. */
const oldestMs = 30 * 86_400_000

const checkEnvelope = checkerOf<ServerEnvelope>(ServerEnvelope)

const timeOf = ({ time }: ServerEvent, nowMs: number): number =>
  typeof time === 'string' ? timestampMs(time) : (time ?? nowMs)

/** What is wrong with an event whose fields are each as they should be. */
const complaintOf = (event: ServerEvent): Checked<never> | undefined => {
  const wrong = (field: string, reason: string) => ({ ok: false, field, reason }) as const
  if (event.type === undefined && event.name === undefined)
    return wrong('type', 'is missing; a type or a name is expected')
  if (event.type === 'page_view' && !event.url) return wrong('url', 'is missing; a page_view has one')
  if (event.visitor_id === undefined && event.user_id === undefined && event.address === undefined) {
    return wrong('visitor_id', 'is missing; one of visitor_id, user_id and address is expected')
  }
  if (timeOf(event, Date.now()) < Date.now() - oldestMs) {
    return wrong('time', 'is more than 30 days ago; visits that are over go to /v1/sessions')
  }
  return undefined
}

const senderOf = ({ address, user_agent }: ServerEvent): Sender => ({
  address: address ?? '',
  headers: user_agent === undefined ? {} : { 'user-agent': user_agent },
  isServer: true,
})

const arrivalOf = (given: ServerEvent, site: string, id: string, nowMs: number): Arrival => {
  const { messageId, visitor_id, session_id, user_id, address, user_agent, screen, language, ...event } = given
  return {
    site,
    whose: { visitor_id, session_id, user_id, screen, language, sent_at: Date.now() },
    event: {
      type: 'custom',
      url: '',
      ...event,
      id: given.id ?? messageId ?? id,
      time: timeOf(given, nowMs),
    } as TrackerEvent,
    sender: senderOf(given),
    ignoredFields: countUnknown(given, ServerEvent),
  }
}

/** Ids for the events of a request: the same for the same key, so that sending it again changes nothing. */
const idsOf = (key: unknown): ((index: number) => string) => {
  if (key === undefined) return () => randomUUID()
  if (typeof key !== 'string' || key === '' || key.length > longestKey) {
    throw invalidField('Idempotency-Key', `is expected to be 1 to ${longestKey} characters`)
  }
  const hash = createHash('sha256').update(key).digest('base64url').slice(0, 22)
  return (index) => `${hash}:${index}`
}

/** One event, an array of them, or an envelope { site, events }. */
const envelopeOf = (value: unknown): ServerEnvelope => {
  const isEnvelope = typeof value === 'object' && value !== null && 'events' in value
  const checked = checkEnvelope(isEnvelope ? value : { events: Array.isArray(value) ? value : [value] })
  if (!checked.ok) throw invalidField(checked.field, checked.reason)
  return checked.value
}

const personal = new Set(['user_id', 'address'])
const candidateOf = (event: unknown): Candidate => ({
  text: () => JSON.stringify(event, (key, value: unknown) => (personal.has(key) ? undefined : value)),
  read: () => event,
})

/** What a request or a message holds of events, sorted; site, id and time are of those that name none. */
export type SortEvents = (
  value: unknown,
  without: { site: string; idOf: (index: number) => string; nowMs: number },
) => Sorted<Arrival>

/**
 * Reads one event, an array of them, or an envelope.
 * @throws {ClickWatchError} 400 when it is none of them
 */
export const createEventSorter = (limits: EventLimits): SortEvents => {
  const checkShape = checkerOf<ServerEvent>(serverEventSchema(limits))
  return (value, { site: defaultSite, idOf, nowMs }) => {
    const { site = defaultSite, events } = envelopeOf(value)
    const check = (event: unknown, index: number): Checked<Arrival> => {
      const checked = checkShape(event)
      if (!checked.ok) return checked
      return complaintOf(checked.value) ?? { ok: true, value: arrivalOf(checked.value, site, idOf(index), nowMs) }
    }
    return sortOut(events.map(candidateOf), check, site)
  }
}

/**
 * `POST /v1/events`: what servers know of visitors. Who may call: the holder of the key, or this machine where none is set. An
 * `Idempotency-Key` header makes sending the same again harmless. 202 means that every accepted event is on disk.
 */
export const addEventsRoute = (
  server: FastifyInstance,
  take: Intake,
  apiKey: string | undefined,
  limits: EventLimits,
): void => {
  const sortEvents = createEventSorter(limits)
  server.post('/v1/events', {
    bodyLimit: bodyLimitBytes,
    onRequest: async (request) =>
      requireFullAccess({ address: request.socket.remoteAddress, headers: request.headers }, apiKey),
    handler: async (request, reply) => {
      const idOf = idsOf(request.headers['idempotency-key'])
      const without = { site: siteOf(request.query), idOf, nowMs: Date.now() }
      const sorted = sortEvents(parseJson(textOf(request.body as Buffer)), without)
      await receive(take, sorted, 'events')
      return reply.code(202).send(answerOf(sorted, ignoredFieldsOf(sorted)))
    },
  })
}
