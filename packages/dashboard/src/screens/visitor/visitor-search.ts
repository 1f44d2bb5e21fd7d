import { readSearch, textOf, type ViewSearch } from '../../view.ts'

export type VisitorSearch = ViewSearch & { visitor?: string }

export const readVisitorSearch = (search: Record<string, unknown>): VisitorSearch => {
  const visitor = textOf(search.visitor)
  return { ...readSearch(search), ...(visitor ? { visitor } : {}) }
}
