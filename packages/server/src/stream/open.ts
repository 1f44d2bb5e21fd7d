import type { Logger } from 'pino'
import { messageOf, StartError } from '../errors.ts'
import type { StreamCredentials } from './credentials.ts'
import { openEmbeddedReader, openEmbeddedWriter } from './embedded.ts'
import type { Spooled } from './spool.ts'
import { openSpooledWriter, type Producer, sendInParts } from './spooled.ts'
import type { StreamReader, StreamWriter } from './stream.ts'
import { type StreamTarget, streamNameOf } from './target.ts'

export type StreamOptions = {
  target: StreamTarget
  credentials: StreamCredentials
  /** Of a stream that is made new. */
  partitions: number
  logger: Logger
}

// Clients are large: each is loaded where its stream is used.

const connectorOf = async (options: StreamOptions): Promise<() => Promise<Producer>> => {
  const { target, credentials, partitions } = options
  if (target.kind === 'kafka') {
    const { connectKafkaProducer } = await import('./kafka.ts')
    return () => connectKafkaProducer({ target, credentials }, partitions)
  }
  if (target.kind === 'embedded') throw new Error('the embedded stream is here')
  const { eventHubsConnector } = await import('./eventhubs.ts')
  return eventHubsConnector(target)
}

/**
 * Opens the end of the stream that the collector holds.
 * @param folders of the embedded stream, and of what waits for one that is elsewhere
 */
export const openStreamWriter = async (
  options: StreamOptions & { folder: string; spoolFolder: string; spoolLimitBytes: number },
): Promise<StreamWriter> => {
  const { target, partitions, logger, folder, spoolFolder, spoolLimitBytes } = options
  if (target.kind === 'embedded') return openEmbeddedWriter(folder, partitions)
  return openSpooledWriter({
    folder: spoolFolder,
    limitBytes: spoolLimitBytes,
    connect: await connectorOf(options),
    logger,
  })
}

/** A way into a stream elsewhere for whoever keeps and repeats by itself what could not be sent; connected when it is first used. */
export const openStreamSender = async (
  options: StreamOptions,
): Promise<{ send(records: readonly Spooled[]): Promise<void>; close(): Promise<void> }> => {
  const connect = await connectorOf(options)
  let producer: Producer | undefined
  const disconnect = async (): Promise<void> => {
    const left = producer
    producer = undefined
    await left?.close().catch((error: unknown) => options.logger.debug({ err: error }, 'a connection that had failed'))
  }
  return {
    async send(records) {
      try {
        producer ??= await connect()
        await sendInParts(producer, records, options.logger)
      } catch (error) {
        await disconnect()
        throw error
      }
    },
    close: disconnect,
  }
}

/**
 * How many partitions a stream has; undefined where there is none yet. Nothing is made.
 * @param folder of the embedded stream
 * @throws what keeps it from being reached
 */
export const lookAtPartitions = async (
  { target, credentials }: Pick<StreamOptions, 'target' | 'credentials'>,
  folder: string,
): Promise<number | undefined> => {
  if (target.kind === 'embedded') {
    const reader = openEmbeddedReader(folder)
    await reader.close()
    return reader.partitions
  }
  if (target.kind === 'kafka') {
    const { partitionsOfTopic } = await import('./kafka.ts')
    return partitionsOfTopic({ target, credentials })
  }
  const { openConsumerClient } = await import('./eventhubs.ts')
  const client = openConsumerClient(target)
  try {
    return (await client.getPartitionIds()).length
  } finally {
    await client.close()
  }
}

/**
 * Opens the end of the stream that the pipeline holds.
 * @param knownPartitions how many partitions it had before, so that a start need not wait for a stream that is away; 0 is not known
 * @throws {StartError} when it is away and was never seen
 */
export const openStreamReader = async (
  options: StreamOptions & { folder: string; knownPartitions: number },
): Promise<StreamReader> => {
  const { target, credentials, partitions, logger, folder, knownPartitions } = options
  if (target.kind === 'embedded') return openEmbeddedReader(folder)
  const counted = async (count: Promise<number>): Promise<number> =>
    count.catch((cause: unknown) => {
      if (cause instanceof StartError) throw cause
      if (knownPartitions > 0) return knownPartitions
      throw new StartError(`The stream ${streamNameOf(target)} cannot be reached: ${messageOf(cause)}`, { cause })
    })
  if (target.kind === 'kafka') {
    const [{ ensureTopic }, { openKafkaReader }] = await Promise.all([
      import('./kafka.ts'),
      import('./kafka-reader.ts'),
    ])
    const source = { target, credentials }
    return openKafkaReader(source, await counted(ensureTopic(source, partitions)), logger)
  }
  const [{ openConsumerClient }, { openEventHubsReader }] = await Promise.all([
    import('./eventhubs.ts'),
    import('./eventhubs-reader.ts'),
  ])
  const client = openConsumerClient(target)
  const ids = client.getPartitionIds().then(({ length }) => length)
  return openEventHubsReader(client, await counted(ids), logger)
}
