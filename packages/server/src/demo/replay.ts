import { setTimeout as sleep } from 'node:timers/promises'
import type { IntakeAnswer, SessionDocument } from '@clickwatch/contract'

/** Where documents go, and what ends the sending. */
export type Target = {
  /** For example http://localhost:8080. */
  baseUrl: string
  /** Whose they are; 'default' when left out. */
  site?: string
  /** Sent as `Authorization: Bearer` where the server asks for one. */
  apiKey: string | undefined
  signal: AbortSignal
}

const batchSize = 200
/** Of the ten megabytes that a request may have. */
const mostBytes = 4_000_000
const defaultWaitMs = 1000

const headersOf = ({ apiKey }: Target): Record<string, string> => ({
  'content-type': 'application/x-ndjson',
  ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}),
})

/**
 * Sends documents as one request, again and again while the server asks to wait.
 * @throws {Error} when the server refuses the request, or a document of it
 */
const send = async (target: Target, lines: readonly string[]): Promise<void> => {
  const body = lines.join('\n')
  for (;;) {
    const response = await fetch(
      `${target.baseUrl}/v1/sessions${target.site === undefined ? '' : `?site=${target.site}`}`,
      {
        method: 'POST',
        headers: headersOf(target),
        body,
        signal: target.signal,
      },
    )
    if (response.status === 503) {
      await response.body?.cancel()
      const waitMs = Number(response.headers.get('retry-after')) * 1000 || defaultWaitMs
      await sleep(waitMs, undefined, { signal: target.signal })
      continue
    }
    if (!response.ok) throw new Error(`The server refused the traffic: ${response.status} ${await response.text()}`)
    const { rejected } = (await response.json()) as IntakeAnswer
    if (rejected[0]) throw new Error(`The server rejected a document: ${rejected[0].field} ${rejected[0].reason}`)
    return
  }
}

/** Sends documents as fast as they are taken, in order; `onSent` is told how many more have been. */
export const replayAll = async (
  target: Target,
  documents: Iterable<SessionDocument> | AsyncIterable<SessionDocument>,
  onSent: (count: number) => void,
): Promise<void> => {
  let batch: string[] = []
  let bytes = 0
  const flush = async () => {
    if (batch.length === 0) return
    await send(target, batch)
    onSent(batch.length)
    batch = []
    bytes = 0
  }
  for await (const document of documents) {
    const line = JSON.stringify(document)
    if (bytes + line.length > mostBytes) await flush()
    batch.push(line)
    bytes += line.length
    if (batch.length === batchSize) await flush()
  }
  await flush()
}

/** Sends a document at a time, `perMinute` of them evenly, until the signal says stop. */
export const replayLive = async (
  target: Target,
  documents: Iterable<SessionDocument>,
  perMinute: number,
): Promise<void> => {
  for (const document of documents) {
    await send(target, [JSON.stringify(document)])
    await sleep(60_000 / perMinute, undefined, { signal: target.signal })
  }
}
