import type { VisitEvent } from '@clickwatch/contract'
import {
  BookOpen,
  Eye,
  FileText,
  Flame,
  FormInput,
  Gauge,
  MousePointer2,
  MousePointerClick,
  MoveVertical,
  Send,
  Sparkles,
} from 'lucide-react'
import { useTranslations } from 'use-intl'
import { formatDuration } from '../../format.ts'
import { type Chapter, chaptersOf, secondsBetween } from './chapters.ts'

const icons = {
  page_view: FileText,
  click: MousePointerClick,
  rage_click: Flame,
  cta_seen: Eye,
  hover: MousePointer2,
  scroll: MoveVertical,
  submit: Send,
  form_abandon: FormInput,
  engagement: BookOpen,
  custom: Sparkles,
  web_vital: Gauge,
}
type Known = keyof typeof icons
const isKnown = (type: string): type is Known => type in icons
// A pause that is worth telling.
const pauseS = 1

const clock = (time: string, timezone: string | undefined): string =>
  new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', ...(timezone ? { timeZone: timezone } : {}) }).format(
    new Date(time),
  )

const money = ({ revenue, currency }: VisitEvent): string =>
  new Intl.NumberFormat(undefined, currency ? { style: 'currency', currency } : {}).format(revenue)

const Event = ({
  event,
  before,
  timezone,
}: {
  event: VisitEvent
  before: VisitEvent | undefined
  timezone: string | undefined
}) => {
  const t = useTranslations('sessions')
  const type = isKnown(event.type) ? event.type : 'other'
  const Icon = type === 'other' ? Sparkles : icons[type]
  const what = event.type === 'page_view' ? '' : event.name || event.text || event.element
  const props = Object.entries(event.props)
  const pause = before ? secondsBetween(before, event) : 0
  return (
    <li data-event={event.type} className="relative pb-3 pl-9 last:pb-0">
      <span aria-hidden className="absolute top-6 bottom-0 left-3 w-px bg-line [li:last-child>&]:hidden" />
      <span
        aria-hidden
        className={`absolute top-0 left-0 grid size-6 place-items-center rounded-full ${event.type === 'rage_click' || event.type === 'form_abandon' ? 'bg-bad/15 text-bad' : event.type === 'submit' || event.revenue !== 0 ? 'bg-good/15 text-good' : 'bg-accent-soft text-accent'}`}
      >
        <Icon size={14} />
      </span>
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span>
          {t(`did.${type}`)} {what && <span className="font-semibold">{what}</span>}
        </span>
        {event.revenue !== 0 && <span className="font-semibold text-good">{money(event)}</span>}
        <span className="text-xs text-soft">
          <time dateTime={event.time}>{clock(event.time, timezone)}</time>
          {pause >= pauseS && <> · {t('after', { time: formatDuration(pause) })}</>}
          {event.type !== 'page_view' && event.scroll_depth > 0 && (
            <> · {t('scrolled', { depth: Math.round(event.scroll_depth) })}</>
          )}
          {event.engaged_ms >= 1000 && <> · {t('read', { time: formatDuration(event.engaged_ms / 1000) })}</>}
        </span>
      </p>
      {props.length > 0 && (
        <dl aria-label={t('props')} className="mt-1 flex flex-wrap gap-1">
          {props.map(([name, value]) => (
            <div key={name} className="flex max-w-full gap-1 rounded-md bg-raised px-1.5 py-0.5 text-xs">
              <dt className="text-soft">{name}</dt>
              <dd className="truncate">{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  )
}

const PageChapter = (props: { chapter: Chapter; last: VisitEvent | undefined; timezone: string | undefined }) => {
  const { chapter, timezone } = props
  return (
    <section aria-label={chapter.page} data-chapter={chapter.page}>
      <h3 className="mb-3 flex min-w-0 flex-wrap items-baseline gap-x-2 border-b border-line pb-1.5">
        <span className="truncate font-bold">{chapter.page}</span>
        {chapter.title && <span className="truncate text-xs font-normal text-soft">{chapter.title}</span>}
      </h3>
      <ol>
        {[...chapter.events.entries()].map(([place, event]) => (
          <Event
            key={place}
            event={event}
            before={place === 0 ? props.last : chapter.events[place - 1]}
            timezone={timezone}
          />
        ))}
      </ol>
    </section>
  )
}

/** A visit as it went, page by page. */
export const VisitTimeline = ({ events, timezone }: { events: VisitEvent[]; timezone?: string | undefined }) => {
  const chapters = chaptersOf(events)
  return (
    <div className="space-y-6">
      {[...chapters.entries()].map(([place, chapter]) => (
        <PageChapter key={place} chapter={chapter} last={chapters[place - 1]?.events.at(-1)} timezone={timezone} />
      ))}
    </div>
  )
}
