import { TrackerBatch } from '@clickwatch/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { invalidField } from '../errors.ts'
import { parseJson, textOf } from '../http/body.ts'
import { siteOf } from '../http/site.ts'
import { checkerOf } from '../http/validation.ts'
import { encodeDocument, type StreamDocument } from '../stream/document.ts'
import type { Appender } from './appender.ts'
import { readAgent } from './enrich/agent.ts'
import type { CountryOf } from './enrich/geo.ts'
import { acquisitionOfPage } from './enrich/source.ts'

const bodyLimitBytes = 512 * 1024
const check = checkerOf<TrackerBatch>(TrackerBatch)

const loopback = /^(::ffff:)?127\.|^::1$/

// Behind a proxy on this machine, the proxy's own connection says nothing of the visitor; the last address it forwards does.
const visitorAddress = (request: FastifyRequest): string => {
  const address = request.socket.remoteAddress ?? ''
  const forwarded = request.headers['x-forwarded-for']
  if (!loopback.test(address) || typeof forwarded !== 'string') return address
  return forwarded.split(',').at(-1)?.trim() ?? ''
}

/** What the collector adds to a batch; the visitor's address is used for the country alone and kept nowhere. */
const enrich = (batch: TrackerBatch, site: string, request: FastifyRequest, countryOf: CountryOf): StreamDocument => {
  const entry = batch.events.find(({ type }) => type === 'page_view') ?? batch.events[0]
  return {
    kind: 'tracker',
    site,
    received_at: Date.now(),
    agent: readAgent(request.headers['user-agent']),
    country: countryOf(visitorAddress(request)),
    acquisition: acquisitionOfPage(entry?.url ?? '', entry?.referrer ?? ''),
    document: batch,
  }
}

/** `POST /e`: what a browser's tracker has to say. Anyone may send; 202 means on disk, all of it or nothing. */
export const addTrackerRoute = (server: FastifyInstance, append: Appender, countryOf: CountryOf): void => {
  server.post('/e', { bodyLimit: bodyLimitBytes }, async (request, reply) => {
    const checked = check(parseJson(textOf(request.body as Buffer)))
    if (!checked.ok) throw invalidField(checked.field, checked.reason)
    const batch = checked.value
    const site = batch.site ?? siteOf(request.query)
    const value = encodeDocument(enrich(batch, site, request, countryOf))
    await append([{ key: `${site}/${batch.visitor_id}`, value }])
    return reply.code(202).send({ accepted: batch.events.length })
  })
}
