import { setTimeout as sleep } from 'node:timers/promises'
import { Consumer, FetchIsolationLevels, findErrorBy, ListOffsetTimestamps } from '@platformatic/kafka'
import type { Logger } from 'pino'
import { messageOf } from '../errors.ts'
import { Buffers } from './buffers.ts'
import { connectionOf, type KafkaSource } from './kafka-options.ts'
import { messagesOf } from './kafka-records.ts'
import type { StreamReader } from './stream.ts'

/** How long a broker may wait for something new; another broker's news wait as long. */
const maxWaitMs = 100
const partitionBytes = 4 * 1024 * 1024
/** Of a partition, what is fetched ahead of the pipeline. */
const aheadBytes = 16 * 1024 * 1024
const idleMs = 20
const firstRetryMs = 100
const lastRetryMs = 5000

/**
 * Reads a topic ahead of the pipeline, all of its partitions, from the places that the pipeline asks for. What the brokers know of
 * places (committed offsets) is not used.
 * @param partitions how many the topic has
 */
export const openKafkaReader = (source: KafkaSource, partitions: number, logger: Logger): StreamReader => {
  const { topic, group } = source.target
  const consumer = new Consumer({ ...connectionOf(source, 'clickwatch-pipeline'), groupId: group, retries: 0 })
  consumer.topics.track(topic)
  const buffers = new Buffers(aheadBytes)
  const each = Array.from({ length: partitions }, (_, partition) => partition)
  const stopping = new AbortController()

  const ends = async (): Promise<void> => {
    const offsets = await consumer.listOffsets({ topics: [topic], timestamp: ListOffsetTimestamps.LATEST })
    for (const [partition, end] of (offsets.get(topic) ?? []).entries()) buffers.setEnd(partition, Number(end))
  }

  /** Goes on where the topic begins, where what is wanted is no longer kept there. */
  const skipExpired = async (): Promise<void> => {
    const offsets = await consumer.listOffsets({ topics: [topic], timestamp: ListOffsetTimestamps.EARLIEST })
    for (const [partition, start] of (offsets.get(topic) ?? []).entries()) {
      const wanted = buffers.wanted(partition)
      if (wanted === undefined || wanted >= Number(start)) continue
      logger.error(`partition ${partition} of ${topic} begins at ${start}: what was before is not there any more`)
      buffers.add(partition, wanted, [], Number(start))
    }
    await ends()
    for (const partition of each) {
      const wanted = buffers.wanted(partition)
      if (wanted !== undefined && wanted > buffers.end(partition)) {
        logger.error(
          `partition ${partition} of ${topic} ends before ${wanted}, which was read: was the topic made anew?`,
        )
      }
    }
  }

  /** Fetches from one broker; answers whether something came. */
  const fetchFrom = async (node: number, topicId: string, wanted: readonly (readonly [number, number])[]) => {
    const response = await consumer.fetch({
      node,
      topics: [
        {
          topicId,
          partitions: wanted.map(([partition, offset]) => ({
            partition,
            fetchOffset: BigInt(offset),
            currentLeaderEpoch: -1,
            lastFetchedEpoch: -1,
            partitionMaxBytes: partitionBytes,
          })),
        },
      ],
      minBytes: 1,
      maxBytes: 4 * partitionBytes,
      maxWaitTime: maxWaitMs,
      isolationLevel: FetchIsolationLevels.READ_COMMITTED,
    })
    const asked = new Map(wanted)
    for (const partition of response.responses.flatMap((each) => each.partitions)) {
      const { messages, next } = messagesOf(partition)
      const from = asked.get(partition.partitionIndex)
      buffers.setEnd(partition.partitionIndex, Number(partition.highWatermark))
      if (from !== undefined && next !== undefined) buffers.add(partition.partitionIndex, from, messages, next)
    }
  }

  const fetchWanted = async (): Promise<void> => {
    const wanted = each.flatMap((partition) => {
      const offset = buffers.wanted(partition)
      return offset === undefined ? [] : [[partition, offset] as const]
    })
    if (wanted.length === 0) {
      await sleep(idleMs)
      return
    }
    const metadata = await consumer.metadata({ topics: [topic] })
    const described = metadata.topics.get(topic)
    if (!described) throw new Error(`there is no topic ${topic}`)
    const byLeader = Map.groupBy(wanted, ([partition]) => described.partitions[partition]?.leader ?? -1)
    await Promise.all([...byLeader].map(([node, of]) => fetchFrom(node, described.id, of)))
  }

  /** 0 while all goes well. */
  let retryMs = 0
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await fetchWanted()
        if (retryMs > 0) logger.warn(`${topic} can be read again`)
        retryMs = 0
      } catch (error) {
        if (stopping.signal.aborted) return
        if (findErrorBy(error as Error, 'apiId', 'OFFSET_OUT_OF_RANGE')) {
          await skipExpired().catch((cause: unknown) =>
            logger.error({ err: cause }, 'looking where a topic begins failed'),
          )
        } else logger.error({ err: error }, `${topic} cannot be read (${messageOf(error)}); trying again`)
        consumer.clearMetadata()
        retryMs = Math.min(Math.max(firstRetryMs, retryMs * 2), lastRetryMs)
        await sleep(retryMs, undefined, { signal: stopping.signal }).catch(() => undefined)
      }
    }
  }
  const running = run()

  return {
    partitions,
    get unreadable() {
      return retryMs > 0 ? partitions : 0
    },
    end: (partition) => buffers.end(partition),
    read: (partition, offset, maxMessages, maxBytes) => buffers.take(partition, offset, maxMessages, maxBytes),
    leave: (partition) => buffers.leave(partition),
    async close() {
      stopping.abort()
      await consumer.close(true)
      await running
    },
  }
}
