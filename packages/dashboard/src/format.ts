import type { Metric } from '@clickwatch/contract'

const whole = new Intl.NumberFormat()
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 })
const fraction = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 })
const percent = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1, style: 'percent' })
const regions = new Intl.DisplayNames(undefined, { type: 'region' })

/** A count, short where it is long: 1,234 · 12.3K */
export const formatCount = (count: number): string => (count < 10_000 ? whole : compact).format(count)
export const formatExact = (count: number): string => whole.format(count)
export const formatShare = (share: number): string => percent.format(share)

/** Seconds as a person says them: 45s · 2m 14s · 1h 3m */
export const formatDuration = (seconds: number): string => {
  const rounded = Math.round(seconds)
  const minutes = Math.floor(rounded / 60)
  if (minutes === 0) return `${rounded}s`
  if (minutes < 60) return `${minutes}m ${rounded % 60}s`
  return `${Math.floor(minutes / 60)}h ${minutes % 60}m`
}

/** A metric's value as it is read; a dash where there is none. */
export const formatMetric = (metric: Metric, value: number | null): string => {
  if (value === null) return '–'
  if (metric === 'bounce_rate' || metric === 'conversion_rate') return formatShare(value / 100)
  if (metric === 'visit_duration') return formatDuration(value)
  if (metric === 'views_per_visit') return fraction.format(value)
  return formatCount(value)
}

/** How long ago, to a person: now · 12s ago · 3m ago */
export const formatAgo = (seconds: number): string => {
  if (seconds < 3) return 'now'
  return seconds < 60 ? `${Math.floor(seconds)}s ago` : `${Math.floor(seconds / 60)}m ago`
}

/** A country's name by its ISO code. */
export const formatCountry = (code: string): string =>
  /^[A-Z]{2}$/.test(code) ? (regions.of(code) ?? code) : code || 'Unknown'

/** A bucket of time as an axis shows it: local text as the API gives it, '2026-11-23' or '2026-11-23 14:00:00'. */
export const formatBucket = (label: string, dimension: string): string => {
  const time = new Date(`${label.replace(' ', 'T')}${label.length === 10 ? 'T00:00:00' : ''}Z`)
  const options: Intl.DateTimeFormatOptions =
    dimension === 'time:month'
      ? { month: 'short', year: 'numeric' }
      : dimension === 'time:day'
        ? { day: 'numeric', month: 'short' }
        : { hour: '2-digit', minute: '2-digit' }
  // The text is local to the site's zone already; read as UTC it stays what it is.
  return new Intl.DateTimeFormat(undefined, { ...options, timeZone: 'UTC' }).format(time)
}

/** A day as a person writes it; 'YYYY-MM-DD' in, already in the site's zone. */
export const formatDay = (day: string): string =>
  new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`))

/** A moment as a person writes it; ISO 8601 in, shown in the reader's zone. */
export const formatMoment = (iso: string): string =>
  new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(iso))

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
