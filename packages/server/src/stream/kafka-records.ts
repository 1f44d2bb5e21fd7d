import type { Consumer } from '@platformatic/kafka'
import { senderHeader, senderOfText } from './sender.ts'
import type { StreamMessage } from './stream.ts'

type FetchResponse = Awaited<ReturnType<Consumer['fetch']>>
type Partition = FetchResponse['responses'][number]['partitions'][number]
type Batch = NonNullable<Partition['records']>[number]
type Headers = Batch['records'][number]['headers']

// Bits of a batch's attributes (https://kafka.apache.org/documentation/#recordbatch).
const isLogAppendTime = 1 << 3
const isOfTransaction = 1 << 4
const isControl = 1 << 5
/** The type of a control record, in its key after two bytes of version. */
const abortMark = 0

const senderOf = (headers: Headers): StreamMessage['sender'] =>
  senderOfText(headers.find(([name]) => name?.toString() === senderHeader)?.[1]?.toString())

/** Where the broker stamps messages itself, the batch has the one time of them all; else it is what the producer's clock said. */
const timestampOf = ({ attributes, firstTimestamp, maxTimestamp }: Batch, delta: bigint): number => {
  const time = Number(attributes & isLogAppendTime ? maxTimestamp : firstTimestamp + delta)
  // A producer may leave it out (-1), or be ahead of its time; nothing was taken in later than now.
  return time > 0 ? Math.min(time, Date.now()) : Date.now()
}

/**
 * The messages of a partition in an answer to a fetch, without marks of transactions and without those whose transaction was given up.
 * @returns and the offset after the last that the answer tells of; `undefined` where it tells of none
 */
export const messagesOf = (partition: Partition): { messages: StreamMessage[]; next: number | undefined } => {
  const messages: StreamMessage[] = []
  const abortions = [...(partition.abortedTransactions ?? [])].sort((a, b) => Number(a.firstOffset - b.firstOffset))
  const aborted = new Set<bigint>()
  let next: number | undefined
  for (const batch of partition.records ?? []) {
    const lastOffset = batch.firstOffset + BigInt(batch.lastOffsetDelta)
    next = Number(lastOffset) + 1
    for (let [first] = abortions; first && first.firstOffset <= lastOffset; [first] = abortions) {
      aborted.add(first.producerId)
      abortions.shift()
    }
    if (batch.attributes & isControl) {
      if (batch.records[0]?.key?.readInt16BE(2) === abortMark) aborted.delete(batch.producerId)
      continue
    }
    if (batch.attributes & isOfTransaction && aborted.has(batch.producerId)) continue
    for (const record of batch.records) {
      messages.push({
        partition: partition.partitionIndex,
        offset: Number(batch.firstOffset) + record.offsetDelta,
        enqueuedAtMs: timestampOf(batch, record.timestampDelta),
        value: record.value ?? Buffer.alloc(0),
        sender: senderOf(record.headers),
      })
    }
  }
  return { messages, next }
}
