/** A point of a drawing, in pixels. */
export type Point = { x: number; y: number }

/** Round numbers from 0 to at least `most`, about `count` of them. `isWhole` keeps them whole. */
export const niceTicks = (most: number, count: number, isWhole: boolean): number[] => {
  const rough = Math.max(most, isWhole ? 1 : 1e-9) / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const found = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= rough) ?? 10 * power
  const step = isWhole ? Math.max(1, Math.ceil(found)) : found
  const steps = Math.ceil(most / step - 1e-9) || 1
  return Array.from({ length: steps + 1 }, (_, index) => Number((index * step).toPrecision(12)))
}

const slopeOf = (from: Point, to: Point): number => (to.y - from.y) / (to.x - from.x)

/** Slopes at the points such that the curve never leaves the values between two of them (Fritsch and Carlson). */
const slopesOf = (points: readonly Point[]): number[] =>
  points.map((point, index) => {
    const [before, after] = [points[index - 1], points[index + 1]]
    if (!before || !after) {
      const other = before ?? after
      return other ? slopeOf(other.x < point.x ? other : point, other.x < point.x ? point : other) : 0
    }
    const [left, right] = [slopeOf(before, point), slopeOf(point, after)]
    return left * right <= 0 ? 0 : (2 * left * right) / (left + right)
  })

const n = (value: number): string => value.toFixed(1)

/** The path of a smooth line through points from left to right; '' for less than two. */
export const linePath = (points: readonly Point[]): string => {
  const slopes = slopesOf(points)
  const curves = points.slice(1).flatMap((to, index) => {
    const from = points[index]
    if (!from) return []
    const third = (to.x - from.x) / 3
    const [leave, arrive] = [from.y + third * (slopes[index] ?? 0), to.y - third * (slopes[index + 1] ?? 0)]
    return [`C${n(from.x + third)},${n(leave)} ${n(to.x - third)},${n(arrive)} ${n(to.x)},${n(to.y)}`]
  })
  const [first] = points
  return first && curves.length > 0 ? `M${n(first.x)},${n(first.y)}${curves.join('')}` : ''
}

/** Which of `count` labels are written where each needs `width` pixels of `room`: evenly, from the first. */
export const everyNth = (count: number, room: number, width: number): number =>
  Math.max(1, Math.ceil(count / Math.max(1, Math.floor(room / width))))
