/**
 * Where a function changes its sign between two points, to about 15 digits of the distance and of the place. `above` says whether the
 * function is above zero; it has to differ at the two ends, `isAtLow` being what it is at `low`.
 */
export const bisect = (low: number, high: number, isAtLow: boolean, above: (x: number) => boolean): number => {
  let [left, right] = [low, high]
  for (let step = 0; step < 200; step++) {
    const middle = (left + right) / 2
    if (right - left <= 4e-15 * Math.abs(middle) || middle === left || middle === right) break
    if (above(middle) === isAtLow) left = middle
    else right = middle
  }
  return (left + right) / 2
}

/**
 * Where a rising function is zero between two points at which it is below and above: false position with Illinois' rule, which needs few
 * calls where the function is smooth.
 */
export const risingRoot = (low: number, high: number, value: (x: number) => number, tolerance: number): number => {
  let [left, right] = [low, high]
  let [atLeft, atRight] = [value(left), value(right)]
  if (atLeft >= 0) return left
  if (atRight <= 0) return right
  let moved: 'left' | 'right' | null = null
  for (let step = 0; step < 100 && right - left > tolerance; step++) {
    const guess = (left * atRight - right * atLeft) / (atRight - atLeft)
    const x = guess > left && guess < right ? guess : (left + right) / 2
    const at = value(x)
    if (Math.abs(at) < 1e-12) return x
    if (at < 0) {
      if (moved === 'left') atRight /= 2
      ;[left, atLeft, moved] = [x, at, 'left']
    } else {
      if (moved === 'right') atLeft /= 2
      ;[right, atRight, moved] = [x, at, 'right']
    }
  }
  return (left + right) / 2
}
