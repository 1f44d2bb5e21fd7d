import { open } from 'lmdb'

/** The inserts of one batch, written down before the first of them is made, so that a restart makes them again and no others. */
export type Plan = {
  /** The offset after the batch's last record. */
  nextOffset: number
  inserts: { table: string; token: string; rows: Buffer }[]
}

/** How far the pipeline has come in each partition, on disk. */
export interface Positions {
  /** The offset of the first record that is not yet stored. */
  next(partition: number): number
  /** A batch that was begun and may not be all stored. */
  begun(partition: number): Plan | undefined
  begin(partition: number, plan: Plan): Promise<void>
  /** The begun batch is stored: goes on after it. */
  finish(partition: number, nextOffset: number): Promise<void>
  close(): Promise<void>
}

export const openPositions = (folder: string): Positions => {
  const root = open<Plan | number, string>({ path: folder, overlappingSync: false })
  return {
    next: (partition) => (root.get(`next-${partition}`) as number | undefined) ?? 0,
    begun: (partition) => root.get(`begun-${partition}`) as Plan | undefined,
    async begin(partition, plan) {
      await root.put(`begun-${partition}`, plan)
    },
    async finish(partition, nextOffset) {
      await root.transaction(() => {
        root.put(`next-${partition}`, nextOffset)
        root.remove(`begun-${partition}`)
      })
    },
    close: () => root.close(),
  }
}

/** Reads, from another process, how far the pipeline has come; 0 before it has begun. */
export const openPositionsReader = (folder: string): { next(partition: number): number; close(): Promise<void> } => {
  const root = open<Plan | number, string>({ path: folder, overlappingSync: false })
  return {
    next(partition) {
      root.resetReadTxn()
      return (root.get(`next-${partition}`) as number | undefined) ?? 0
    },
    close: () => root.close(),
  }
}
