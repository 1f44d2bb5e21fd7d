import { open } from 'lmdb'
import type { Spooled } from '../stream/spool.ts'

/** Where the pipeline goes on reading a partition of a stream. */
export type Place = {
  /** What the stream calls the first message by that is not yet stored. */
  offset: number
  /** Of each sender whose messages may come twice, the number of the last that was taken, who came last at the end. */
  seen: Readonly<Record<string, number>>
  /** How many documents were handed over to other partitions; none where it is left out. */
  handed?: number
}

/** Where nothing was read yet. */
export const nowhere: Place = { offset: 0, seen: {} }

/** The inserts of one batch, written down before the first of them is made, so that a restart makes them again and no others. */
export type Plan = {
  /** The offset after the batch's last record. */
  nextOffset: number
  place: Place
  inserts: { table: string; token: string; rows: Buffer }[]
  /** What belongs to other partitions, and is put there first. */
  handed?: readonly Handed[]
}

/** A document on its way to the partition of its visitor: as a collector would send it, number by number. */
export type Handed = Spooled & { enqueuedAtMs: number }

/** How far a partition is, for who only looks. */
export type Reached = {
  next: number
  place: Place
  /** What `next` will be when the batch under way is stored, which may be so already; the same as `next` where there is none. */
  nextBegun: number
}

/** How far the pipeline has come in each partition, on disk. */
export interface Positions {
  /**
   * Makes this process the one that writes of a partition: whoever took it in a lower epoch does so no more. What is asked of one
   * partition, and written, is of those that were taken.
   * @throws {PartitionLost} where another has taken it in a higher one
   */
  take(partition: number, epoch: number): Promise<void>
  /** The offset of the first record that is not yet stored: how many there were. */
  next(partition: number): number
  place(partition: number): Place
  /** A batch that was begun and may not be all stored. */
  begun(partition: number): Plan | undefined
  /** @throws {PartitionLost} where another has taken the partition; so does `finish` */
  begin(partition: number, plan: Plan): Promise<void>
  /** The begun batch is stored: goes on after it. */
  finish(partition: number, after: Pick<Plan, 'nextOffset' | 'place'>): Promise<void>
  /** How far the first so many partitions are, whoever works on them. */
  reached(partitions: number): Promise<Reached[]>
  /** How many partitions the stream had when it was last asked; 0 before. */
  readonly partitions: number
  keepPartitions(count: number): Promise<void>
  close(): Promise<void>
}

/** The stream on this machine, whose messages are called by the offsets of their records as long as there was no other. */
export const embeddedStream = 'embedded'

// A plan of a stream that was left since is finished as one of that stream.
type Kept = Plan & { stream: string }
type Value = Kept | Place | number
type Root = { get(key: string): Value | undefined }

const nextIn = (root: Root, partition: number): number => (root.get(`next-${partition}`) as number | undefined) ?? 0

const placeIn = (root: Root, stream: string, partition: number): Place =>
  (root.get(`place-${stream}-${partition}`) as Place | undefined) ?? {
    offset: stream === embeddedStream ? nextIn(root, partition) : 0,
    seen: {},
  }

/** @param stream which one is read, for each has places of its own; records are counted through all of them */
export const openPositions = (folder: string, stream: string = embeddedStream): Positions => {
  const root = open<Value, string>({ path: folder, overlappingSync: false })
  const begunIn = (partition: number) => root.get(`begun-${partition}`) as Kept | undefined
  return {
    // The data folder's lock keeps every other process away.
    take: async () => undefined,
    next: (partition) => nextIn(root, partition),
    place: (partition) => placeIn(root, stream, partition),
    begun: begunIn,
    async begin(partition, plan) {
      const kept: Kept = { ...plan, stream }
      await root.put(`begun-${partition}`, kept)
    },
    async finish(partition, { nextOffset, place }) {
      const begun = root.get(`begun-${partition}`) as Partial<Kept> | undefined
      const finished = begun?.stream ?? (begun ? embeddedStream : stream)
      await root.transaction(() => {
        // Whoever goes back to the embedded stream finds it where it was left, not where the count has come to meanwhile.
        const ofEmbedded = `place-${embeddedStream}-${partition}`
        if (root.get(ofEmbedded) === undefined) root.put(ofEmbedded, placeIn(root, embeddedStream, partition))
        root.put(`place-${finished}-${partition}`, place ?? { offset: nextOffset, seen: {} })
        root.put(`next-${partition}`, nextOffset)
        root.remove(`begun-${partition}`)
      })
    },
    async reached(count) {
      return Array.from({ length: count }, (_, partition) => {
        const next = nextIn(root, partition)
        return { next, place: placeIn(root, stream, partition), nextBegun: begunIn(partition)?.nextOffset ?? next }
      })
    },
    get partitions() {
      return (root.get(`partitions-${stream}`) as number | undefined) ?? 0
    },
    async keepPartitions(count) {
      await root.put(`partitions-${stream}`, count)
    },
    close: () => root.close(),
  }
}

/** Reads, from another process, how far the pipeline has come in the embedded stream; 0 before it has begun. */
export const openPositionsReader = (folder: string): { offset(partition: number): number; close(): Promise<void> } => {
  const root = open<Value, string>({ path: folder, overlappingSync: false })
  return {
    offset(partition) {
      root.resetReadTxn()
      return placeIn(root, embeddedStream, partition).offset
    },
    close: () => root.close(),
  }
}
