import { randomUUID } from 'node:crypto'
import { siteIdPattern, type TrackerEvent } from '@clickwatch/contract'
import type { FastifyInstance } from 'fastify'
import Type, { type Static } from 'typebox'
import { invalidField } from '../errors.ts'
import { parseJson, textOf } from '../http/body.ts'
import { type Checked, checkerOf } from '../http/validation.ts'
import { type Arrival, receive } from './arrival.ts'
import { type Foreign, revenueOf, withoutHash } from './foreign.ts'
import { type Intake, type Sender, senderOf } from './intake.ts'
import { only } from './sort.ts'

// Plausible's events (https://plausible.io/docs/events-api), by the long names of its API or the short ones of its tracker.

const bodyLimitBytes = 64 * 1024
const anything = Type.Optional(Type.Unknown())
const string = Type.Optional(Type.Union([Type.String(), Type.Null()]))

const PlausibleEvent = Type.Object({
  ...{ name: string, n: string, url: string, u: string, domain: string, d: string, referrer: string, r: string },
  ...{ props: anything, p: anything, meta: anything, m: anything, revenue: anything, $: anything },
  ...{ interactive: anything, i: anything, h: anything, hash_mode: anything, sd: anything, e: anything },
})
type PlausibleEvent = Static<typeof PlausibleEvent>
const checkShape = checkerOf<PlausibleEvent>(PlausibleEvent)

const sitePattern = new RegExp(siteIdPattern)

/** An object, which its tracker sends as such or as its JSON. */
const objectOf = (value: unknown): Record<string, unknown> => {
  const read: unknown = typeof value === 'string' && value.startsWith('{') ? parseJson(value) : value
  return typeof read === 'object' && read !== null && !Array.isArray(read) ? (read as Record<string, unknown>) : {}
}

const number = (value: unknown, maximum: number): number | undefined => {
  const read = Number(value)
  return value !== null && value !== undefined && read >= 0 && read <= maximum ? read : undefined
}

/** What it means in our words; a link that leaves, a file and a form have their own names there. */
const meaningOf = (name: string, given: PlausibleEvent, props: Record<string, unknown>): Partial<TrackerEvent> => {
  const href = { href: String(props.url ?? '') }
  switch (name) {
    case 'pageview':
      return { type: 'page_view', referrer: given.referrer ?? given.r ?? '' }
    case 'engagement': {
      // 255 is Plausible's word for a depth that is not known.
      const depth = number(given.sd, 100)
      const engaged = number(given.e, 86_400_000)
      return {
        type: 'engagement',
        ...(depth === undefined ? {} : { scroll_depth: depth }),
        ...(engaged === undefined ? {} : { engaged_ms: engaged }),
      }
    }
    case 'Outbound Link: Click':
      return { type: 'click', name, element: { ...href, link: 'outbound' } }
    case 'File Download':
      return { type: 'click', name, element: { ...href, link: 'download' } }
    case 'Form: Submission':
      return { type: 'submit', name, element: { id: String(props.path ?? '') } }
    default:
      return { type: 'custom', name, interactive: (given.interactive ?? given.i) !== false }
  }
}

const arrivalOf = (given: PlausibleEvent, site: string, sender: Sender, foreign: Foreign): Checked<Arrival> => {
  const name = given.name ?? given.n ?? ''
  if (name === '') return { ok: false, field: 'name', reason: 'is missing' }
  const url = given.url ?? given.u ?? ''
  if (url === '') return { ok: false, field: 'url', reason: 'is missing' }
  const props = objectOf(given.props ?? given.p ?? given.meta ?? given.m)
  const revenue = objectOf(given.revenue ?? given.$)
  const event = {
    id: randomUUID(),
    time: Date.now(),
    url: given.h || given.hash_mode ? url : withoutHash(url),
    props: foreign.propsOf(props),
    ...revenueOf(revenue.amount, revenue.currency),
    ...meaningOf(name, given, props),
  }
  return foreign.checked({ site, whose: {}, event: event as TrackerEvent, sender })
}

/** An event may be of several sites, with commas between them. */
const sitesOf = ({ domain, d }: PlausibleEvent): string[] => {
  const sites = (domain ?? d ?? '').split(',').map((site) => site.trim())
  const wrong = sites.find((site) => !sitePattern.test(site))
  if (wrong !== undefined) throw invalidField('domain', `has '${wrong.slice(0, 100)}'; the name of a site is expected`)
  return sites
}

/** `POST /api/event`: what Plausible's trackers send. Anyone may. 202 means that it is on disk. */
export const addPlausibleRoute = (server: FastifyInstance, take: Intake, foreign: Foreign): void => {
  server.post('/api/event', { bodyLimit: bodyLimitBytes }, async (request, reply) => {
    const shape = checkShape(parseJson(textOf(request.body as Buffer)))
    if (!shape.ok) throw invalidField(shape.field, shape.reason)
    const sender = senderOf(request)
    const arrivals = sitesOf(shape.value).map((site) => {
      const arrival = arrivalOf(shape.value, site, sender, foreign)
      if (!arrival.ok) throw invalidField(arrival.field, arrival.reason)
      return arrival.value
    })
    await receive(take, only(arrivals), '')
    return reply.code(202).type('text/plain; charset=utf-8').send('ok')
  })
}
