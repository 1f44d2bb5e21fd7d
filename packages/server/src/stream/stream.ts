/** One message as it lies in the stream. */
export type StreamMessage = {
  partition: number
  /** What the stream calls it by: rises by at least one from message to message of a partition. */
  offset: number
  /** When the stream took it, milliseconds since 1970. */
  enqueuedAtMs: number
  value: Buffer
  /**
   * Who put it there. Of a collector: `value` is a `StreamDocument`, and where it may come twice, `from` and `number` say which one of
   * whose it was; numbers of one sender rise within a partition. `enqueuedAtMs` is when the stream took the message of anyone else that
   * `value` was in, where a pipeline has handed it over. Of anyone else: what `value` is has to be found out.
   */
  sender: { kind: 'collector'; from?: string; number?: number; enqueuedAtMs?: number } | { kind: 'anyone' }
}

/** One document on its way through the pipeline: a message, or one of several that came in one message. */
export type StreamRecord = {
  partition: number
  /** Counts the documents of a partition without a gap, whatever the stream calls the messages that they came in. */
  offset: number
  /** When the stream took it, milliseconds since 1970. */
  enqueuedAtMs: number
  value: Buffer
  /** What the stream calls the message by, where that is another number than `offset`. */
  messageOffset?: number
}

/** The end of the stream that the collector holds. */
export interface StreamWriter {
  /** Bytes given to `append` whose promise is not yet settled. */
  readonly pendingBytes: number
  /** Bytes that are on disk here and not yet where the stream is. */
  readonly waitingBytes: number
  /** Bytes that may be appended before `append` has to refuse; without end where the disk is the only bound. */
  readonly roomBytes: number
  /**
   * Adds one record to the partition of `key`; resolves when it is on disk.
   * @throws what the disk says; then the record is not in the stream
   */
  append(key: string, value: Buffer): Promise<void>
  /** Removes the records of a partition with an offset below `offset` that were enqueued before `olderThanMs`; answers how many. */
  trim(partition: number, offset: number, olderThanMs: number): Promise<number>
  close(): Promise<void>
}

/** The end of the stream that the pipeline holds. */
export interface StreamReader {
  readonly partitions: number
  /** How many partitions cannot be read just now: what is known of their ends is of before. */
  readonly unreadable: number
  /** The offset after the last message of a partition, as far as it is known. */
  end(partition: number): number
  /**
   * The messages of a partition from `offset` on, in order, at most `maxMessages` and about `maxBytes` of them; [] where none is
   * there, or none has come over yet.
   */
  read(partition: number, offset: number, maxMessages: number, maxBytes: number): StreamMessage[]
  /** Holds nothing more ready of a partition, until it is read again. */
  leave(partition: number): void
  close(): Promise<void>
}
