import { open } from 'lmdb'

/** Where the pipeline goes on reading a partition of a stream. */
export type Place = {
  /** What the stream calls the first message by that is not yet stored. */
  offset: number
  /** Of each sender whose messages may come twice, the number of the last that was taken, who came last at the end. */
  seen: Readonly<Record<string, number>>
}

/** The inserts of one batch, written down before the first of them is made, so that a restart makes them again and no others. */
export type Plan = {
  /** The offset after the batch's last record. */
  nextOffset: number
  place: Place
  inserts: { table: string; token: string; rows: Buffer }[]
}

/** How far the pipeline has come in each partition, on disk. */
export interface Positions {
  /** The offset of the first record that is not yet stored: how many there were. */
  next(partition: number): number
  place(partition: number): Place
  /** A batch that was begun and may not be all stored. */
  begun(partition: number): Plan | undefined
  begin(partition: number, plan: Plan): Promise<void>
  /** The begun batch is stored: goes on after it. */
  finish(partition: number, after: Pick<Plan, 'nextOffset' | 'place'>): Promise<void>
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
  return {
    next: (partition) => nextIn(root, partition),
    place: (partition) => placeIn(root, stream, partition),
    begun: (partition) => root.get(`begun-${partition}`) as Kept | undefined,
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
