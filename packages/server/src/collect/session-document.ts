import { SessionDocument } from '@clickwatch/contract'
import { checkerOf, countUnknown } from '../http/validation.ts'
import type { StreamDocument } from '../stream/document.ts'
import { splitOs } from './enrich/agent.ts'
import { classify } from './enrich/source.ts'

export const checkSession = checkerOf<SessionDocument>(SessionDocument)

/** A session document as it goes onto the stream. */
export const enrichSession = (document: SessionDocument, site: string): StreamDocument & { kind: 'session' } => ({
  kind: 'session',
  site,
  received_at: Date.now(),
  agent: {
    browser: document.browser ?? '',
    browser_version: '',
    ...splitOs(document.os ?? ''),
    device: (document.device_type ?? '').toLowerCase(),
  },
  acquisition: classify({
    referrer: document.referrer ?? '',
    utm_source: document.utm_source ?? '',
    utm_medium: document.utm_medium ?? '',
    utm_campaign: document.utm_campaign ?? '',
  }),
  ignored_fields: countUnknown(document, SessionDocument),
  document,
})
