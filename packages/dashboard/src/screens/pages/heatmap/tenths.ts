import type { HeatmapAnswer } from '@clickwatch/contract'

/** A tenth of the page from the top, in per cent of its height, and how much happened there. */
export type Tenth = { from: number; to: number; count: number; share: number }

export const tenthsOf = ({ points, height }: Pick<HeatmapAnswer, 'points' | 'height'>): Tenth[] => {
  const counts = new Array<number>(10).fill(0)
  for (const { y, count } of points) {
    const tenth = height > 0 ? Math.min(9, Math.max(0, Math.floor((10 * y) / height))) : 0
    counts[tenth] = (counts[tenth] ?? 0) + count
  }
  const all = counts.reduce((sum, count) => sum + count, 0)
  return counts.map((count, tenth) => ({
    from: 10 * tenth,
    to: 10 * (tenth + 1),
    count,
    share: all > 0 ? count / all : 0,
  }))
}
