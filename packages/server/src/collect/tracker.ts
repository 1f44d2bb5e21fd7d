import { type IntakeAnswer, type TrackerBatch, TrackerEnvelope, TrackerEvent } from '@clickwatch/contract'
import type { FastifyInstance } from 'fastify'
import { invalidField } from '../errors.ts'
import { parseJson, textOf } from '../http/body.ts'
import { siteOf } from '../http/site.ts'
import { checkerOf } from '../http/validation.ts'
import { type Intake, senderOf } from './intake.ts'
import { requireAny, sortOut } from './sort.ts'

const bodyLimitBytes = 512 * 1024
const checkEnvelope = checkerOf<TrackerEnvelope>(TrackerEnvelope)
const checkEvent = checkerOf<TrackerEvent>(TrackerEvent)

/** A signed-in user's own id is kept nowhere as it is. */
const withoutUserId = (key: string, value: unknown): unknown => (key === 'user_id' ? undefined : value)

/** The parts of a batch that are of one visit, and one signed-in user, each. */
const byVisit = ({ events, ...batch }: TrackerBatch): TrackerBatch[] => {
  const parts = new Map<string, TrackerBatch>()
  for (const { session_id, user_id, ...event } of events) {
    const ids = { session_id: session_id ?? batch.session_id, user_id: user_id ?? batch.user_id }
    const key = JSON.stringify(ids)
    const part = parts.get(key)
    if (part) part.events.push(event)
    else parts.set(key, { ...batch, ...(JSON.parse(key) as typeof batch), events: [event] })
  }
  return [...parts.values()]
}

/**
 * `POST /e`: what a browser's tracker has to say. Anyone may send. 202 means that every accepted event is on disk, and that every
 * rejected one is kept with its reason; 400 that none was acceptable.
 */
export const addTrackerRoute = (server: FastifyInstance, path: string, take: Intake): void => {
  server.post(path, { bodyLimit: bodyLimitBytes }, async (request, reply) => {
    const checked = checkEnvelope(parseJson(textOf(request.body as Buffer)))
    if (!checked.ok) throw invalidField(checked.field, checked.reason)
    const { events, ...envelope } = checked.value
    const site = envelope.site ?? siteOf(request.query)
    const candidates = events.map((event) => ({
      text: () => JSON.stringify({ ...envelope, events: [event] }, withoutUserId),
      read: () => event,
    }))
    const sorted = sortOut(candidates, checkEvent, site)
    requireAny(sorted, 'events')
    const sender = senderOf(request)
    const batch = { ...envelope, events: sorted.accepted.map(({ value }) => value) }
    await take(
      byVisit(batch).map((part) => ({ site, batch: part, sender })),
      sorted.refused,
    )
    const answer: IntakeAnswer = { accepted: sorted.accepted.length, rejected: sorted.rejected }
    return reply.code(202).send(answer)
  })
}
