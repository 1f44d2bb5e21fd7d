import { type SessionDocument, type TrackerBatch, type TrackerEvent, timestampMs } from '@clickwatch/contract'
import type { Acquisition, Advert, Agent, Place, StreamDocument } from '../stream/document.ts'

/** One thing a visitor did, in the one form that both ways in come to. */
export type Fact = {
  eventId: string
  timeMs: number
  type: string
  name: string
  url: string
  hostname: string
  path: string
  title: string
  elementId: string
  elementText: string
  elementHref: string
  elementLink: string
  formFields: readonly string[]
  props: Record<string, string>
  /** Decimal text, '0' where there is none. */
  revenue: string
  currency: string
  seq: number
  /** What brought the visitor to this page, where its address says so; '' otherwise. */
  campaign: string
  isInteraction: boolean
  isConversion: boolean
  x: number
  y: number
  /** 0 to 100 */
  scrollDepth: number
  engagedMs: number
}

/** What a producer of finished sessions says of one itself; it knows better than what we could derive. */
export type Reported = {
  durationS: number | undefined
  isBounce: boolean | undefined
  visitNumber: number | undefined
  isReturning: boolean | undefined
}

/** How wide the window was and how high the page, in CSS pixels; 0 where that is not known. */
export type Layout = { viewportWidth: number; pageHeight: number }

/** What one record of the stream says of one session. */
export type Visit = {
  site: string
  /** '' where it is the visitor's current visit, or a new one. */
  sessionId: string
  visitorId: string
  userId: string
  receivedAtMs: number
  agent: Agent
  acquisition: Acquisition & Advert
  screen: string
  language: string
  layout: Layout
  place: Place
  facts: Fact[]
  /** Whether it is a finished session of a producer's own making. */
  isFinished: boolean
  /** What such a producer says of it itself. */
  reported: Reported | undefined
}

const dayMs = 86_400_000
// Longer than any queue on a device should hold an event, and what is earlier is a clock that was never set.
const oldestMs = 30 * dayMs

const whole = (value: number | undefined, maximum: number, minimum = 0): number =>
  value === undefined || !Number.isFinite(value) ? 0 : Math.round(Math.min(maximum, Math.max(minimum, value)))

/**
 * When an event happened by the server's clock: as long before its arrival as it was before its sending by the visitor's clock.
 * So a clock that is wrong by years does no harm.
 */
const correctedMs = (timeMs: number, sentAtMs: number | undefined, receivedAtMs: number): number => {
  const ageMs = Math.min(oldestMs, Math.max(0, (sentAtMs ?? receivedAtMs) - timeMs))
  return Math.round(receivedAtMs - ageMs)
}

// What is stored of a text; bronze has the whole of it.
const maxAddress = 2048
const maxTitle = 500
const maxText = 200
const maxFields = 100

