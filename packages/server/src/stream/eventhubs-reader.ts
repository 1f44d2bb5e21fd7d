import { setTimeout as sleep } from 'node:timers/promises'
import { type EventHubConsumerClient, earliestEventPosition, type ReceivedEventData } from '@azure/event-hubs'
import type { Logger } from 'pino'
import { messageOf } from '../errors.ts'
import { Buffers } from './buffers.ts'
import { senderHeader, senderOfText } from './sender.ts'
import type { StreamMessage, StreamReader } from './stream.ts'

/** Of a partition, what is fetched ahead of the pipeline. */
const aheadBytes = 16 * 1024 * 1024
const batchEvents = 500
const idleMs = 20
/** How often a partition that nothing comes from is looked after. */
const maxWaitS = 1
const firstRetryMs = 100
const lastRetryMs = 5000

/** Others may send what AMQP calls a value instead of bytes. */
const bytesOf = (body: unknown): Buffer => {
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  if (body === null || body === undefined) return Buffer.alloc(0)
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
}

const messageOfEvent = (partition: number, event: ReceivedEventData): StreamMessage => {
  const sender: unknown = event.properties?.[senderHeader]
  return {
    partition,
    offset: event.sequenceNumber,
    enqueuedAtMs: event.enqueuedTimeUtc.getTime(),
    value: bytesOf(event.body),
    sender: senderOfText(typeof sender === 'string' ? sender : undefined),
  }
}

/**
 * Reads an event hub ahead of the pipeline, all of its partitions, from the places that the pipeline asks for; checkpoints are not used.
 * @param partitions how many there are
 */
export const openEventHubsReader = (
  client: EventHubConsumerClient,
  partitions: number,
  logger: Logger,
): StreamReader => {
  const buffers = new Buffers(aheadBytes)
  const stopping = new AbortController()
  const unreadable = new Set<number>()
  const hasStopped = () => stopping.signal.aborted

  /** Follows a partition from an offset until something goes wrong, or another place is wanted; throws what went wrong. */
  const follow = async (partition: number, partitionId: string, from: number): Promise<void> => {
    const over = Promise.withResolvers<void>()
    stopping.signal.addEventListener('abort', () => over.resolve(), { once: true })
    let next = from
    const subscription = client.subscribe(
      partitionId,
      {
        async processEvents(events, { lastEnqueuedEventProperties }) {
          unreadable.delete(partition)
          const messages = events.map((event) => messageOfEvent(partition, event))
          const last = messages.at(-1)
          if (last) {
            const after = last.offset + 1
            buffers.add(partition, next, messages, after)
            next = after
            buffers.setEnd(partition, Math.max(next, (lastEnqueuedEventProperties?.sequenceNumber ?? -1) + 1))
          }
          // Nothing more comes while there is enough.
          while (buffers.wanted(partition) === undefined && !hasStopped()) await sleep(idleMs)
          if (buffers.wanted(partition) !== next) over.resolve()
        },
        async processError(error) {
          over.reject(error)
        },
      },
      {
        startPosition: from === 0 ? earliestEventPosition : { sequenceNumber: from, isInclusive: true },
        maxBatchSize: batchEvents,
        maxWaitTimeInSeconds: maxWaitS,
        trackLastEnqueuedEventProperties: true,
        skipParsingBodyAsJson: true,
      },
    )
    try {
      await over.promise
    } finally {
      await subscription.close()
    }
  }

  const run = async (partition: number, partitionId: string): Promise<void> => {
    let retryMs = firstRetryMs
    while (!hasStopped()) {
      const from = buffers.wanted(partition)
      if (from === undefined) {
        await sleep(idleMs)
        continue
      }
      try {
        await follow(partition, partitionId, from)
        retryMs = firstRetryMs
      } catch (error) {
        if (hasStopped()) return
        unreadable.add(partition)
        logger.error({ err: error }, `partition ${partitionId} cannot be read (${messageOf(error)}); trying again`)
        await sleep(retryMs, undefined, { signal: stopping.signal }).catch(() => undefined)
        retryMs = Math.min(retryMs * 2, lastRetryMs)
      }
    }
  }

  /** Where partitions end, before anything of them has come. */
  const lookAtEnds = async (): Promise<void> => {
    for (let partition = 0; partition < partitions && !hasStopped(); partition++) {
      const { isEmpty, lastEnqueuedSequenceNumber } = await client.getPartitionProperties(String(partition))
      if (!isEmpty) buffers.setEnd(partition, Math.max(buffers.end(partition), lastEnqueuedSequenceNumber + 1))
    }
  }
  const looking = lookAtEnds().catch((error: unknown) =>
    logger.warn({ err: error }, 'where partitions end is not known yet'),
  )
  const running = Array.from({ length: partitions }, (_, partition) => run(partition, String(partition)))

  return {
    partitions,
    get unreadable() {
      return unreadable.size
    },
    end: (partition) => buffers.end(partition),
    read: (partition, offset, maxMessages, maxBytes) => buffers.take(partition, offset, maxMessages, maxBytes),
    leave: (partition) => buffers.leave(partition),
    async close() {
      stopping.abort()
      // A question whose connection is closed under it ends the process: the SDK's timer asks a link that is gone for its name.
      await Promise.all([looking, ...running])
      await client.close()
    },
  }
}
