import { Admin, findErrorBy, Producer as KafkaProducer } from '@platformatic/kafka'
import { StartError } from '../errors.ts'
import { connectionOf, type KafkaSource } from './kafka-options.ts'
import { partitionOf } from './partition.ts'
import { senderHeader, senderText } from './sender.ts'
import type { Spooled } from './spool.ts'
import { type Producer, TooLarge } from './spooled.ts'

const clientId = 'clickwatch-collector'

/** How many partitions the topic has; undefined where there is none. Nothing is made. */
export const partitionsOfTopic = async (source: KafkaSource): Promise<number | undefined> => {
  const { topic } = source.target
  const admin = new Admin({ ...connectionOf(source, clientId), retries: 0 })
  try {
    if (!(await admin.listTopics()).includes(topic)) return undefined
    const metadata = await admin.metadata({ topics: [topic] })
    return metadata.topics.get(topic)?.partitionsCount
  } finally {
    await admin.close()
  }
}

/**
 * Makes the topic where there is none.
 * @param partitions of a new topic; one that is there keeps its own
 * @returns how many partitions it has
 */
export const ensureTopic = async (source: KafkaSource, partitions: number): Promise<number> => {
  const { topic } = source.target
  const admin = new Admin({ ...connectionOf(source, clientId), retries: 2, retryDelay: 250 })
  try {
    const topics = await admin.listTopics()
    if (!topics.includes(topic)) {
      try {
        // The time that counts is the broker's, whatever clocks producers have.
        const configs = [{ name: 'message.timestamp.type', value: 'LogAppendTime' }]
        await admin.createTopics({ topics: [topic], partitions, replicas: -1, configs })
      } catch (cause) {
        // Collector and engine may both have found it missing.
        if (!findErrorBy(cause as Error, 'apiId', 'TOPIC_ALREADY_EXISTS')) {
          throw new StartError(`There is no topic '${topic}', and it could not be made; make it, and start again.`, {
            cause,
          })
        }
      }
    }
    const metadata = await admin.metadata({ topics: [topic], forceUpdate: true })
    return metadata.topics.get(topic)?.partitionsCount ?? 0
  } finally {
    await admin.close()
  }
}

/** Connects to the brokers for writing: idempotent, acknowledged by all replicas that are in step. */
export const connectKafkaProducer = async (source: KafkaSource, partitions: number): Promise<Producer> => {
  const { topic } = source.target
  const count = await ensureTopic(source, partitions)
  const producer = new KafkaProducer({
    ...connectionOf(source, clientId),
    idempotent: true,
    retries: 3,
    retryDelay: 250,
  })
  const headerOf = ({ from, number, enqueuedAtMs }: Spooled) =>
    new Map([[Buffer.from(senderHeader), Buffer.from(senderText(from, number, enqueuedAtMs))]])
  return {
    async send(records) {
      try {
        await producer.send({
          messages: records.map((record) => ({
            topic,
            partition: partitionOf(record.key, count),
            key: Buffer.from(record.key),
            value: record.value,
            headers: headerOf(record),
          })),
        })
      } catch (cause) {
        const isTooLarge = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'].some((apiId) =>
          findErrorBy(cause as Error, 'apiId', apiId),
        )
        throw isTooLarge ? new TooLarge({ cause }) : cause
      }
    },
    close: () => producer.close(true),
  }
}
