import type { TableFile } from '@clickwatch/delta'
import type { Parameters } from '../store/store.ts'
import type { LakeTable } from './tables.ts'

/** Of some partitions of the stream the offsets from one to before another: what a file of a table that only grows covers. */
export type Ranges = ReadonlyMap<number, readonly [from: number, to: number]>

const tag = 'clickwatch.offsets'

export const tagsOf = (ranges: Ranges): Record<string, string> => ({ [tag]: JSON.stringify([...ranges]) })

/** What a file covers; undefined where somebody else has put it there. */
export const rangesOf = ({ tags }: Pick<TableFile, 'tags'>): Ranges | undefined => {
  const text = tags?.[tag]
  return text === undefined ? undefined : new Map(JSON.parse(text) as [number, [number, number]][])
}

export const covers = (ranges: Ranges, partition: number, offset: number): boolean => {
  const [from, to] = ranges.get(partition) ?? [0, 0]
  return offset >= from && offset < to
}

/** What files that lie one after another cover together: no row of theirs is between two of them. */
export const together = (all: readonly Ranges[]): Ranges => {
  const sum = new Map<number, readonly [number, number]>()
  for (const [partition, [from, to]] of all.flatMap((ranges) => [...ranges])) {
    const [least, most] = sum.get(partition) ?? [from, to]
    sum.set(partition, [Math.min(least, from), Math.max(most, to)])
  }
  return sum
}

/** Whether one comes before another in every partition of the stream that both have. */
export const isBefore = (one: Ranges, other: Ranges): boolean =>
  [...one].every(([partition, [, to]]) => to <= (other.get(partition)?.[0] ?? Number.POSITIVE_INFINITY))

/** The condition for rows of a table to lie in some ranges. */
export const withinRanges = (
  { partition, offset }: NonNullable<LakeTable['stream']>,
  ranges: Ranges,
): { sql: string; parameters: Parameters } => {
  const parameters: Record<string, number> = {}
  const each = [...ranges].map(([number, [from, to]], index) => {
    parameters[`partition_${index}`] = number
    parameters[`from_${index}`] = from
    parameters[`to_${index}`] = to
    return `${partition} = {partition_${index}:UInt16} AND ${offset} >= {from_${index}:UInt64} AND ${offset} < {to_${index}:UInt64}`
  })
  return { sql: each.length === 0 ? 'false' : `(${each.map((one) => `(${one})`).join(' OR ')})`, parameters }
}
