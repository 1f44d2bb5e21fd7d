import { daysKept, type Layer, type Retention } from '../metadata/sites.ts'
import type { LakeTable, Values } from './tables.ts'

// Days that the store has let go of, wholly or in part, are never written anew: they stay as they are in the lake until it lets go of them, too.

const dayMs = 86_400_000

/** When a partition begins, and when the next one does; undefined of one that is not by time. */
const spanOf = ({ date, month }: Values): { fromMs: number; toMs: number } | undefined => {
  if (date !== undefined) return { fromMs: Date.parse(date), toMs: Date.parse(date) + dayMs }
  if (month === undefined) return undefined
  const first = new Date(month)
  return { fromMs: first.getTime(), toMs: Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 1) }
}

/** The midnight of UTC from which a layer of the store holds all that there was of a site; undefined is from the beginning on. */
export type WholeFromMs = (layer: Layer, site: string, nowMs: number) => number | undefined

/** Whether the store still has all of a partition. */
export const isWhole = (wholeFromMs: WholeFromMs, { layer }: LakeTable, values: Values, nowMs: number): boolean => {
  const span = spanOf(values)
  return span === undefined || span.fromMs >= (wholeFromMs(layer, values.site ?? '', nowMs) ?? span.fromMs)
}

/** Whether a partition's time in the lake is over: as its layer's in the store, where the site says nothing else of the lake. */
export const isExpired = (retention: Retention, { layer }: LakeTable, values: Values, nowMs: number): boolean => {
  const span = spanOf(values)
  const site = values.site ?? ''
  const days = daysKept(retention.lake, site) ?? daysKept(retention[layer], site)
  return span !== undefined && days !== undefined && span.toMs <= nowMs - days * dayMs
}
