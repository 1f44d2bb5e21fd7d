import { encodeDocument, type StreamDocument } from '../packages/server/src/stream/document.ts'

// Traffic of a made-up shop, put together without chance: the same numbers give the same stream.

const day = 86_400_000
const eventsOfVisit = 5
const visitsOfVisitor = 4
const days = 60
const firstMs = Date.UTC(2026, 5, 1)

const pages = Array.from({ length: 200 }, (_, index) => `https://shop.example/page-${index}`)
const sources = ['Google', 'Bing', 'Reddit', 'Newsletter', 'Direct', 'Facebook', 'Instagram', 'LinkedIn']
const countries = ['DE', 'FR', 'US', 'GB', 'IN', 'BR', 'JP', 'ES', 'IT', 'PL']
const browsers = ['Chrome', 'Safari', 'Firefox', 'Edge']
const types = ['page_view', 'click', 'scroll', 'page_view', 'submit'] as const

/** A number that looks like chance and is the same every time (splitmix). */
const mixed = (number: number): number => {
  let mix = Math.imul(number ^ (number >>> 16), 0x85ebca6b)
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35)
  return (mix ^ (mix >>> 16)) >>> 0
}
/** The smaller the more often, as pages and sources are. */
const skewed = <T>(from: readonly T[], number: number): T =>
  from[Math.floor(from.length * (mixed(number) / 2 ** 32) ** 3)] as T

/** The delivery with one visit of five events; visits come in the order of their time, each visitor four times in sixty days. */
export const visitOf = (index: number, total: number): { key: string; value: Buffer } => {
  const round = Math.floor((index * visitsOfVisitor) / total)
  const visitor = mixed(index - Math.floor((round * total) / visitsOfVisitor)).toString(36)
  const startMs = Math.floor(firstMs + (index / total) * days * day)
  const site = 'bench'
  const document: StreamDocument = {
    kind: 'tracker',
    site,
    received_at: startMs + 60_000,
    visitor_id: visitor,
    session_id: `${visitor}-${round}`,
    user_id: '',
    agent: { browser: skewed(browsers, index), browser_version: '1', os: 'Linux', os_version: '', device: 'desktop' },
    place: { country: skewed(countries, mixed(index) + 1), region: '', city: '' },
    acquisition: {
      referrer: '',
      source: skewed(sources, index + 7),
      channel: 'Organic Search',
      utm_source: '',
      utm_medium: '',
      utm_campaign: '',
      utm_term: '',
      utm_content: '',
      click_id_name: '',
      click_id: '',
    },
    excluded: '',
    ignored_fields: 0,
    document: {
      sent_at: startMs + 60_000,
      events: types.map((type, seq) => ({
        id: `${index.toString(36)}-${seq}`,
        type,
        seq,
        time: startMs + seq * 9000,
        url: skewed(pages, index * eventsOfVisit + seq - (seq % 3)),
        ...(type === 'click' || type === 'submit' ? { element: { id: `button-${mixed(index) % 20}` } } : {}),
      })),
    },
  }
  return { key: `${site}/${visitor}`, value: encodeDocument(document) }
}
visitOf.events = eventsOfVisit
