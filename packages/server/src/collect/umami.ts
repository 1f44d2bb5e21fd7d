import { createHash, randomUUID } from 'node:crypto'
import { siteIdPattern, type TrackerEvent } from '@clickwatch/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import { ClickWatchError, invalidField } from '../errors.ts'
import { parseJson, textOf } from '../http/body.ts'
import { type Checked, checkerOf } from '../http/validation.ts'
import { type Arrival, receive } from './arrival.ts'
import { type Foreign, revenueOf } from './foreign.ts'
import type { Identity } from './identity.ts'
import { type Intake, type Sender, senderOf, type Taken } from './intake.ts'
import { only, sortOut } from './sort.ts'

// Umami's events (https://umami.is/docs/api/sending-stats).

const bodyLimitBytes = 512 * 1024
const maxBatch = 1000
const string = Type.Optional(Type.Union([Type.String(), Type.Null()]))
const site = Type.Optional(Type.String({ pattern: siteIdPattern }))

const UmamiEvent = Type.Object({
  type: Type.Enum(['event', 'identify', 'performance']),
  payload: Type.Object({
    ...{ website: site, link: site, pixel: site },
    ...{ hostname: string, url: string, referrer: string, title: string, language: string, screen: string },
    ...{ name: string, tag: string, id: string },
    data: Type.Optional(Type.Unknown()),
    timestamp: Type.Optional(Type.Number({ minimum: 0, maximum: 253402300799, description: 'seconds since 1970' })),
  }),
})
type UmamiEvent = Static<typeof UmamiEvent>
const checkShape = checkerOf<UmamiEvent>(UmamiEvent)

/** Its addresses may be a path of the host that is named beside them. */
const addressOf = (url: string, hostname: string): string =>
  url.startsWith('/') && hostname !== '' ? `https://${hostname}${url}` : url

const meaningOf = ({ type, payload }: UmamiEvent): Partial<TrackerEvent> => {
  // What says something of the visitor and is nothing that they did: it counts as no event.
  if (type !== 'event') return { type: 'engagement', name: type }
  if (payload.name) return { type: 'custom', name: payload.name.slice(0, 100) }
  return { type: 'page_view', referrer: addressOf(payload.referrer ?? '', payload.hostname ?? '') }
}

/** The measures of a performance event, which stand beside the fields that every event has. */
const measuresOf = ({ payload }: UmamiEvent): object =>
  Object.fromEntries(Object.entries(payload).filter(([field]) => !(field in UmamiEvent.properties.payload.properties)))

const arrivalOf = (
  given: UmamiEvent,
  sender: Sender,
  visitorOf: (site: string) => string | undefined,
  foreign: Foreign,
): Checked<Arrival> => {
  const { payload } = given
  const id = payload.website ?? payload.link ?? payload.pixel
  if (id === undefined) return { ok: false, field: 'payload/website', reason: 'is missing' }
  // What it says of a person with their id is not for us to keep.
  const data =
    given.type !== 'identify' && typeof payload.data === 'object' && payload.data !== null ? payload.data : {}
  const { revenue, currency } = data as Record<string, unknown>
  const measures = given.type === 'performance' ? measuresOf(given) : {}
  const event = {
    id: randomUUID(),
    time: payload.timestamp === undefined ? Date.now() : payload.timestamp * 1000,
    // What follows # is part of the page there.
    url: addressOf(payload.url || '/', payload.hostname ?? ''),
    ...(payload.title ? { title: payload.title.slice(0, 2000) } : {}),
    props: foreign.propsOf({ ...(payload.tag ? { tag: payload.tag } : {}), ...data, ...measures }),
    ...revenueOf(revenue, currency),
    ...meaningOf(given),
  }
  const whose = {
    visitor_id: visitorOf(id),
    user_id: payload.id?.slice(0, 200) || undefined,
    screen: payload.screen?.slice(0, 20),
    language: payload.language?.slice(0, 35) || undefined,
  }
  return foreign.checked({ site: id, whose, event: event as TrackerEvent, sender })
}

const asUuid = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5')
const hourMs = 3_600_000

/** What its tracker wants to hear: who it is, and what to say next time so as to be the same. */
const answerOf = ({ visitorId }: Taken, identity: Identity) => {
  const hour = Math.floor(Date.now() / hourMs)
  const visit = createHash('sha256').update(`${visitorId}/${hour}`).digest('hex')
  return { cache: identity.tokenOf(visitorId), sessionId: asUuid(visitorId), visitId: asUuid(visit) }
}

/** Its word for a request that comes from a bot; kept apart all the same. */
const botAnswer = { beep: 'boop' }

/** `POST /api/send` and `/api/batch`: what Umami's trackers send. Anyone may. 200 means that it is on disk. */
export const addUmamiRoutes = (server: FastifyInstance, take: Intake, identity: Identity, foreign: Foreign): void => {
  const checkOf = (request: FastifyRequest) => {
    const sender = senderOf(request)
    const token = request.headers['x-umami-cache']
    const visitorOf = (id: string) => (typeof token === 'string' ? identity.visitorOfToken(id, token) : undefined)
    return (value: unknown): Checked<Arrival> => {
      const shape = checkShape(value)
      return shape.ok ? arrivalOf(shape.value, sender, visitorOf, foreign) : shape
    }
  }

  server.post('/api/send', { bodyLimit: bodyLimitBytes }, async (request) => {
    const arrival = checkOf(request)(parseJson(textOf(request.body as Buffer)))
    if (!arrival.ok) throw invalidField(arrival.field, arrival.reason)
    const [taken] = await receive(take, only([arrival.value]), '')
    return taken?.excluded === '' ? answerOf(taken, identity) : botAnswer
  })

  server.post('/api/batch', { bodyLimit: bodyLimitBytes }, async (request) => {
    const values = parseJson(textOf(request.body as Buffer))
    if (!Array.isArray(values) || values.length === 0) throw invalidField('', 'is expected to be a list of events')
    if (values.length > maxBatch) {
      throw new ClickWatchError('too_large', 413, `The body holds more than ${maxBatch} events; send fewer at once.`)
    }
    const withoutIds = (key: string, value: unknown) => (key === 'id' ? undefined : value)
    const candidates = values.map((value: unknown) => ({
      text: () => JSON.stringify(value, withoutIds),
      read: () => value,
    }))
    const sorted = sortOut(candidates, checkOf(request), 'default')
    const [taken] = await receive(take, sorted, '')
    return {
      size: values.length,
      processed: sorted.accepted.length,
      errors: sorted.rejected.length,
      details: sorted.rejected,
      ...(taken && taken.visitorId !== '' ? { cache: answerOf(taken, identity).cache } : {}),
    }
  })
}
