import { readSearch, textOf, type ViewSearch } from '../../view.ts'

/** The visit that is open, and whose it is; both or neither. */
export type OwnSearch = { visit?: string; visitor?: string }
export type SessionsSearch = ViewSearch & OwnSearch

export const readOwnSearch = (search: Record<string, unknown>): OwnSearch => {
  const [visit, visitor] = [textOf(search.visit), textOf(search.visitor)]
  return visit && visitor ? { visit, visitor } : {}
}

export const readSessionsSearch = (search: Record<string, unknown>): SessionsSearch => ({
  ...readSearch(search),
  ...readOwnSearch(search),
})
