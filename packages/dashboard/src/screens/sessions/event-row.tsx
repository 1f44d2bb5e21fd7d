import { type VisitEvent, vitalNames } from '@clickwatch/contract'
import clsx from 'clsx'
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
import { formatVital } from '../pages/ratings.ts'
import { secondsBetween } from './chapters.ts'

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
  vital: Gauge,
}
type Doing = keyof typeof icons
const isDoing = (type: string): type is Doing => type in icons
// A pause, or a time of reading, that is worth telling.
const leastS = 1

const money = ({ revenue, currency }: VisitEvent): string =>
  new Intl.NumberFormat(undefined, currency ? { style: 'currency', currency } : {}).format(revenue)

/** How fast a page was comes as an event of reading that has the measure's name. */
const vitalOf = ({ type, name, props }: VisitEvent): string | undefined => {
  const vital = type === 'engagement' ? vitalNames.find((each) => each === name) : undefined
  return vital && `${vital} ${formatVital(vital, Number(props.value))}`
}

const toneOf = ({ type, revenue }: VisitEvent): string => {
  if (type === 'rage_click' || type === 'form_abandon') return 'bg-bad/15 text-bad'
  return type === 'submit' || revenue > 0 ? 'bg-good/15 text-good' : 'bg-accent-soft text-accent'
}

/** One thing that happened, how long after the one before it, and what it said. */
export const EventRow = (props: {
  event: VisitEvent
  before: VisitEvent | undefined
  clock: (time: string) => string
}) => {
  const t = useTranslations('sessions')
  const { event, before } = props
  const vital = vitalOf(event)
  const doing: Doing = vital ? 'vital' : isDoing(event.type) ? event.type : 'custom'
  const Icon = icons[doing]
  const what = vital ?? (doing === 'page_view' ? '' : event.name || event.text || event.element)
  const said = vital ? [] : Object.entries(event.props)
  const pause = before ? secondsBetween(before, event) : 0
  const isDepth = doing === 'scroll' || doing === 'engagement'
  return (
    <li data-event={event.type} className="relative pb-3 pl-9 last:pb-0">
      <span aria-hidden className="absolute top-6 bottom-0 left-3 w-px bg-line [li:last-child>&]:hidden" />
      <span
        aria-hidden
        className={clsx('absolute top-0 left-0 grid size-6 place-items-center rounded-full', toneOf(event))}
      >
        <Icon size={14} />
      </span>
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span>
          {t(`did.${doing}`)} {what && <span className="font-semibold">{what}</span>}
        </span>
        {event.revenue !== 0 && <span className="font-semibold text-good">{money(event)}</span>}
        <span className="text-xs text-soft">
          <time dateTime={event.time}>{props.clock(event.time)}</time>
          {pause >= leastS && <> · {t('after', { time: formatDuration(pause) })}</>}
          {isDepth && event.scroll_depth > 0 && <> · {t('scrolled', { depth: Math.round(event.scroll_depth) })}</>}
          {event.engaged_ms >= 1000 * leastS && <> · {t('read', { time: formatDuration(event.engaged_ms / 1000) })}</>}
        </span>
      </p>
      {said.length > 0 && (
        <dl aria-label={t('props')} className="mt-1 flex flex-wrap gap-1">
          {said.map(([name, value]) => (
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
