import type { Revenue } from '@clickwatch/contract'
import { instantOf } from '../query/calendar.ts'

/** Something that a visitor did, as another product's export or a server's log has it. */
export type Hit = {
  /** What the export knows the visitor by; it is kept as a hash. */
  visitor: string
  /** What it knows the visit by; '' where it knows of none, and silence ends it. */
  visit: string
  timeMs: number
  /** `page_view`, `click`, `scroll`, `submit`, or a name of the product's own. */
  type: string
  url: string
  referrer: string
  browser: string
  os: string
  device: string
  /** ISO 3166-1 alpha-2, or ''. */
  country: string
  language: string
  /** Names, where the export has them. */
  region?: string
  city?: string
  /** Such as 1920x1080. */
  screen?: string
  /** Of the page. */
  title?: string
  revenue?: Revenue
  /** Per cent, of a scroll. */
  scrollDepth?: number
  source?: string
  medium?: string
  campaign?: string
}

/** What came of a line or a row: something done, nothing that counts, or why it cannot be read. */
export type Read = { hit: Hit } | { left: string } | { wrong: string }

/** What a format is told beside the file. */
export type Given = {
  /** What visitors are made hashes with where nothing else tells them apart: the same for all files of an import. */
  secret: string
  /** Whose pages they are, where the file does not say. */
  host: string
  /** The zone of moments that say of none. */
  timeZone: string
}

/** Reads what a file has, one after the other; `line` is where it stands there. */
export type Format = (text: AsyncIterable<Buffer>, given: Given) => AsyncIterable<Read & { line: number }>

/** A device as ours are called. */
export const deviceOf = (text: string): string => {
  const known = text.toLowerCase()
  if (known === 'laptop') return 'desktop'
  if (/phone|mobile/.test(known)) return 'mobile'
  return ['desktop', 'mobile', 'tablet', 'tv'].find((each) => known.includes(each)) ?? ''
}

/** A sum as ours are; undefined where there is none that can be one. */
export const revenueOf = (amount: unknown, currency: unknown): Revenue | undefined => {
  const value = Number(amount)
  const isCurrency = typeof currency === 'string' && /^[A-Z]{3}$/.test(currency)
  return Number.isFinite(value) && value !== 0 && isCurrency ? { amount: value, currency } : undefined
}

/** A screen's size, where a text is one. */
export const screenOf = (text: unknown): string => (/^\d{1,5}x\d{1,5}$/.test(String(text)) ? String(text) : '')

/** A moment in milliseconds; a text without a zone is of `timeZone`. undefined where it is none. */
export const momentOf = (text: string, timeZone = 'UTC'): number | undefined => {
  const iso = text
    .trim()
    .replace(' ', 'T')
    .replace(/ ?UTC$/, 'Z')
  const hasZone = /[zZ]|[+-]\d{2}:?\d{2}$/.test(iso)
  const time = Date.parse(hasZone ? iso : `${iso}Z`)
  if (Number.isNaN(time)) return undefined
  return hasZone || timeZone === 'UTC' ? time : instantOf(new Date(time).toISOString().slice(0, -1), timeZone)
}
