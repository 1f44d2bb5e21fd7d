import type { Range } from './range.ts'

/** The spans of hours that gold is rolled up by, the longest first; each is counted from 1970 on. store/migrations/012-hours.sql */
const spanHours = [672, 168, 24, 1] as const

/** A part of a range, in milliseconds since 1970: whole spans of so many hours, or, at 0, quarters of an hour. */
export type Piece = { span: (typeof spanHours)[number] | 0; fromMs: number; toMs: number }

/** A range of whole quarters of an hour in pieces as long as can be, in order: nothing of it twice, and nothing left out. */
export const piecesOf = (
  { fromMs, toMs }: Pick<Range, 'fromMs' | 'toMs'>,
  spans: readonly Piece['span'][] = spanHours,
): Piece[] => {
  if (fromMs >= toMs) return []
  const [span, ...shorter] = spans
  if (span === undefined) return [{ span: 0, fromMs, toMs }]
  const lengthMs = span * 3_600_000
  const first = Math.ceil(fromMs / lengthMs) * lengthMs
  const last = Math.floor(toMs / lengthMs) * lengthMs
  if (first >= last) return piecesOf({ fromMs, toMs }, shorter)
  return [
    ...piecesOf({ fromMs, toMs: first }, shorter),
    { span, fromMs: first, toMs: last },
    ...piecesOf({ fromMs: last, toMs }, shorter),
  ]
}
