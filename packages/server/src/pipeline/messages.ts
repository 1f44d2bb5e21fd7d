import type { StreamMessage, StreamRecord } from '../stream/stream.ts'
import type { Place } from './positions.ts'

/** The documents of a message, as the collector would have put them on the stream; at least one, if only to say what is wrong. */
export type Understand = (message: StreamMessage) => Promise<Buffer[]>

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
 * @returns the records and where to go on
 */
export const takeMessages = async (
  messages: readonly StreamMessage[],
  place: Place,
  nextOffset: number,
  understand: Understand,
): Promise<{ records: StreamRecord[]; place: Place }> => {
  const records: StreamRecord[] = []
  const seen = new Map(Object.entries(place.seen))
  let { offset } = place
  for (const message of messages) {
    offset = message.offset + 1
    if (hasCome(message, seen)) continue
    const { partition, enqueuedAtMs } = message
    for (const value of await understand(message)) {
      const record = { partition, offset: nextOffset + records.length, enqueuedAtMs, value }
      records.push({ ...record, messageOffset: message.offset })
    }
  }
  return { records, place: { offset, seen: Object.fromEntries([...seen].slice(-maxSenders)) } }
}
