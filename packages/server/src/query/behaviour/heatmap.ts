import type { HeatmapAnswer, HeatmapQuery } from '@clickwatch/contract'
import { eventsWhere, type Question } from './question.ts'

const scrollSteps = Array.from({ length: 21 }, (_, index) => index * 5)
/** CSS pixels of a page in which clicks are one point. */
const gridPx = 8
const maxPoints = 20_000
const maxWidths = 50
/** Where no window's width is known, as of what other products' trackers send. */
const unknownWidth = 1280

type Asked = Pick<HeatmapQuery, 'page' | 'device' | 'kind'>

/** Where a page was clicked and how far it was scrolled, brought to the width of window that it was seen in most. */
export const askHeatmap = async (question: Question, { page, device, kind }: Asked): Promise<HeatmapAnswer> => {
  const { store, scope } = question
  const { bound } = scope
  const where = [
    eventsWhere(question),
    `path = ${bound.add(page, 'String')}`,
    ...(device === undefined ? [] : [`device = ${bound.add(device, 'String')}`]),
  ].join(' AND ')
  const [widths, scroll] = await Promise.all([
    store.query<{ width: number; pageviews: number; views: number }>(
      `SELECT viewport_width AS width, count() AS pageviews, sum(pageviews) OVER () AS views FROM silver.events FINAL
       WHERE ${where} AND type = 'page_view'
       GROUP BY width ORDER BY width = 0, pageviews DESC, width LIMIT ${maxWidths}`,
      bound.parameters,
    ),
    kind === 'scroll' ? askDepths(question, where) : [],
  ])
  const pageviews = widths[0]?.views ?? 0
  const width = widths[0]?.width || unknownWidth
  const [{ height } = { height: 0 }] = await store.query<{ height: number }>(
    `SELECT toUInt32(ifNotFinite(round(quantileExactIf(0.5)(page_height, page_height > 0 AND viewport_width = ${bound.add(width, 'Int64')})), 0)) AS height
     FROM silver.events FINAL WHERE ${where}`,
    bound.parameters,
  )
  return {
    pageviews,
    widths: widths
      .filter(({ width: known }) => known > 0)
      .map(({ width: known, pageviews: of }) => ({ width: known, pageviews: of })),
    width,
    height,
    points: kind === 'scroll' ? [] : await askPoints(question, where, kind, width, height),
    scroll,
  }
}

/** A page is as wide as its window, so what is clicked moves with the width; and where it gets longer for being narrower, with its height. */
const askPoints = (
  { store, scope: { bound } }: Question,
  where: string,
  kind: string,
  width: number,
  height: number,
): Promise<HeatmapAnswer['points']> => {
  const [wide, high] = [bound.add(width, 'Int64'), bound.add(height, 'Int64')]
  const grid = (position: string): string =>
    `toInt32(intDiv(toInt64(${position}), ${gridPx}) * ${gridPx} + ${gridPx / 2})`
  return store.query(
    `SELECT ${grid(`position_x * if(viewport_width > 0, ${wide} / viewport_width, 1)`)} AS x,
       ${grid(`position_y * if(page_height > 0 AND ${high} > 0, ${high} / page_height, 1)`)} AS y, count() AS count
     FROM silver.events FINAL
     WHERE ${where} AND type = ${bound.add(kind, 'String')} AND (position_x != 0 OR position_y != 0)
       AND position_x >= 0 AND position_y >= 0
     GROUP BY x, y ORDER BY count DESC, y, x LIMIT ${maxPoints}`,
    bound.parameters,
  )
}

/**
 * Of the views of the page, in per cent, those that saw this far. What is told of a page belongs to the view that came before it in
 * its visit.
 */
const askDepths = async ({ store, scope: { bound } }: Question, where: string): Promise<HeatmapAnswer['scroll']> => {
  const columns = scrollSteps.map((depth) => `countIf(deepest >= ${depth}) AS at${depth}`)
  const [row] = await store.query<Record<string, number>>(
    `SELECT count() AS views, ${columns.join(', ')} FROM (
       SELECT visitor_id, session_id, view, max(scroll_depth) AS deepest
       FROM (
         SELECT visitor_id, session_id, scroll_depth, sum(type = 'page_view') OVER (
           PARTITION BY visitor_id, session_id ORDER BY time, seq, event_id ROWS UNBOUNDED PRECEDING) AS view
         FROM silver.events FINAL WHERE ${where}
       )
       WHERE view > 0
       GROUP BY visitor_id, session_id, view)`,
    bound.parameters,
  )
  const views = row?.views ?? 0
  return scrollSteps.map((depth) => ({
    depth,
    reached: views > 0 ? Number(((100 * (row?.[`at${depth}`] ?? 0)) / views).toFixed(1)) : 0,
  }))
}
