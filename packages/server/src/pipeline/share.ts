/** Which partitions a pipeline works on: all of them where it is alone, some where several share a stream. */
export interface Share {
  /**
   * Takes and gives away partitions as it is fair, while none is worked on.
   * @returns those it has from now on, each with the epoch in which it has it: a rising number, new each time that it is taken
   */
  settle(): Promise<ReadonlyMap<number, number>>
  /** Whether a partition is surely still this pipeline's, so that it may store. */
  has(partition: number): boolean
  /** Lets others have all of it. */
  close(): Promise<void>
}

/** Somebody else has the partition by now: what was begun is theirs to end. */
export class PartitionLost extends Error {
  constructor(partition: number) {
    super(`partition ${partition} is another pipeline's by now`)
  }
}

/** All of a stream that nobody else works on. */
export const wholeStream = (partitions: number): Share => {
  const all = new Map(Array.from({ length: partitions }, (_, partition) => [partition, 0]))
  return { settle: async () => all, has: () => true, close: async () => undefined }
}
