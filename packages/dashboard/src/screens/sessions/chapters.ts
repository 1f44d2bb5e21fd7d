import type { VisitEvent } from '@clickwatch/contract'

/** What happened on one page before another was opened. */
export type Chapter = { page: string; title: string; events: VisitEvent[] }

/** A visit's events as they followed each other, page after page; a page come back to is another chapter. */
export const chaptersOf = (events: VisitEvent[]): Chapter[] => {
  const chapters: Chapter[] = []
  for (const event of events) {
    const current = chapters.at(-1)
    const opensPage = event.type === 'page_view' || current === undefined || event.page !== current.page
    if (opensPage) chapters.push({ page: event.page, title: event.title, events: [event] })
    else current.events.push(event)
  }
  return chapters
}

/** Seconds between two events; never below zero. */
export const secondsBetween = (earlier: VisitEvent, later: VisitEvent): number =>
  Math.max(0, (Date.parse(later.time) - Date.parse(earlier.time)) / 1000)
