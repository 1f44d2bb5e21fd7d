import { messageOf } from '../errors.ts'
import type { VisitRules } from '../metadata/sites.ts'
import type { StreamDocument } from '../stream/document.ts'
import type { StreamRecord } from '../stream/stream.ts'
import { type Visit, visitOf } from './visit.ts'

/** A record of the stream, read: what it says, or why it says nothing. */
export type Read =
  | { record: StreamRecord; stream: Extract<StreamDocument, { kind: 'tracker' | 'session' }>; visit: Visit }
  | { record: StreamRecord; stream: Extract<StreamDocument, { kind: 'withheld' }> }
  | { record: StreamRecord; letter: Letter }
/** What cannot be processed: whole, with the reason. */
export type Letter = { site: string; reason: string; detail: string; document: string }

export type VisitRulesOf = (site: string) => VisitRules

/** Reads records; one that cannot be read becomes a dead letter and stops nothing. */
export const readRecords = (records: readonly StreamRecord[], rulesOf: VisitRulesOf): Read[] =>
  records.map((record) => {
    const text = record.value.toString('utf8')
    try {
      const stream = JSON.parse(text) as StreamDocument
      if (stream.kind === 'refused') {
        const detail = [stream.field, stream.reason].filter((part) => part !== '').join(' ')
        return { record, letter: { site: stream.site, reason: 'invalid_field', detail, document: stream.document } }
      }
      if (stream.kind === 'withheld') return { record, stream }
      const visit = visitOf(stream)
      const isFollowed = stream.kind === 'session' || rulesOf(stream.site).trustsTracker
      return { record, stream, visit: isFollowed ? visit : { ...visit, sessionId: '' } }
    } catch (error) {
      return { record, letter: { site: '', reason: 'unreadable', detail: messageOf(error), document: text } }
    }
  })

type Told = Extract<Read, { visit: Visit }>

/** Whether a record is in the numbers. */
export const isCounted = (read: Read): read is Told =>
  'visit' in read && !(read.stream.kind === 'tracker' && read.stream.excluded !== '')
