import { type EventLimits, SessionDocument } from '@clickwatch/contract'
import { messageOf } from '../errors.ts'
import { parseJson, textOf } from '../http/body.ts'
import { ifGood } from '../http/validation.ts'
import type { RulesOf } from '../metadata/sites.ts'
import { encodeDocument, type StreamDocument } from '../stream/document.ts'
import type { StreamMessage } from '../stream/stream.ts'
import { deliveriesOf } from './arrival.ts'
import type { PlaceOf } from './enrich/geo.ts'
import { createEventSorter } from './events.ts'
import type { StreamIdentity } from './identity.ts'
import { createIntake } from './intake.ts'
import { type ScrubOf, scrubRefused } from './scrub.ts'
import { checkSession, enrichSession } from './session-document.ts'
import { sortOut } from './sort.ts'

type Thing = Record<string, unknown>
const isThing = (value: unknown): value is Thing => typeof value === 'object' && value !== null && !Array.isArray(value)

const sessionFields = Object.keys(SessionDocument.properties).filter((field) => field !== 'session_id')
/** Events have a type or a name; session documents have neither, and an envelope of events has nothing of a session document. */
const isOfEvents = (thing: Thing): boolean =>
  'type' in thing ||
  'name' in thing ||
  ('events' in thing &&
    !('session_id' in thing) &&
    !sessionFields.some((field) => field !== 'events' && field in thing))

/**
 * Reads what anyone put on the stream, as if it had been sent to `/v1/sessions` or `/v1/events`: a session document, an event, an
 * envelope of events, or an array of any of them. What is wrong comes out as a document that says so, and becomes a dead letter.
 * @returns at least one document
 */
export const createMessageReader = (options: {
  /** Of documents that name none. */
  site: string
  placeOf: PlaceOf
  identity: StreamIdentity
  rulesOf: RulesOf
  scrubOf: ScrubOf
  limits: EventLimits
}): ((message: StreamMessage) => Promise<Buffer[]>) => {
  const { site, placeOf, identity, rulesOf, scrubOf, limits } = options
  const sortEvents = createEventSorter(limits)

  const withoutSecrets = scrubRefused(scrubOf)

  const refused = (document: string, reason: string): Buffer =>
    encodeDocument(withoutSecrets({ kind: 'refused', site, received_at: Date.now(), field: '', reason, document }))

  const readSession = (thing: unknown): StreamDocument[] => {
    const candidate = { text: () => JSON.stringify(thing), read: () => thing }
    const check = (value: unknown) =>
      ifGood(checkSession(value), (document) => enrichSession(scrubOf(site).document(document), site))
    const { accepted, refused } = sortOut([candidate], check, site)
    return [...accepted, ...refused.map(withoutSecrets)]
  }

  const readEvents = async (thing: Thing, id: string, nowMs: number): Promise<Buffer[]> => {
    const documents: Buffer[] = []
    const take = createIntake({
      append: async (records) => {
        documents.push(...records.map(({ value }) => value))
      },
      placeOf,
      identity,
      rulesOf,
      scrubOf,
      // Whoever may write to the stream is bounded there.
      rates: async () => undefined,
    })
    // The same message has the same ids whenever it is read, and happened no later than it was sent.
    const sorted = sortEvents(thing, { site, idOf: (index) => `${id}:${index}`, nowMs })
    await take(deliveriesOf(sorted.accepted), sorted.refused)
    return documents
  }

  const readOne = async (value: unknown, id: string, nowMs: number): Promise<Buffer[]> => {
    try {
      if (isThing(value) && isOfEvents(value)) return await readEvents(value, id, nowMs)
      return readSession(value).map(encodeDocument)
    } catch (error) {
      return [refused(JSON.stringify(value), messageOf(error))]
    }
  }

  return async ({ partition, offset, enqueuedAtMs, value, sender }) => {
    if (sender.kind === 'collector') return [value]
    let parsed: unknown
    try {
      parsed = parseJson(textOf(value))
    } catch (error) {
      // Not as it is: what others write is never taken for what a collector has written.
      return [refused(value.toString(), messageOf(error))]
    }
    const things = Array.isArray(parsed) ? parsed : [parsed]
    if (things.length === 0) return [refused('[]', 'the array is empty; a document or several are expected')]
    const read: Buffer[] = []
    for (const [index, thing] of things.entries()) {
      read.push(...(await readOne(thing, `${partition}-${offset}-${enqueuedAtMs}-${index}`, enqueuedAtMs)))
    }
    return read
  }
}
