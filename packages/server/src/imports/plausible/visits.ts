import type { SessionDocument, SessionEvent } from '@clickwatch/contract'
import { classify } from '../../collect/enrich/source.ts'
import { hashed, part, visitorOfImport } from '../visits.ts'
import type { Day } from './days.ts'
import { bestDraft, nothingOff, type Off } from './draft.ts'
import type { Row } from './tables.ts'

/**
 * When the visits of a day were, which the export does not say: a moment that is in that day by the clock of nearly every site.
 */
const momentOf = (date: string): number => Date.parse(`${date}T10:30:00Z`)

/** A source as it says so itself: by an address that we know under its name, or by its name. */
const referrerOf = ({ source = '', referrer = '', utm_source = '' }: Row['value']): string => {
  const campaign = { utm_source: '', utm_medium: '', utm_campaign: '' }
  const address = referrer && !/^\w[\w+.-]*:\/\//.test(referrer) ? `https://${referrer}` : referrer
  if (address && (utm_source !== '' || classify({ referrer: address, ...campaign }).source === source)) return address
  return utm_source === '' ? source : ''
}

/** Names of hosts for the views of each page, as often as the table has them. */
const hostsOf = (pages: readonly Row[] | undefined, usual: string): ((page: string) => string) => {
  const left = new Map<string, { host: string; count: number }[]>()
  for (const { value, count } of pages ?? []) {
    const page = value.page ?? ''
    left.set(page, [...(left.get(page) ?? []), { host: value.hostname || usual, count }])
  }
  return (page) => {
    const hosts = left.get(page)
    const first = hosts?.[0]
    if (!first) return usual
    if (--first.count <= 0 && hosts.length > 1) hosts.shift()
    return first.host
  }
}

const addressOf = (host: string, page: string): string => `https://${host}${page.startsWith('/') ? '' : '/'}${page}`

/**
 * The visits of a day of which only sums are known, so that they add up to them: visits, visitors, bounces, page views and time of the
 * day, and of each row of each table. What two rows of different tables have in common is chance, as if neither had to do with the other.
 * The same day of the same import makes the same visits.
 * @param id the import's
 * @param usualHost of pages whose host the export does not say
 */
export const visitsOfDay = (id: string, day: Day, usualHost: string): { visits: SessionDocument[]; off: Off } => {
  const { date } = day
  const draft = bestDraft(day, `${id} ${date}`)
  if (!draft) return { visits: [], off: nothingOff }
  const { slots, values, paths, seconds, events, off } = draft
  const hostOf = hostsOf(day.tables.get('pages'), usualHost)
  const startMs = momentOf(date)
  const prefix = visitorOfImport(id)
  const valueIn = (name: keyof typeof values, slot: number): Row['value'] => values[name][slot] ?? {}

  const visits = slots.map(({ visitor, isBounce }, slot): SessionDocument => {
    const urls = (paths[slot] ?? []).map((page) => addressOf(hostOf(page), page))
    const moment = (step: number): string => new Date(startMs + step).toISOString()
    const source = valueIn('sources', slot)
    const views = urls.map(
      (url, step): SessionEvent => ({ event_type: 'page_view', timestamp: moment(step), page_url: url.slice(0, 2048) }),
    )
    const done = (events[slot] ?? []).map(
      ({ name = '', path = '' }, step): SessionEvent => ({
        event_type: name.slice(0, 50),
        timestamp: moment(urls.length + step),
        page_url: (path ? addressOf(hostOf(''), path) : (urls[0] ?? '')).slice(0, 2048),
      }),
    )
    return {
      user_id: prefix + hashed(`${date} ${visitor}`),
      session_id: prefix + hashed(`${date} visit ${slot}`),
      timestamp: moment(0),
      time_spent_seconds: seconds[slot] ?? 0,
      bounce: isBounce,
      ...part('page_url', urls[0], 2048),
      ...part('referrer', referrerOf(source), 2048),
      ...part('utm_source', source.utm_source, 200),
      ...part('utm_medium', source.utm_medium, 200),
      ...part('utm_campaign', source.utm_campaign, 200),
      ...part('country', valueIn('locations', slot).country, 2),
      ...part('device_type', valueIn('devices', slot).device, 50),
      ...part('browser', valueIn('browsers', slot).browser, 100),
      ...part('os', valueIn('operating_systems', slot).os, 100),
      events: [...views, ...done].slice(0, 10_000),
    }
  })
  return { visits, off }
}
