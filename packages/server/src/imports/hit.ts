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

/** A moment in milliseconds; a text without a zone is UTC. undefined where it is none. */
export const momentOf = (text: string): number | undefined => {
  const iso = text
    .trim()
    .replace(' ', 'T')
    .replace(/ ?UTC$/, 'Z')
  const time = Date.parse(/[zZ]|[+-]\d{2}:?\d{2}$/.test(iso) ? iso : `${iso}Z`)
  return Number.isNaN(time) ? undefined : time
}
