import type { JourneysAnswer } from '@clickwatch/contract'

/** A page at a step, where it is drawn: pixels from the left and the top. */
export type Box = { step: number; page: string; visits: number; exits: number; x: number; y: number; height: number }
/** Visits between two boxes: a band from (x0, y0) to (x1, y1), `width` thick. */
export type Band = { from: Box; to: Box; visits: number; x0: number; y0: number; x1: number; y1: number; width: number }
export type Flow = { boxes: Box[]; bands: Band[]; width: number; height: number; columnWidth: number }

export const barWidth = 8
export const narrowestColumn = 180
const lineHeight = 24
const gap = 8
const tallest = 320

/**
 * Where pages and the ways between them are drawn: a column a step, in each the most visited above and the rest below.
 * @param isBackwards whether step 0 is the last, and stands on the right
 * @param room pixels there are; columns share them, down to a width below which they are given more
 */
export const layOut = (
  { nodes, links }: Pick<JourneysAnswer, 'nodes' | 'links'>,
  isBackwards: boolean,
  room: number,
): Flow => {
  const steps = Math.max(0, ...nodes.map(({ step }) => step))
  const columnWidth = Math.max(narrowestColumn, room / (steps + 1))
  const most = Math.max(1, ...columnsOf(nodes).map((column) => column.reduce((sum, { visits }) => sum + visits, 0)))
  const scale = tallest / most
  const boxes: Box[] = []
  for (const column of columnsOf(nodes)) {
    let y = 0
    for (const node of column) {
      const height = Math.max(2, node.visits * scale)
      boxes.push({ ...node, x: (isBackwards ? steps - node.step : node.step) * columnWidth, y, height })
      y += Math.max(height, lineHeight) + gap
    }
  }
  const boxAt = new Map(boxes.map((box) => [`${box.step} ${box.page}`, box]))
  const used = new Map<string, number>()
  const place = (box: Box, side: 'in' | 'out', width: number): number => {
    const key = `${side} ${box.step} ${box.page}`
    const before = used.get(key) ?? 0
    used.set(key, before + width)
    return box.y + before + width / 2
  }
  const bands = links
    .flatMap((link) => {
      const near = boxAt.get(`${link.step} ${link.from}`)
      const far = boxAt.get(`${link.step + 1} ${link.to}`)
      return near && far ? [{ near, far, visits: link.visits }] : []
    })
    .toSorted((a, b) => a.near.y - b.near.y || a.far.y - b.far.y)
    .map(({ near, far, visits }) => {
      const [from, to] = isBackwards ? [far, near] : [near, far]
      const width = Math.max(1, visits * scale)
      return {
        from,
        to,
        visits,
        width,
        x0: from.x + barWidth,
        y0: place(from, 'out', width),
        x1: to.x,
        y1: place(to, 'in', width),
      }
    })
  const height = Math.max(0, ...boxes.map((box) => box.y + Math.max(box.height, lineHeight)))
  return { boxes, bands, width: (steps + 1) * columnWidth, height, columnWidth }
}

const columnsOf = (nodes: JourneysAnswer['nodes']): JourneysAnswer['nodes'][] => {
  const columns = Map.groupBy(nodes, ({ step }) => step)
  return [...columns.values()].map((column) =>
    column.toSorted((a, b) => Number(a.page === '') - Number(b.page === '') || b.visits - a.visits),
  )
}
