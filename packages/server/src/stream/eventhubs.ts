import { EventHubConsumerClient, EventHubProducerClient } from '@azure/event-hubs'
import { DefaultAzureCredential } from '@azure/identity'
import { partitionOf } from './partition.ts'
import { senderHeader, senderText } from './sender.ts'
import type { Spooled } from './spool.ts'
import { type Producer, TooLarge } from './spooled.ts'
import type { StreamTarget } from './target.ts'

export type EventHubsTarget = Extract<StreamTarget, { kind: 'eventhubs' }>

// What fails is tried again by whoever called, who knows what it was.
const options = { retryOptions: { maxRetries: 1, retryDelayInMs: 250, timeoutInMs: 10_000 } }

/** Who runs the process, where there is no connection string: a managed identity, or what the environment says. */
const identity = () => new DefaultAzureCredential()

export const openConsumerClient = ({ connectionString, namespace, hub, consumerGroup }: EventHubsTarget) =>
  connectionString === undefined
    ? new EventHubConsumerClient(consumerGroup, namespace, hub, identity(), options)
    : new EventHubConsumerClient(consumerGroup, connectionString, hub, options)

const openProducerClient = ({ connectionString, namespace, hub }: EventHubsTarget) =>
  connectionString === undefined
    ? new EventHubProducerClient(namespace, hub, identity(), options)
    : new EventHubProducerClient(connectionString, hub, options)

/** What partitions the hub has; asked once, since how many there are does not change while a collector runs. */
const askPartitionIds = async (client: EventHubProducerClient): Promise<string[]> => {
  try {
    return await client.getPartitionIds()
  } catch (error) {
    await client.close()
    throw error
  }
}

/** Connects to the event hub for writing, each time it is called. */
export const eventHubsConnector = (target: EventHubsTarget): (() => Promise<Producer>) => {
  let partitionIds: string[] | undefined
  return async () => {
    const client = openProducerClient(target)
    partitionIds ??= await askPartitionIds(client)
    return producerOf(client, partitionIds)
  }
}

const producerOf = (client: EventHubProducerClient, partitionIds: readonly string[]): Producer => {
  /** Sends the records of a partition in order, in as few batches as hold them. */
  const sendTo = async (partitionId: string, records: readonly Spooled[]): Promise<void> => {
    let batch = await client.createBatch({ partitionId })
    for (const { from, number, value, enqueuedAtMs } of records) {
      const data = { body: value, properties: { [senderHeader]: senderText(from, number, enqueuedAtMs) } }
      if (batch.tryAdd(data)) continue
      if (batch.count > 0) await client.sendBatch(batch)
      batch = await client.createBatch({ partitionId })
      if (!batch.tryAdd(data)) throw new TooLarge({ cause: new Error(`a batch holds ${batch.maxSizeInBytes} bytes`) })
    }
    if (batch.count > 0) await client.sendBatch(batch)
  }

  return {
    async send(records) {
      const byPartition = Map.groupBy(records, ({ key }) => partitionOf(key, partitionIds.length))
      const sent = await Promise.allSettled(
        [...byPartition].map(([partition, of]) => sendTo(partitionIds[partition] ?? '', of)),
      )
      for (const each of sent) if (each.status === 'rejected') throw each.reason
    },
    close: () => client.close(),
  }
}
