import type { Metric } from '@clickwatch/contract'

const whole = new Intl.NumberFormat()
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 })
const fraction = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 })
const percent = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1, style: 'percent' })
const regions = new Intl.DisplayNames(undefined, { type: 'region' })
const languages = new Intl.DisplayNames(undefined, { type: 'language' })

/** A count, short where it is long: 1,234 · 12.3K */
export const formatCount = (count: number): string => (count < 10_000 ? whole : compact).format(count)
export const formatExact = (count: number): string => whole.format(count)
export const formatShare = (share: number): string => percent.format(share)

const unit = (name: 'second' | 'minute' | 'hour') =>
  new Intl.NumberFormat(undefined, { style: 'unit', unit: name, unitDisplay: 'narrow' })
const [inSeconds, inMinutes, inHours] = [unit('second'), unit('minute'), unit('hour')]

/** Seconds as a person says them: 45s · 2m 14s · 1h 3m */
export const formatDuration = (seconds: number): string => {
  const rounded = Math.round(seconds)
  const minutes = Math.floor(rounded / 60)
  if (minutes === 0) return inSeconds.format(rounded)
  if (minutes < 60) return `${inMinutes.format(minutes)} ${inSeconds.format(rounded % 60)}`
  return `${inHours.format(Math.floor(minutes / 60))} ${inMinutes.format(minutes % 60)}`
}

const shares: readonly Metric[] = [
  'bounce_rate',
  'bounce_rate_ga',
  'conversion_rate',
  'group_conversion_rate',
  'exit_rate',
  'percentage',
  'scroll_depth',
]

/** A metric's value as it is read; a dash where there is none. */
export const formatMetric = (metric: Metric, value: number | null): string => {
  if (value === null) return '–'
  if (shares.includes(metric)) return formatShare(value / 100)
  if (metric === 'visit_duration' || metric === 'time_on_page') return formatDuration(value)
  if (metric === 'views_per_visit' || metric === 'average_revenue') return fraction.format(value)
  return formatCount(value)
}

const changes = new Intl.NumberFormat(undefined, {
  maximumFractionDigits: 0,
  style: 'percent',
  signDisplay: 'exceptZero',
})

/** A change in per cent: +12% · −3% · 0% */
export const formatChange = (change: number): string => changes.format(change / 100)

const ago = new Intl.RelativeTimeFormat(undefined, { style: 'narrow', numeric: 'auto' })

/** How long ago, to a person: now · 12s ago · 3m ago */
export const formatAgo = (seconds: number): string => {
  if (seconds < 3) return ago.format(0, 'second')
  return seconds < 60 ? ago.format(-Math.floor(seconds), 'second') : ago.format(-Math.floor(seconds / 60), 'minute')
}

/** A country's name by its ISO code; what is no code stays as it is. */
export const formatCountry = (code: string): string => (/^[A-Z]{2}$/.test(code) ? (regions.of(code) ?? code) : code)

/** A language's name by its tag, such as en-GB; what is no tag stays as it is. */
export const formatLanguage = (tag: string): string =>
  /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(tag) ? (languages.of(tag) ?? tag) : tag

/** A bucket of time as an axis shows it: local text as the API gives it, '2026-11-23' or '2026-11-23 14:00:00'. */
export const formatBucket = (label: string, dimension: string): string => {
  const time = new Date(`${label.replace(' ', 'T')}${label.length === 10 ? 'T00:00:00' : ''}Z`)
  const options: Intl.DateTimeFormatOptions =
    dimension === 'time:month'
      ? { month: 'short', year: 'numeric' }
      : dimension === 'time:day' || dimension === 'time:week'
        ? { day: 'numeric', month: 'short' }
        : { hour: '2-digit', minute: '2-digit' }
  // The text is local to the site's zone already; read as UTC it stays what it is.
  return new Intl.DateTimeFormat(undefined, { ...options, timeZone: 'UTC' }).format(time)
}

/** A day as a person writes it; 'YYYY-MM-DD' in, already in the site's zone. */
export const formatDay = (day: string): string =>
  new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`))

const dayRange = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' })

/** Two days, both included; 'YYYY-MM-DD' in, or longer. */
export const formatDays = ([from, until]: readonly [string, string]): string => {
  const [first, last] = [from, until].map((day) => new Date(`${day.slice(0, 10)}T00:00:00Z`))
  return first && last ? dayRange.formatRange(first, last) : ''
}

/** A moment as a person writes it; ISO 8601 in, shown in a zone by its IANA name, or the reader's own. */
export const formatMoment = (iso: string, timeZone?: string): string =>
  new Intl.DateTimeFormat(undefined, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    ...(timeZone ? { timeZone } : {}),
  }).format(new Date(iso))

/** The time of day of a moment, likewise. */
export const formatClock = (iso: string, timeZone?: string): string =>
  new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', ...(timeZone ? { timeZone } : {}) }).format(new Date(iso))

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
