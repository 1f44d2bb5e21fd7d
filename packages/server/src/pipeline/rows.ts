import { type SessionDocument, timestampMs } from '@clickwatch/contract'
import type { StreamDocument } from '../stream/document.ts'
import type { StreamRecord } from '../stream/stream.ts'
import { firstVersion } from './event-version.ts'
import { originOfRow, type SessionRow } from './session.ts'
import type { Visit } from './visit.ts'
import type { Placed } from './visitor.ts'

/** A row as JSONEachRow takes it. */
export type Row = Record<string, unknown>

const placeOf = ({ partition, offset }: StreamRecord): Row => ({ stream_partition: partition, stream_offset: offset })

const deliveryOf = ({ partition, offset, messageOffset, enqueuedAtMs }: StreamRecord, nowMs: number): Row => ({
  PartitionId: partition,
  Offset: offset,
  MessageOffset: messageOffset ?? offset,
  EventEnqueuedUtcTime: enqueuedAtMs,
  EventProcessedUtcTime: nowMs,
})

/** The row of bronze.web_cookies for a record: the document as it arrived, and apart from it what the collector added. */
export const bronzeRow = (
  { document, site, kind, ...context }: Exclude<StreamDocument, { kind: 'refused' }>,
  record: StreamRecord,
  nowMs: number,
): Row => ({
  site,
  kind,
  document: JSON.stringify(document),
  context: JSON.stringify(context),
  ...deliveryOf(record, nowMs),
})

/** The row of bronze.dead_letters for what cannot be processed. */
export const deadLetterRow = (
  letter: { site: string; reason: string; detail: string; document: string },
  record: StreamRecord,
  nowMs: number,
): Row => ({ ...letter, ...deliveryOf(record, nowMs) })

/** What a row of silver.events says of its visit. */
export const visitColumns = (session: SessionRow): Row => ({
  session_id: session.session_id,
  is_returning: session.is_returning,
  ...originOfRow(session),
})

/** The row of silver.events for an event in its visit. */
export const eventRow = ({ fact, visit, session, record }: Placed): Row => ({
  site: visit.site,
  event_id: fact.eventId,
  seq: fact.seq,
  time: fact.timeMs,
  received_at: visit.receivedAtMs,
  visitor_id: visit.visitorId,
  user_id: visit.userId,
  is_named: visit.sessionId !== '',
  campaign: fact.campaign,
  type: fact.type,
  name: fact.name,
  url: fact.url,
  hostname: fact.hostname,
  path: fact.path,
  title: fact.title,
  element_id: fact.elementId,
  element_text: fact.elementText,
  element_href: fact.elementHref,
  element_link: fact.elementLink,
  form_fields: fact.formFields,
  props: fact.props,
  revenue: fact.revenue,
  currency: fact.currency,
  is_interaction: fact.isInteraction,
  is_conversion: fact.isConversion,
  position_x: fact.x,
  position_y: fact.y,
  viewport_width: visit.layout.viewportWidth,
  page_height: visit.layout.pageHeight,
  scroll_depth: fact.scrollDepth,
  engaged_ms: fact.engagedMs,
  ...visitColumns(session),
  ...placeOf(record),
  sign: 1,
  version: firstVersion(visit.sessionId),
})

/** The row of silver.excluded for a record that stays out of the numbers. */
export const excludedRow = (visit: Visit, reason: string, record: StreamRecord): Row => ({
  site: visit.site,
  time: visit.facts[0]?.timeMs ?? visit.receivedAtMs,
  reason,
  path: visit.facts[0]?.path ?? '',
  events: visit.facts.length,
  ...placeOf(record),
})

/** The reference's rule: only letters, digits, '-' and space are kept. */
export const cleanPageUrl = (pageUrl: string): string => pageUrl.replace(/[^a-zA-Z0-9\- ]/g, '')

/** The rows of silver.final_cookies for a session document, by the reference's rules: one for each of its events, as delivered. */
export const finalCookiesOfDocument = (document: SessionDocument, site: string, record: StreamRecord): Row[] =>
  (document.events ?? []).map((event) => ({
    site,
    session_id: document.session_id,
    user_id: document.user_id,
    timestamp: timestampMs(document.timestamp),
    device_type: document.device_type ?? '',
    os: document.os ?? '',
    browser: document.browser ?? '',
    page_url: cleanPageUrl(document.page_url ?? ''),
    referrer: document.referrer ?? '',
    Platform: document.utm_source ?? '',
    event_type: event.event_type,
    time_spent_seconds: document.time_spent_seconds ?? 0,
    is_returning_visitor: document.is_returning_visitor ?? false,
    visit_count: document.visit_count ?? 0,
    ...placeOf(record),
    EventEnqueuedUtcTime: record.enqueuedAtMs,
  }))

/**
 * The row of silver.final_cookies for a new event of the tracker. The first row of a visit counts 1 and its others 0, so that the
 * sum over a user's rows, which is what visit_count takes, is the number of their visits.
 */
export const finalCookiesOfEvent = ({ fact, visit, session, record, isFirstOfNewSession }: Placed): Row => ({
  site: visit.site,
  session_id: session.session_id,
  user_id: visit.visitorId,
  timestamp: session.start,
  device_type: session.device,
  os: session.os,
  browser: session.browser,
  page_url: cleanPageUrl(fact.path),
  referrer: session.referrer,
  Platform: session.utm_source,
  event_type: fact.type,
  time_spent_seconds: Math.max(0, Math.round((fact.timeMs - session.start) / 1000)),
  is_returning_visitor: session.is_returning,
  visit_count: isFirstOfNewSession ? 1 : 0,
  ...placeOf(record),
  EventEnqueuedUtcTime: record.enqueuedAtMs,
})
