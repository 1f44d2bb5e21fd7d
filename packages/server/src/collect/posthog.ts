import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { timestampMs } from '@clickwatch/contract'
import type { FastifyInstance } from 'fastify'
import { ClickWatchError, invalidField, systemCodeOf } from '../errors.ts'
import { parseJson, textOf } from '../http/body.ts'
import type { Checked } from '../http/validation.ts'
import { type Arrival, receive } from './arrival.ts'
import type { Foreign } from './foreign.ts'
import type { Identity } from './identity.ts'
import { type Intake, senderOf } from './intake.ts'
import { arrivalOf, checkShape, sitePattern, textOfValue } from './posthog-event.ts'
import { type Candidate, sortOut } from './sort.ts'

// PostHog's requests: one event, a list, or { api_key, batch }, as JSON, gzip, or base64 in a form.

const bodyLimitBytes = 2 * 1024 * 1024
const maxUnpackedBytes = 5 * 1024 * 1024
const maxBatch = 1000

const unzip = async (body: Buffer): Promise<Buffer> => {
  try {
    return await promisify(gunzip)(body, { maxOutputLength: maxUnpackedBytes })
  } catch (error) {
    if (systemCodeOf(error) !== 'ERR_BUFFER_TOO_LARGE') throw invalidField('', 'is not valid gzip')
    throw new ClickWatchError(
      'too_large',
      413,
      'The body unpacks to more than this route takes; send it in smaller parts.',
    )
  }
}

/** The text of a body, however it was packed. */
const unpack = async (body: Buffer): Promise<string> => {
  if (body[0] === 0x1f && body[1] === 0x8b) return textOf(await unzip(body))
  const text = textOf(body)
  if (!text.startsWith('data=')) return text
  const data = new URLSearchParams(text).get('data') ?? ''
  return data.startsWith('{') || data.startsWith('[') ? data : textOf(Buffer.from(data, 'base64'))
}

type Envelope = { events: unknown[]; apiKey: string; sentAtMs: number | undefined }

const envelopeOf = (value: unknown): Envelope => {
  if (Array.isArray(value)) return { events: value, apiKey: '', sentAtMs: undefined }
  if (typeof value !== 'object' || value === null)
    throw invalidField('', 'is expected to be an event or a list of them')
  const { batch, api_key, token, sent_at } = value as Record<string, unknown>
  if (batch !== undefined && !Array.isArray(batch)) throw invalidField('batch', 'is expected to be a list')
  const sentAt = timestampMs(textOfValue(sent_at))
  return {
    events: (batch as unknown[] | undefined) ?? [value],
    apiKey: textOfValue(api_key) || textOfValue(token),
    sentAtMs: Number.isFinite(sentAt) ? sentAt : undefined,
  }
}

const personal = /^(\$?user_id|distinct_id|\$anon_distinct_id|\$ip|\$set|\$set_once|alias)$/
const candidateOf = (event: unknown): Candidate => ({
  text: () => JSON.stringify(event, (key, value: unknown) => (personal.test(key) ? undefined : value)),
  read: () => event,
})

/** `POST /i/v0/e`, `/capture` and `/batch`: what PostHog's libraries send. Anyone may. 200 means that what was good is on disk. */
export const addPostHogRoutes = (
  server: FastifyInstance,
  paths: readonly string[],
  take: Intake,
  identity: Identity,
  foreign: Foreign,
): void => {
  for (const path of paths) {
    server.post(path, { bodyLimit: bodyLimitBytes }, async (request) => {
      const envelope = envelopeOf(parseJson(await unpack(request.body as Buffer)))
      if (envelope.events.length > maxBatch) {
        throw new ClickWatchError('too_large', 413, `The body holds more than ${maxBatch} events; send fewer at once.`)
      }
      const sender = senderOf(request)
      const check = (value: unknown): Checked<Arrival> => {
        const shape = checkShape(value)
        return shape.ok ? arrivalOf(shape.value, { envelope, sender, identity, foreign }) : shape
      }
      const site = sitePattern.test(envelope.apiKey) ? envelope.apiKey : 'default'
      const sorted = sortOut(envelope.events.map(candidateOf), check, site)
      await receive(take, sorted, '')
      return { status: 1 }
    })
  }
}
