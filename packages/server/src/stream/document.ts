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

/** What the collector puts on the stream, as JSON: the document as it arrived and what was added to it. */
export type StreamDocument =
  | {
      kind: 'tracker'
      site: string
      received_at: number
      agent: Agent
      country: string
      acquisition: Acquisition
      document: TrackerBatch
    }
  | {
      kind: 'session'
      site: string
      received_at: number
      agent: Agent
      acquisition: Acquisition
      document: SessionDocument
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
