import type { VisitEvent } from '@clickwatch/contract'
import { useSiteTime } from '../behaviour/use-site-time.ts'
import { chaptersOf } from './chapters.ts'
import { EventRow } from './event-row.tsx'

/** A visit as it went, page by page. */
export const VisitTimeline = ({ events, site }: { events: VisitEvent[]; site: string }) => {
  const { clock } = useSiteTime(site)
  const chapters = chaptersOf(events)
  return (
    <div className="space-y-6">
      {[...chapters.entries()].map(([place, { page, title, events: own }]) => (
        <section key={place} aria-label={page} data-chapter={page}>
          <h3 className="mb-3 flex min-w-0 flex-wrap items-baseline gap-x-2 border-b border-line pb-1.5">
            <span className="truncate font-bold">{page}</span>
            {title && <span className="truncate text-xs font-normal text-soft">{title}</span>}
          </h3>
          <ol>
            {[...own.entries()].map(([index, event]) => (
              <EventRow
                key={index}
                event={event}
                before={index === 0 ? chapters[place - 1]?.events.at(-1) : own[index - 1]}
                clock={clock}
              />
            ))}
          </ol>
        </section>
      ))}
    </div>
  )
}
