import type { FastifyInstance } from 'fastify'
import { ClickWatchError } from '../errors.ts'
import { requireFullAccess } from '../http/access.ts'
import { parseJson, textOf } from '../http/body.ts'
import { siteOf } from '../http/site.ts'
import { ifGood } from '../http/validation.ts'
import { encodeDocument, type StreamDocument, visitorKeyOf } from '../stream/document.ts'
import type { Appender } from './appender.ts'
import { type ScrubOf, scrubRefused } from './scrub.ts'
import { checkSession, enrichSession } from './session-document.ts'
import { answerOf, type Candidate, requireAny, sortOut } from './sort.ts'

const bodyLimitBytes = 10 * 1024 * 1024
/** Each document is answered for by itself, so their number is bounded too: 10 MiB could hold five million. */
const maxDocuments = 50_000

const ofValue = (value: unknown): Candidate => ({ text: () => JSON.stringify(value), read: () => value })
const ofLine = (line: string): Candidate => ({ text: () => line, read: () => parseJson(line) })

const refuseTooMany = (candidates: readonly unknown[]): void => {
  if (candidates.length <= maxDocuments) return
  const sentence = `The body holds more than ${maxDocuments} documents; send it in smaller parts.`
  throw new ClickWatchError('too_large', 413, sentence)
}

const lines = (text: string): Candidate[] => {
  const split = text.trimEnd().split('\n', maxDocuments + 1)
  refuseTooMany(split)
  return split.filter((line) => line.trim() !== '').map(ofLine)
}

const isNdjson = (text: string, contentType: string): boolean => {
  if (/ndjson|jsonl|jsonlines/.test(contentType)) return true
  // One object after the other, whatever the content type says.
  const [first, second] = text.split('\n', 2)
  return /^\s*\{.*\}\s*$/.test(first ?? '') && /^\s*\{/.test(second ?? '')
}

/**
 * The documents of a body: one object, an array, or NDJSON.
 * @throws {ClickWatchError} 400 when it is none of them, 413 when there are too many
 */
const candidatesOf = (body: Buffer, contentType: string): Candidate[] => {
  const text = textOf(body)
  if (isNdjson(text, contentType)) return lines(text)
  const value = parseJson(text)
  const values: unknown[] = Array.isArray(value) ? value : [value]
  refuseTooMany(values)
  return values.map(ofValue)
}

const keyOf = (document: StreamDocument): string => visitorKeyOf(document) ?? document.site

/**
 * `POST /v1/sessions`: session documents of any producer, each checked by itself. Who may call: the holder of the key, or this
 * machine where none is set. 202 means that every accepted document is on disk, and that every rejected one is kept with its
 * reason; 400 that none was acceptable.
 */
export const addSessionsRoute = (
  server: FastifyInstance,
  append: Appender,
  apiKey: string | undefined,
  scrubOf: ScrubOf,
): void => {
  server.post('/v1/sessions', {
    bodyLimit: bodyLimitBytes,
    onRequest: async (request) =>
      requireFullAccess({ address: request.socket.remoteAddress, headers: request.headers }, apiKey),
    handler: async (request, reply) => {
      const site = siteOf(request.query)
      const candidates = candidatesOf(request.body as Buffer, request.headers['content-type'] ?? '')
      const sorted = sortOut(
        candidates,
        (value) => ifGood(checkSession(value), (document) => enrichSession(scrubOf(site).document(document), site)),
        site,
      )
      requireAny(sorted, '')
      const documents = [...sorted.accepted, ...sorted.refused.map(scrubRefused(scrubOf))]
      await append(documents.map((document) => ({ key: keyOf(document), value: encodeDocument(document) })))
      const ignoredFields = sorted.accepted.reduce((sum, { ignored_fields }) => sum + ignored_fields, 0)
      return reply.code(202).send(answerOf(sorted, ignoredFields))
    },
  })
}
