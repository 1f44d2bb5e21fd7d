import { eventSchemas, type TrackerEnvelope, type TrackerEvent, WithheldEvents } from '@clickwatch/contract'
import type { FastifyInstance } from 'fastify'
import { invalidField } from '../errors.ts'
import { parseJson, textOf } from '../http/body.ts'
import { siteOf } from '../http/site.ts'
import { checkerOf, countUnknown, ifGood } from '../http/validation.ts'
import { type Arrival, ignoredFieldsOf, receive } from './arrival.ts'
import { type Intake, senderOf } from './intake.ts'
import type { CollectLimits } from './limits.ts'
import { answerOf, sortOut } from './sort.ts'

/** A signed-in user's own id is kept nowhere as it is. */
const withoutUserId = (key: string, value: unknown): unknown => (key === 'user_id' ? undefined : value)

const checkWithheld = checkerOf<WithheldEvents>(WithheldEvents)
const isWithheld = (body: unknown): boolean => typeof body === 'object' && body !== null && 'withheld' in body

/**
 * `POST /e`: what a browser's tracker has to say. Anyone may send. 202 means that every accepted event is on disk, and that every
 * rejected one is kept with its reason; 400 that none was acceptable.
 */
export const addTrackerRoute = (server: FastifyInstance, path: string, take: Intake, limits: CollectLimits): void => {
  const schemas = eventSchemas(limits)
  const checkEnvelope = checkerOf<TrackerEnvelope>(schemas.TrackerEnvelope)
  const checkEvent = checkerOf<TrackerEvent>(schemas.TrackerEvent)

  server.post(path, { bodyLimit: limits.bodyBytes }, async (request, reply) => {
    const body = parseJson(textOf(request.body as Buffer))
    if (isWithheld(body)) {
      const withheld = checkWithheld(body)
      if (!withheld.ok) throw invalidField(withheld.field, withheld.reason)
      const { site = siteOf(request.query), withheld: events } = withheld.value
      const document = { kind: 'withheld', site, received_at: Date.now(), document: { withheld: events } } as const
      if (events > 0) await take([], [document], senderOf(request))
      return reply.code(202).send({ accepted: 0, rejected: [] })
    }
    const checked = checkEnvelope(body)
    if (!checked.ok) throw invalidField(checked.field, checked.reason)
    const { events, site = siteOf(request.query), ...envelope } = checked.value
    const sender = senderOf(request)
    const inEnvelope = countUnknown(envelope, schemas.TrackerEnvelope)
    const candidates = events.map((event) => ({
      text: () => JSON.stringify({ ...envelope, events: [event] }, withoutUserId),
      read: () => event,
    }))
    const arrivalOf = ({ session_id, user_id, ...event }: TrackerEvent): Arrival => {
      const ids = { session_id: session_id ?? envelope.session_id, user_id: user_id ?? envelope.user_id }
      return {
        site,
        whose: { ...envelope, ...ids },
        event,
        sender,
        ignoredFields: countUnknown(event, schemas.TrackerEvent),
      }
    }
    const sorted = sortOut(candidates, (value) => ifGood(checkEvent(value), arrivalOf), site)
    await receive(take, sorted, 'events')
    return reply.code(202).send(answerOf(sorted, inEnvelope + ignoredFieldsOf(sorted)))
  })
}
