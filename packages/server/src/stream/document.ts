import type { SessionDocument, TrackerBatch } from '@clickwatch/contract'

/** What the collector knows of the browser behind a request and the request does not say. */
export type Agent = {
  browser: string
  browser_version: string
  os: string
  os_version: string
  /** desktop, mobile, tablet or '' */
  device: string
}

/** Where a visit came from; '' where it is not known. docs/metrics.md has the rules. */
export type Acquisition = {
  referrer: string
  source: string
  channel: string
  utm_source: string
  utm_medium: string
  utm_campaign: string
}

/** What an advertisement says of itself beyond its campaign; '' where it does not. */
export type Advert = {
  utm_term: string
  utm_content: string
  /** The ad network's id of the click: its parameter's name, such as gclid, and its value. */
  click_id_name: string
  click_id: string
}

/** Where a visitor is, as far as the address told; '' where it is not known. */
export type Place = { country: string; region: string; city: string }

/** What the collector puts on the stream, as JSON: the document as it arrived and what was added to it. */
export type StreamDocument =
  | {
      kind: 'tracker'
      site: string
      received_at: number
      /** Who it was: the browser's own id, or one that the collector made of a day's salt. */
      visitor_id: string
      /** '' where the pipeline has to find the visit. */
      session_id: string
      /** Keyed hash of the site's own id, '' where nobody is signed in. */
      user_id: string
      agent: Agent
      place: Place
      acquisition: Acquisition & Advert
      /** Why it stays out of the numbers: a kind of bot, or the site's own traffic; '' for a visitor. */
      excluded: string
      /** How many fields of it are not known here. */
      ignored_fields: number
      /** As it arrived, less what names a person. */
      document: TrackerBatch
    }
  | {
      kind: 'session'
      site: string
      received_at: number
      agent: Agent
      acquisition: Acquisition
      ignored_fields: number
      document: SessionDocument
    }
  | {
      /** How much stayed with visitors who did not consent; of whom, nobody knows. */
      kind: 'withheld'
      site: string
      received_at: number
      document: { withheld: number }
    }
  | {
      /** One document of a request of which others were accepted: kept with its reason. */
      kind: 'refused'
      site: string
      received_at: number
      field: string
      reason: string
      document: string
    }

export const encodeDocument = (document: StreamDocument): Buffer => Buffer.from(JSON.stringify(document))

/** What decides the partition of a document that tells of a visitor, so that all of one visitor's come to one; undefined of any other. */
export const visitorKeyOf = (document: StreamDocument): string | undefined => {
  if (document.kind === 'tracker') return `${document.site}/${document.visitor_id}`
  return document.kind === 'session' ? `${document.site}/${document.document.user_id}` : undefined
}
