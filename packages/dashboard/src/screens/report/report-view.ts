import { type ReportRow, type Slicer, slicers } from '@clickwatch/contract'
import { siteIn, textOf } from '../../view.ts'

/** The report's address: the site and what each slicer has selected. */
export type ReportSearch = { site?: string } & Partial<Record<Slicer, string[]>>

export const readReportSearch = (search: Record<string, unknown>): ReportSearch => {
  const read: ReportSearch = {}
  const site = siteIn(search)
  if (site) read.site = site
  for (const slicer of slicers) {
    const value = search[slicer]
    if (value === undefined) continue
    const values = (Array.isArray(value) ? value : [value]).map(textOf)
    if (values.length > 0) read[slicer] = values
  }
  return read
}

/** The search with one option of a slicer switched. */
export const withOption = (search: ReportSearch, slicer: Slicer, option: string): ReportSearch => {
  const { [slicer]: before = [], ...rest } = search
  const after = before.includes(option) ? before.filter((each) => each !== option) : [...before, option]
  return after.length > 0 ? { ...rest, [slicer]: after } : rest
}

export const withoutSlicer = (search: ReportSearch, slicer: Slicer): ReportSearch => {
  const { [slicer]: _removed, ...rest } = search
  return rest
}

export type Sort = { column: keyof ReportRow; isDescending: boolean }

export const sortRows = (rows: readonly ReportRow[], { column, isDescending }: Sort): ReportRow[] => {
  const direction = isDescending ? -1 : 1
  return rows.toSorted((left, right) => {
    const [a, b] = [left[column], right[column]]
    const order = typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b))
    return order * direction
  })
}
