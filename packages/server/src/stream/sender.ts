import type { StreamMessage } from './stream.ts'

/** The header, or application property, by which messages of collectors are known. */
export const senderHeader = 'clickwatch'

/**
 * What a collector writes there.
 * @param enqueuedAtMs when the stream first took what a pipeline hands over
 */
export const senderText = (from: string, number: number, enqueuedAtMs?: number): string =>
  enqueuedAtMs === undefined ? `${from}:${number}` : `${from}:${number}:${enqueuedAtMs}`

/** Who sent a message that has this in the header, or has none. */
export const senderOfText = (text: string | undefined): StreamMessage['sender'] => {
  const [, from, number, enqueuedAtMs] = /^([\w-]+):(\d+)(?::(\d+))?$/.exec(text ?? '') ?? []
  if (from === undefined) return { kind: 'anyone' }
  const sender = { kind: 'collector', from, number: Number(number) } as const
  return enqueuedAtMs === undefined ? sender : { ...sender, enqueuedAtMs: Number(enqueuedAtMs) }
}
