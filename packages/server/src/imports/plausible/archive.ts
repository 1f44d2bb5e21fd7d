import type { SessionDocument } from '@clickwatch/contract'
import { daysOf, type Heard } from './days.ts'
import { nothingOff } from './draft.ts'
import { tableOf } from './tables.ts'
import { visitsOfDay } from './visits.ts'
import { openArchive } from './zip.ts'

export type Hearing = Heard & {
  id: string
  host: string
  onSize(bytes: number): void
  onEvents(events: number): void
}

const count = (number: number): string => number.toLocaleString('en')

/**
 * The visits of an export of Plausible, a day after the other.
 * @returns notes: what of it the numbers differ from, once all was read
 */
export const archivedVisits = (
  path: string,
  hearing: Hearing,
): { visits: AsyncIterable<SessionDocument>; notes: () => string[] } => {
  const off = { ...nothingOff }
  const read = async function* (): AsyncIterable<SessionDocument> {
    const archive = await openArchive(path)
    try {
      const sizes = [...archive.files].filter(([name]) => tableOf(name) !== undefined).map(([, bytes]) => bytes)
      hearing.onSize(sizes.reduce((sum, bytes) => sum + bytes, 0))
      for await (const day of daysOf(archive, hearing)) {
        const made = visitsOfDay(hearing.id, day, hearing.host)
        off.visitors += made.off.visitors
        off.pageviews += made.off.pageviews
        off.eventVisitors += made.off.eventVisitors
        for (const visit of made.visits) {
          hearing.onEvents(visit.events?.length ?? 0)
          yield visit
        }
      }
    } finally {
      archive.close()
    }
  }
  const notes = (): string[] => [
    'The export has sums by day: what its rows have in common, as in a filter by country and source, is as if neither had to do with the other.',
    ...(off.pageviews > 0
      ? [`Page views differ from its tables by ${count(off.pageviews)} in all: they do not agree.`]
      : []),
    ...(off.visitors > 0 ? [`Visitors of rows differ from its tables by ${count(off.visitors)} in all.`] : []),
    ...(off.eventVisitors > 0
      ? [`Of its events, ${count(off.eventVisitors)} were of visitors whom the day has not.`]
      : []),
  ]
  return { visits: read(), notes }
}
