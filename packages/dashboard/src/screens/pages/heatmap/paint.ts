import type { HeatmapAnswer } from '@clickwatch/contract'

/** Pixels of the page around a click that it warms. */
const radiusPx = 28
/** Pixels below which a point is not seen, however small the page is drawn. */
const leastRadius = 9
type Stop = [at: number, red: number, green: number, blue: number]
const hottest: Stop = [1, 255, 40, 20]
const stops: Stop[] = [[0, 60, 80, 255], [0.35, 0, 200, 220], [0.55, 60, 210, 60], [0.75, 255, 225, 0], hottest]

/** The colour of warmth from 0 to 1: blue over green and yellow to red. */
export const colorOfHeat = (heat: number): [red: number, green: number, blue: number] => {
  const above = stops.findIndex(([at]) => at >= heat)
  const to = stops[above] ?? hottest
  const from = stops[above - 1] ?? to
  const share = to[0] > from[0] ? (heat - from[0]) / (to[0] - from[0]) : 0
  const mix = (index: 1 | 2 | 3) => Math.round(from[index] + share * (to[index] - from[index]))
  return [mix(1), mix(2), mix(3)]
}

/** How warm a place is beside the warmest, 0 to 1: roots, so that one hot button does not leave everything else cold. */
export const heatOf = (warmth: number, most: number): number => Math.sqrt(warmth / Math.max(1e-9, most))

/**
 * How warm each pixel is: every point warms those around it, less with the distance.
 * @param scale pixels to a pixel of the page
 */
export const warmthOf = (
  points: HeatmapAnswer['points'],
  width: number,
  height: number,
  scale: number,
): Float32Array => {
  const warmth = new Float32Array(width * height)
  const radius = Math.max(leastRadius, Math.round(radiusPx * scale))
  for (const { x, y, count } of points) {
    const [left, top] = [Math.round(x * scale), Math.round(y * scale)]
    for (let down = Math.max(0, top - radius); down < Math.min(height, top + radius); down += 1) {
      for (let right = Math.max(0, left - radius); right < Math.min(width, left + radius); right += 1) {
        const share = 1 - ((right - left) ** 2 + (down - top) ** 2) / radius ** 2
        if (share > 0) warmth[down * width + right] = (warmth[down * width + right] ?? 0) + count * share * share
      }
    }
  }
  return warmth
}

/** Paints points as warmth over a cleared canvas. */
export const paintHeat = (context: CanvasRenderingContext2D, points: HeatmapAnswer['points'], scale: number): void => {
  const { width, height } = context.canvas
  context.clearRect(0, 0, width, height)
  if (points.length === 0 || width === 0 || height === 0) return
  const warmth = warmthOf(points, width, height, scale)
  const most = warmth.reduce((highest, each) => Math.max(highest, each), 0)
  const colors = Array.from({ length: 256 }, (_, step) => colorOfHeat(step / 255))
  const image = context.createImageData(width, height)
  for (const [pixel, warm] of warmth.entries()) {
    if (warm === 0) continue
    const heat = heatOf(warm, most)
    const [red, green, blue] = colors[Math.round(255 * heat)] ?? [0, 0, 0]
    image.data.set([red, green, blue, 255 * Math.min(0.9, 2.2 * heat)], 4 * pixel)
  }
  context.putImageData(image, 0, 0)
}
