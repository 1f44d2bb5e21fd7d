import { deviceOf, type Format, type Read, revenueOf } from './hit.ts'
import { jsonLinesOf } from './lines.ts'

type Parameter = {
  key?: string
  value?: { string_value?: string; int_value?: string | number; double_value?: number; float_value?: number }
}
/** A row of GA4's export to BigQuery, as far as it is read (https://support.google.com/analytics/answer/7029846). */
type Row = {
  event_name?: string
  event_timestamp?: string | number
  user_pseudo_id?: string | null
  event_params?: Parameter[]
  device?: {
    category?: string
    operating_system?: string
    language?: string
    web_info?: { browser?: string }
    browser?: string
  }
  geo?: { country?: string; region?: string; city?: string }
  ecommerce?: { purchase_revenue?: number }
  collected_traffic_source?: { manual_source?: string; manual_medium?: string; manual_campaign_name?: string }
}

/** What GA4 notes of itself: it is measured here by other means, or not at all. */
const own = new Set(['session_start', 'first_visit', 'user_engagement'])
const types: Readonly<Record<string, string>> = { form_submit: 'submit' }

const english = new Intl.DisplayNames('en', { type: 'region' })
const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index))
const countries = new Map(
  letters
    .flatMap((first) => letters.map((second) => first + second))
    .flatMap((code) => (english.of(code) === code ? [] : [[english.of(code) ?? code, code] as const])),
)

/** Where nothing is known, it says so in words. */
const named = (text = ''): string => (text === '(not set)' ? '' : text)

const readRow = (row: Row): Read => {
  const { event_name: name, event_timestamp, user_pseudo_id, event_params = [], device = {}, geo = {} } = row
  if (!name) return { wrong: 'event_name is missing' }
  if (own.has(name)) return { left: name }
  if (!user_pseudo_id) return { left: 'without consent' }
  const timeMs = Math.round(Number(event_timestamp) / 1000)
  if (!(timeMs > 0)) return { wrong: `event_timestamp is '${event_timestamp}'; microseconds are expected` }
  const parameter = (key: string): string => {
    const value = event_params.find((each) => each.key === key)?.value
    return String(value?.string_value ?? value?.int_value ?? value?.double_value ?? value?.float_value ?? '')
  }
  const source = row.collected_traffic_source ?? {}
  // What was paid is in the currency that the event names; what was given back is of another event.
  const revenue =
    name === 'purchase'
      ? revenueOf(row.ecommerce?.purchase_revenue ?? parameter('value'), parameter('currency'))
      : undefined
  const depth = Number(parameter('percent_scrolled'))
  return {
    hit: {
      ...{ visitor: user_pseudo_id, visit: parameter('ga_session_id'), timeMs, type: types[name] ?? name },
      ...{ url: parameter('page_location'), referrer: name === 'page_view' ? parameter('page_referrer') : '' },
      ...{ browser: device.web_info?.browser ?? device.browser ?? '', os: device.operating_system ?? '' },
      ...{ device: deviceOf(device.category ?? ''), country: countries.get(geo.country ?? '') ?? '' },
      language: device.language ?? '',
      ...{ region: named(geo.region), city: named(geo.city), title: parameter('page_title') },
      ...{
        source: source.manual_source ?? '',
        medium: source.manual_medium ?? '',
        campaign: source.manual_campaign_name ?? '',
      },
      ...(revenue ? { revenue } : {}),
      ...(name === 'scroll' && depth > 0 ? { scrollDepth: Math.min(depth, 100) } : {}),
    },
  }
}

/** GA4's export to BigQuery, saved as newline-delimited JSON. */
export const ga4: Format = (text) => jsonLinesOf(text, (row) => readRow(row as Row))
