/** How a site is tracked. docs/tracker.md explains each. */
export type Options = {
  /** Where events go: the full address, such as https://stats.example.com/e. */
  endpoint: string
  /** Which site they belong to; the collector's `default` when left out. */
  site?: string | undefined
  /**
   * `default` keeps a first-party id in the browser; `cookieless` keeps nothing there; `consent` holds events back, and keeps
   * nothing, until `consent(true)`.
   */
  identity?: 'default' | 'cookieless' | 'consent' | undefined
  /** Whether the part of the address after # names the page. */
  hash?: boolean | string | undefined
  /** Whether coming by another campaign begins a new visit. */
  campaign?: boolean | string | undefined
  /** Where the site's running ideas are, for `variant`; `clickwatch.ideas.json` beside the endpoint when left out. */
  ideas?: string | undefined
  /** Whether a browser that sends Global Privacy Control or Do Not Track is left alone. */
  signals?: boolean | string | undefined
}

/** What an event of the page's own says beyond its name. */
export type EventDetails = {
  /** At most 30, of texts up to 500 characters, numbers and booleans. */
  props?: Record<string, string | number | boolean>
  /** `currency` is ISO 4217, for example EUR; a refund is negative. */
  revenue?: { amount: number; currency: string }
  /** false for what happens without the visitor: it does not end a bounce. */
  interactive?: boolean
}

/** The commands of a page. */
export type Commands = {
  event: [name: string, details?: EventDetails]
  /** The site's own id of who is signed in; null when nobody is any more. */
  identify: [id: string | null]
  /** The visitor's answer, for `identity: 'consent'`. */
  consent: [isGiven: boolean]
}

export type Command = <Name extends keyof Commands>(command: Name, ...given: Commands[Name]) => void
