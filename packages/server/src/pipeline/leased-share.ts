import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { ClickWatchError } from '../errors.ts'
import { type Leases, memberPrefix } from '../metadata/leases.ts'
import type { Share } from './share.ts'

const settleEveryMs = 1000

const leaseOfPartition = (partition: number): string => `partition/${partition}`
/** Whoever has it wants all pipelines to stand still; where its owner died, they do until somebody has put things in order. */
export const standstill = 'standstill'
const stillMs = 60_000
const stillLimitMs = 120_000
const lookEveryMs = 200

/**
 * How many partitions each of some pipelines has: as even as can be.
 * @param rank of the one that is asked about, among them all
 */
export const fairShare = (partitions: number, pipelines: number, rank: number): number =>
  Math.floor(partitions / pipelines) + (rank < partitions % pipelines ? 1 : 0)

/**
 * A fair share of the partitions, by leases. Who has more than that gives some away, who has less takes what nobody has, and nobody
 * works on any while an operation wants everything to stand still.
 */
export const leasedShare = (leases: Leases, partitions: number, logger: Logger): Share => {
  const member = memberPrefix + leases.owner
  const held = new Map<number, number>()
  let settledAt = Number.NEGATIVE_INFINITY

  const refresh = (): void => {
    for (const [partition, epoch] of held) {
      if (leases.has(leaseOfPartition(partition)) !== epoch) held.delete(partition)
    }
  }

  const settle = async (): Promise<void> => {
    await leases.take(member)
    const all = await leases.all()
    const taken = new Set(all.flatMap(({ name, isOver }) => (isOver ? [] : name)))
    const members = [...taken].filter((name) => name.startsWith(memberPrefix))
    const isStill = all.some(({ name }) => name === standstill)
    const most = isStill ? 0 : fairShare(partitions, members.length, Math.max(0, members.indexOf(member)))
    const surplus = [...held.keys()].slice(most)
    await leases.release(...surplus.map(leaseOfPartition))
    for (const partition of surplus) held.delete(partition)
    for (let partition = 0; partition < partitions && held.size < most; partition++) {
      const name = leaseOfPartition(partition)
      if (held.has(partition) || taken.has(name)) continue
      const epoch = await leases.take(name)
      if (epoch !== undefined) held.set(partition, epoch)
    }
  }

  return {
    async settle() {
      refresh()
      if (performance.now() - settledAt >= settleEveryMs) {
        try {
          await settle()
        } catch (error) {
          // What is had goes on until its time is over.
          logger.warn({ err: error }, 'partitions could not be shared out; it is tried again in a moment')
        }
        settledAt = performance.now()
        refresh()
      }
      return new Map(held)
    },
    has: (partition) => leases.has(leaseOfPartition(partition)) === held.get(partition) && held.has(partition),
    async close() {
      await leases.release(member, ...[...held.keys()].map(leaseOfPartition))
      held.clear()
    },
  }
}

/** All partitions, for as long as everything stands still; none between. */
export type AllPartitions = Share & {
  /**
   * Has every pipeline let go of its partitions, and takes them.
   * @throws {ClickWatchError} 503 pipelines_busy where one does not let go
   */
  takeAll(): Promise<void>
  letGo(): Promise<void>
  /** Lets go of them, and has everything stand still until what was begun is put in order. */
  giveUp(): Promise<void>
}

/** Whoever has it is the only one to have others stand still, see `Exclusive`. */
export const allPartitions = (leases: Leases, partitions: number): AllPartitions => {
  const names = Array.from({ length: partitions }, (_, partition) => leaseOfPartition(partition))
  let held = new Map<number, number>()
  const letGo = async (): Promise<void> => {
    held = new Map()
    await leases.release(...names, standstill)
  }
  const giveUp = async (): Promise<void> => {
    leases.abandon(standstill)
    held = new Map()
    await leases.release(...names)
  }
  const takeAll = async (): Promise<void> => {
    const until = performance.now() + stillLimitMs
    for (;;) {
      const isStill = (await leases.take(standstill, stillMs)) !== undefined
      if (isStill)
        for (const [partition, name] of names.entries()) {
          const epoch = await leases.take(name, stillMs)
          if (epoch !== undefined) held.set(partition, epoch)
        }
      if (isStill && held.size === partitions) return
      if (performance.now() > until) {
        throw new ClickWatchError(
          'pipelines_busy',
          503,
          'A pipeline has not let go of its partitions: what it stores may not be taken. Look at its log, and ask again.',
        )
      }
      await sleep(lookEveryMs)
    }
  }
  return {
    settle: async () => new Map(held),
    has: (partition) => held.has(partition) && leases.has(leaseOfPartition(partition)) === held.get(partition),
    async takeAll() {
      try {
        await takeAll()
      } catch (error) {
        await letGo()
        throw error
      }
    },
    letGo,
    giveUp,
    close: async () => undefined,
  }
}