const pageOf = (url: string): { url: string; hostname: string; path: string } => {
  const parsed = URL.parse(url)
  const page = parsed
    ? { hostname: parsed.hostname, path: parsed.pathname + parsed.hash }
    : { hostname: '', path: url.split(/[?#]/)[0] ?? '' }
  return { url: url.slice(0, maxAddress), hostname: page.hostname, path: page.path.slice(0, maxAddress) }
}

const fileName =
  /\.(7z|apk|avi|csv|dmg|docx?|epub|exe|gz|iso|mov|mp[34]|msi|ods|odt|pdf|pkg|pptx?|rar|rtf|tgz|txt|wav|webm|xlsx?|zip)$/i

/** What kind of link it is where it leads off the page's site, or to no page; '' otherwise. */
const linkOf = (href: string, hostname: string): string => {
  const target = URL.parse(href)
  if (target?.protocol === 'mailto:') return 'mailto'
  if (target?.protocol === 'tel:') return 'tel'
  if (!target?.protocol.startsWith('http')) return ''
  if (fileName.test(target.pathname)) return 'download'
  return target.hostname === hostname ? '' : 'outbound'
}

const isConversion = ({ type, element }: TrackerEvent): boolean =>
  type === 'submit' || (type === 'click' && element?.cta === true)

/** An event that says that the visitor took part; scrolling, hovering and staying do not (docs/metrics.md, bounce rate). */
const isInteraction = (type: string, interactive = true): boolean =>
  type === 'click' || type === 'submit' || (type === 'custom' && interactive)

const textProps = (props: TrackerEvent['props'] = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(props).map(([key, value]) => [key, String(value)]))

const fieldsOf = (fields: readonly string[] | null | undefined): string[] =>
  (fields ?? []).slice(0, maxFields).map((field) => field.slice(0, maxText))

const layoutOf = (text: string | null | undefined): Layout => {
  const [, width, height] = /^(\d{1,5})x(\d{1,9})$/.exec(text ?? '') ?? []
  return { viewportWidth: whole(Number(width ?? 0), 65_535), pageHeight: whole(Number(height ?? 0), 1_000_000_000) }
}

/**
 * A web vital says something of the page and nothing of what its visitor did: like attention, which it is kept as, it is counted as no
 * event. Its name says which measure it is, and its properties the value.
 */
const measureOf = (name: string, value: number | null | undefined): Pick<Fact, 'type' | 'name' | 'props'> => ({
  type: 'engagement',
  name,
  props: value === undefined || value === null ? {} : { value: String(value) },
})

const moneyOf = (revenue: TrackerEvent['revenue'] | null): Pick<Fact, 'revenue' | 'currency'> => ({
  revenue: (revenue?.amount ?? 0).toFixed(3),
  currency: revenue?.currency ?? '',
})

const factOfEvent = (event: TrackerEvent, sentAtMs: number | undefined, receivedAtMs: number): Fact => ({
  eventId: event.id,
  timeMs: correctedMs(event.time, sentAtMs, receivedAtMs),
  type: event.type,
  name: event.name ?? '',
  ...pageOf(event.url),
  title: event.title?.slice(0, maxTitle) ?? '',
  elementId: event.element?.id?.slice(0, maxText) ?? '',
  elementText: event.element?.text?.replace(/\s+/g, ' ').trim().slice(0, maxText) ?? '',
  elementHref: event.element?.href?.slice(0, maxAddress) ?? '',
  elementLink: event.element?.link ?? linkOf(event.element?.href ?? '', pageOf(event.url).hostname),
  formFields: fieldsOf(event.fields),
  props: textProps(event.props),
  ...moneyOf(event.revenue),
  seq: event.seq ?? 0,
  campaign: '',
  isInteraction: isInteraction(event.type, event.interactive),
  isConversion: isConversion(event),
  x: whole(event.position?.x, 1_000_000_000, -1_000_000_000),
  y: whole(event.position?.y, 1_000_000_000, -1_000_000_000),
  scrollDepth: whole(event.scroll_depth, 100),
  engagedMs: whole(event.engaged_ms, dayMs),
  ...(event.type === 'web_vital' ? measureOf(event.name ?? '', event.value) : {}),
})

/** What the collector made the acquisition of: the first page of the batch. */
const entryOf = ({ events }: TrackerBatch): TrackerEvent | undefined =>
  events.find(({ type }) => type === 'page_view') ?? events[0]

const campaignOf = ({ acquisition }: { acquisition: Acquisition & Advert }): string => {
  const { utm_source, utm_medium, utm_campaign, utm_term, utm_content, click_id } = acquisition
  const parts = [utm_source, utm_medium, utm_campaign, utm_term, utm_content, click_id]
  return parts.some((part) => part !== '') ? parts.join('|') : ''
}

const visitOfBatch = (stream: StreamDocument & { kind: 'tracker' }, batch: TrackerBatch): Visit => ({
  site: stream.site,
  sessionId: stream.session_id,
  visitorId: stream.visitor_id,
  userId: stream.user_id,
  receivedAtMs: stream.received_at,
  agent: stream.agent,
  acquisition: stream.acquisition,
  screen: batch.screen ?? '',
  language: batch.language ?? '',
  layout: layoutOf(batch.layout),
  place: stream.place,
  facts: batch.events
    .map((event) => ({
      ...factOfEvent(event, batch.sent_at, stream.received_at),
      campaign: event.type === 'page_view' && event === entryOf(batch) ? campaignOf(stream) : '',
    }))
    .sort((left, right) => left.timeMs - right.timeMs || left.seq - right.seq),
  isFinished: false,
  reported: undefined,
})

const plainFact = (eventId: string, timeMs: number, type: string, url: string, elementId: string): Fact => ({
  eventId,
  timeMs,
  type,
  name: '',
  ...pageOf(url),
  title: '',
  elementId,
  elementText: '',
  elementHref: '',
  elementLink: '',
  formFields: [],
  props: {},
  revenue: '0',
  currency: '',
  seq: 0,
  campaign: '',
  isInteraction: isInteraction(type),
  isConversion: false,
  x: 0,
  y: 0,
  scrollDepth: 0,
  engagedMs: 0,
})

/** The page of a session document counts as one page view at its beginning, unless its events have page views of their own there. */
const factsOfDocument = (document: SessionDocument): Fact[] => {
  const page = document.page_url ?? ''
  const startMs = timestampMs(document.timestamp)
  const facts = (document.events ?? []).map((event, index): Fact => {
    const timeMs = event.timestamp ? timestampMs(event.timestamp) : startMs
    const element = event.element_id ?? ''
    const id = `${index}:${event.event_type}:${element}:${timeMs}`
    return {
      ...plainFact(id, timeMs, event.event_type, event.page_url ?? page, element),
      x: whole(event.position?.x, 1_000_000_000, -1_000_000_000),
      y: whole(event.position?.y, 1_000_000_000, -1_000_000_000),
      scrollDepth: whole(event.scroll_depth ?? undefined, 100),
      formFields: fieldsOf(event.fields),
      title: event.title?.slice(0, maxTitle) ?? '',
      ...(event.revenue ? moneyOf(event.revenue) : {}),
      ...(event.event_type === 'web_vital' ? measureOf(event.name ?? '', event.value) : {}),
    }
  })
  const hasEntry = facts.some(({ type, url }) => type === 'page_view' && url === page)
  if (!hasEntry) facts.unshift(plainFact('entry', startMs, 'page_view', page, ''))
  facts.sort((left, right) => left.timeMs - right.timeMs)
  if (document.conversion) markConversion(facts)
  return facts
}

// The document says that the visit converted, not by what: its last submit, else its last click, else its last event stands for it.
const markConversion = (facts: Fact[]): void => {
  const fact =
    facts.findLast(({ type }) => type === 'submit') ?? facts.findLast(({ type }) => type === 'click') ?? facts.at(-1)
  if (fact) fact.isConversion = true
}

const visitOfDocument = (stream: StreamDocument & { kind: 'session' }, document: SessionDocument): Visit => ({
  site: stream.site,
  sessionId: document.session_id,
  visitorId: document.user_id,
  userId: '',
  receivedAtMs: stream.received_at,
  agent: stream.agent,
  acquisition: { ...stream.acquisition, utm_term: '', utm_content: '', click_id_name: '', click_id: '' },
  screen: document.screen ?? '',
  language: document.language ?? '',
  layout: layoutOf(document.layout),
  place: {
    country: document.country?.toUpperCase() ?? '',
    region: document.region ?? '',
    city: document.city ?? '',
  },
  facts: factsOfDocument(document),
  isFinished: true,
  reported: {
    durationS: document.time_spent_seconds ?? undefined,
    isBounce: document.bounce ?? undefined,
    visitNumber: document.visit_count ?? undefined,
    isReturning: document.is_returning_visitor ?? undefined,
  },
})

/** The visit that a record of the stream tells of. */
export const visitOf = (stream: Extract<StreamDocument, { kind: 'tracker' | 'session' }>): Visit =>
  stream.kind === 'tracker' ? visitOfBatch(stream, stream.document) : visitOfDocument(stream, stream.document)
