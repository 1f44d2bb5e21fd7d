import { randomUUID } from 'node:crypto'
import { type EventLimits, eventSchemas, type TrackerEvent } from '@clickwatch/contract'
import type { FastifyInstance } from 'fastify'
import { invalidField } from '../errors.ts'
import { siteOf } from '../http/site.ts'
import { checkerOf } from '../http/validation.ts'
import { receive } from './arrival.ts'
import { type Intake, senderOf } from './intake.ts'
import { only } from './sort.ts'

const fields = ['url', 'referrer', 'title', 'name'] as const

// One transparent pixel (GIF89a).
const image = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')

/** The parameters of an address that were given once and are not empty. */
const given = (query: Record<string, unknown>): Partial<Record<(typeof fields)[number], string>> =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const value = query[field]
      if (value === undefined || value === '') return []
      if (typeof value !== 'string') throw invalidField(field, 'is expected once')
      return [[field, value]]
    }),
  )

/**
 * `GET /e.gif`: a page view of a browser without scripts, or of a mail, as an image. Anyone may ask. `url` is the page's address,
 * the Referer's when left out; with `name` it is a custom event instead.
 */
export const addPixelRoute = (server: FastifyInstance, path: string, take: Intake, limits: EventLimits): void => {
  const checkEvent = checkerOf<TrackerEvent>(eventSchemas(limits).TrackerEvent)
  // Whoever asks only for its headers does not show it.
  server.get(path, { exposeHeadRoute: false }, async (request, reply) => {
    const site = siteOf(request.query)
    const said = given(request.query as Record<string, unknown>)
    const event = {
      id: randomUUID(),
      // An image loads without the visitor's doing.
      ...(said.name === undefined ? { type: 'page_view' } : { type: 'custom', interactive: false }),
      time: Date.now(),
      url: request.headers.referer ?? '',
      ...said,
    }
    if (event.url === '') throw invalidField('url', 'is missing, and no Referer says which page it is')
    const checked = checkEvent(event)
    if (!checked.ok) throw invalidField(checked.field, checked.reason)
    await receive(take, only([{ site, whose: {}, event: checked.value, sender: senderOf(request) }]), '')
    return reply.type('image/gif').header('cache-control', 'no-store').send(image)
  })
}
