import { TrackerBatch } from '@clickwatch/contract'
import type { FastifyInstance } from 'fastify'
import { invalidField } from '../errors.ts'
import { parseJson, textOf } from '../http/body.ts'
import { siteOf } from '../http/site.ts'
import { checkerOf } from '../http/validation.ts'
import { type Intake, senderOf } from './intake.ts'

const bodyLimitBytes = 512 * 1024
const check = checkerOf<TrackerBatch>(TrackerBatch)

/** `POST /e`: what a browser's tracker has to say. Anyone may send; 202 means on disk, all of it or nothing. */
export const addTrackerRoute = (server: FastifyInstance, take: Intake): void => {
  server.post('/e', { bodyLimit: bodyLimitBytes }, async (request, reply) => {
    const checked = check(parseJson(textOf(request.body as Buffer)))
    if (!checked.ok) throw invalidField(checked.field, checked.reason)
    const batch = checked.value
    await take([{ site: batch.site ?? siteOf(request.query), batch, sender: senderOf(request) }])
    return reply.code(202).send({ accepted: batch.events.length })
  })
}
