/** One record as it lies in the stream. */
export type StreamRecord = {
  partition: number
  /** Rises by at least one from record to record of a partition. */
  offset: number
  /** When the stream took it, milliseconds since 1970. */
  enqueuedAtMs: number
  value: Buffer
}

/** The end of the stream that the collector holds. */
export interface StreamWriter {
  /** Bytes given to `append` whose promise is not yet settled. */
  readonly pendingBytes: number
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
  /** The offset after the last record of a partition. */
  end(partition: number): number
  /** The records of a partition from `offset` on, in order, at most `maxRecords` and about `maxBytes` of them; [] at the end. */
  read(partition: number, offset: number, maxRecords: number, maxBytes: number): StreamRecord[]
  close(): Promise<void>
}
