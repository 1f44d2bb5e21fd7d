import { type StreamDocument, visitorKeyOf } from '../stream/document.ts'
import { partitionOf } from '../stream/partition.ts'
import type { StreamMessage, StreamRecord } from '../stream/stream.ts'
import type { Handed, Place } from './positions.ts'

/** The documents of a message, as the collector would have put them on the stream; at least one, if only to say what is wrong. */
export type Understand = (message: StreamMessage) => Promise<Buffer[]>

/** What decides the partition of a document, where that is another than the one it came by. */
export type KeyElsewhere = (document: Buffer, partition: number) => string | undefined

/** Documents stay where they came. */
export const allStay: KeyElsewhere = () => undefined

/** Documents of visitors go to the partition that a collector would have put them in, so that one pipeline knows all of a visitor's. */
export const homeOfVisitors =
  (partitions: number): KeyElsewhere =>
  (document, partition) => {
    const key = visitorKeyOf(JSON.parse(document.toString()) as StreamDocument)
    return key !== undefined && partitionOf(key, partitions) !== partition ? key : undefined
  }

/** Senders that nothing was heard of for so long that as many others came since are not waited for. */
const maxSenders = 500

/** What a collector writes is what the pipeline reads. */
export const asWritten: Understand = async ({ value }) => [value]

/** Whether a message is one that has come before; if it is not, it has from now on. */
const hasCome = ({ sender }: StreamMessage, seen: Map<string, number>): boolean => {
  if (sender.kind !== 'collector' || sender.from === undefined || sender.number === undefined) return false
  if (sender.number <= (seen.get(sender.from) ?? -1)) return true
  // Who came last is at the end.
  seen.delete(sender.from)
  seen.set(sender.from, sender.number)
  return false
}

/**
 * Makes records of messages, counted on from `nextOffset`. A message that a collector sent again, since it could not know that the
 * first had arrived, is left out.
 * @param keyElsewhere asked of what anyone sent
 * @returns the records, what is to be handed over to other partitions, and where to go on
 */
export const takeMessages = async (
  messages: readonly StreamMessage[],
  place: Place,
  nextOffset: number,
  understand: Understand,
  keyElsewhere: KeyElsewhere = allStay,
): Promise<{ records: StreamRecord[]; handed: Handed[]; place: Place }> => {
  const records: StreamRecord[] = []
  const handed: Handed[] = []
  const seen = new Map(Object.entries(place.seen))
  let { offset } = place
  for (const message of messages) {
    offset = message.offset + 1
    if (hasCome(message, seen)) continue
    const { partition, sender } = message
    const enqueuedAtMs = (sender.kind === 'collector' ? sender.enqueuedAtMs : undefined) ?? message.enqueuedAtMs
    for (const value of await understand(message)) {
      const key = sender.kind === 'anyone' ? keyElsewhere(value, partition) : undefined
      if (key === undefined) {
        const record = { partition, offset: nextOffset + records.length, enqueuedAtMs, value }
        records.push({ ...record, messageOffset: message.offset })
      } else {
        const number = (place.handed ?? 0) + handed.length
        handed.push({ from: `partition-${partition}`, number, key, value, enqueuedAtMs })
      }
    }
  }
  const after: Place = { offset, seen: Object.fromEntries([...seen].slice(-maxSenders)) }
  const count = (place.handed ?? 0) + handed.length
  return { records, handed, place: count > 0 ? { ...after, handed: count } : after }
}
