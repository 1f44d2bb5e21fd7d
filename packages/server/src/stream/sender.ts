import type { StreamMessage } from './stream.ts'

/** The header, or application property, by which messages of collectors are known. */
export const senderHeader = 'clickwatch'

/** What a collector writes there. */
export const senderText = (from: string, number: number): string => `${from}:${number}`

/** Who sent a message that has this in the header, or has none. */
export const senderOfText = (text: string | undefined): StreamMessage['sender'] => {
  const [, from, number] = /^([\w-]+):(\d+)$/.exec(text ?? '') ?? []
  return from === undefined ? { kind: 'anyone' } : { kind: 'collector', from, number: Number(number) }
}
