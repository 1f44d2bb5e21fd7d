import type { Logger } from 'pino'
import type { Leases } from '../metadata/leases.ts'
import type { Share } from './share.ts'

const settleEveryMs = 1000

export const memberPrefix = 'member/'
const partitionPrefix = 'partition/'
export const leaseOfPartition = (partition: number): string => `${partitionPrefix}${partition}`
/** Whoever has it wants all pipelines to stand still. */
export const standstill = 'standstill'

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
    const taken = new Set(all.map(({ name }) => name))
    const members = all.flatMap(({ name }) => (name.startsWith(memberPrefix) ? name : []))
    const isStill = taken.has(standstill)
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
